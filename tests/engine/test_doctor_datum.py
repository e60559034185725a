"""The datum is told by evidence: what the workspace knows against every possibility."""

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.layers.doctor.datum import offsets as datum_offsets
from xinji_planner.layers.doctor.datum.hypotheses import Hypothesis, hypotheses
from xinji_planner.layers.doctor.datum.regions import outside_m, region_evidence
from xinji_planner.layers.doctor.references import References
from xinji_planner.tests.engine.datum_kit import (
    as_text,
    counties,
    known_points,
    table,
    verdict_of,
    village_table,
    villages,
    written,
)
from xinji_planner.text import same

KINDS = ("wgs84", "gcj02", "bd09", "swapped_wgs84", "EPSG:4525", "EPSG:4546")
GEOD = pyproj.Geod(ellps="GRS80")


@pytest.mark.parametrize("kind", KINDS)
def test_villages_are_told_apart_by_the_county_that_their_code_names(kind):
    codes, lon, lat = villages()
    verdict = verdict_of(village_table(codes, *written(lon, lat, kind)), counties())
    assert verdict.decision == kind
    assert verdict.swapped == kind.startswith("swapped")
    best = verdict.best
    assert best.likelihood >= 0.99
    assert best.share_inside > 0.99 > verdict.hypotheses[1].share_inside
    assert best.rows_for >= 5 > best.rows_against
    assert best.rows_judged == 800
    assert verdict.after_m < 1
    assert abs(sum(item.likelihood for item in verdict.hypotheses) - 1) < 1e-9
    assert f"{best.rows_judged}" in verdict.details.zh
    if "wgs84" in kind:  # taken as they stand, true coordinates are right
        assert verdict.before_m == verdict.after_m
        return
    assert verdict.before_m > 50
    assert f"{verdict.before_m:,.0f} m" in verdict.details.zh
    assert f"{verdict.before_m:,.0f} m" in verdict.details.en


@pytest.mark.parametrize("kind", ["wgs84", "gcj02", "bd09"])
@pytest.mark.parametrize("count", [6, 10])
def test_a_few_villages_far_from_every_outline_cannot_tell(kind, count):
    codes, lon, lat = villages(count, margin=0.25)
    verdict = verdict_of(village_table(codes, *written(lon, lat, kind)), counties())
    assert verdict.decision == ""
    assert verdict.confidence < 0.99
    assert "无法判定" in verdict.why.zh
    assert "does not tell" in verdict.why.en


def test_many_villages_far_from_every_outline_still_tell_a_wrong_zone_but_no_shift():
    codes, lon, lat = villages(300, margin=0.25)
    assert verdict_of(village_table(codes, *written(lon, lat, "gcj02")), counties()).decision == ""
    assert verdict_of(village_table(codes, *written(lon, lat, "EPSG:4546")), counties()).decision == "EPSG:4546"


def test_no_subset_is_told_wrongly_even_with_rough_outlines_and_villages_in_a_wrong_county():
    codes, lon, lat = villages(1000)
    rng = np.random.default_rng(3)
    strayed = rng.random(len(codes)) < 0.05
    codes = np.where(strayed, np.roll(codes, 7), codes)
    known = counties()
    rough = [shapely.transform(shapely.segmentize(unit, 0.005), lambda xy: xy + 0.002 * np.sin(150 * xy[:, ::-1]))
             for unit in known.units]  # fmt: skip
    known = References(known.unit_codes, known.unit_names, shapely.make_valid(np.array(rough, dtype=object)))
    told = []
    for kind in ("wgs84", "gcj02", "bd09"):
        x, y = written(lon, lat, kind)
        for size in (10, 30, 100, 300, 1000):
            part = np.sort(rng.choice(len(codes), size, replace=False))
            told.append((kind, verdict_of(village_table(codes[part], x[part], y[part]), known).decision))
    assert {decision for kind, decision in told if decision != kind} <= {""}
    assert {kind for kind, decision in told if decision} == {"wgs84", "gcj02", "bd09"}


@pytest.mark.parametrize("kind", ["wgs84", "gcj02", "bd09"])
def test_stations_without_any_code_are_told_by_the_villages_and_masts_that_they_stand_at(kind):
    codes, lon, lat = villages(400)
    rng = np.random.default_rng(1)
    x, y = written(lon[:200] + rng.normal(0, 5e-4, 200), lat[:200] + rng.normal(0, 5e-4, 200), kind)
    words = (as_text([word] * 200) for word in ("移动", "5G", "在网"))
    headings = ["基站编号", "运营商", "制式", "状态", "经度", "纬度"]
    raw = table(headings, [as_text(f"S{at}" for at in range(200)), *words, x, y])
    known = References(points=(known_points("villages", codes, lon, lat),))
    verdict = verdict_of(raw, known, "base_stations")
    assert verdict.decision == kind
    assert "dwellings" in verdict.tests
    masts = References(points=(known_points("towers_and_poles", as_text([""] * 400), lon, lat),))
    assert verdict_of(raw, masts, "base_stations").decision == kind


