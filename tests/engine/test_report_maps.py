"""Maps of a report: true to scale and north, every thing drawn or accounted for, states told by shape."""

import re
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.scoreboard import by_county
from xinji_planner.analysis.village_verdict import NO, UNKNOWN, YES
from xinji_planner.engine.context import RunContext
from xinji_planner.jobs.frontier import map_marks
from xinji_planner.jobs.frontier.map_frame import SHEET, frame_around, graticule
from xinji_planner.jobs.frontier.maps import class_map, county_map, scope_map, worst
from xinji_planner.jobs.frontier.packs import Packs
from xinji_planner.jobs.frontier.report import write_frontier_report
from xinji_planner.jobs.frontier.report_layers import Drawn, ReportLayers, nothing
from xinji_planner.jobs.frontier.score import target_of
from xinji_planner.layers.html_report import Noted, Section, write_report
from xinji_planner.layers.store.results import write_layer
from xinji_planner.rules.pack import load
from xinji_planner.tests.engine.report_kit import ReportPage
from xinji_planner.text import Text, same

GEOD = pyproj.Geod(ellps="GRS80")
SOURCE = Text("来源", "Source")
EMPTY = np.empty(0, dtype=object)
CORNERS = st.tuples(st.floats(74, 130), st.floats(18, 52), st.floats(0.05, 3), st.floats(0.05, 3))


def square(west, south, wide, tall):
    return np.array([[west, south], [west + wide, south], [west, south + tall], [west + wide, south + tall]])


def items(lon, lat, state, rule="R.one", subject="village", county="450681"):
    rows = pd.DataFrame({"state": np.array(state, dtype=object)})
    rows = rows.assign(rule_id=rule, subject=subject, county_code=county, item_id=[f"{k}" for k in range(len(rows))])
    spots = shapely.points(np.asarray(lon, float), np.asarray(lat, float))
    spots[np.isnan(lon)] = None
    return Drawn(rows, spots)


def layers(points=None, roads=None, seas=None, county=None):
    shape = shapely.box(107.0, 21.5, 108.0, 22.0) if county is None else county
    counties = Drawn(
        pd.DataFrame({"county_code": ["450681"], "county_name": ["东兴市"], "in_scope": ["in"]}), np.array([shape])
    )
    return ReportLayers(
        points or nothing(),
        counties,
        roads or nothing(),
        seas or nothing(),
        EMPTY,
        EMPTY,
        nothing().rows,
        nothing().rows,
    )


@settings(max_examples=40, deadline=None)
@given(CORNERS)
def test_a_sheet_holds_its_places_and_its_scale_bar_is_geodesic(corners):
    places = square(*corners)
    frame = frame_around(places)
    assert frame.shows(frame.at(places)).all()
    assert frame.size[0] <= SHEET[0] + 5 and frame.size[1] <= SHEET[1] + 3
    length, pixels = frame.bar()
    x, y = frame.left + (frame.width - pixels) / 2, frame.top + frame.height / 2
    true = GEOD.inv(*frame.degrees(x, y), *frame.degrees(x + pixels, y))[2] / 1000
    assert true == pytest.approx(length, rel=2e-3)
    assert float(f"{length:.0e}") == pytest.approx(length)  # a round figure


@settings(max_examples=40, deadline=None)
@given(CORNERS, st.floats(0, 1), st.floats(0, 1))
def test_the_arrow_points_north_wherever_it_stands(corners, right, down):
    frame = frame_around(square(*corners))
    x, y = frame.left + right * frame.width, frame.top + down * frame.height
    turn = np.radians(frame.north_deg(x, y))
    ahead = frame.degrees(x + 20 * np.sin(turn), y - 20 * np.cos(turn))
    azimuth = GEOD.inv(*frame.degrees(x, y), *ahead)[0]
    assert abs(azimuth) < 0.5


def test_lines_of_the_graticule_bear_their_degrees():
    frame = frame_around(square(107.0, 21.4, 1.0, 0.8))
    for pixels, label, spot in graticule(frame):
        degree, minute, side = re.fullmatch(r"(\d+)°(?:(\d\d)′)?([EN])", label).groups()
        value = int(degree) + int(minute or 0) / 60
        at = [frame.degrees(x, y)[0 if side == "E" else 1] for x, y in pixels]
        assert np.allclose(at, value, atol=1e-6)
        assert spot is None or frame.shows(np.array([spot])).all()


def test_one_place_alone_is_drawn_and_none_at_all_is_not():
    assert frame_around(np.array([[107.5, 21.6]])).bar()[0] > 0
    assert frame_around(np.full((3, 2), np.nan)) is None
    assert class_map("R.one", layers(items([np.nan], [np.nan], ["met"])), SOURCE).zh == ""


