"""Scenes of signal upgrade: a place is covered in depth when all its key points are, and nothing is guessed."""

from pathlib import Path

import geopandas
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError

ORIGIN = (108.0, 22.0)
GEOD = pyproj.Geod(ellps="GRS80")
RADIUS_M = 1000.0


def at(metres):
    """Give the place that lies so many metres east of the only 4G and 5G station."""
    lon, lat, _ = GEOD.fwd(*ORIGIN, 90.0, metres)
    return shapely.Point(lon, lat)


def layer(folder, name, rows):
    path = folder / f"{name}.gpkg"
    columns = [{key: value for key, value in row.items() if key != "m"} for row in rows]
    shapes = [None if row["m"] is None else at(row["m"]) for row in rows]
    geopandas.GeoDataFrame(pd.DataFrame(columns), geometry=shapes, crs=4490).to_file(path, layer=name)
    return str(path)


STATIONS = [
    {"station_id": f"S{k}", "operator": "CMCC", "technology": name, "status": "existing", "m": 0.0}
    for k, name in enumerate(("4G", "5G"))
]


def place(number, kind="mall", m=50.0):
    return {"place_id": number, "name": f"场所{number}", "kind": kind, "m": m}


def point(number, owner, m, kind="other", village=None):
    return {"point_id": number, "place_id": owner, "village_code": village, "kind": kind, "name": number, "m": m}


@pytest.fixture
def scored(tmp_path):
    """Score a few places and their key points by one radius; give rows by rule, and items by id."""

    def run(places, points, pack="signal-upgrade-2025", villages=(), stations=STATIONS, **more):
        # A fourth of a degree around, so that everything lies in one county with data.
        box = shapely.box(107.75, 21.75, 108.25, 22.25)
        units = geopandas.GeoDataFrame(
            {"code": ["450602"], "name": ["港口区"], "level": ["county"]}, geometry=[box], crs=4490
        )
        units.to_file(tmp_path / "u.gpkg", layer="u")
        given = {"base_stations": layer(tmp_path, "base_stations", stations), "admin_units": str(tmp_path / "u.gpkg")}
        for name, rows in (("places", places), ("key_points", points), ("villages", villages)):
            if rows:
                given[name] = layer(tmp_path, name, rows)
        done = run_job("frontier_scoreboard", {"pack": pack, "radius_m": RADIUS_M, **given, **more}, tmp_path / "r")
        found = {row["rule_id"]: row for row in done.summary["score"] if row["county_code"] == "all"}
        items = pyogrio.read_dataframe(done.outputs["frontier_item"], layer="frontier_item").set_index("item_id")
        return found, items, done

    return run


def test_a_place_is_met_only_where_all_its_key_points_are(scored):
    places = [place(name) for name in "ABCDE"]
    points = [
        *(point("A1", "A", 100.0), point("A2", "A", 900.0)),
        *(point("B1", "B", 100.0), point("B2", "B", 1100.0)),
        *(point("C1", "C", 100.0), point("C2", "C", None)),  # one cannot be told, none fails
        *(point("D1", "D", 1100.0), point("D2", "D", None)),  # one fails: that decides
    ]
    found, items, _ = scored(places, points)
    assert items["state"].to_dict() == {
        "A": "met",
        "B": "not_met",
        "C": "cannot_tell",
        "D": "not_met",
        "E": "cannot_tell",
    }
    assert items["reason"].dropna().to_dict() == {
        "B": "no_station_in_range",
        "C": "no_place",
        "D": "no_station_in_range",
        "E": "no_key_points",  # its own signal is good, and says nothing of its inside
    }
    assert items["deciding_point"].dropna().to_dict() == {"B": "B2", "C": "C2", "D": "D1"}
    row = found["N17.mall"]
    assert [row[key] for key in ("in_scope", "met", "not_met", "cannot_tell", "status")] == [5, 1, 2, 2, "no_target"]


