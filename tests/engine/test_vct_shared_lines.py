"""Neighbouring polygons of a VCT share their lines, and come back as they were."""

import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.layers.vct.reading.file import read_vct
from xinji_planner.layers.vct.writing import geometry
from xinji_planner.layers.vct.writing.arcs import arcs_of
from xinji_planner.layers.vct.writing.description import FORMS, Batch, Rows
from xinji_planner.layers.vct.writing.file import write_vct
from xinji_planner.layers.vct.writing.head import HeadInput
from xinji_planner.tests.engine.test_vct_writing import AREAS, X, Y, frame

HEAD = HeadInput(pyproj.CRS("EPSG:4527"), "20261120")


def write(folder, *shapes, batches=1):
    made = np.array([shapely.transform(shape, lambda places: places + np.array([X, Y])) for shape in shapes], object)
    columns = frame(len(made))
    cuts = np.array_split(np.arange(len(made)), batches)
    rows = Rows(AREAS, [Batch(columns.iloc[some], made[some]) for some in cuts])
    write_vct(folder / "a.vct", [rows], HEAD, FORMS["landuse3"])
    return read_vct(folder / "a.vct")


def near_origin(item):
    return shapely.transform(item.shape, lambda places: places - np.array([X, Y]))


def polygons(file):
    return [item for item in file.objects if item.kind == "polygon"]


def lines(file):
    return {item.id: near_origin(item) for item in file.objects if item.kind == "line"}


def referred(file):
    return Counter(number for item in polygons(file) for number in item.references if number)


def same(one, other):
    return one.normalize().equals_exact(other.normalize(), 1e-4)


def test_two_neighbours_draw_their_border_once_and_go_along_it_in_opposite_ways(tmp_path):
    file = write(tmp_path, shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10))
    counted = referred(file)
    (border,) = [number for number in counted if number > 0 and -number in counted]
    assert lines(file)[border].normalize().equals(shapely.LineString([(10, 0), (10, 10)]).normalize())
    assert len(lines(file)) == 3
    assert all(same(near_origin(item), shape) for item, shape in zip(
        polygons(file), [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)], strict=True))  # fmt: skip


def test_an_island_has_one_outline_which_is_also_the_hole_around_it(tmp_path):
    island = shapely.Polygon([(3, 3), (6, 4), (5, 7)])
    lake = shapely.Polygon(shapely.box(0, 0, 10, 10).exterior, [[(5, 7), (6, 4), (3, 3)]])
    file = write(tmp_path, lake, island)
    assert len(lines(file)) == 2
    first, second = polygons(file)
    assert first.references[1] == 0
    assert second.references == (-first.references[2],)
    assert same(near_origin(first), lake)
    assert same(near_origin(second), island)


def test_corners_where_three_meet_end_the_lines_and_a_border_of_other_vertices_is_not_shared(tmp_path):
    file = write(tmp_path, shapely.box(0, 0, 10, 20), shapely.box(10, 0, 20, 10), shapely.box(10, 10, 20, 20))
    # The large box has no corner at (10, 10): its border is not cut there, and no vertex is put in.
    assert sum(-number in referred(file) for number in referred(file)) == 2
    whole = shapely.Polygon([(0, 0), (10, 0), (10, 10), (10, 20), (0, 20)])
    file = write(tmp_path, whole, shapely.box(10, 0, 20, 10), shapely.box(10, 10, 20, 20))
    assert len(lines(file)) == 6
    assert sum(-number in referred(file) for number in referred(file)) == 6


def test_the_same_polygon_twice_is_one_outline(tmp_path):
    file = write(tmp_path, shapely.box(0, 0, 5, 5), shapely.box(0, 0, 5, 5))
    assert len(lines(file)) == 1
    assert [item.references for item in polygons(file)] == [polygons(file)[0].references] * 2


def test_an_outline_that_collapses_when_written_stays_as_it_is(tmp_path):
    thin = shapely.Polygon([(0, 0), (1e-9, 0), (1e-9, 1), (0, 1)])
    file = write(tmp_path, thin, shapely.box(0, 0, 1, 1))
    assert len(polygons(file)) == 2
    assert same(near_origin(polygons(file)[1]), shapely.box(0, 0, 1, 1))


def test_a_layer_of_too_many_vertices_shares_within_its_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(geometry, "_MOST_SHARED", 12)
    boxes = [shapely.box(10 * at, 0, 10 * at + 10, 10) for at in range(4)]
    file = write(tmp_path, *boxes, batches=2)
    counted = referred(file)
    assert sum(-number in counted for number in counted) == 4  # two borders, not three
    assert all(same(near_origin(item), box) for item, box in zip(polygons(file), boxes, strict=True))


@st.composite
def tilings(draw):
    """Give cells of a lattice put together to areas, with islands, lakes and corners that touch."""
    side = draw(st.integers(2, 5))
    owner = draw(st.lists(st.integers(0, 4), min_size=side * side, max_size=side * side))
    areas = []
    for name in sorted(set(owner)):
        cells = [shapely.box(at % side, at // side, at % side + 1, at // side + 1)
                 for at, who in enumerate(owner) if who == name]  # fmt: skip
        areas += list(shapely.get_parts(shapely.union_all(cells)))
    return [shapely.segmentize(area, 1.0) if draw(st.booleans()) else area for area in areas]


@settings(max_examples=60, deadline=None)
@given(tilings(), st.integers(1, 3))
def test_every_tiling_comes_back_and_no_edge_is_drawn_twice(areas, batches):
    with tempfile.TemporaryDirectory() as folder:
        file = write(Path(folder), *areas, batches=batches)
    for item, area in zip(polygons(file), areas, strict=True):
        assert same(near_origin(item), area)
    drawn = Counter(
        frozenset(edge)
        for line in lines(file).values()
        for edge in zip(np.round(line.coords, 3).tolist()[:-1], np.round(line.coords, 3).tolist()[1:])
        for edge in [tuple(map(tuple, edge))]
    )
    assert set(drawn.values()) == {1}


@pytest.mark.parametrize("decimals", [3, 6])
def test_lines_are_the_same_whatever_the_outline_begins_with(decimals):
    ring = np.array([(0, 0), (4, 0), (4, 4), (0, 4)], dtype=float)
    turned = [np.concatenate([np.roll(ring, -at, axis=0), np.roll(ring, -at, axis=0)[:1]]) for at in range(4)]
    arcs = arcs_of(np.concatenate([*turned, turned[0][::-1]]), np.full(5, 5), decimals)
    assert arcs.references.tolist() == [1, 1, 1, 1, -1]
    assert arcs.counts.tolist() == [1] * 5
