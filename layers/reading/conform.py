"""Bring shapes to the geometry type that their layer stores, and mend what is wrong with single ones.

Whole columns at a time; a loop only runs over the faulty rows, so a layer of points costs next to nothing.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import shapely

from ...text import NOTHING, Text
from ..findings.catalogue import KINDS
from ..findings.findings import Findings
from ..findings.kind import APPLY, SET_ASIDE
from ..findings.treatments import RowTreatments
from ..geometry.measures import parts_of
from ..geometry.shapes import chosen_repairs
from ..geometry.validity import Fault, faults_of
from ..shapes import (
    COLLECTION,
    LINE,
    MULTI_LINE,
    MULTI_POINT,
    MULTI_POLYGON,
    POINT,
    POLYGON,
    RING,
    allowed_types,
    as_type,
)
from ..spec import Geometry, LayerSpec
from ..table import Shapes
from .reasons import Reasons

Repair = tuple[int, str, Text]  # position, original words, what was done

_PARTS = {Geometry.POINT: "Point", Geometry.LINE: "LineString", Geometry.POLYGON: "Polygon"}
_MAKERS = {LINE: shapely.MultiLineString, POLYGON: shapely.MultiPolygon, POINT: shapely.MultiPoint}
_NO_AREA_DEG2, _NO_LENGTH_DEG = 1e-12, 1e-9  # 0.01 m² and 0.1 mm
_LOOKS_CLOSED = Text("闭合线；请先在 QGIS 中转为面", "a closed line; turn it into an area in QGIS first")


def conform(
    shapes: Shapes, spec: LayerSpec, aside: Reasons, treatments: RowTreatments, findings: Findings
) -> list[Repair]:
    """Bring every shape to the layer's stored type and make it valid, in place; give what was repaired.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely geometries, shape (n,)
        CGCS2000 longitude and latitude; None where a row has no place.
    spec : LayerSpec
    aside : Reasons
        Gains the rows whose shape is of another type, invalid beyond repair, or to be set aside as the planner chose;
        their shape becomes None.
    treatments : RowTreatments
        An invalid shape is repaired or set aside, never kept.
    findings : Findings
        Gains a finding for every row that is repaired or set aside here, under the code of the reason.
    """
    kinds = shapely.get_type_id(shapes)
    repairs: list[Repair] = []
    only_points = bool(np.all((kinds == POINT) | (kinds == -1)))
    if only_points and POINT in allowed_types(spec.geometry.value) and np.all(shapely.is_valid(shapes[kinds == POINT])):
        return repairs
    if not only_points:
        _single_points(shapes, kinds, spec)
        _take_parts(shapes, kinds, spec, aside, treatments, findings, repairs)
    _mend(shapes, aside, treatments, findings, repairs)
    _to_type(shapes, spec, aside, findings)
    if np.any(np.isin(kinds, (LINE, RING, POLYGON, MULTI_LINE, MULTI_POLYGON, COLLECTION))):
        _repeated_vertices(shapes, treatments, findings)
        _as_chosen(shapes, aside, treatments, findings, repairs)
    return repairs


def _single_points(shapes: Shapes, kinds: np.ndarray, spec: LayerSpec) -> None:
    """Take the point out of a multi-point that is but one place."""
    if spec.geometry is not Geometry.POINT:
        return
    for at in np.flatnonzero(kinds == MULTI_POINT):
        if len(np.unique(shapely.get_coordinates(shapes[at]), axis=0)) == 1:
            shapes[at] = shapely.get_geometry(shapes[at], 0)


def _take_parts(
    shapes: Shapes,
    kinds: np.ndarray,
    spec: LayerSpec,
    aside: Reasons,
    treatments: RowTreatments,
    findings: Findings,
    repairs: list[Repair],
) -> None:
    """Take out of a collection the parts that the layer stores; one without any is left for `_to_type`."""
    at_all = np.flatnonzero(kinds == COLLECTION)
    out = treatments.where("collection", at_all, SET_ASIDE)
    rows, original, proposed, why = [], [], [], []
    for at, refused in zip(at_all.tolist(), out.tolist()):
        taken = _parts_as_one(shapes[at], spec.geometry)
        if taken is None:
            continue
        count, all_parts = shapely.get_num_geometries(taken), _count(shapes[at])
        words = Text(f"取 {all_parts} 个部件中的 {count} 个", f"{count} of its {all_parts} parts are taken")
        rows.append(at)
        original.append(", ".join(sorted({part.geom_type for part in shapes[at].geoms})))
        proposed.append(taken.geom_type)
        why.append(words)
        if refused:
            aside.add([at], "collection", words, ordered=True)
            shapes[at] = None
        else:
            repairs.append((at, "GeometryCollection", words))
            shapes[at] = taken
    findings.add("collection", rows, values=original, proposed=proposed, why=why, confidence=0.9)


def _parts_as_one(shape: shapely.Geometry, wanted: Geometry) -> shapely.Geometry | None:
    if wanted in _PARTS:
        parts = parts_of(shape, _PARTS[wanted])
        if wanted is Geometry.POINT:
            return parts[0] if len(parts) == 1 else None
    else:
        # Any type will do, but one: that of the highest dimension.
        parts = next((found for name in ("Polygon", "LineString", "Point") if (found := parts_of(shape, name))), [])
    if not parts:
        return None
    return _MAKERS[shapely.get_type_id(parts[0])](parts)


def _count(shape: shapely.Geometry) -> int:
    return sum(_count(part) for part in shape.geoms) if hasattr(shape, "geoms") else 1


def _mend(shapes: Shapes, aside: Reasons, treatments: RowTreatments, findings: Findings, repairs: list[Repair]) -> None:
    there = ~shapely.is_missing(shapes)
    invalid = there & ~shapely.is_valid(shapes)
    _without_extent(shapes, there & ~invalid, aside, findings)
    bad = np.flatnonzero(invalid)
    if not len(bad):
        return
    by_code: dict[str, list[tuple[int, Fault]]] = defaultdict(list)
    for at, fault in zip(bad.tolist(), faults_of(shapes[bad])):
        by_code[fault.code].append((at, fault))
    for code in sorted(by_code, key=list(KINDS).index):
        found = by_code[code]
        rows = np.array([at for at, _ in found], dtype=np.int64)
        # The planner may refuse repairs of one kind, or every repair.
        refused = treatments.where(code, rows, SET_ASIDE) | treatments.where("geometry_repaired", rows, SET_ASIDE)
        findings.add(
            code,
            rows,
            field="geometry",
            values=[fault.reason for _, fault in found],
            proposed=[fault.change for _, fault in found],
            why=[fault.why for _, fault in found],
            confidence=[fault.confidence for _, fault in found],
            places=np.array([fault.place for _, fault in found], dtype=np.float64),
        )
        for (at, fault), out in zip(found, refused.tolist()):
            if fault.repaired is None or out:
                aside.add([at], code, Text(fault.reason, fault.reason), ordered=fault.repaired is not None)
                shapes[at] = None
            else:
                repairs.append((at, fault.reason, fault.why))
                shapes[at] = fault.repaired


def _without_extent(shapes: Shapes, valid: np.ndarray, aside: Reasons, findings: Findings) -> None:
    """Set aside what only the rounding of coordinates keeps from having no area or length at all."""
    dimension = shapely.get_dimensions(shapes)
    flat = (dimension == 2) & (shapely.area(shapes) < _NO_AREA_DEG2)
    short = (dimension == 1) & (shapely.length(shapes) < _NO_LENGTH_DEG)
    rows = np.flatnonzero(valid & (flat | short))
    why = Text("面积或长度小到只剩坐标取整的误差", "no more area or length than the rounding of coordinates makes")
    findings.add("zero_area", rows, field="geometry", why=why)
    aside.add(rows, "zero_area", why)
    shapes[rows] = None


def _to_type(shapes: Shapes, spec: LayerSpec, aside: Reasons, findings: Findings) -> None:
    allowed = allowed_types(spec.geometry.value)
    kinds = shapely.get_type_id(shapes)
    wrong = np.flatnonzero((kinds != -1) & ~np.isin(kinds, allowed))
    originals, whys = [], []
    for at in wrong.tolist():
        words = f"{shapes[at].geom_type} → {spec.geometry.value}"
        closed = spec.geometry is Geometry.POLYGON and kinds[at] in (LINE, RING) and shapes[at].is_closed
        hint = _LOOKS_CLOSED if closed else NOTHING
        why = Text(f"{words}（{hint.zh}）", f"{words} ({hint.en})") if closed else Text(words, words)
        aside.add([at], "geometry_type", why)
        originals.append(shapes[at].geom_type)
        whys.append(why)
        shapes[at] = None
    findings.add("geometry_type", wrong, field="geometry", values=originals, why=whys)
    if spec.geometry in (Geometry.LINE, Geometry.POLYGON):
        shapes[:] = as_type(shapes, spec.geometry.value, spec.name)


def _as_chosen(
    shapes: Shapes, aside: Reasons, treatments: RowTreatments, findings: Findings, repairs: list[Repair]
) -> None:
    """Do what the planner chose about valid shapes: spikes off, slivers and lines that double back set aside."""
    for at, code, mended, why in chosen_repairs(shapes, treatments):
        findings.add(code, [at], field="geometry", values=KINDS[code].label.en, why=why)
        if mended is None:
            aside.add([at], code, why, ordered=treatments.orders_aside(code, at))
        else:
            repairs.append((at, KINDS[code].label.en, why))
        shapes[at] = mended


def _repeated_vertices(shapes: Shapes, treatments: RowTreatments, findings: Findings) -> None:
    """Drop vertices that repeat the one before them; the shape stays the same to the last digit."""
    cleaned = shapely.remove_repeated_points(shapes, 0.0)
    dropped = shapely.get_num_coordinates(shapes) - shapely.get_num_coordinates(cleaned)
    rows = np.flatnonzero((dropped > 0) & ~shapely.is_missing(shapes) & shapely.is_valid(cleaned))
    if not len(rows):
        return
    counts = dropped[rows].tolist()
    drop = treatments.where("duplicate_vertices", rows, APPLY)
    findings.add(
        "duplicate_vertices",
        rows,
        field="geometry",
        values=[str(count) for count in counts],
        proposed=np.where(drop, "0", "").astype(object),
        why=[
            Text(f"{count} 个节点与前一个完全相同", f"{count} vertices repeat the one before them") for count in counts
        ],
    )
    shapes[rows[drop]] = cleaned[rows[drop]]
