"""What is wrong with single shapes that are valid: spikes, slivers, lines that double back or run over themselves."""

from __future__ import annotations

import numpy as np
import shapely

from ...text import Text
from ..findings.findings import Findings
from ..findings.kind import APPLY, KEEP, SET_ASIDE
from ..findings.treatments import RowTreatments
from ..table import Shapes
from .measures import area_m2, flattened, length_m, made_valid, mean_width_m, parts_of, steady, words_of
from .turns import rings_and_lines, sharp_turns, sharp_vertices

TOLERANCE_M = 5.0
_THIN = 0.1  # 4πA/P²: 1 for a circle, 0.79 for a square, 0.03 for a strip of 1 by 100
_CODES = ("spike", "sliver", "doubles_back", "self_overlap")
_NO_OVERLAP_M = 0.05


def shape_findings(shapes: Shapes, positions: np.ndarray, tolerance_m: float = TOLERANCE_M) -> Findings:
    """Find spikes and slivers of areas, and lines that double back or run over themselves.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely geometries, shape (n,)
        Valid lines and areas, CGCS2000 longitude and latitude; points and None are passed over.
    positions : numpy.ndarray of int64, shape (n,)
        Their rows.
    tolerance_m : float
        Legs of a turn shorter than this, and areas wider than this, are no fault.
    """
    findings = Findings()
    dimension = shapely.get_dimensions(shapes)
    at = np.flatnonzero((dimension > 0) & ~shapely.is_empty(shapes))
    if not len(at):
        return findings
    turns = sharp_turns(shapes[at], tolerance_m)
    for in_ring, code in ((True, "spike"), (False, "doubles_back")):
        rows, first, counts = np.unique(turns.shape[turns.in_ring == in_ring], return_index=True, return_counts=True)
        worst = np.flatnonzero(turns.in_ring == in_ring)[first]
        # The longest leg of each shape stands for all of its turns.
        for k, row in enumerate(rows):
            own = np.flatnonzero((turns.shape == row) & (turns.in_ring == in_ring))
            worst[k] = own[np.argmax(turns.leg_m[own])]
        if not len(rows):
            continue
        figures = list(
            zip(turns.leg_m[worst].tolist(), turns.width_m[worst].tolist(), turns.angle_deg[worst].tolist(), counts)
        )
        proposed = [_spikes_off(shapes[at[row]], tolerance_m)[1] for row in rows] if in_ring else ""
        findings.add(
            code,
            positions[at[rows]],
            field="geometry",
            values=[f"{angle:.3f}°" for _, _, angle, _ in figures],
            proposed=proposed,
            why=[_spike_words(*one) if in_ring else _back_words(*one) for one in figures],
            confidence=0.9,
            places=turns.places[worst],
        )
    turned = set(turns.shape[~turns.in_ring].tolist())
    _slivers(shapes[at], positions[at], tolerance_m, findings)
    _self_overlaps(shapes[at], positions[at], turned, findings)
    return findings


def remove_spikes(shape: shapely.Geometry, leg_m: float = TOLERANCE_M) -> shapely.Geometry:
    """Give a shape without the tips of its spikes; a line is straightened where it doubles back.

    Parameters
    ----------
    shape : shapely geometry
        Line or area, longitude and latitude.
    leg_m : float
        Spikes with a shorter leg stay.
    """
    if shapely.get_dimensions(shape) == 1:
        lines = [_without_tips(part, leg_m, is_ring=False) for part in parts_of(shape, "LineString")]
        return shapely.MultiLineString([line for line in lines if len(line) >= 2])
    polygons = []
    for part in parts_of(shape, "Polygon"):
        shell, *holes = (_without_tips(ring, leg_m, is_ring=True) for ring in (part.exterior, *part.interiors))
        if len(shell) >= 4:
            polygons.append(shapely.Polygon(shell, [hole for hole in holes if len(hole) >= 4]))
    whole = shapely.MultiPolygon(polygons)
    if not whole.is_valid:
        whole = made_valid(whole) or shapely.MultiPolygon()
    return shapely.MultiPolygon(parts_of(whole, "Polygon"))


def chosen_repairs(shapes: Shapes, treatments: RowTreatments) -> list[tuple[int, str, shapely.Geometry | None, Text]]:
    """Give what the planner chose to have done about valid shapes: row, code, the new shape (None: set aside), words.

    Without such a choice nothing is searched.
    """
    chosen = treatments.chosen
    by_row = {code for code, _ in chosen.by_row}
    wanted = [code for code in _CODES if code in by_row or chosen.by_code.get(code, KEEP) != KEEP]
    if not wanted:
        return []
    done: dict[int, tuple[int, str, shapely.Geometry | None, Text]] = {}
    for block in shape_findings(shapes, np.arange(len(shapes), dtype=np.int64)):
        if block.code not in wanted or block.at is None:
            continue
        for k, at in enumerate(block.at.tolist()):
            action = treatments.action(block.code, at)
            why = block.why[k if len(block.why) > 1 else 0]
            if action == SET_ASIDE:
                done[at] = (at, block.code, None, why)
            elif action == APPLY and at not in done:
                mended, change = _spikes_off(shapes[at], TOLERANCE_M)
                said = Text(f"面积 {change}", f"area {change}")
                done[at] = (at, block.code, None if mended.is_empty else mended, why if mended.is_empty else said)
    return [done[at] for at in sorted(done)]


