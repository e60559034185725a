"""Control lines, and how the rows of a source become such: areas are kept, mended where they cross themselves, and told."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from ...analysis.conflicts.measures import areas_m2
from ...errors import InputError
from ...text import Text, figure
from .words import ZONE_LABELS

Shapes = npt.NDArray[np.object_]

_AREAS = (3, 6)  # shapely's polygon and multipolygon


class Source(NamedTuple):
    """Where control lines of a kind came from, and what became of its rows.

    Attributes
    ----------
    kind : str
        Empty for a layer that was not recognised and is not used.
    how : str
        workspace, stated or guessed.
    rows, used, mended, set_aside : int
    mended_m2 : float
        By how much mending changed the area, the sum of the absolute differences.
    """

    name: str
    kind: str
    how: str
    rows: int
    used: int
    mended: int
    set_aside: int
    mended_m2: float


class Zones(NamedTuple):
    """Control lines, z of them.

    Attributes
    ----------
    shapes : numpy.ndarray of valid Polygon or MultiPolygon, shape (z,)
        Degrees, CGCS2000.
    kind, zone_id, name, source : numpy.ndarray of object, shape (z,)
        `name` is empty where there is none.
    sources : list of Source
    cautions : list of Text
    """

    shapes: Shapes
    kind: npt.NDArray[np.object_]
    zone_id: npt.NDArray[np.object_]
    name: npt.NDArray[np.object_]
    source: npt.NDArray[np.object_]
    sources: list[Source]
    cautions: list[Text]

    @property
    def kinds(self) -> list[str]:
        """Kinds that there are, in the order of the code list."""
        there = set(self.kind.tolist())
        return [kind for kind in ZONE_LABELS if kind in there]


class Rows(NamedTuple):
    """Areas of one kind from one source, sound ones."""

    shapes: Shapes
    kind: list[str]
    zone_id: list[str]
    name: list[str]
    source: str


def take_areas(
    shapes: Shapes,
    kind: str,
    ids: list[str],
    names: list[str],
    origin: tuple[str, str],
    parts: list[Rows],
    sources: list[Source],
    cautions: list[Text],
) -> None:
    """Keep areas, mend those that cross themselves, and tell of both."""
    name, how = origin
    label = ZONE_LABELS[kind]
    good = np.isin(shapely.get_type_id(shapes), _AREAS) & ~shapely.is_empty(shapes)
    crooked = np.flatnonzero(good)[~shapely.is_valid(shapes[good])]
    changed = 0.0
    if len(crooked):
        before = areas_m2(shapes[crooked].tolist())
        shapes[crooked] = shapely.make_valid(shapes[crooked], method="structure", keep_collapsed=False)
        after = areas_m2([shape if shapely.get_dimensions(shape) == 2 else None for shape in shapes[crooked].tolist()])
        changed = float(np.abs(after - before).sum())
        good[crooked] &= after > 0
        listed = "、".join(ids[at] for at in crooked[:5].tolist()) + ("…" if len(crooked) > 5 else "")
        cautions.append(
            Text(
                f"{label.zh}（{name}）有 {len(crooked):,} 个面自交，已修正后使用，面积合计变化 {figure(changed, 1)} m²：{listed}。",
                f"{label.en} ({name}): areas that cross themselves, used as mended: {len(crooked):,}; their area changed by "
                f"{figure(changed, 1)} m² in all: {listed}.",
            )
        )
    lost = int((~good).sum())
    if lost:
        cautions.append(
            Text(
                f"{label.zh}（{name}）有 {lost:,} 行没有面（共 {len(shapes):,} 行），未参与检查。",
                f"{label.en} ({name}): rows without an area, not used: {lost:,} of {len(shapes):,}.",
            )
        )
    kept = np.flatnonzero(good).tolist()
    sources.append(Source(name, kind, how, len(shapes), len(kept), len(crooked), lost, changed))
    if kept:
        parts.append(Rows(shapes[kept], [kind] * len(kept), [ids[at] for at in kept], [names[at] for at in kept], name))
    elif how != "workspace":
        raise InputError(
            Text(f"{name} 没有面，不能用作{label.zh}。", f"{name} has no area: it cannot be used as {label.en}."),
            Text("请选择面图层。", "Choose a layer of areas."),
        )