def test_stations_that_have_nothing_to_do_with_the_villages_tell_nothing():
    codes, lon, lat = villages(400)
    rng = np.random.default_rng(2)
    x, y = written(109 + 0.8 * rng.random(300), 28 + 0.8 * rng.random(300), "gcj02")
    raw = table(["基站编号", "经度", "纬度"], [as_text(f"S{at}" for at in range(300)), x, y])
    known = References(points=(known_points("villages", codes, lon, lat),))
    assert verdict_of(raw, known, "base_stations").decision == ""


@pytest.mark.parametrize("kind", ["wgs84", "gcj02"])
def test_rows_beside_roads_tell_it_too(kind):
    rng = np.random.default_rng(4)
    ends = 109 + 0.8 * rng.random((60, 2)), 28 + 0.8 * rng.random((60, 2))
    roads = shapely.linestrings(np.stack([np.column_stack([ends[0][:, i], ends[1][:, i]]) for i in (0, 1)], axis=1))
    spots = shapely.line_interpolate_point(roads[rng.integers(0, 60, 400)], rng.random(400), normalized=True)
    x, y = written(shapely.get_x(spots), shapely.get_y(spots), kind)
    raw = table(["基站编号", "经度", "纬度"], [as_text(f"S{at}" for at in range(400)), x, y])
    verdict = verdict_of(raw, References(roads=roads), "base_stations")
    assert verdict.decision == kind
    assert verdict.tests == ("extent", "roads")


@pytest.mark.parametrize("kind", ["wgs84", "gcj02", "bd09", "EPSG:4546"])
def test_a_dozen_rows_of_the_same_code_are_enough(kind):
    codes, lon, lat = villages(12, margin=0.3)
    off = np.random.default_rng(1).normal(0, 2e-4, (2, 12))  # surveyed by somebody else, some 20 m apart
    known = References(points=(known_points("villages", codes, lon + off[0], lat + off[1]),))
    verdict = verdict_of(village_table(codes, *written(lon, lat, kind)), known)
    assert verdict.decision == kind
    assert verdict.after_m < 40


def test_a_constant_offset_that_no_datum_explains_is_perhaps_an_old_datum():
    codes, lon, lat = villages(60)
    known = References(points=(known_points("villages", codes, lon, lat),))
    shifted = village_table(codes, *written(lon + 70 / 98_000, lat - 50 / 111_200, "wgs84"))
    verdict = verdict_of(shifted, known)
    assert verdict.decision == ""
    assert np.allclose(verdict.shift_m, (70, -50), atol=3)
    assert "86 m" in verdict.shift_why.zh
    assert verdict_of(village_table(codes, *written(lon, lat, "wgs84")), known).shift_m is None
    rng = np.random.default_rng(1)
    wide = written(lon + rng.normal(0, 1e-3, 60), lat + rng.normal(0, 1e-3, 60), "wgs84")
    assert verdict_of(village_table(codes, *wide), known).shift_m is None


def test_a_file_name_is_a_hint_that_decides_nothing_alone_and_nothing_against_the_evidence():
    codes, lon, lat = villages(10, margin=0.25)
    told = verdict_of(village_table(codes, *written(lon, lat, "wgs84"), name="村_GCJ02.csv"), counties())
    assert (told.decision, told.by_name) == ("", False)
    assert "文件名" in told.why.zh
    codes, lon, lat = villages()
    told = verdict_of(village_table(codes, *written(lon, lat, "wgs84"), name="村_GCJ02.csv"), counties())
    assert (told.decision, told.by_name) == ("wgs84", False)


def test_a_file_name_and_a_single_row_that_agrees_with_it_point_to_a_shifted_datum_and_neither_does_alone():
    codes, lon, lat = villages(60, margin=0.25)
    codes[0], lon[0], lat[0] = "990501100201", 109.1, 28.2008  # 90 m north of its outline; GCJ-02 leads south here
    x, y = written(lon, lat, "gcj02")
    told = verdict_of(village_table(codes, x, y, name="村_GCJ02.csv"), counties())
    assert (told.decision, told.by_name) == ("gcj02", True)
    assert 0.8 < told.confidence < 0.99
    assert "单凭位置不足以定论" in told.why.zh
    assert verdict_of(village_table(codes, x, y), counties()).decision == ""
    assert verdict_of(village_table(codes, x, y, name="村_BD09.csv"), counties()).decision == ""
    few = village_table(codes[:9], x[:9], y[:9], name="村_GCJ02.csv")
    assert verdict_of(few, counties()).decision == ""


