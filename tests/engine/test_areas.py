"""Areas on the ellipsoid."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from xinji_planner.analysis.areas import geometry_areas

GEOD = pyproj.Geod(ellps="GRS80")


def geodesic_area(geometry):
    """Area by pyproj, of polygons whose edges are cut so short that geodesics follow them."""
    return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(shapely.segmentize(geometry, 0.0005)))[0])


@pytest.mark.parametrize("lat", [0.0, 3.9, 21.5, 35.0, 53.4, -33.0])
def test_the_area_of_a_county_agrees_with_pyproj(lat):
    county = shapely.Point(110.0, lat).buffer(0.3).union(shapely.box(110.0, lat, 110.9, lat + 0.2))
    county = county.difference(shapely.Point(110.1, lat).buffer(0.05))
    assert geometry_areas([county])[0] == pytest.approx(geodesic_area(county), rel=1e-9)


def test_the_area_of_a_small_hole_keeps_its_digits():
    yard = shapely.box(121.0, 31.0, 121.0001, 31.0001)
    assert geometry_areas([yard])[0] == pytest.approx(geodesic_area(yard), rel=1e-7)


def test_a_vertex_added_on_an_edge_changes_no_area():
    province = shapely.Polygon([(100, 30), (104, 31), (103, 35), (99, 34)])
    assert geometry_areas([shapely.segmentize(province, 0.01)])[0] == pytest.approx(
        geometry_areas([province])[0], rel=1e-10
    )


def test_parts_are_added_holes_taken_off_and_ring_direction_does_not_matter():
    a, b = shapely.box(100, 30, 101, 31), shapely.box(102, 30, 103, 31)
    hole = shapely.box(100.2, 30.2, 100.4, 30.4)
    area = dict(zip("abh", geometry_areas([a, b, hole])))
    both = shapely.MultiPolygon([a.difference(hole), shapely.reverse(b)])
    areas = geometry_areas([both, None, shapely.Polygon(), shapely.reverse(both)])
    assert areas[0] == pytest.approx(area["a"] + area["b"] - area["h"], rel=1e-12)
    assert areas[1] == areas[2] == 0.0
    assert areas[3] == pytest.approx(areas[0], rel=1e-14)


def test_no_geometries_have_no_areas():
    assert geometry_areas([]).shape == (0,)
    assert geometry_areas([None]).dtype == np.float64
