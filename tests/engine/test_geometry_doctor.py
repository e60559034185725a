"""What the doctor says of single shapes and of those beside each other, against slow and obvious versions."""

from __future__ import annotations

import struct

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.layers.findings.findings import Findings
from xinji_planner.layers.findings.treatments import RowTreatments, Treatments
from xinji_planner.layers.geometry.areas import overlapping_pairs
from xinji_planner.layers.geometry.findings import geometry_findings
from xinji_planner.layers.geometry.measures import GEOD, area_m2, length_m, metres_per_degree
from xinji_planner.layers.geometry.shapes import remove_spikes
from xinji_planner.layers.reading.conform import conform
from xinji_planner.layers.reading.reasons import Reasons
from xinji_planner.layers.shapes import from_wkb
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.table import LayerTable

LON, LAT = 100.0, 30.0
EAST, NORTH = (float(value) for value in metres_per_degree(LAT))
QUICK = settings(max_examples=40, deadline=None)


def at_metres(points):
    """Longitude and latitude of places given in metres around one place."""
    return [(LON + x / EAST, LAT + y / NORTH) for x, y in points]


def line(*points):
    return shapely.LineString(at_metres(points))


def area(*points):
    return shapely.Polygon(at_metres(points))


def box(x, y, u, v):
    return area((x, y), (u, y), (u, v), (x, v))


def table(layer, shapes, **columns):
    given_shapes = np.empty(len(shapes), dtype=object)
    given_shapes[:] = shapes
    return LayerTable(SPECS[layer], pd.DataFrame(columns, index=range(len(shapes))), given_shapes)


def found(layer, shapes, nodes=None, **columns):
    findings = geometry_findings(table(layer, shapes, **columns), np.arange(len(shapes)), nodes=nodes)
    return {(block.code, int(at)) for block in findings for at in (block.at if block.at is not None else [-1])}


def of(code, said):
    return {at for name, at in said if name == code}


def values(layer, shapes, code, **columns):
    """The figures of one kind of finding, by row."""
    findings = geometry_findings(table(layer, shapes, **columns), np.arange(len(shapes)))
    pairs = [
        (int(at), float(text.split()[0]))
        for block in findings
        if block.code == code
        for at, text in zip(block.at, block.originals)
    ]
    return dict(pairs)


# Lines


def test_an_end_that_stops_short_is_told_with_its_metres_and_one_that_touches_is_not():
    through = line((-500, 0), (500, 0))
    for gap, expected in ((0.0, False), (0.05, False), (0.5, True), (3.0, True), (4.9, True), (5.5, False)):
        said = values("roads", [through, line((7, 400), (7, gap))], "near_miss")
        assert bool(said) == expected, gap
        if expected:
            assert said == {1: pytest.approx(gap, rel=0.01)}


def test_an_end_that_runs_past_is_an_overshoot_and_not_a_near_miss():
    said = values("roads", [line((-500, 0), (500, 0)), line((7, 400), (7, -3))], "overshoot")
    assert said == {1: pytest.approx(3, rel=0.01)}


def test_two_ends_that_just_fail_to_meet_are_told_of_both_rows():
    said = found("trunk_cables", [line((-500, 0), (0, 0)), line((2, 0), (500, 0))])
    assert of("near_miss", said) == {0, 1}


def test_a_loop_that_fails_to_close_is_told():
    assert of("near_miss", found("roads", [line((0, 0), (300, 0), (300, 300), (0, 300), (0, 2))])) == {0}


def test_an_end_at_a_node_is_joined_and_one_beside_it_is_not():
    node = np.array([shapely.Point(at_metres([(0, 0)])[0])], dtype=object)
    shapes = [line((0, 0), (900, 0)), line((3, 0), (3, 900))]
    assert of("dangle", found("trunk_cables", shapes, nodes=node)) == {0, 1}  # the far ends
    lone = [line((0, 2), (0, 900))]
    assert of("near_miss", found("trunk_cables", lone, nodes=node)) == {0}


def test_an_end_on_the_middle_of_a_long_segment_of_a_projected_file_is_no_near_miss():
    """A straight segment of 8 km in a projected CRS leaves the straight line in degrees by most of a metre."""
    import pyproj

    back = pyproj.Transformer.from_crs(4527, 4490, always_xy=True)
    long = shapely.LineString(np.column_stack(back.transform([39500000, 39508000], [3900000, 3900000])))
    joint = shapely.LineString(np.column_stack(back.transform([39504000, 39504000], [3900000, 3909000])))
    assert not of("near_miss", found("roads", [long, joint]))