def test_a_national_count_is_told_and_held_against_no_county(scored):
    found, _, done = scored([place("A"), place("H", "housing")], [point("A1", "A", 0.0), point("H1", "H", 5000.0)])
    row = found["N15.places"]
    assert (row["in_scope"], row["met"], row["not_met"]) == (2, 1, 1)
    assert (row["status"], row["target_percent"], row["shortfall"], row["note"]) == (
        "no_target",
        None,
        None,
        "national",
    )
    page = Path(done.outputs["report"]).read_text(encoding="utf-8")
    assert "是全国目标（&gt; 120000 处）：本数据共 2 处，达到 1 处" in page.replace("> 120000", "&gt; 120000")
    table = pd.read_csv(done.outputs["frontier_score"], encoding="utf-8-sig").set_index("规则")
    assert set(table.loc["N15.places", "说明"]) == {"全国目标，只报告数量，不与各县比较"}


def test_lines_and_statistics_cannot_be_told_and_say_why(scored):
    found, _, _ = scored([place("A")], [point("A1", "A", 0.0)])
    for rule, note in (
        *(("N15.rail_km", "line_job"), ("N15.road_km", "line_job"), ("N15.metro_lines", "line_job")),
        *(("N15.downlink", "no_statistic"), ("N15.reach_rate", "no_statistic")),
    ):
        row = found[rule]
        assert (row["status"], row["in_scope"], row["ratio_percent"], row["note"]) == ("cannot_tell", None, None, note)


def test_villages_and_township_seats_stand_in_the_rural_scene_by_the_kinds_of_the_pack(scored):
    codes = ("450602100201", "450602100202", "450602100203")
    villages = [{"village_code": code, "village_name": code[-3:], "m": 0.0} for code in codes]
    points = [
        point("1", None, 100.0, "committee", codes[0]),
        point("2", None, 1100.0, "school", codes[0]),  # schools are no rural key points
        point("3", None, 100.0, "committee", codes[1]),
        point("4", None, 1100.0, "square", codes[1]),
        point("5", "Z", 100.0, "clinic"),  # of a place, of no village
    ]
    places = [place("Z", "township_village"), place("S", "township_seat", 200.0), place("M", "market", 1200.0)]
    _, items, _ = scored(places, points, villages=villages)
    assert items["state"].to_dict() == {
        **{codes[0]: "met", codes[1]: "not_met", codes[2]: "cannot_tell"},
        **{"Z": "met", "S": "met"},
    }


def test_mobile_asks_each_point_for_4g_or_5g_not_one_technology_for_all(scored):
    apart = [{**STATIONS[0], "m": 0.0}, {**STATIONS[1], "m": 5000.0}]
    _, items, _ = scored([place("A")], [point("A1", "A", 100.0), point("A2", "A", 5100.0)], stations=apart)
    assert items.loc["A", "state"] == "met"


def test_a_place_that_needs_two_planned_stations_is_met_in_the_later_year(scored):
    def to_come(number, year, m):
        return {**STATIONS[0], "station_id": number, "status": "planned", "in_service_date": f"{year}-06-30", "m": m}

    far = [*STATIONS, to_come("P1", 2027, 8000.0), to_come("P2", 2028, 20000.0)]
    points = [point("A1", "A", 8100.0), point("A2", "A", 20100.0), point("B1", "B", 8100.0), point("B2", "B", 15000.0)]
    _, items, _ = scored([place("A"), place("B")], points, stations=far)
    assert (items.loc["A", "reason"], items.loc["A", "planned_year"]) == ("planned", "2028")
    assert (items.loc["B", "reason"], items.loc["B", "deciding_point"]) == ("no_station_in_range", "B2")


