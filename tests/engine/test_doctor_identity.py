"""What a row is: near duplicates, shared masts, codes and counties, renamed codes, references."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from xinji_planner.layers.doctor.identity.cables import same_routes
from xinji_planner.layers.doctor.identity.counties import metres_outside
from xinji_planner.layers.doctor.identity.findings import identity_findings
from xinji_planner.layers.doctor.identity.names import same_unit, stem_of_site, stem_of_village
from xinji_planner.layers.doctor.identity.pairs import first_partners, near_between
from xinji_planner.layers.spec import Kind
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.table import LayerTable, PointTable

GEOD = Geod(ellps="GRS80")
METRE = 1 / 111_320  # a degree of latitude, nearly


def table(layer: str, rows: list[dict], source: str = "来源.csv", geometry: list | None = None) -> LayerTable:
    """Rows as an import gives them: "lon" and "lat", or a list of shapes, and source rows from 2 on."""
    spec = SPECS[layer]
    columns = {}
    for field in spec.fields:
        cells = [row.get(field.name) for row in rows]
        if field.kind is Kind.REAL:
            columns[field.name] = pd.Series(cells, dtype="float64")
        elif field.kind in (Kind.INTEGER, Kind.FLAG):
            columns[field.name] = pd.Series(cells, dtype="Int64")
        else:
            columns[field.name] = pd.Series(cells, dtype="str")
    frame = pd.DataFrame(columns)
    frame["source_file"] = pd.Series([source] * len(rows), dtype="str")
    frame["source_row"] = pd.Series(range(2, len(rows) + 2), dtype="Int64")
    shapes = geometry or [shapely.Point(r["lon"], r["lat"]) if r.get("lon") is not None else None for r in rows]
    return LayerTable(spec, frame, np.array(shapes, dtype=object))


def station(number: str, name: str = "东山站", lon: float = 110.0, lat: float = 30.0, **more) -> dict:
    row = {"station_id": number, "name": name, "operator": "CMCC", "technology": "5G", "band_mhz": 2600.0}
    return row | {"azimuth_deg": 0.0, "status": "existing", "lon": lon, "lat": lat} | more


def tower(number: str, lon: float = 110.0, lat: float = 30.0, **more) -> dict:
    return {"tower_id": number, "name": f"{number}站", "status": "existing", "lon": lon, "lat": lat} | more


def village(code: str, name: str, lon: float | None = 110.0, lat: float | None = 30.0, **more) -> dict:
    return {"village_code": code, "village_name": name, "lon": lon, "lat": lat} | more


def find(layer: LayerTable, others: dict | None = None, **more) -> dict[str, list[tuple]]:
    """By code: position, severity, Chinese reason, related and confidence of every finding."""
    found: dict[str, list[tuple]] = {}
    for block in identity_findings(layer, np.arange(len(layer)) * 10, others or {}, **more):
        places = [None] if block.at is None else block.at.tolist()
        for k, at in enumerate(places):
            one = [column[k if len(column) > 1 else 0] for column in (block.why, block.related, block.confidence)]
            assert 0.0 < one[2] <= 1.0 and one[0].zh and one[0].en
            found.setdefault(block.code, []).append((at, block.grave, one[0].zh, one[1], one[2]))
    return found


def at(found: dict, code: str) -> list:
    return [one[0] for one in found.get(code, [])]


# Pair searches against the obvious slow version.

places = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 12), st.integers(0, 12), st.booleans()), min_size=0, max_size=25
)


@given(places, st.sampled_from((5.0, 30.0, 1000.0)), st.sampled_from((0.0, 30.0, 53.0, -41.0)))
@settings(max_examples=120, deadline=None)
def test_the_first_partner_is_that_of_a_comparison_of_all_rows(rows, within, south):
    groups = np.array([row[0] - 1 for row in rows], dtype=np.int64)
    step = within / 3.1 * METRE
    lon = np.array([np.nan if row[3] else 110 + row[1] * step for row in rows])
    lat = np.array([south + row[2] * step for row in rows])
    partners, metres = first_partners(groups, lon, lat, within)
    for b in range(len(rows)):
        near = [
            a for a in range(b) if groups[a] == groups[b] >= 0 and GEOD.inv(lon[a], lat[a], lon[b], lat[b])[2] <= within
        ]
        assert partners[b] == min(near, default=-1)
        if near:
            a = partners[b]
            assert metres[b] == pytest.approx(GEOD.inv(lon[a], lat[a], lon[b], lat[b])[2], abs=1e-3)


@given(places, places, st.sampled_from((50.0, 3000.0)))
@settings(max_examples=80, deadline=None)
def test_pairs_between_two_tables_are_those_of_a_comparison_of_all_rows(ours, theirs, within):
    step = within / 2.3 * METRE
    sides = []
    for rows in (ours, theirs):
        lon = np.array([np.nan if row[3] else 110 + row[1] * step for row in rows])
        sides.append(
            (np.array([row[0] for row in rows], dtype=np.int64), lon, np.array([30 + r[2] * step for r in rows]))
        )
    (groups, lon, lat), (other_groups, other_lon, other_lat) = sides
    found = near_between((lon, lat), (other_lon, other_lat), within, (groups, other_groups))
    slow = [
        (a, b)
        for a in range(len(lon))
        for b in range(len(other_lon))
        if groups[a] == other_groups[b] and GEOD.inv(lon[a], lat[a], other_lon[b], other_lat[b])[2] <= within
    ]
    assert list(zip(found.first.tolist(), found.second.tolist())) == slow


def test_thousands_of_rows_in_one_spot_cost_no_more_than_others():
    count = 200_000
    partners, _ = first_partners(np.zeros(count, np.int64), np.full(count, 110.0), np.full(count, 30.0), 30.0)
    assert partners[0] == -1 and (partners[1:] == 0).all()


# Names.


@pytest.mark.parametrize("name", ["东山村", "东山村委会", " 东山村村民委员会", "东山社区居委会", "东山"])
def test_endings_of_a_village_name_do_not_count(name):
    assert stem_of_village(name) == "东山"


def test_numbers_and_directions_in_a_site_name_count():
    assert stem_of_site("东山４Ｇ-5G") == stem_of_site("东山基站") == stem_of_site("东山")
    assert stem_of_site("主街01号灯杆") != stem_of_site("主街02号灯杆")
    assert stem_of_site("桥南站") != stem_of_site("桥北站")


def test_a_county_is_the_same_with_its_prefecture_before_it_and_without_its_ending():
    assert same_unit("沧屏市海岳县", "海岳") and same_unit("海岳县", "海岳市") and not same_unit("海岳县", "云屏区")


# Near duplicates inside a file.


def test_a_station_under_two_ids_is_a_near_duplicate_and_its_sectors_are_none():
    rows = [station("A1"), station("A1", azimuth_deg=120.0), station("A2", band_mhz=700.0), station("A3", "西山站")]
    rows += [station(f"F{k}", f"第{k}站", 111 + k / 10) for k in range(20)]
    assert find(table("base_stations", rows)) == {}
    twin = station("B9", "东山基站", lat=30.0 + 20 * METRE, antenna_height_m=30.0)
    found = find(table("base_stations", [*rows, twin]))["near_duplicate"]
    assert [one[:2] + one[3:] for one in found] == [(240, "warns", "row 2", 0.95)]
    assert "相距 20 m" in found[0][2]


def test_a_second_station_further_away_or_of_another_status_is_no_duplicate():
    far, other = station("B1", lat=30.0 + 40 * METRE), station("B2", status="retired")
    assert find(table("base_stations", [station("A1"), far, other])) == {}


def test_a_list_of_cells_without_azimuths_is_told_once_and_not_row_by_row():
    rows = [
        station(f"C{site}{cell}", f"站{site}", 110 + site / 10, azimuth_deg=None) for site in range(9) for cell in "123"
    ]
    found = find(table("base_stations", rows))
    assert [one[:2] for one in found["near_duplicate"]] == [(None, "informs")]


def test_cells_numbered_behind_their_station_are_no_duplicates():
    rows = [station(f"525016-{cell}", azimuth_deg=None) for cell in (1, 2, 3)]
    assert "near_duplicate" not in find(table("base_stations", [*rows[:2], station("X", "远站", 112.0)]))


def test_a_station_that_another_file_of_the_operator_has_under_another_id_is_found():
    other = table("base_stations", [station("OLD7", "东山")], "旧表.csv")
    found = find(table("base_stations", [station("NEW7")]), {"base_stations": other})
    assert found["near_duplicate"][0][3] == "旧表.csv:2"


def test_a_slip_in_the_name_is_allowed_where_everything_else_is_equal():
    same = {"antenna_height_m": 30.0, "site_id": "T1", "in_service_date": "2020-01-01"}
    rows = [station("A1", "东山坡站", **same), station("B1", "东山城站", **same)]
    ((where, _, why, _, confidence),) = find(table("base_stations", rows))["near_duplicate"]
    assert (where, confidence) == (10, 0.6) and "只差一字" in why
    for change in ({"name": "东山南站"}, {"name": "东山坡2站"}, {"antenna_height_m": 18.0}, {"lat": 30 + 20 * METRE}):
        assert find(table("base_stations", [rows[0], rows[1] | change])) == {}
    assert find(table("base_stations", [station("A1", "东山坡站"), station("B1", "东山城站")])) == {}


def test_a_village_twice_in_a_town_is_found_and_a_namesake_elsewhere_is_not():
    rows = [
        village("433101100201", "东山村", town_name="河镇"),
        village("433101100202", "东山村委会", lat=30.0 + 800 * METRE, town_name="河镇"),
        village("433101200201", "东山村", lat=30.0 + 950 * METRE, town_name="云乡"),
        village("433101100001", "东山社区", town_name="河镇"),
    ]
    found = find(table("villages", rows))
    assert at(found, "near_duplicate") == [10]
    assert found["near_duplicate"][0][3] == "row 2"


def test_villages_of_two_towns_with_one_name_in_one_spot_are_told_with_less_confidence():
    rows = [village("433101100201", "东山村"), village("433101200201", "东山村", lat=30.0 + 50 * METRE)]
    ((where, severity, why, _, confidence),) = find(table("villages", rows))["near_duplicate"]
    assert (where, severity, confidence) == (10, "warns", 0.6) and "另一乡镇" in why


def test_a_village_without_a_place_is_compared_by_town_and_name_only():
    rows = [village("433101100201", "东山村"), village("433101100207", "东山村", None, None)]
    ((where, _, why, _, confidence),) = find(table("villages", rows))["near_duplicate"]
    assert (where, confidence) == (10, 0.5) and "没有坐标" in why


def test_a_cable_twice_is_found_and_a_second_cable_in_the_trench_is_not():
    route = shapely.LineString([(110, 30), (110.1, 30.05), (110.2, 30)])
    beside = shapely.transform(route, lambda xy: xy + np.array([0, 2 * METRE]))
    rows = [
        {"cable_id": "GL1", "name": "甲—乙主用光缆", "operator": "CMCC", "cores": 96},
        {"cable_id": "GL2", "name": "甲—乙备用光缆", "operator": "CMCC", "cores": 96},
        {"cable_id": "GL3", "name": "甲—乙主用光缆", "operator": "CUCC", "cores": 96},
        {"cable_id": "GL9", "name": "甲—乙主用光缆", "operator": "CMCC", "cores": 96},
        {"cable_id": "GL8", "name": "", "operator": "CUCC", "cores": 96},
    ]
    shapes = [route, beside, beside, shapely.reverse(shapely.segmentize(beside, 0.01)), route]
    found = find(table("trunk_cables", rows, geometry=shapes))["near_duplicate"]
    assert [(one[0], one[3], one[4]) for one in found] == [(30, "row 2", 0.9), (40, "row 4", 0.7)]


def test_routes_that_differ_in_the_middle_are_two_cables():
    one = shapely.LineString([(110, 30), (110.1, 30.0), (110.2, 30)])
    other = shapely.LineString([(110, 30), (110.1, 30.001), (110.2, 30)])
    assert not len(same_routes(np.array([one, other, None]), 5.0)[0])
    assert same_routes(np.array([one, None, shapely.MultiLineString([one])]), 5.0)[1].tolist() == [2]


# The same mast in several lists.


def test_a_site_names_the_tower_and_the_other_operators_stations_once():
    own = table("base_stations", [station("A1"), station("A1", azimuth_deg=120.0), station("A2", lon=111.0)])
    others = {
        "towers_and_poles": table("towers_and_poles", [tower("T012", lat=30 + 12 * METRE)], "铁塔.tsv"),
        "base_stations": table(
            "base_stations",
            [
                station("B003", operator="CUCC", lat=30 + 30 * METRE),
                station("B004", operator="CUCC", lat=30 + 20 * METRE),
                station("B005", operator="CTCC", lat=30 + 90 * METRE),
                station("A9", "别的站"),
            ],
            "联通.csv",
        ),
    }
    ((where, severity, why, related, confidence),) = find(own, others)["same_mast"]
    assert (where, severity, related) == (0, "informs", "铁塔.tsv:2；联通.csv:3")
    assert why == "与铁塔 T012（12 m）、联通 B004（20 m）共址。"
    assert 0.5 < confidence < 0.95


def test_a_mast_that_the_station_names_by_its_id_is_certain():
    towers = table("towers_and_poles", [tower("T012", lat=30 + 40 * METRE)])
    found = find(table("base_stations", [station("A1", site_id="T012")]), {"towers_and_poles": towers})
    assert found["same_mast"][0][4] == 1.0


def test_other_layers_may_come_without_geometry_objects():
    towers = table("towers_and_poles", [tower("T1")])
    points = PointTable(towers.spec, towers.columns, np.array([110.0]), np.array([30.0]))
    assert at(find(table("base_stations", [station("A1")]), {"towers_and_poles": points}), "same_mast") == [0]


def test_a_planned_station_where_one_stands_is_found_but_not_a_new_band():
    rows = [
        station("P1", "东山新址", status="planned", lat=30 + 25 * METRE),
        station("P2", "东山新址", status="planned", lat=30 + 25 * METRE, band_mhz=700.0),
        station("P3", "东山新址", status="planned", lat=30 + 25 * METRE, operator="CUCC"),
        station("P4", "东山新址", status="planned", lat=30 + 80 * METRE),
        station("P5", "东山新址", status="planned", operator="CMCC;CUCC"),
    ]
    others = {"base_stations": table("base_stations", [station("A1", technology="4G;5G")], "现网.csv")}
    ((where, severity, why, related, _),) = find(table("base_stations", rows), others)["planned_exists"]
    assert (where, severity, related) == (0, "warns", "现网.csv:2") and "25 m" in why
    inside = find(table("base_stations", [station("A1"), rows[0]]))
    assert inside["planned_exists"][0][3] == "row 2"


# Codes and counties.


def box(west: float, south: float, code: str, name: str) -> dict:
    return {"code": code, "name": name, "level": "county", "shape": shapely.box(west, south, west + 1, south + 1)}


def counties(*units: dict) -> dict[str, LayerTable]:
    return {"admin_units": table("admin_units", list(units), "区划.shp", [unit["shape"] for unit in units])}


TWO = counties(box(110, 30, "433101", "吉首市"), box(111, 30, "433122", "泸溪县"))


def test_a_village_in_another_county_is_told_with_that_county_and_the_distance():
    rows = [
        village("433101100201", "甲村", 110.5, 30.5),
        village("433101100202", "乙村", 111.1, 30.5),
        village("433101100203", "丙村", 111.0 + 1500 * METRE, 30.5),
        village("433122100201", "丁村", 110.5, 32.0),
        village("433122100202", "戊礁村", 112.0 + 8000 * METRE, 30.5),
        village("433122100203", "己村", None, None),
        village("433122100204", "庚礁村", 112.5, 30.5),
    ]
    told = find(table("villages", rows), TWO)
    found = [*told["code_outside"], *told["code_near_outside"]]
    assert [one[:2] for one in told["code_outside"]] == [(10, "warns"), (30, "warns"), (60, "warns")]
    assert [one[:2] for one in told["code_near_outside"]] == [(40, "informs")], "a choice about the others leaves it"
    assert found[0][2] == "乙村（433101100202）：距本县（吉首市）9.6 km，位于泸溪县（433122）。"
    assert "不在任何已导入的县内" in found[1][2]
    assert "距本县（泸溪县）48.0 km；" in found[2][2], "too far off for an island that the outline leaves out"
    assert "km" in found[3][2] and "可能是界线未表示的海岛" in found[3][2]


def test_nothing_is_said_of_counties_where_none_is_loaded():
    assert find(table("villages", [village("433101100201", "甲村", 80.0, 30.0)])) == {}


def test_a_strange_county_is_told_only_where_most_rows_are_of_loaded_ones():
    rows = [village(f"4331011002{k:02d}", f"第{k}村", 110.5, 30.1 + k / 20) for k in range(1, 9)]
    odd = village("433123100201", "外村", 110.5, 30.9)
    ((where, _, why, _, confidence),) = find(table("villages", [*rows, odd]), TWO)["unknown_county"]
    assert where == 80 and confidence == 0.89 and "433123" in why and "吉首市（433101）" in why
    assert find(table("villages", [odd]), TWO) == {}


@given(st.floats(110.9, 111.6), st.floats(29.9, 31.1))
@settings(max_examples=60, deadline=None)
def test_the_distance_outside_a_county_is_that_to_its_nearest_side(lon, lat):
    metres = metres_outside(shapely.box(110, 30, 111, 31), np.array([lon]), np.array([lat]))[0]
    if 110 <= lon <= 111 and 30 <= lat <= 31:
        assert metres == 0
    else:
        side = np.linspace(30, 31, 2001)
        ends = [(x, y) for x in np.linspace(110.8, 111, 401) for y in (30.0, 31.0)] + [(111.0, y) for y in side]
        slow = min(GEOD.inv(lon, lat, x, y)[2] for x, y in ends if abs(y - lat) < 0.2)
        assert metres == pytest.approx(slow, rel=0.02, abs=60)


def test_digits_that_no_code_can_have_warn_and_unusual_ones_inform():
    rows = [
        village("433101000201", "无乡村", 110.1),
        village("993101100201", "错省村", 110.2),
        village("433101100201", "好村", 110.3, urban_rural="220"),
        village("433101100598", "林场", 110.4, urban_rural="123"),
        village("433101700201", "怪村", 110.5, urban_rural="240"),
        village("433101100202", "又一村", 110.6, urban_rural="111"),
    ]
    found = find(table("villages", rows))
    assert [one[:2] for one in found["code_structure"]] == [(0, "warns")]
    assert [one[:2] for one in found["code_province"]] == [(10, "warns")]
    assert [one[:2] for one in found["code_unusual"]] == [(40, "informs")]
    assert "第 7–9 位（乡镇）是 000" in found["code_structure"][0][2]
    assert "前两位 99 不是 GB/T 2260 的省级代码（应为 11–15、" in found["code_province"][0][2]
    assert [one[:2] for one in found["urban_rural_code"]] == [(40, "warns")]


def test_a_numbering_of_the_files_own_is_told_once():
    rows = [village(f"9901211002{k:02d}", f"第{k}村", 110 + k / 10) for k in range(1, 6)]
    found = find(table("villages", rows))
    assert [one[:2] for one in found["code_unusual"]] == [(None, "informs")]
    fictional = counties(box(110, 29.5, "990121", "海岳县"))
    assert find(table("villages", rows), fictional) == {}


def test_a_town_name_of_another_code_and_a_rare_county_name_are_told():
    rows = [
        village(f"4331011002{k:02d}", f"甲{k}村", 110 + k / 10, county_name="吉首市", town_name="河镇")
        for k in range(5)
    ]
    rows += [
        village(f"4331012002{k:02d}", f"乙{k}村", 111 + k / 10, county_name="吉首", town_name="云乡") for k in range(5)
    ]
    assert find(table("villages", rows)) == {}
    rows[2]["town_name"] = "云乡"
    rows[7]["county_name"] = "凤凰县"
    found = find(table("villages", rows))["code_name_mismatch"]
    assert [(one[0], one[4]) for one in found] == [(70, 0.9), (20, 0.9)]
    assert "“云乡”的代码是 433101200" in found[1][2] and "9 行中是“吉首市”" in found[0][2]


# Codes that were changed or merged.


def test_a_village_of_the_same_name_and_place_under_another_code_is_renamed():
    old = {
        "villages": table(
            "villages", [village("433101100201", "东山村"), village("433101100202", "西岭村", 110.1)], "旧.csv"
        )
    }
    rows = [
        village("433101400201", "东山村委会", lat=30 + 300 * METRE),
        village("433101400202", "西岭村", 110.3),
        village("433101100001", "东山社区", lat=30 + 100 * METRE),
    ]
    found = find(table("villages", rows), old)
    assert [one[:2] + one[3:] for one in found["renamed_code"]] == [(0, "warns", "旧.csv:2", 0.9)]
    assert "433101100201" in found["renamed_code"][0][2] and "433101400201" in found["renamed_code"][0][2]


def test_two_villages_whose_names_make_up_a_new_one_are_merged():
    old = {
        "villages": table(
            "villages", [village("433101100201", "东山村"), village("433101100202", "西岭村", 110.01)], "旧.csv"
        )
    }
    found = find(table("villages", [village("433101100210", "东山西岭村", 110.005)]), old)
    ((where, severity, why, related, _),) = found["merged_code"]
    assert (where, severity, related) == (0, "warns", "旧.csv:2；旧.csv:3")
    assert "433101100201" in why and "433101100202" in why


def test_a_village_gone_from_a_newer_edition_may_be_in_its_nearest_neighbour():
    names = "一二三四五六七八九"
    earlier = [village(f"43310110020{k}", f"第{name}村", 110 + k / 100) for k, name in enumerate(names)]
    now = [row for k, row in enumerate(earlier) if k != 4]
    found = find(table("villages", now), {}, earlier=table("villages", earlier))
    assert "renamed_code" not in found
    ((where, _, why, _, confidence),) = found["merged_code"]
    assert where in (30, 40) and confidence == 0.5 and "433101100204" in why
    half = find(table("villages", earlier[:4]), {}, earlier=table("villages", earlier))
    assert half == {}, "a part of the list is no merger"


def test_the_village_that_gained_the_people_of_a_gone_one_is_told_however_far():
    names = "一二三四五六七八九"
    earlier = [
        village(f"43310110020{k}", f"第{name}村", 110 + k / 10, population=800 + 97 * k, households=230 + 41 * k)
        for k, name in enumerate(names)
    ]
    now = [dict(row) for k, row in enumerate(earlier) if k != 4]
    now[7] |= {"population": now[7]["population"] + 800 + 97 * 4, "households": now[7]["households"] + 230 + 41 * 4}
    ((where, severity, why, _, confidence),) = find(table("villages", now), {}, earlier=table("villages", earlier))[
        "merged_code"
    ]
    assert (where, severity, confidence) == (70, "warns", 0.8) and "433101100204" in why
    now[7]["households"] -= 150
    assert "merged_code" not in find(table("villages", now), {}, earlier=table("villages", earlier))


# References.


def test_a_reference_to_nothing_is_told_where_the_layer_has_rows():
    villages = {"villages": table("villages", [village("433101100201", "东山村")])}
    rows = [{"point_id": f"G{k}", "kind": "clinic", "name": f"{k}", "village_code": "433101100201"} for k in range(3)]
    rows[1]["village_code"] = "433101100299"
    rows[2]["village_code"] = "520101100201"
    assert find(table("key_points", rows)) == {}
    found = find(table("key_points", rows), villages)["orphan"]
    assert [one[:2] for one in found] == [(None, "informs"), (10, "warns")]
    assert "433101100299" in found[1][2] and "520101" in found[0][2]


def test_site_ids_of_another_numbering_are_told_once():
    towers = {"towers_and_poles": table("towers_and_poles", [tower(f"T{k}", 100.0 + k) for k in range(20)])}
    good = [station(f"A{k}", f"站{k}", 120.0 + k / 10, site_id=f"T{k}") for k in range(20)]
    assert find(table("base_stations", good), towers) == {}
    good[3]["site_id"] = "T99"
    assert [one[:2] for one in find(table("base_stations", good), towers)["orphan"]] == [(30, "warns")]
    for row in good:
        row["site_id"] = "物理站" + row["station_id"]
    assert [one[:2] for one in find(table("base_stations", good), towers)["orphan"]] == [(None, "informs")]


# Clean files.


def test_no_layer_without_rows_says_anything():
    for name in SPECS:
        assert not identity_findings(table(name, []), np.zeros(0, np.int64), {}).blocks


def test_the_same_input_gives_the_same_findings_in_the_same_order():
    rows = [station(f"A{k}", f"站{k % 7}", 110 + (k % 5) / 1e5) for k in range(40)]
    first, second = (find(table("base_stations", rows)) for _ in range(2))
    assert first == second and first


def test_cells_of_one_station_that_lie_far_apart_are_warned_of_and_those_of_two_operators_are_not():
    rows = [
        station("S1", lon=110.0),
        station("S1", lon=110.0, technology="4G"),
        station("S1", lon=110.8, technology="3G"),
    ]
    rows += [station("S1", lon=111.0, operator="CTCC"), station("S2", lon=112.0), station("S2", lon=112.005)]
    ((at, severity, why, related, confidence),) = find(table("base_stations", rows))["same_id_apart"]
    assert (at, severity, related, confidence) == (20, "warns", "row 2", 0.9)
    assert "km" in why


def test_a_list_that_numbers_base_band_units_is_told_once():
    rows = [
        station(f"S{at // 2}", name=f"第{at}站", lon=100 + at * 0.1, technology=("4G", "5G")[at % 2])
        for at in range(12)
    ]
    (line,) = find(table("base_stations", rows))["same_id_apart"]
    assert line[1] == "informs"


def test_one_community_under_a_residents_and_a_villagers_code_in_one_spot_is_a_near_duplicate():
    rows = [village("433101100299", "矮寨社区"), village("433101100001", "矮寨社区")]
    assert [line[0] for line in find(table("villages", rows))["near_duplicate"]] == [10]
    rows = [village("433101100299", "矮寨村"), village("433101100001", "矮寨社区")]
    assert "near_duplicate" not in find(table("villages", rows))