def test_lines_of_layers_that_are_no_network_may_end_anywhere():
    assert not found("coastline", [line((0, 0), (500, 0)), line((503, 0), (900, 0))])


@QUICK
@given(st.integers(0, 10_000))
def test_near_misses_are_those_that_a_search_of_every_pair_finds(seed):
    rng = np.random.default_rng(seed)
    # On this grid ends meet, and no two places are just as far apart as the tolerance.
    lines = [line(*(rng.integers(0, 60, (rng.integers(2, 40), 2)) * 1.01).tolist()) for _ in range(8)]
    lines = [one for one in lines if one.length > 0]
    said = found("roads", lines)
    loose = {at for code, at in said if code in ("near_miss", "overshoot", "dangle")}
    near = {at for code, at in said if code in ("near_miss", "overshoot")}
    slow_loose, slow_near = set(), set()
    flat = [shapely.transform(one, lambda c: (c - [LON, LAT]) * [EAST, NORTH]) for one in lines]
    for k, own in enumerate(flat):
        if own.is_closed:
            continue
        for end in (own.coords[0], own.coords[-1]):
            metres = [shapely.Point(end).distance(other) for j, other in enumerate(flat) if j != k]
            gap = shapely.Point(own.coords[0]).distance(shapely.Point(own.coords[-1]))
            metres += [gap] if own.length > 20 else []
            if min(metres, default=np.inf) > 0.1:
                slow_loose.add(k)
                if min(metres) <= 5:
                    slow_near.add(k)
    assert loose == slow_loose
    assert near == slow_near


def test_a_line_drawn_twice_warns_where_the_name_is_the_same_and_else_is_told():
    shapes = [line((0, 0), (50, 9), (900, 0)), line((900, 0), (50, 9), (0, 0)), line((0, 0), (50, 8), (900, 0))]
    for names, severity in ((["甲", "甲", "乙"], "warns"), (["甲", "乙", "乙"], "informs")):
        findings = geometry_findings(table("roads", shapes, name=names), np.arange(3))
        blocks = [block for block in findings if block.code == "duplicate_line"]
        assert [(block.at.tolist(), block.grave, block.related.tolist()) for block in blocks] == [
            ([1], severity, ["row 1"])
        ]


def test_a_line_that_doubles_back_or_runs_over_itself_states_its_metres():
    back = line((0, 0), (800, 0), (300, 0))
    over = line((0, 0), (400, 0), (400, 300), (100, 300), (100, 0), (300, 0), (300, -200))
    crossing = line((0, 0), (400, 0), (400, 300), (100, 300), (100, -100))
    bend = line((0, 0), (800, 0), (0, 30))  # 2 degrees: a bend
    said = found("coastline", [back, over, crossing, bend])
    assert said == {("doubles_back", 0), ("self_overlap", 1)}
    assert values("coastline", [over], "self_overlap") == {0: pytest.approx(200, rel=1e-3)}


# Areas


def test_spikes_are_told_wherever_the_ring_begins_and_taken_off_again():
    points = [(0, 0), (600, 0), (600, 300), (1600, 301), (600, 302), (600, 600), (0, 600)]
    sound = area(*(point for point in points if point != (1600, 301)))
    for turn in range(len(points)):
        spiked = area(*points[turn:], *points[:turn])
        assert found("control_lines", [spiked]) == {("spike", 0)}
        mended = remove_spikes(spiked)
        assert mended.is_valid
        assert area_m2(mended) == pytest.approx(area_m2(sound), rel=1e-9)


def test_a_shape_that_is_but_a_spike_is_left_empty_and_a_sound_one_alone():
    assert remove_spikes(area((0, 0), (1000, 0), (1000, 1))).is_empty
    sound = box(0, 0, 500, 500)
    assert remove_spikes(sound).equals(sound)


def test_slivers_are_thin_strips_and_crumbs_but_not_small_or_long_areas():
    assert found("control_lines", [box(0, 0, 500, 2)]) == {("sliver", 0)}
    assert found("control_lines", [shapely.MultiPolygon([box(0, 0, 500, 500), box(600, 0, 602, 2)])]) == {("sliver", 0)}
    assert not found("control_lines", [box(0, 0, 12, 12), box(100, 0, 2000, 20)])


