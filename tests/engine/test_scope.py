"""Which counties lie on the border or the coast; what does not decide is said."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from xinji_planner.analysis import scope
from xinji_planner.analysis.scope import Limits, Override, scope_of_counties
from xinji_planner.analysis.village_verdict import NO, UNKNOWN, YES
from xinji_planner.layers.datum import gcj02_to_wgs84
from xinji_planner.tests.engine.lines_kit import line, polygon

LIMITS = Limits(
    tolerance_m=500, least_contact_m=1000, coarsest_m=300, doubt_m=2000, far_m=300_000, neighbour_m=50, step_m=20
)
# Two counties of 10 km side by side in the south, one behind them; the border runs along the south.
WEST = polygon((0, 0), (10_000, 0), (10_000, 10_000), (0, 10_000))
EAST = polygon((10_000, 0), (20_000, 0), (20_000, 10_000), (10_000, 10_000))
NORTH = polygon((0, 10_000), (10_000, 10_000), (20_000, 10_000), (20_000, 20_000), (0, 20_000))
COUNTIES, CODES = [WEST, EAST, NORTH], ["530001", "530002", "530003"]


def test_the_contact_with_a_border_is_measured_along_the_outline():
    # By hand: the border runs 200 m south of both and beyond them, so 300 m of each outer side lie within 500 m of it;
    # the inner sides, and 50 m of the south sides beside them, are shared.
    found = scope_of_counties(COUNTIES, CODES, [line(*((x, -200) for x in range(-5000, 25_001, 1000)))], LIMITS)
    assert list(found.state) == [YES, YES, NO]
    np.testing.assert_allclose(found.contact_m, [10_250, 10_250, 0], atol=25)
    np.testing.assert_allclose(found.outline_m[:2], 40_000, atol=40)
    np.testing.assert_allclose(found.free_m[0], 20_000, atol=150)
    np.testing.assert_allclose(found.share[:2], 10_250 / 40_000, atol=0.002)
    np.testing.assert_allclose(found.residual_median_m[:2], 200, atol=3)
    np.testing.assert_allclose(found.nearest_m, [200, 200, 10_260], atol=15)  # 60 m up is the first that is not shared


def test_what_lies_behind_another_county_is_not_on_the_border():
    # A strip of 300 m lies between the northern county and the border: no tolerance makes a border of its south side.
    strip = polygon((0, 0), (20_000, 0), (20_000, 300), (0, 300))
    behind = polygon((0, 300), (20_000, 300), (20_000, 9000), (0, 9000))
    border = line(*((x, -10) for x in range(0, 20_001, 1000)))
    found = scope_of_counties([strip, behind], ["530001", "530002"], [border], LIMITS)
    assert found.state[0] == YES
    assert found.state[1] != YES
    assert found.contact_m[1] < 500


def test_a_sliver_a_coarse_line_and_a_near_miss_are_left_to_the_planner():
    sliver = line((5000, -9000), (5000, -200))  # by hand: 2·√(500² − 200²) = 917 m
    found = scope_of_counties(COUNTIES, CODES, [sliver], LIMITS)
    assert (found.state[0], found.reason[0]) == (UNKNOWN, scope.SLIVER)
    assert found.contact_m[0] == pytest.approx(917, abs=25)
    zigzag = line(*((x, -10 if k % 2 else -490) for k, x in enumerate(range(-5000, 25_001, 500))))
    found = scope_of_counties(COUNTIES, CODES, [zigzag], LIMITS)
    assert (found.state[0], found.reason[0]) == (UNKNOWN, scope.COARSE)
    assert 300 < found.residual_95_m[0] <= 500
    aside = line(*((x, -900) for x in range(-5000, 25_001, 1000)))
    found = scope_of_counties(COUNTIES, CODES, [aside], LIMITS)
    assert list(found.state) == [UNKNOWN, UNKNOWN, NO]
    assert found.reason[0] == scope.NEAR_MISS
    assert found.nearest_m[0] == pytest.approx(900, abs=5)


def test_without_a_line_or_with_that_of_another_region_nothing_is_told():
    for border, reason in (([], scope.NO_LINE), ([shapely.LineString([(120, 45), (121, 45)])], scope.FAR)):
        found = scope_of_counties(COUNTIES, CODES, border, LIMITS)
        assert list(found.state) == [UNKNOWN] * 3
        assert list(found.reason) == [reason] * 3


def test_a_county_of_another_province_is_out_whatever_it_touches():
    border = [line(*((x, -200) for x in range(-5000, 25_001, 1000)))]
    found = scope_of_counties(COUNTIES, ["530001", "440002", "530003"], border, LIMITS, provinces=("53", "45"))
    assert list(found.state) == [YES, NO, NO]
    assert found.reason[1] == scope.OTHER_PROVINCE
    assert found.contact_m[1] > 9000  # the figure stays


def test_the_planners_list_overrules_with_its_reason_and_the_derived_answer_stays_to_be_seen():
    border = [line(*((x, -200) for x in range(-5000, 25_001, 1000)))]
    words = {"530003": Override(True, "省政府名单（2024）"), "530001": Override(False, "已划出")}
    found = scope_of_counties(COUNTIES, CODES, border, LIMITS, overrides=words)
    assert list(found.state) == [NO, YES, YES]
    assert list(found.derived) == [YES, YES, NO]
    assert list(found.reason) == [scope.LISTED, scope.IN_CONTACT, scope.LISTED]
    assert found.note == ["已划出", "", "省政府名单（2024）"]
    with pytest.raises(ValueError, match="without a reason: 530003"):
        scope_of_counties(COUNTIES, CODES, border, LIMITS, overrides={"530003": Override(True, " ")})
    with pytest.raises(ValueError, match="not there: 999999"):
        scope_of_counties(COUNTIES, CODES, border, LIMITS, overrides={"999999": Override(True, "x")})


def test_a_county_among_others_is_out_and_units_of_two_levels_are_refused():
    middle = polygon((4000, 4000), (6000, 4000), (6000, 6000), (4000, 6000))
    around = shapely.difference(WEST, middle)
    border = [line(*((x, -200) for x in range(-5000, 25_001, 1000)))]
    found = scope_of_counties([around, middle], ["530001", "530004"], border, LIMITS)
    assert list(found.state) == [YES, NO]
    assert found.reason[1] == scope.ENCLOSED
    # A prefecture over its counties would hide their outlines, and with them the border.
    prefecture = shapely.union_all(COUNTIES)
    with pytest.raises(ValueError, match="units of one level"):
        scope_of_counties([prefecture, *COUNTIES], ["5300", *CODES], border, LIMITS)


def test_every_reason_has_its_words():
    codes = [value for name, value in vars(scope).items() if name.isupper() and isinstance(value, int)]
    reasons = set(codes) - {NO, UNKNOWN, YES} | {0, 1, 2}
    assert reasons == set(range(len(scope.REASONS)))


def _true_places(geometries):
    return [shapely.transform(g, gcj02_to_wgs84, interleaved=False) for g in geometries]


def test_fangchenggang_with_the_outer_line_of_its_own_map_is_told_and_with_a_small_scale_line_it_is_not(shared_data):
    folder = shared_data / "fangchenggang"
    counties = gpd.read_file(folder / "防城港市_县区_GCJ02.geojson")
    codes, names = list(counties.adcode.astype(str)), list(counties.name)
    own = gpd.read_file(folder / "国界及海岸外边界_GCJ02.geojson").geometry
    limits = Limits(tolerance_m=1000, least_contact_m=1000, coarsest_m=500, doubt_m=5000, far_m=300_000, neighbour_m=50)
    found = scope_of_counties(list(counties.geometry), codes, list(own), limits, provinces=("45",))
    assert dict(zip(names, found.state)) == {"港口区": YES, "防城区": YES, "上思县": NO, "东兴市": YES}
    listed = pd.read_csv(shared_data / "national" / "land_border_counties_derived_2018.csv", dtype=str)
    small = gpd.read_file(folder / "中越陆地边界_NE10m_WGS84.geojson").geometry
    found = scope_of_counties(_true_places(counties.geometry), codes, list(small), limits, provinces=("45",))
    on_border = {code[:6] for code in listed.code}
    for code, state in zip(codes, found.state):
        assert state == (UNKNOWN if code in on_border else NO)


def test_ngari_without_a_border_line_is_told_by_the_list(shared_data):
    counties = gpd.read_file(shared_data / "ngari" / "阿里县界_GCJ02.geojson")
    codes = list(counties["行政区代码"].astype(str))
    listed = pd.read_csv(shared_data / "national" / "land_border_counties_derived_2018.csv", dtype=str)
    on_border = {code[:6] for code in listed.code}
    limits = Limits(tolerance_m=1000, least_contact_m=1000, coarsest_m=500, doubt_m=5000, far_m=300_000, neighbour_m=50)
    shapes = _true_places(counties.geometry)
    assert set(scope_of_counties(shapes, codes, [], limits).state) == {UNKNOWN}
    words = {code: Override(code in on_border, "边境县名单（2018）") for code in codes}
    found = scope_of_counties(shapes, codes, [], limits, overrides=words)
    assert [c for c, state in zip(codes, found.state) if state == YES] == ["542521", "542522", "542523", "542524"]
    # The free outline of each border county is as long as the border that the list gives it, or longer.
    km = dict(zip((code[:6] for code in listed.code), listed.shared_km.astype(float)))
    assert all(f / 1000 > km[c] - 1 for c, f in zip(codes, found.free_m) if c in km)
