"""Where cables pass bridges, rivers and faults, and which of them share a place."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network.passages import one_place, passages, shared_places

from .network_kit import cables, place

RIVER = cables([(5_000, -20_000), (5_000, 20_000)])[0]


def area(west, south, east, north):
    return shapely.Polygon([place(*one) for one in ((west, south), (east, south), (east, north), (west, north))])


def places(*shapes):
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made


def pieces_of(count, length, gap=0.0, east=5_000.0):
    """Give a river drawn in so many pieces of a length, one after the other to the north."""
    at = np.arange(count) * length
    return places(*cables(*([(east, low), (east, low + length - gap)] for low in at.tolist())))


def share(found, names, limits, apart=500.0):
    made = shared_places(found, np.array(names, dtype=object), np.array(limits, float), apart)
    return [
        (int(found.line[one]), int(found.line[two]), round(away))
        for one, two, away in zip(made.one, made.two, made.apart_m)
    ]


def test_a_river_is_passed_within_the_width_on_either_side_of_its_axis():
    found = passages(cables([(0, 0), (10_000, 0)]), places(RIVER), 20.0)
    assert found.from_m == pytest.approx([4_980], abs=1) and found.to_m == pytest.approx([5_020], abs=1)
    assert found.middle_m == pytest.approx([5_000], abs=1)


def test_an_area_is_passed_from_outline_to_outline_and_the_chainage_runs_over_the_parts_of_a_cable():
    line = shapely.MultiLineString([[place(0, 0), place(1_000, 0)], [place(2_000, 0), place(9_000, 0)]])
    found = passages(places(line), places(area(3_000, -10, 4_000, 10)), 20.0)
    assert (found.from_m[0], found.to_m[0]) == pytest.approx((2_000, 3_000), abs=1)


def test_cables_that_cross_one_river_share_the_crossing_only_where_they_cross_near_each_other():
    lines = cables([(0, 0), (10_000, 0)], [(0, 300), (10_000, 300)], [(0, 3_000), (10_000, 3_000)])
    found = passages(lines, places(RIVER), 20.0)
    assert share(found, [None], [500.0]) == [(0, 1, 300)]


def test_cables_on_one_bridge_share_it_however_far_apart():
    lines = cables([(0, 0), (10_000, 0)], [(0, 300), (10_000, 300)])
    found = passages(lines, places(area(4_000, -1_000, 6_000, 1_000)), 20.0)
    assert share(found, [None], [np.inf]) == [(0, 1, 300)]


def test_a_river_in_several_pieces_of_one_name_is_one_river_and_without_a_name_it_is_not():
    pieces = places(cables([(5_000, -5_000), (5_000, 150)])[0], cables([(5_000, 150), (5_000, 5_000)])[0])
    lines = cables([(0, 0), (10_000, 0)], [(0, 300), (10_000, 300)])
    found = passages(lines, pieces, 20.0)
    assert share(found, ["黔江", "黔江"], [500.0, 500.0]) == [(0, 1, 300)]
    assert share(found, [None, None], [500.0, 500.0]) == []


def test_a_river_without_a_name_in_fifty_metre_pieces_is_one_river():
    lines = cables([(0, 1_000), (10_000, 1_000)], [(0, 1_100), (10_000, 1_100)], [(0, 3_000), (10_000, 3_000)])
    pieces = pieces_of(100, 50.0)
    key = one_place(pieces, np.zeros(100, np.int64), 1.0)
    assert len(set(key.tolist())) == 1
    found = passages(lines, pieces, 20.0, key)
    assert len(found.line) == 3 and not found.is_beside.any()  # a crossing at a joint of two pieces is one
    assert share(found, key, [500.0] * 100) == [(0, 1, 100)]


def test_pieces_that_do_not_touch_and_those_of_another_layer_are_places_of_their_own():
    apart = pieces_of(2, 100.0, gap=5.0)
    assert len(set(one_place(apart, np.zeros(2, np.int64), 1.0).tolist())) == 2
    assert len(set(one_place(apart, np.zeros(2, np.int64), 6.0).tolist())) == 1
    assert len(set(one_place(pieces_of(2, 100.0), np.arange(2), 1.0).tolist())) == 2


@st.composite
def rivers(draw):
    """Give lines and squares, on a grid so that many touch, with the layers they are of."""
    spot = st.tuples(st.integers(0, 6), st.integers(0, 6))
    lines = draw(st.lists(st.tuples(spot, spot).filter(lambda ends: ends[0] != ends[1]), min_size=1, max_size=8))
    squares = draw(st.lists(spot, max_size=4))
    shapes = [shapely.LineString(ends) for ends in lines] + [shapely.box(x, y, x + 1, y + 1) for x, y in squares]
    return shapes, draw(st.lists(st.integers(0, 1), min_size=len(shapes), max_size=len(shapes)))


@settings(max_examples=100, deadline=None)
@given(rivers())
def test_pieces_are_one_place_where_a_chain_of_touching_pieces_of_their_layer_joins_them(drawn):
    flat, layer = drawn
    shapes = places(*(shapely.transform(one, lambda xy: np.array([place(*spot) for spot in xy * 100])) for one in flat))
    graph = nx.Graph()
    graph.add_nodes_from(range(len(flat)))
    graph.add_edges_from(
        (one, two)
        for one in range(len(flat))
        for two in range(one)
        if layer[one] == layer[two] and flat[one].distance(flat[two]) * 100 <= 1.0
    )
    made = one_place(shapes, np.array(layer), 1.0)
    groups = {frozenset(np.flatnonzero(made == number).tolist()) for number in made}
    assert groups == {frozenset(part) for part in nx.connected_components(graph)}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=5),
    st.sampled_from([30.0, 130.0, 500.0]),
    st.sampled_from([40.0, 250.0]),
)
def test_a_river_in_pieces_is_shared_where_the_river_as_a_whole_is(ends, length, apart):
    lines = cables(*([(0, 50 * low), (10_000, 50 * high)] for low, high in ends))
    count = int(2_100 // length) + 1
    whole = places(cables([(5_000, 0), (5_000, count * length)])[0])
    pieces = pieces_of(count, length)
    key = one_place(pieces, np.zeros(count, np.int64), 1.0)
    found = passages(lines, pieces, 20.0, key)
    one = share(passages(lines, whole, 20.0), [None], [apart], apart)
    assert sorted(share(found, key, [apart] * count, apart)) == sorted(one)


def test_a_cable_on_the_bank_is_beside_the_river_and_one_that_meets_it_crosses():
    lines = cables([(0, 0), (4_985, 0), (4_985, 3_000), (0, 3_000)], [(0, 600), (10_000, 600)])
    found = passages(lines, places(RIVER), 20.0)
    assert dict(zip(found.line.tolist(), found.is_beside.tolist())) == {0: True, 1: False}


def test_each_crossing_of_a_meander_goes_with_the_nearest_of_the_other_cable():
    bend = cables([(4_000, -5_000), (4_000, 1_000), (6_000, 1_000), (6_000, -5_000)])[0]
    lines = cables([(0, 0), (10_000, 0)], [(0, 200), (10_000, 200)])
    found = passages(lines, places(bend), 20.0)
    made = shared_places(found, np.array([None], dtype=object), np.array([5_000.0]), 500.0)
    assert len(made.one) == 2 and made.apart_m == pytest.approx([200, 200], abs=1)


def test_two_parts_of_one_cable_share_nothing_with_each_other():
    line = shapely.MultiLineString([[place(0, 0), place(9_000, 0)], [place(9_000, 100), place(0, 100)]])
    assert share(passages(places(line), places(RIVER), 20.0), [None], [500.0]) == []


def test_a_cable_without_a_shape_passes_nothing():
    found = passages(np.array([None], dtype=object), places(RIVER, area(0, 0, 1, 1)), 20.0)
    assert len(found.line) == 0 and share(found, [None, None], [1.0, 1.0]) == []


def test_every_passage_of_random_cables_is_where_a_walk_in_steps_finds_it():
    rng = np.random.default_rng(7)
    lines = cables(*(rng.uniform(-4_000, 4_000, (5, 2)).tolist() for _ in range(8)))
    shapes = places(RIVER, area(-1_000, -2_000, 1_500, 2_500), cables([(-3_000, -3_000), (0, 500), (3_000, -2_500)])[0])
    found = passages(lines, shapes, 60.0)
    scale = np.array([place(1, 0)[0] - 106.0, place(0, 1)[1] - 22.0])
    flat = shapely.transform(shapes, lambda xy: (xy - (106.0, 22.0)) / scale)
    for row, line in enumerate(shapely.transform(lines, lambda xy: (xy - (106.0, 22.0)) / scale)):
        steps = np.arange(2.5, line.length, 5.0)
        spots = shapely.line_interpolate_point(line, steps)
        for at, shape in enumerate(flat):
            near = shapely.distance(spots, shape) <= (0 if shape.geom_type == "Polygon" else 60)
            own = (found.line == row) & (found.place == at)
            assert (found.to_m - found.from_m)[own].sum() == pytest.approx(5.0 * near.sum(), abs=40)