def _spikes_off(shape: shapely.Geometry, leg_m: float) -> tuple[shapely.Geometry, str]:
    mended = remove_spikes(shape, leg_m)
    return mended, f"{area_m2(shape):.1f} → {area_m2(mended):.1f} m²"


def _without_tips(piece: shapely.Geometry, leg_m: float, *, is_ring: bool) -> np.ndarray:
    """Give the vertices of a ring (closed) or line without its sharp turns; too few are left of a mere needle."""
    points = shapely.get_coordinates(piece)[: -1 if is_ring else None]
    while len(points) > 2:
        whole = np.vstack([points, points[:1]]) if is_ring else points
        tips = sharp_vertices(whole, leg_m, is_ring=is_ring)
        if not len(tips):
            break
        points = np.delete(points, tips, axis=0)
    return np.vstack([points, points[:1]]) if is_ring else points


def _spike_words(leg: float, width: float, angle: float, count: int) -> Text:
    more_zh, more_en = (f"，共 {count} 处", f", the longest of {count}") if count > 1 else ("", "")
    return Text(
        f"长 {words_of(leg)} m、根部宽 {words_of(width)} m 的尖刺，夹角 {angle:.2f}°{more_zh}",
        f"a spike {words_of(leg)} m long and {words_of(width)} m wide at its root, {angle:.2f}°{more_en}",
    )


def _back_words(leg: float, width: float, angle: float, count: int) -> Text:
    more_zh, more_en = (f"，共 {count} 处", f", the longest of {count}") if count > 1 else ("", "")
    return Text(
        f"在此掉头，沿原路折返 {words_of(leg)} m（夹角 {angle:.2f}°，偏离 {words_of(width)} m）{more_zh}",
        f"it turns here and runs back {words_of(leg)} m ({angle:.2f}°, {words_of(width)} m beside itself){more_en}",
    )


def _slivers(shapes: Shapes, positions: np.ndarray, tolerance_m: float, findings: Findings) -> None:
    rings, owner, is_ring = rings_and_lines(shapes)
    rings, owner = rings[is_ring], owner[is_ring]
    if not len(rings):
        return
    flat = flattened(rings)
    area, length = shapely.area(shapely.polygons(flat)), shapely.length(flat)
    with np.errstate(invalid="ignore", divide="ignore"):
        width, round_ = 2 * area / length, 4 * np.pi * area / length**2
    thin = (width < tolerance_m) & ((round_ < _THIN) | (area < tolerance_m**2))
    rows, original, why, places = [], [], [], []
    for row in np.unique(owner[thin]).tolist():
        own = [shapely.Polygon(rings[k]) for k in np.flatnonzero(thin & (owner == row)).tolist()]
        largest = max(own, key=area_m2)
        size, wide, count = area_m2(largest), mean_width_m(largest), int((owner == row).sum())
        rows.append(row)
        original.append(f"{words_of(size)} m²")
        places.append(shapely.get_coordinates(largest.representative_point())[0])
        why.append(
            Text(
                f"{count} 个环中有 {len(own)} 个是狭长碎片，最大的 {words_of(size)} m²，平均宽 {words_of(wide)} m",
                f"{len(own)} of its {count} rings are slivers; the largest has {words_of(size)} m² "
                f"and is {words_of(wide)} m wide on average",
            )
        )
    findings.add(
        "sliver",
        positions[rows] if rows else [],
        field="geometry",
        values=original,
        why=why,
        confidence=0.8,
        places=np.array(places),
    )


def _self_overlaps(shapes: Shapes, positions: np.ndarray, turned: set[int], findings: Findings) -> None:
    """Find lines that use the same ground twice without turning on the spot."""
    lines = np.flatnonzero(shapely.get_dimensions(shapes) == 1)
    rows, original, why, places = [], [], [], []
    for at in lines[~shapely.is_simple(shapes[lines])].tolist():
        if at in turned:
            continue
        shared = _shared(shapes[at])
        length = length_m(shared)
        if length <= _NO_OVERLAP_M:
            continue
        rows.append(at)
        original.append(f"{words_of(length)} m")
        first = parts_of(shared, "LineString")[0]
        places.append(shapely.get_coordinates(first.interpolate(0.5, normalized=True))[0])
        why.append(Text(f"有 {words_of(length)} m 与自身重叠", f"it runs over itself for {words_of(length)} m"))
    findings.add(
        "self_overlap",
        positions[rows] if rows else [],
        field="geometry",
        values=original,
        why=why,
        places=np.array(places),
    )


def _shared(line: shapely.Geometry) -> shapely.Geometry:
    """Give the stretches that a line covers more than once."""
    pieces = [
        np.stack([points[:-1], points[1:]], axis=1)
        for part in parts_of(line, "LineString")
        if len(points := shapely.get_coordinates(part)) > 1
    ]
    segments = np.concatenate(pieces)
    segments = shapely.linestrings(segments[(segments[:, 0] != segments[:, 1]).any(axis=1)])
    one, other = shapely.STRtree(segments).query(segments, predicate="intersects")
    one, other = one[one < other], other[one < other]
    common = steady(shapely.intersection, segments[one], segments[other])
    return steady(shapely.union_all, common[shapely.length(common) > 0])
