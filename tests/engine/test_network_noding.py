"""Cable lines and equipment rooms become nodes and edges."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network.cuts import bridges
from xinji_planner.analysis.network.graph import components, graph_of
from xinji_planner.analysis.network.joining import join_points
from xinji_planner.analysis.network.noding import node_lines

from .network_kit import GEOD, cables, rooms

SNAP, NEAR = 5.0, 50.0


def noded(lines, places=(), **options):
    return node_lines(lines, *rooms(*places), snap_m=SNAP, near_m=NEAR, **options)


def told(network, code):
    rows = network.issues[network.issues["code"] == code]
    return [
        (row.row, row.other, row.room, None if np.isnan(row.metres) else round(row.metres, 2))
        for row in rows.itertuples()
    ]


def ends(network):
    return sorted(tuple(sorted(pair)) for pair in zip(network.start.tolist(), network.end.tolist()))


def test_a_cable_between_two_rooms_is_one_edge_of_its_geodesic_length():
    lines = cables([(0, 0), (3000, 400), (9000, 0)])
    network = noded(lines, [(0, 0), (9000, 0)])
    assert ends(network) == [(0, 1)] and network.room.tolist() == [0, 1]
    assert network.length_m[0] == pytest.approx(GEOD.geometry_length(lines[0]), rel=1e-9)
    assert network.issues.empty


def test_an_end_within_the_tolerance_is_joined_to_its_room_and_said_so_but_not_moved():
    lines = cables([(3, 0), (9000, 0)])
    network = noded(lines, [(0, 0), (9000, 0)])
    assert ends(network) == [(0, 1)]
    assert told(network, "snapped") == [(0, -1, 0, 3.0)]
    assert shapely.equals(network.shapes[0], lines[0])


def test_an_end_14_m_from_its_room_is_not_joined_and_is_a_near_miss_of_that_room():
    network = noded(cables([(0, 0), (8986, 0)]), [(0, 0), (9000, 0)])
    assert network.room.tolist() == [0, 1, -1] and ends(network) == [(0, 2)]
    assert told(network, "near_miss") == [(0, -1, 1, 14.0)]
    assert told(network, "room_off_network") == [(-1, -1, 1, None)]


def test_a_loose_end_far_from_everything_dangles():
    network = noded(cables([(0, 0), (500, 0)]), [(0, 0)])
    assert told(network, "dangle") == [(0, -1, -1, None)]


def test_a_branch_cuts_the_nearest_cable_only_and_not_the_standby_beside_it():
    main, standby = [(0, 0), (9000, 0)], [(0, -30), (3000, -1.0), (6000, -1.0), (9000, -30)]
    network = noded(cables(main, standby, [(4000, 2), (4000, 3000)]), [(0, 0), (9000, 0), (0, -30), (9000, -30)])
    assert len(network.start) == 4 and told(network, "branch") == [(2, 0, -1, 2.0)]
    assert np.bincount(network.row).tolist() == [2, 1, 1]
    on_main = network.row == 0
    assert network.length_m[on_main].tolist() == pytest.approx([4000, 5000], abs=0.01)


def test_two_cables_in_one_trench_stay_two_edges_and_neither_is_a_bridge():
    main, standby = [(0, 0), (3000, 0), (6000, 0), (9000, 0)], [(0, 0), (3000, 0.8), (6000, 0.8), (9000, 0)]
    network = noded(cables(main, standby), [(0, 0), (9000, 0)])
    assert ends(network) == [(0, 1), (0, 1)] and network.issues.empty
    assert not bridges(graph_of(network.start, network.end, 2)).any()


def test_a_crossing_is_told_and_joins_nothing_unless_it_is_ordered():
    lines = cables([(0, 0), (8000, 0)], [(4000, -3000), (4000, 3000)])
    network = noded(lines)
    assert len(network.start) == 2 and told(network, "crossing") == [(0, 1, -1, None)]
    assert components(network.start, network.end, len(network.lon)).max() == 1
    joined = noded(lines, join_crossings=True)
    assert len(joined.start) == 4 and components(joined.start, joined.end, len(joined.lon)).max() == 0
    assert joined.length_m.sum() == pytest.approx(network.length_m.sum(), rel=1e-12)


def test_a_room_beside_a_passing_cable_cuts_it_and_is_told():
    network = noded(cables([(0, 0), (9000, 0)]), [(0, 0), (9000, 0), (4000, 4)])
    assert ends(network) == [(0, 2), (1, 2)]
    assert told(network, "room_on_cable") == [(0, -1, 2, 4.0)]


def test_an_end_between_two_rooms_takes_the_nearer_and_the_rooms_stay_two():
    network = noded(cables([(1, 0), (9000, 0)]), [(0, 0), (4, 0), (9000, 0)])
    assert ends(network) == [(0, 2)]
    assert told(network, "rooms_close") == [(-1, -1, 0, 4.0), (-1, -1, 1, 4.0)]
    assert told(network, "room_off_network")


def test_an_end_in_the_middle_makes_a_joint_of_those_on_either_side_and_none_moves_more_than_the_tolerance():
    three = cables([(4, 0), (3000, 0)], [(0, 0), (0, 3000)], [(-4, 0), (-3000, 0)])
    network = noded(three)
    assert len(set(network.start.tolist())) == 1 and told(network, "chain") == []
    assert [metres for *_, metres in told(network, "snapped")] == [4.0, 4.0]


def test_a_chain_of_ends_longer_than_the_tolerance_is_no_single_joint_and_is_told():
    # Ends at 0, 4, 8 and 12 m: no end has all the others within 5 m.
    four = cables(*[[(4 * k, 0), (4 * k + 1000 * (k - 1.5), 3000)] for k in range(4)])
    network = noded(four)
    assert len(set(network.start.tolist())) == 2
    assert told(network, "chain") == [(2, 3, -1, 4.0), (3, 2, -1, 4.0)] and all(told(network, "snapped"))


def test_an_end_reaches_no_room_over_other_ends_and_is_told_which_one_it_nearly_met():
    lines = cables([(4, 0), (3000, 0)], [(8, 2), (0, 3000)])
    network = noded(lines, [(0, 0)])
    assert network.start[0] == 0 and (1, 0, 0, round(20**0.5, 2)) in told(network, "chain")
    # It branches off the cable that it is beside.
    assert components(network.start, network.end, len(network.lon)).max() == 0


SPOTS = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 6)), min_size=1, max_size=9)


@given(SPOTS, st.lists(st.tuples(st.integers(0, 14), st.integers(0, 6)), max_size=2, unique=True), st.randoms())
@settings(max_examples=150, deadline=None)
def test_no_end_is_farther_than_the_tolerance_from_its_node_and_what_stays_apart_within_it_is_told(spots, at, chance):
    room_lon, room_lat = rooms(*at)
    order = list(range(len(spots)))
    chance.shuffle(order)
    lon, lat = rooms(*spots)
    joined = join_points(lon, lat, room_lon, room_lat, SNAP)
    place_lon, place_lat = np.append(room_lon, joined.joint_lon), np.append(room_lat, joined.joint_lat)
    away = [GEOD.inv(x, y, place_lon[k], place_lat[k])[2] for x, y, k in zip(lon, lat, joined.node)]
    assert max(away) <= SNAP + 1e-6 and joined.away_m == pytest.approx(away, abs=1e-3)
    told_of = {place for pair in joined.chained.tolist() for place in (spots[pair[0]], spots[pair[1]])}
    for one in range(len(spots)):
        for two in range(one):
            gap = np.hypot(*np.subtract(spots[one], spots[two]))
            apart = joined.node[one] != joined.node[two] and max(joined.node[one], joined.node[two]) >= len(at)
            if gap < SNAP - 1e-3 and apart:
                assert spots[one] in told_of or spots[two] in told_of
    again = join_points(lon[order], lat[order], room_lon, room_lat, SNAP)
    groups = {frozenset(k for k in range(len(spots)) if joined.node[k] == node) for node in joined.node}
    assert groups == {frozenset(order[k] for k in range(len(spots)) if again.node[k] == node) for node in again.node}


def test_a_cable_drawn_twice_is_two_edges_and_a_duplicate_also_when_drawn_backwards():
    line = [(0, 0), (4000, 500), (9000, 0)]
    network = noded(cables(line, line[::-1]), [(0, 0), (9000, 0)])
    assert ends(network) == [(0, 1), (0, 1)] and told(network, "duplicate") == [(1, 0, -1, None)]


def test_a_line_without_length_makes_no_edge_and_is_told():
    lines = np.append(cables([(0, 0), (9000, 0)]), [None, shapely.LineString()])
    network = noded(lines, [(0, 0), (9000, 0)])
    assert len(network.start) == 1 and told(network, "no_length") == [(1, -1, -1, None), (2, -1, -1, None)]


def test_a_room_without_a_place_is_a_node_that_nothing_reaches():
    network = noded(cables([(0, 0), (9000, 0)]), [(0, 0), None, (9000, 0)])
    assert ends(network) == [(0, 2)] and told(network, "room_off_network") == [(-1, -1, 1, None)]


def test_a_ring_that_ends_where_it_begins_is_a_loop():
    network = noded(cables([(0, 0), (3000, 0), (3000, 3000), (0, 0)]), [(0, 0)])
    assert ends(network) == [(0, 0)] and network.issues.empty


def test_anything_but_a_line_is_refused_by_its_number():
    with pytest.raises(ValueError, match="line 1"):
        noded(np.array([None, shapely.Point(106, 22)], dtype=object))


def test_no_lines_and_no_rooms_make_an_empty_network():
    network = noded(np.empty(0, dtype=object))
    assert not len(network.start) and not len(network.lon) and network.issues.empty


@st.composite
def grids(draw):
    """Give cables along the lines of a grid of 100 m, ends and corners on it."""
    count = draw(st.integers(1, 7))
    spot = st.tuples(st.integers(0, 5), st.integers(0, 5))
    lines = [draw(st.lists(spot, min_size=2, max_size=4, unique=True)) for _ in range(count)]
    return [[(100.0 * x, 100.0 * y) for x, y in line] for line in lines]


@given(grids(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_lengths_add_up_and_the_order_of_the_cables_changes_nothing(lines, random):
    network = noded(cables(*lines))
    whole = sum(GEOD.geometry_length(line) for line in cables(*lines))
    assert network.length_m.sum() == pytest.approx(whole, rel=1e-9)
    for k, line in enumerate(cables(*lines)):
        assert network.length_m[network.row == k].sum() == pytest.approx(GEOD.geometry_length(line), rel=1e-9)
    order = list(range(len(lines)))
    random.shuffle(order)
    again = noded(cables(*(lines[k] for k in order)))

    def shape(one):
        degree = np.bincount(np.append(one.start, one.end), minlength=len(one.lon))
        parts = components(one.start, one.end, len(one.lon))
        codes = one.issues["code"].value_counts().drop("crossing", errors="ignore").to_dict()
        return sorted(degree.tolist()), parts.max(), sorted(np.round(one.length_m, 3).tolist()), codes

    assert shape(network) == shape(again)


def test_cables_that_cross_vertex_on_vertex_far_along_are_a_crossing_too():
    long = [(100.0 * k, 0.0) for k in range(33)]  # the 17th vertex ends a piece of the search tree
    network = noded(cables(long, [(1600, -1600), (1600, 0), (1600, 1600)]))
    assert told(network, "crossing") == [(0, 1, -1, None)]