def test_states_differ_in_shape_and_what_is_missed_lies_on_top_of_what_is_met():
    frame = frame_around(square(107, 21, 1, 1))
    spot = frame.at(np.array([[107.5, 21.5]] * 3))
    drawn = map_marks.points(frame, spot, np.array(["not_met", "met", "cannot_tell"], dtype=object))
    shapes = [re.sub(r"#\w+|M[\d.,]+", "", path) for path in re.findall(r"<path.*?/>", drawn)]
    assert len(set(shapes)) == 3
    order = [drawn.index(map_marks.COLOURS[state]) for state in ("met", "cannot_tell", "not_met")]
    assert order == sorted(order) and len(set(map_marks.COLOURS.values())) == 3
    for form in (map_marks.lines, lambda f, s, t: map_marks.areas(f, s, t, "a")):
        box = shapely.box(107.2, 21.2, 107.4, 21.4)
        shape = box.exterior if form is map_marks.lines else box
        looks = {
            re.sub(r"#\w+|a-\w+", "", form(frame, np.array([shape]), np.array([state], dtype=object)))
            for state in map_marks.STATES
        }
        assert len(looks) == 3


def test_a_crowd_is_drawn_smaller_and_nothing_missed_vanishes():
    frame = frame_around(square(107, 21, 1, 1))
    rng = np.random.default_rng(5)
    spots = frame.at(np.column_stack([107 + rng.random(20000), 21 + rng.random(20000)]))
    state = np.full(20000, "met", dtype=object)
    state[::4] = "not_met"
    drawn = map_marks.points(frame, spots, state)
    shown = np.array(
        [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+),([\d.]+)l", drawn)]
    )  # triangles start at their tip, 1.1 · 4.6 · 0.5 pixels above the place
    tree = shapely.STRtree(shapely.points(shown + np.array([0, 1.1 * 4.6 * 0.5])))
    near = tree.query_nearest(shapely.points(spots[::4]), return_distance=True, all_matches=False)[1]
    assert near.max() < 0.6  # each has a symbol within half a pixel
    assert len(drawn) < 600_000


def test_what_lies_far_off_does_not_shrink_the_map_and_is_told():
    lon, lat = [107.2, 107.5, 20.0, np.nan], [21.6, 21.7, 5.0, np.nan]
    drawn = class_map("R.one", layers(items(lon, lat, ["met", "not_met", "not_met", "cannot_tell"])), SOURCE).zh
    for words in ("未达到 2 个", "达到 1 个", "无法判定 1 个", "在图幅以外、未上图：1 个", "没有坐标、未上图：1 个"):
        assert words in drawn
    assert len(re.findall(r"M[\d.]+,[\d.]+l4", drawn)) == 2  # one on the map, one in the legend


def test_the_sea_is_hatched_by_state_and_its_areas_add_up():
    parts = pd.DataFrame({"rule_id": "R.sea", "zone": "inland", "state": ["met", "not_met", "not_met"]})
    parts["area_km2"] = [120.5, 30.25, 9.5]
    shapes = np.array([shapely.box(107 + k, 20.9, 107.9 + k, 21.4) for k in range(3)])
    drawn = class_map("R.sea", layers(seas=Drawn(parts, shapes)), SOURCE).zh
    assert "达到 120.50 km²" in drawn and "未达到 39.75 km²" in drawn
    patterns = set(re.findall(r'<pattern id="(map-R-sea-[^"]+)"', drawn))
    assert patterns == {"map-R-sea-met", "map-R-sea-not_met"}
    assert patterns == set(re.findall(r'fill="url\(#(map-R-sea-\w+)\)"', drawn))


def test_the_scope_is_drawn_where_not_every_county_is_in_it():
    whole = layers()
    assert scope_map(whole, SOURCE).zh == ""
    counties = Drawn(
        pd.DataFrame(
            {
                "county_code": ["450681", "450603", "450621"],
                "county_name": ["东兴市", "防城区", "上思县"],
                "in_scope": ["in", "to_settle", "out"],
            }
        ),
        np.array([shapely.box(107 + k, 21, 108 + k, 22) for k in range(3)]),
    )
    drawn = scope_map(whole._replace(counties=counties), SOURCE).zh
    for words in ("县界：在范围内", "县界：须人工认定", "东兴市", "防城区"):
        assert words in drawn
    assert "上思县" not in drawn  # neither counted nor to be settled
    assert len(set(re.findall(r'<rect y="2"[^>]*?(fill="[^"]+")', drawn))) >= 2


