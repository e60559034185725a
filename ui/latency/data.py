"""The links between clusters as the matrix shows them, read from a result. No QGIS."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import InputError
from ...jobs.network.latency.words import DIRECT_LABELS, RING_LABELS
from ...text import Text, same

LAYER = "cluster_link"
_FIELDS = (
    *("from_site", "to_site", "state", "ms_kind", "ms", "km", "hops", "via", "direct", "ring"),
    *("stretch_geodesic", "stretch_best"),
)
# What a cell can show, with its digits; None is shown in words.
FIGURES: dict[str, tuple[Text, int | None]] = {
    "ms": (Text("单向时延（ms）", "One-way (ms)"), 3),
    "km": (Text("路由长度（km）", "Route (km)"), 1),
    "hops": (Text("跳数", "Hops"), 0),
    "direct": (Text("是否直达", "Direct"), None),
    "stretch_geodesic": (Text("与理论时延之比（大地线）", "Ratio to theory (geodesic)"), 2),
    "stretch_best": (Text("与理论时延之比（最短可行路由）", "Ratio to theory (best possible route)"), 2),
    "ring": (Text("时延圈", "Ring"), None),
}


@dataclass(frozen=True)
class Link:
    """One pair: its row in the layer, and the row's fields."""

    feature: int
    fields: dict[str, Any]

    def figure(self, name: str) -> Text:
        """Give a figure in words; a dash where it cannot be told."""
        value, digits = self.fields[name], FIGURES[name][1]
        if name == "direct":
            return DIRECT_LABELS[None if value is None else int(value)]
        if name == "ring":
            return RING_LABELS.get(str(value), same("—"))
        if value is None:
            return same("—")
        if name == "ms" and self.fields["ms_kind"] == "at_least":
            return same(f"≥ {value:,.{digits}f}")
        return same(f"{value:,.{digits}f}")


@dataclass(frozen=True)
class Matrix:
    """The sites in the order of the result, and the link of each pair, by the pair in either order."""

    sites: tuple[str, ...]
    links: dict[tuple[str, str], Link]

    def link(self, one: str, other: str) -> Link | None:
        """Give the link of a pair; None of a site with itself."""
        return self.links.get((one, other))

    def sorted_by(self, site: str, figure: str) -> tuple[str, ...]:
        """Give the sites by their figure to one of them, the smallest first; itself first, what is not told last."""

        def place(other: str) -> tuple[int, float, int]:
            link, at = self.link(site, other), self.sites.index(other)
            if link is None:
                return (0, 0.0, at)
            value = link.fields[figure]
            if isinstance(value, (int, float)):
                return (1, float(value), at)
            return (2, 0.0, at)

        return tuple(sorted(self.sites, key=place))


def read(folder: Path) -> Matrix | None:
    """Read the links of a result folder of the job ``cluster_links``; None where it has fewer than two sites.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    path = folder / "result.gpkg"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            tables = {row[0] for row in connection.execute("SELECT table_name FROM gpkg_contents")}
            if LAYER not in tables:
                return None
            rows = [dict(row) for row in connection.execute(f'SELECT fid, {", ".join(_FIELDS)} FROM "{LAYER}"')]
    except sqlite3.Error as error:
        raise InputError(
            Text(f"无法读取 {path}：{error}。", f"{path} cannot be read: {error}."),
            Text(
                "请确认结果文件夹完整，或重新运行“集群直连”。",
                "Check that the folder is complete, or run the job again.",
            ),
        ) from error
    links: dict[tuple[str, str], Link] = {}
    for row in rows:
        link, one, other = Link(row.pop("fid"), row), str(row["from_site"]), str(row["to_site"])
        links[one, other] = links[other, one] = link
    sites = dict.fromkeys(str(row[end]) for end in ("from_site", "to_site") for row in rows)
    return Matrix(tuple(sites), links)