def test_overlaps_hold_within_one_level_only_and_thin_ones_only_inform():
    shapes = [box(0, 0, 1000, 1000), box(900, 0, 2000, 1000), box(100, 100, 500, 500), box(1998, 0, 2500, 1000)]
    level = ["county", "county", "town", "county"]
    assert of("overlap", found("admin_units", shapes, level=level)) == {0, 1, 3}
    findings = geometry_findings(table("admin_units", shapes, level=level), np.arange(4))
    grave = {block.grave: set(block.at.tolist()) for block in findings if block.code == "overlap"}
    assert grave == {"warns": {0, 1}, "informs": {1, 3}}
    assert values("admin_units", shapes[:2], "overlap", level=level[:2]) == {
        0: pytest.approx(100_000, rel=1e-3),
        1: pytest.approx(100_000, rel=1e-3),
    }


def test_neighbours_that_share_a_border_do_not_overlap_nor_leave_a_gap():
    middle = area((1000, 0), (2000, 0), (2000, 1000), (1000, 1000), (1000, 400))  # a vertex that its neighbour lacks
    assert not found("admin_units", [box(0, 0, 1000, 1000), middle], level=["town"] * 2)


def test_gaps_are_told_where_units_should_fill_the_land_and_lakes_are_not():
    west, east = box(0, 0, 1000, 1000), box(1020, 0, 2000, 1000)
    top, bottom = box(0, 1000, 2000, 1500), box(0, -500, 2000, 0)
    ring = [west, east, top, bottom]
    assert values("admin_units", ring, "gap", level=["town"] * 4) == {0: pytest.approx(20_000, rel=2e-3)}
    assert not found("control_lines", ring, kind=["basic_farmland"] * 4)
    lake = shapely.difference(box(0, 0, 1000, 1000), box(400, 400, 600, 420))
    assert not found("admin_units", [lake], level=["town"])


def test_a_gap_that_is_open_to_the_outside_is_told_too():
    said = values("admin_units", [box(0, 0, 1000, 1000), box(1003, 0, 2000, 1000)], "gap", level=["town"] * 2)
    assert list(said.values()) == [pytest.approx(3000, rel=0.05)]
    assert not found("admin_units", [box(0, 0, 1000, 1000), box(1300, 0, 2000, 1000)], level=["town"] * 2)


@QUICK
@given(st.integers(0, 10_000))
def test_overlapping_pairs_are_those_that_a_look_at_every_pair_finds(seed):
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 12, (12, 2))
    shapes = np.array([shapely.box(x, y, x + w, y + h) for (x, y), (w, h) in zip(corners, rng.integers(1, 5, (12, 2)))])
    slow = {(i, j) for i in range(12) for j in range(i) if shapes[i].intersection(shapes[j]).area > 0}
    assert {(int(b), int(a)) for a, b in zip(*overlapping_pairs(shapes))} == slow


# Broken at random


def broken(seed):
    """A polygon whose vertices were mixed up, repeated, moved onto one another or doubled as parts."""
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 8, (rng.integers(3, 12), 2)) * 100.0
    for _ in range(rng.integers(0, 4)):
        k = rng.integers(0, len(points))
        how = rng.integers(0, 4)
        if how == 0:
            points = np.insert(points, k, points[k], axis=0)
        elif how == 1:
            points[k] = points[rng.integers(0, len(points))]
        elif how == 2:
            points = np.vstack([points, points[::-1]])
        else:
            points = np.vstack([points[k:], points[:k], points[:2]])
    shell = at_metres(points)
    holes = [at_metres(rng.integers(0, 8, (4, 2)) * 100.0) for _ in range(rng.integers(0, 3))]
    first = shapely.Polygon(shell, holes)
    if rng.integers(0, 2):
        return shapely.MultiPolygon([first, shapely.Polygon(at_metres(rng.integers(0, 8, (5, 2)) * 100.0))])
    return first


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1_000_000))
def test_whatever_is_done_to_areas_each_is_valid_afterwards_or_set_aside_with_its_reason(seed):
    shapes = np.array([*(broken(seed * 20 + k) for k in range(20)), None, shapely.Point(1, 1)], dtype=object)
    before, aside, findings = shapes.copy(), Reasons(), Findings()
    conform(shapes, SPECS["control_lines"], aside, RowTreatments(Treatments(), np.arange(1, 23)), findings)
    told = {int(at) for block in findings for at in block.at}
    for at, (old, new) in enumerate(zip(before, shapes)):
        assert (old is not None and new is None) == (at in aside.by_row)
        if new is not None:
            assert new.is_valid
            assert new.geom_type == "MultiPolygon"
            assert old.is_valid or at in told
    there = shapes[~shapely.is_missing(shapes)]
    geometry_findings(table("control_lines", list(there), kind=["other"] * len(there)), np.arange(len(there)))


