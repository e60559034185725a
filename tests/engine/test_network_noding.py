"""Cable lines and equipment rooms become nodes and edges."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network.graph import bridges, components, graph_of
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


def test_ends_that_hang_together_by_other_ends_are_one_joint_and_go_to_the_room_that_one_of_them_reaches():
    three = cables([(4, 0), (3000, 0)], [(8, 0), (0, 3000)], [(12, 0), (0, -3000)])
    network = noded(three, [(0, 0)])
    assert network.start.tolist() == [0, 0, 0]
    apart = noded(three, [])
    assert len(set(apart.start.tolist())) == 1


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