def test_key_points_of_places_leave_the_villages_verdicts_as_they_are(tmp_path):
    code = "450602100201"
    village = [{"village_code": code, "village_name": "一村", "m": 0.0}]
    own = [point("1", None, 100.0, "committee", code)]
    base = {
        "villages": layer(tmp_path, "villages", village),
        "base_stations": layer(tmp_path, "base_stations", STATIONS),
        "radius_m": RADIUS_M,
    }
    for number, points in enumerate((own, [*own, point("P1", "P", 9000.0, "clinic")])):
        folder = tmp_path / str(number)
        folder.mkdir()
        given = {**base, "key_points": layer(folder, "key_points", points)}
        run = run_job("village_reach", given, folder / "r")
        assert run.summary["reached"] == 1
        assert "不在行政村图层中" not in Path(run.outputs["report"]).read_text(encoding="utf-8")


def test_a_key_point_needs_its_village_or_its_place(tmp_path):
    path = tmp_path / "点.csv"
    path.write_text(
        "关键点编号,所属场所编号,行政村代码,类型,名称,经度(CGCS2000),纬度(CGCS2000)\n"
        "1,XH001,,其他,大厅,108.0,22.0\n2,,450602100201,村委会,村部,108.1,22.0\n3,,,其他,无主,108.2,22.0\n"
        "4,XH001,45060210020,其他,错码,108.3,22.0\n",
        encoding="utf-8",
    )
    stated = {"workspace": str(tmp_path / "w.gpkg"), "source": str(path), "kind": "key_points", "datum": "cgcs2000"}
    run = run_job("import_layer", stated, tmp_path / "run")
    assert (run.summary["rows_out"], run.summary["rows_set_aside"]) == (3, 1)
    kept = pyogrio.read_dataframe(tmp_path / "w.gpkg", layer="key_points").set_index("point_id")
    assert kept["place_id"].dropna().to_dict() == {"1": "XH001", "4": "XH001"}
    assert kept["village_code"].dropna().to_dict() == {"2": "450602100201"}
    aside = pd.read_csv(run.outputs["set_aside"], encoding="utf-8-sig", dtype=str)
    assert len(aside) == 1
    issues = pd.read_csv(run.outputs["value_issues"], encoding="utf-8-sig", dtype=str)
    assert len(issues) == 1  # the code of four rows that is no code is told, its row kept for its place


def test_a_file_of_key_points_with_neither_column_is_refused(tmp_path):
    path = tmp_path / "点.csv"
    path.write_text("关键点编号,类型,经度(CGCS2000),纬度(CGCS2000)\n1,其他,108.0,22.0\n", encoding="utf-8")
    stated = {"workspace": str(tmp_path / "w.gpkg"), "source": str(path), "kind": "key_points", "datum": "cgcs2000"}
    with pytest.raises(InputError, match="Village code"):
        run_job("import_layer", stated, tmp_path / "run")


def test_a_key_point_of_a_place_that_is_not_there_is_told(tmp_path):
    home = tmp_path / "w.gpkg"
    (tmp_path / "场所.csv").write_text(
        "场所编号,场所名称,场所类型,经度(CGCS2000),纬度(CGCS2000)\nXH001,百汇商场,商超,108.0,22.0\n", encoding="utf-8"
    )
    (tmp_path / "点.csv").write_text(
        "关键点编号,所属场所编号,类型,名称,经度(CGCS2000),纬度(CGCS2000)\n"
        + "".join(f"{k},XH001,其他,点{k},108.00{k},22.0\n" for k in range(1, 10))
        + "10,XH009,其他,大堂,108.1,22.0\n",
        encoding="utf-8",
    )
    given = {"workspace": str(home), "datum": "cgcs2000"}
    run_job("import_layer", {**given, "source": str(tmp_path / "场所.csv"), "kind": "places"}, tmp_path / "places")
    run = run_job("diagnose", {**given, "source": str(tmp_path / "点.csv"), "kind": "key_points"}, tmp_path / "look")
    told = pd.read_csv(run.outputs["findings"], encoding="utf-8-sig", dtype=str)
    orphans = told[told["code"] == "orphan"]
    assert orphans["value"].tolist() == ["XH009"] and orphans["field"].tolist() == ["place_id"]