@QUICK
@given(st.binary(max_size=120), st.integers(0, 2**32))
def test_bytes_that_are_no_shape_are_counted_and_never_crash(tail, seed):
    sound = shapely.to_wkb(box(0, 0, 100, 100))
    spoiled = bytearray(sound)
    rng = np.random.default_rng(seed)
    for k in rng.integers(0, len(spoiled), 3):
        spoiled[k] = rng.integers(0, 256)
    given_bytes = [sound, bytes(spoiled), b"\x01\x03\x00\x00\x00" + tail, tail, None, sound[: seed % len(sound)]]
    decoded = from_wkb(given_bytes)
    for at, data in enumerate(given_bytes):
        assert (decoded.shapes[at] is None) == (data is None or at in decoded.broken)
    assert decoded.shapes[0].equals(box(0, 0, 100, 100))


def test_an_unclosed_ring_with_heights_is_closed():
    points = [(100.0, 30.0, 5.0), (100.1, 30.0, 5.0), (100.1, 30.1, 5.0)]
    data = struct.pack("<BIII", 1, 1003, 1, 3) + b"".join(struct.pack("<ddd", *point) for point in points)
    decoded = from_wkb([data])
    assert decoded.closed == {0: 1}
    assert decoded.shapes[0].is_valid


# What is sound stays quiet


@pytest.mark.parametrize("layer", ["admin_units", "roads", "control_lines"])
def test_an_empty_layer_gives_nothing(layer):
    assert not found(layer, [], level=[], kind=[])


def test_points_cost_nothing_and_give_nothing():
    points = shapely.points(np.linspace(100, 101, 200_000), 30.0)
    aside, findings = Reasons(), Findings()
    assert not conform(points, SPECS["villages"], aside, RowTreatments(Treatments(), np.arange(200_000)), findings)
    assert not aside.by_row
    assert not list(findings)


@pytest.mark.parametrize(
    "place", ["ngari/阿里县界_GCJ02", "xiangxi/湘西县界_GCJ02", "fangchenggang/防城港市_县区_GCJ02"]
)
def test_real_county_polygons_have_no_fault(shared_data, place):
    import geopandas

    shapes = np.asarray(geopandas.read_file(shared_data / f"{place}.geojson").geometry, dtype=object)
    assert not found("admin_units", list(shapes), level=["county"] * len(shapes))
    for i in range(len(shapes)):
        for j in range(i):
            assert shapes[i].intersection(shapes[j]).area == 0  # seen by hand: their borders match to the vertex


def test_lengths_and_areas_are_geodesic():
    square = shapely.box(100, 30, 100.01, 30.01)
    exact = abs(GEOD.geometry_area_perimeter(square)[0])
    assert area_m2(square) == pytest.approx(exact, rel=1e-12)
    holed = shapely.difference(square, shapely.box(100.002, 30.002, 100.004, 30.004))
    assert area_m2(holed) == pytest.approx(exact - area_m2(shapely.box(100.002, 30.002, 100.004, 30.004)), rel=1e-12)
    assert length_m(line((0, 0), (1000, 0), (1000, 1000))) == pytest.approx(2000, rel=1e-3)


def test_a_shape_at_which_geos_itself_fails_is_repaired_in_another_way_or_set_aside():
    """GEOS 3.14 throws on this one when it is made valid by its structure."""
    for seed in (27662 * 20 + k for k in range(20)):
        shapes = np.array([broken(seed)], dtype=object)
        aside = Reasons()
        conform(shapes, SPECS["control_lines"], aside, RowTreatments(Treatments(), np.arange(1, 2)), Findings())
        assert (shapes[0] is None) == (0 in aside.by_row)
        assert shapes[0] is None or shapes[0].is_valid