def test_a_countys_map_numbers_its_gaps_and_takes_the_worst_state():
    met, missed = items([107.3], [21.7], ["met"]), items([107.3], [21.7], ["not_met"], rule="R.two")
    both = Drawn(pd.concat([met.rows, missed.rows], ignore_index=True), np.concatenate([met.shapes, missed.shapes]))
    assert worst(both).rows["state"].tolist() == ["not_met"]
    gaps = pd.DataFrame({"rank": [17], "item_id": ["0"], "lon": [107.3], "lat": [21.7]})
    drawn = county_map("450681", layers(both), gaps, "", SOURCE).zh
    assert ">17</text>" in drawn and "未达到 1 个" in drawn and "东兴市" in drawn


def test_names_that_look_like_markup_stay_words(tmp_path):
    evil = '</style><script>"x"\\'
    shapes = layers(items([107.3], [21.7], ["met"]))
    shapes.counties.rows["county_name"] = evil
    picture = class_map("R.one", shapes, same(evil))
    path = tmp_path / "report.html"
    section = Section(same(evil), [same(evil)], rows=[[Noted(same(evil), same(evil)), evil]], picture=picture)
    write_report(path, same(evil), [section])
    text = path.read_text(encoding="utf-8")
    assert "<script" not in text and text.count("</style>") == 1
    assert ReportPage(path).tables[0][1][0][0] == f"{evil} | {evil}"


def test_five_thousand_villages_in_twenty_counties_take_seconds_and_few_megabytes(tmp_path):
    rng = np.random.default_rng(20)
    shipped = load("frontier-2027")
    rule = shipped.rule("N12.village_5g")
    main = replace(shipped, rules={rule.id: rule})
    codes = [f"6530{k:02d}" for k in range(20)]
    boxes = [shapely.box(75 + k % 5 * 1.2, 37 + k // 5, 76.2 + k % 5 * 1.2, 38 + k // 5) for k in range(20)]
    names = dict.fromkeys(codes, "积石山保安族东乡族撒拉族自治县")
    where = rng.integers(0, 20, 5000)
    state = np.array(["not_met", "cannot_tell", "met"], dtype=object)[rng.choice(3, 5000, p=[0.3, 0.1, 0.6])]
    table = pd.DataFrame(
        {
            "rule_id": rule.id,
            "subject": "village",
            "service": "5G",
            "item_id": [f"{k:012d}" for k in range(5000)],
            "name": "某某村",
            "county_code": np.array(codes, dtype=object)[where],
            "county_name": names[codes[0]],
            "state": state,
            "reason": np.where(state == "met", None, "no_station_in_range"),
            "planned_year": None,
            "people": rng.integers(50, 3000, 5000).astype(float),
            "evidence": "distance",
        }
    )
    place = (75 + where % 5 * 1.2 + 1.2 * rng.random(5000), 37 + where // 5 + rng.random(5000))
    outlines = [shapely.segmentize(box, 0.002) for box in boxes]
    counties = {"county_code": codes, "county_name": list(names.values()), "in_scope": "in"}
    write_layer(tmp_path / "result.gpkg", "frontier_item", table, place, "Point")
    write_layer(tmp_path / "result.gpkg", "frontier_scope", pd.DataFrame(counties), outlines, "MultiPolygon")
    gaps = table.assign(lon=place[0], lat=place[1])[state != "met"].reset_index(drop=True)
    gaps["rank"] = np.arange(1, len(gaps) + 1)
    gaps = gaps.assign(nearest_station_id="HPYD1", nearest_station_m=1200.0, nearest_cable_id="GL1")
    gaps = gaps.assign(nearest_cable_m=300.0, border_m=np.nan)
    states = np.select([state == "met", state == "not_met"], [YES, NO], UNKNOWN).astype(np.int8)
    rows = by_county(states, table["county_code"].to_numpy(object), codes, target_of(rule))
    score = pd.DataFrame([{"rule_id": rule.id, "unit": "item", "note": "", **row} for row in rows], dtype=object)
    score["county_name"] = [names.get(code, "") for code in score["county_code"]]
    others = [load(name) for name in ("village_reach", "frontier-scope", "frontier-roads")]
    context = RunContext({}, tmp_path)
    context.outputs["frontier_gap"] = "result.gpkg"

    def write(path):
        write_frontier_report(context, path, Packs(main, *others, [rule], []), "2026-09-01", score, gaps, [], [], [])

    write(tmp_path / "warm.html")
    start = time.perf_counter()
    write(tmp_path / "report.html")
    assert time.perf_counter() - start < 5
    text = (tmp_path / "report.html").read_bytes()
    assert len(text) < 4_000_000 and text == (tmp_path / "warm.html").read_bytes()
    shown = ReportPage(tmp_path / "report.html")
    assert sum(1 for name, _ in shown.tables if name.startswith("county-")) == 40
    assert shown.legends[f"class-{rule.id}"][0] == f"未达到 {(state == 'not_met').sum():,} 个"
