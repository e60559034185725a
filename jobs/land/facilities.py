"""Read the facilities of a phase: one row a site, a plot or a cable, with what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ...layers import inputs
from ...rules.pack import Pack
from ...text import Text
from .sites import Read, in_phase, read_sites
from .words import LAYER_LABELS, NO_PLOT, PLOT

Shapes = npt.NDArray[np.object_]

COLUMNS = ("layer", "feature_id", "name", "operator", "type", "status", "year", "rows", "reason", "note")
ASIDE = ("layer", "row", "reason_zh", "reason_en", "original")


class Facilities(NamedTuple):
    """Facilities of a run.

    Attributes
    ----------
    table : pandas.DataFrame
        `COLUMNS`: ``rows`` counts the rows of the layer that are this one facility, ``reason`` says why it cannot be
        told (empty: nothing known yet), ``note`` that it takes no new ground.
    shapes : numpy.ndarray of shapely geometries or None, shape (n,)
        Point, plot or line as drawn.
    sentences, cautions : list of Text
        What was read, and what the reader must know.
    aside : pandas.DataFrame
        `ASIDE`: rows of the layers that could not be read, whatever their phase, each with its reason and its text.
    places : mapping of int to list of shapely.Point
        Of sites whose rows stand at slightly different places, by index: all of them, the first as in `shapes`.
    """

    table: pd.DataFrame
    shapes: Shapes
    sentences: list[Text]
    cautions: list[Text]
    aside: pd.DataFrame
    places: Mapping[int, Sequence[shapely.Point]]


class _Found(NamedTuple):
    rows: list[dict[str, Any]]
    shapes: list[Any]
    aside: list[pd.DataFrame]
    sentences: list[Text]
    cautions: list[Text]
    places: dict[int, Sequence[shapely.Point]]


def read_facilities(context: inputs.Run, stated: Mapping[str, Any], pack: Pack) -> Facilities:
    """Read the facilities of the phase.

    Parameters
    ----------
    stated : mapping
        ``layers`` (None for all), ``phase`` and ``built_sites`` as the parameters have them.
    pack : Pack
        ``land``: rows of one site id lie within ``land.site.within``.

    Raises
    ------
    InputError, WorkspaceError
        A layer that was asked for is missing or cannot be read.
    """
    asked = stated["layers"] or [name for name in LAYER_LABELS if inputs.layer_present(context, name)]
    found = _Found([], [], [], [], [], {})
    names = {"base_stations", "towers_and_poles"} & set(asked)
    if names:
        sites = read_sites(context, stated, names, float(pack.rule("land.site.within").value))
        found.sentences.extend(sites.sentences)
        found.cautions.extend(sites.cautions)
        for at, (row, places) in enumerate(zip(sites.rows, sites.places)):
            found.rows.append(row)
            found.shapes.append(places[0] if places else None)
            if len(places) > 1:
                found.places[at] = places
        for layer in sites.layers:
            _told(layer, found)
    for name, read in _READERS.items():
        if name in asked:
            read(context, stated["phase"], found)
    table = pd.DataFrame(found.rows, columns=list(COLUMNS), dtype=object)
    table["year"] = table["year"].astype("Int64")
    table["rows"] = table["rows"].astype("Int64")
    shapes = np.full(len(table), None, dtype=object)
    shapes[:] = found.shapes
    aside = pd.concat([pd.DataFrame(columns=list(ASIDE)), *found.aside], ignore_index=True)
    return Facilities(table, shapes, found.sentences, found.cautions, aside, found.places)


def _told(layer: Read, found: _Found) -> None:
    label, of = LAYER_LABELS[layer.name], len(layer.status)
    is_merged = layer.places != layer.kept
    merged = Text(f"，合为 {layer.places:,} 处", f", {layer.places:,} places") if is_merged else Text("", "")
    count = 0 if layer.aside is None else len(layer.aside)
    unread = Text(f"，另有 {count:,} 行未能读取", f", and {count:,} that could not be read") if count else Text("", "")
    found.sentences.append(
        Text(
            f"{label.zh}：图层 {of:,} 行，属本阶段 {layer.kept:,} 行{merged.zh}{unread.zh}。",
            f"{label.en}: {of:,} rows, of this phase {layer.kept:,}{merged.en}{unread.en}.",
        )
    )
    open_ = int(layer.status.isna().sum())
    if open_:
        found.cautions.append(
            Text(
                f"{label.zh}有 {open_:,} 行没有建设状态，按现状处理。",
                f"Rows without a status, taken as existing ({label.en.lower()}): {open_:,}.",
            )
        )
    if count and layer.aside is not None:
        found.aside.append(layer.aside.assign(layer=layer.name)[list(ASIDE)])
        found.cautions.append(
            Text(
                f"{label.zh}有 {count:,} 行未能读取，未检查；行号和原因见“未能读取的行”。",
                f"Rows that could not be read and were not checked ({label.en.lower()}): {count:,}; see “Rows that could not be read”.",
            )
        )


def _read_plain(name: str, number: str, kind: str, year: str = "") -> Callable[[inputs.Run, str, _Found], None]:
    """Make a reader of a layer whose rows are facilities each."""

    def read(context: inputs.Run, phase: str, found: _Found) -> None:
        columns = [number, "name", "operator", "status", *([kind] if kind else []), *([year] if year else [])]
        layer = inputs.read_layer(context, name, columns, straight=True)
        kept = in_phase(layer.columns["status"], phase)
        table = layer.columns.astype(object).where(layer.columns.notna(), None)
        for at in np.flatnonzero(kept).tolist():
            row, shape = table.iloc[at], layer.geometry[at]
            found.rows.append(
                {
                    "layer": name,
                    "feature_id": row[number],
                    "name": row["name"],
                    "operator": row["operator"],
                    "type": row[kind] if kind else _shape_type(shape),
                    "status": row["status"],
                    "year": row[year] if year else None,
                    "rows": 1,
                    "reason": "" if kind or _shape_type(shape) == PLOT else NO_PLOT,
                    "note": "",
                }
            )
            found.shapes.append(shape if shape is not None and not shape.is_empty else None)
        count = int(kept.sum())
        _told(Read(name, layer.columns["status"], count, count, layer.aside), found)

    return read


def _shape_type(shape: Any) -> str:
    return PLOT if shape is not None and shapely.get_dimensions(shape) == 2 else "point"


_READERS = {
    "dc_clusters": _read_plain("dc_clusters", "cluster_id", ""),
    "trunk_nodes": _read_plain("trunk_nodes", "node_id", "node_class"),
    "trunk_cables": _read_plain("trunk_cables", "cable_id", "laying", "year"),
}