def test_a_large_file_is_judged_by_evenly_spaced_rows_and_says_so():
    codes, lon, lat = (np.tile(part, 60) for part in villages())
    verdict = verdict_of(village_table(codes, *written(lon, lat, "gcj02")), counties())
    assert verdict.decision == "gcj02"
    assert "48,000 行中均匀抽取 20,000 行" in verdict.details.zh


def test_without_coordinates_there_is_no_verdict_and_without_references_none_is_clear():
    codes, lon, lat = villages(30)
    nothing = as_text([""] * 30)
    assert verdict_of(village_table(codes, nothing, nothing), counties()) is None
    assert verdict_of(table(["行政村代码", "行政村名称"], [codes, codes]), counties()) is None
    verdict = verdict_of(village_table(codes, *written(lon, lat, "gcj02")), References())
    assert verdict.decision == ""
    assert "没有可供对照" in verdict.why.zh
    assert verdict_of(village_table(codes, *written(lon, lat, "swapped_wgs84")), References()).swapped


def test_county_names_serve_where_there_is_no_code_and_bad_cells_do_not_disturb():
    codes, lon, lat = villages()
    known = counties()
    names = as_text(known.unit_names[list(known.unit_codes).index(code[:6])] for code in codes)
    x, y = written(lon, lat, "gcj02")
    x[:20], y[20:40], x[40:45] = "无", "", "9e9"
    raw = table(["站名", "所属区县", "经度", "纬度"], [codes.astype(object) + "站", names, x, y])
    verdict = verdict_of(raw, known, "base_stations")
    assert verdict.decision == "gcj02"
    assert verdict.best.rows_judged == 755


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_distance_outside_a_unit_is_the_geodesic_one_within_a_percent(seed):
    rng = np.random.default_rng(seed)
    unit = shapely.Point(109, 28).buffer(0.1, quad_segs=3)
    lon, lat = 109 + 0.25 * rng.normal(0, 0.5, 8), 28 + 0.25 * rng.normal(0, 0.5, 8)
    found = outside_m(lon, lat, np.zeros(8, dtype=np.int64), np.array([unit], dtype=object))
    edge = shapely.segmentize(unit, 0.0002).exterior.coords.xy
    for x, y, metres in zip(lon, lat, found):
        if shapely.contains_xy(unit, x, y):
            assert metres == 0
        else:
            true = min(GEOD.inv(np.full(len(edge[0]), x), np.full(len(edge[0]), y), *map(np.array, edge))[2])
            box = metres <= true * 1.02 + 20  # far away the distance to the bounding box stands for it
            assert box if true > 20_000 else abs(metres - true) < 0.01 * true + 20


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 40))
def test_densities_and_shares_equal_those_reckoned_row_by_row(seed, count):
    rng = np.random.default_rng(seed)
    metres = 10 ** rng.uniform(0, 5, count)
    shares = datum_offsets.fit_shares(metres)
    assert abs(shares.sum() - 1) < 1e-9
    assert (shares > 0).all()
    for value, found in zip(metres, datum_offsets.density(metres, shares)):
        terms = [share * (1 + value**2 / (3 * s**2)) ** -2.5 / (2 * np.pi * s**2)
                 for share, s in zip(shares, datum_offsets.SCALES_M)]  # fmt: skip
        assert np.isclose(found, np.log(sum(terms)))


@pytest.mark.parametrize("code", ["EPSG:4525", "EPSG:4546", "EPSG:4497", "EPSG:4508"])
@pytest.mark.parametrize("turned", [False, True])
def test_metres_of_any_zone_have_the_right_zone_among_the_possibilities(code, turned):
    _, lon, lat = villages(20)
    east, north = pyproj.Transformer.from_crs("EPSG:4490", code, always_xy=True).transform(lon, lat)
    found = hypotheses(*((north, east) if turned else (east, north)), bounds=(109.0, 28.0, 109.8, 28.8))
    assert 1 < len(found) < 8
    away = {idea.name: np.abs(idea.lon - lon).max() + np.abs(idea.lat - lat).max() for idea in found}
    right = [name for name, off in away.items() if off < 1e-8]
    assert len(right) == 1
    assert right[0].startswith("swapped_") == turned


def test_lines_without_any_column_are_held_against_no_unit():
    somewhere = np.linspace(100.0, 101.0, 5)
    ideas = (Hypothesis("wgs84", same("WGS 84"), somewhere, somewhere - 75, 1.0),)
    assert region_evidence(ideas, [], counties(), np.arange(5)) is None
