"""The scoreboard on real sets: scope found or left open, classes without data never 0 %, crossings never lost."""

import csv
import io
import json
from pathlib import Path

import geopandas
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError

PACKS = ("frontier-2025", "frontier-2027")
CROSSINGS = "national/land_border_crossings_wgs84.geojson"
COASTAL = {"港口区", "防城区", "东兴市"}  # 上思县 lies inland, behind 防城区


def bring(workspace, source, kind, datum, mapping=None):
    """Import one file as a planner would, with the datum he was told and, where needed, a mapping."""
    given = {"workspace": str(workspace), "source": str(source), "kind": kind, "datum": datum}
    note = workspace.parent / f"{kind} {Path(source).stem}"
    if mapping:
        note.with_suffix(".json").write_text(json.dumps(mapping), encoding="utf-8")
        given["mapping"] = str(note.with_suffix(".json"))
    return run_job("import_layer", given, note)


def bring_crossings(workspace, shared_data):
    mapping = {"={row}": "place_id", "name_zh": "name", "=port_of_entry": "kind"}
    return bring(workspace, shared_data / CROSSINGS, "places", "wgs84", mapping)


@pytest.fixture(scope="module")
def coast(tmp_path_factory, shared_data):
    """防城港: counties, villages, seats, schools, motorways, a derived belt, the crossings of the whole country."""
    workspace = tmp_path_factory.mktemp("防城港") / "防城港.gpkg"
    given = shared_data / "fangchenggang"
    bring(workspace, given / "防城港市_县区_GCJ02.geojson", "admin_units", "gcj02")
    listed = given / "防城港市_村镇_GCJ02_GBK.csv"
    bring(workspace, listed, "villages", "gcj02")
    rows = list(csv.reader(io.StringIO(listed.read_bytes().decode("gb18030"))))
    seats = workspace.parent / "乡镇驻地.csv"
    with seats.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([rows[0], *(row for row in rows if row[2] == "乡镇")])
    columns = {"行政区划代码": "place_id", "名称": "name", "经度": "lon", "纬度": "lat", "级别": None}
    bring(workspace, seats, "places", "gcj02", {**columns, "=township_seat": "kind"})
    schools = {"=学校{row}": "place_id", "name": "name", "=school": "kind"}
    bring(workspace, given / "学校名录_无坐标_GBK.csv", "places", "auto", schools)
    roads = {"route": "code", "=expressway": "road_class"}
    bring(workspace, given / "高速公路_WGS84.geojson", "roads", "wgs84", roads)
    belt = {"名称": "name", "=derived_12nm": "kind"}
    bring(workspace, given / "近岸12海里_推算_WGS84.geojson", "sea_areas", "wgs84", belt)
    assert bring_crossings(workspace, shared_data).summary["rows_out"] == 26
    return workspace


@pytest.fixture(scope="module")
def ngari(tmp_path_factory, shared_data):
    workspace = tmp_path_factory.mktemp("阿里") / "阿里.gpkg"
    given = shared_data / "ngari"
    bring(workspace, given / "阿里县界_GCJ02.geojson", "admin_units", "gcj02")
    bring(workspace, given / "阿里行政村_GCJ02_GBK.csv", "villages", "gcj02")
    bring_crossings(workspace, shared_data)
    return workspace


def scored(workspace, pack, output, **stated):
    return run_job("frontier_scoreboard", {"workspace": str(workspace), "pack": pack, **stated}, output)


def own_lines(given, folder):
    """The outer line of the set's own map, which is border and coast in one, at its true place."""
    found = {}
    for kind in ("national_border", "coastline"):
        home = folder / f"{kind}.gpkg"
        bring(home, given / "fangchenggang/国界及海岸外边界_GCJ02.geojson", kind, "gcj02")
        found[kind] = f"{home}|layername={kind}"
    return found


def scope_of(run):
    told = pyogrio.read_dataframe(run.outputs["frontier_scope"], layer="frontier_scope", read_geometry=False)
    return dict(zip(told["county_name"], told["in_scope"]))


def page(run):
    return Path(run.outputs["report"]).read_text(encoding="utf-8")


def nothing_is_held_against_missing_data(run):
    for row in run.summary["score"]:
        assert row["ratio_percent"] is None and row["status"] in ("cannot_tell", "none_listed"), row
        assert not row["met"] and not row["not_met"]
    assert run.summary["met"] == run.summary["short"] == 0


@pytest.mark.parametrize("pack", PACKS)
def test_a_small_scale_border_and_coast_settle_no_county(coast, shared_data, tmp_path, pack):
    given = shared_data / "fangchenggang"
    lines = {}
    for kind, name in (("national_border", "中越陆地边界_NE10m_WGS84"), ("coastline", "海岸线_NE10m_WGS84")):
        home = tmp_path / f"{kind}.gpkg"
        bring(home, given / f"{name}.geojson", kind, "wgs84")
        lines[kind] = f"{home}|layername={kind}"
    run = scored(coast, pack, tmp_path / "r", scope="derived", **lines)
    assert scope_of(run) == {**dict.fromkeys(COASTAL, "to_settle"), "上思县": "out"}
    assert run.summary["counties"] == 0 and run.summary["cannot_tell"] == run.summary["indicators"]
    nothing_is_held_against_missing_data(run)
    assert page(run).count("须人工认定") >= 3


@pytest.mark.parametrize("pack", PACKS)
def test_the_line_of_the_maps_own_scale_finds_the_counties_on_border_and_coast(coast, shared_data, tmp_path, pack):
    run = scored(coast, pack, tmp_path / "r", scope="derived", **own_lines(shared_data, tmp_path))
    assert scope_of(run) == {**dict.fromkeys(COASTAL, "in"), "上思县": "out"}
    listed = pd.read_csv(shared_data / "national/land_border_counties_derived_2018.csv", dtype=str)
    on_border = set(listed.loc[listed["code"].str.startswith("4506"), "county"])
    assert on_border == {"防城区", "东兴市"} and on_border < COASTAL
    nothing_is_held_against_missing_data(run)
    found = {row["rule_id"]: row for row in run.summary["score"] if row["county_code"] == "all"}
    rows = csv.DictReader(io.StringIO(coast.parent.joinpath("乡镇驻地.csv").read_text(encoding="utf-8")))
    seats = [row["行政区划代码"] for row in rows if row["行政区划代码"][:6] != "450621"]
    if pack == "frontier-2025":
        assert found["N11.township_5g"]["cannot_tell"] == len(seats) == 26  # those without coordinates by their code
    source = (shared_data / "fangchenggang/防城港市_村镇_GCJ02_GBK.csv").read_bytes().decode("gb18030")
    codes = [row["行政区划代码"] for row in csv.DictReader(io.StringIO(source)) if row["级别"] == "村(社区)"]
    villages = next(row for rule, row in found.items() if ".village_" in rule)
    assert villages["cannot_tell"] == sum(code[:6] != "450621" for code in codes) == 249


def test_a_class_of_which_no_layer_lists_anything_cannot_be_told(coast, shared_data, tmp_path):
    run = scored(coast, "frontier-2027", tmp_path / "r", scope="derived", **own_lines(shared_data, tmp_path))
    found = {row["rule_id"]: row for row in run.summary["score"] if row["county_code"] == "all"}
    for rule in ("N12.settlement_5g", "N12.island_5g", "N12.border_road", "N12.inland_sea", "N12.territorial_sea"):
        assert found[rule]["in_scope"] is None and found[rule]["status"] == "cannot_tell", rule
    assert (found["N12.institution_5g"]["in_scope"], found["N12.institution_5g"]["status"]) == (0, "none_listed")


@pytest.mark.parametrize("pack", PACKS)
def test_crossings_of_the_whole_country_are_told_as_outside_one_by_one(coast, shared_data, tmp_path, pack):
    run = scored(coast, pack, tmp_path / "r", scope="derived", **own_lines(shared_data, tmp_path))
    names = geopandas.read_file(shared_data / CROSSINGS)["name_zh"]
    assert len(names) == 26
    told = page(run)
    table = told[told.index("范围之外的对象") :]
    assert "26 个不在数据中任何县的县界内（距最近的县 86.0 km 以上）" in told  # 友谊关, in 凭祥市
    assert all(f"<td>{name}</td>" in table for name in names)


@pytest.mark.parametrize("pack", PACKS)
def test_without_a_border_line_ngari_is_scored_by_the_list_of_border_counties(ngari, shared_data, tmp_path, pack):
    with pytest.raises(InputError, match="cannot be derived"):
        scored(ngari, pack, tmp_path / "refused", scope="derived")
    listed = pd.read_csv(shared_data / "national/land_border_counties_derived_2018.csv", dtype=str)
    codes = [code[:6] for code in listed["code"] if code.startswith("5425")]
    run = scored(ngari, pack, tmp_path / "r", scope=",".join(codes))
    inside = {name for name, state in scope_of(run).items() if state == "in"}
    assert inside == {"普兰县", "札达县", "噶尔县", "日土县"}  # 革吉, 改则 and 措勤 do not reach the border
    nothing_is_held_against_missing_data(run)
    found = {row["rule_id"]: row for row in run.summary["score"] if row["county_code"] == "all"}
    village = next(row for rule, row in found.items() if ".village_" in rule)
    assert village["in_scope"] == village["cannot_tell"] == 53
    assert "26 个不在数据中任何县的县界内（距最近的县 155.7 km 以上）" in page(run)  # 吉隆, in 日喀则


@pytest.mark.parametrize("pack", PACKS)
def test_without_a_scope_all_crossings_count_as_institutions(ngari, tmp_path, pack):
    run = scored(ngari, pack, tmp_path / "r")
    rows = {row["county_code"]: row for row in run.summary["score"] if ".institution_" in row["rule_id"]}
    assert rows["all"]["in_scope"] == rows["none"]["in_scope"] == 26
    assert rows["all"]["cannot_tell"] == 26 and rows["all"]["ratio_percent"] is None


def test_a_crossing_just_outside_a_county_counts_in_it_and_one_far_off_does_not(shared_data, tmp_path):
    # Invented counties east of the real crossings: of every second one the outline is 500 m away, of the others 5 km.
    places = geopandas.read_file(shared_data / CROSSINGS)
    geod = pyproj.Geod(ellps="GRS80")
    shapes, codes = [], []
    for row, place in enumerate(places.geometry):
        west = geod.fwd(place.x, place.y, 90, 500 if row % 2 else 5000)[0]
        shapes.append(shapely.box(west, place.y - 0.02, west + 0.02, place.y + 0.02))
        codes.append(f"53{row + 10:02d}01")
    units = {"code": codes, "name": [f"第{row + 1}县" for row in range(26)], "level": "county"}
    frame = geopandas.GeoDataFrame(units, geometry=shapes, crs=4490)
    frame.to_file(tmp_path / "县.gpkg", layer="admin_units")
    workspace = tmp_path / "口岸.gpkg"
    bring_crossings(workspace, shared_data)
    given = {"admin_units": str(tmp_path / "县.gpkg"), "scope": ",".join(codes)}
    run = scored(workspace, "frontier-2027", tmp_path / "r", **given)
    rows = {row["county_code"]: row for row in run.summary["score"] if row["rule_id"] == "N12.institution_5g"}
    assert [code for code in codes if rows[code]["in_scope"] == 1] == codes[1::2]
    assert rows["all"]["in_scope"] == 13
    told = page(run)
    assert "13 个场所在县界外，但距县界不超过 2,000 m，计入最近的县" in told
    assert "13 个不在数据中任何县的县界内（距最近的县 5.0 km 以上）" in told


def test_what_has_neither_place_nor_code_keeps_the_total_from_being_met(shared_data, tmp_path):
    # Two institutions near a built station, and one of which nobody knows where it is.
    place = geopandas.read_file(shared_data / CROSSINGS).geometry.iloc[0]
    county = geopandas.GeoDataFrame(
        {"code": ["653024"], "name": ["乌恰县"], "level": ["county"]}, geometry=[place.buffer(0.1)], crs=4490
    )
    county.to_file(tmp_path / "县.gpkg", layer="admin_units")
    spots = [place, shapely.Point(place.x + 0.001, place.y), None]
    listed = {"place_id": ["一", "二", "三"], "name": ["口岸一", "口岸二", "口岸三"], "kind": "port_of_entry"}
    geopandas.GeoDataFrame(listed, geometry=spots, crs=4490).to_file(tmp_path / "口岸.gpkg", layer="places")
    station = {"station_id": ["A"], "operator": ["CMCC"], "technology": ["5G"], "status": ["existing"]}
    at = geopandas.GeoDataFrame(station, geometry=[place], crs=4490)
    at.to_file(tmp_path / "站.gpkg", layer="base_stations")
    given = {
        "pack": "frontier-2027",
        "admin_units": str(tmp_path / "县.gpkg"),
        "places": str(tmp_path / "口岸.gpkg"),
        "base_stations": str(tmp_path / "站.gpkg"),
        "radius_m": 1000.0,
        "scope": "653024",
    }
    run = run_job("frontier_scoreboard", given, tmp_path / "r")
    rows = {row["county_code"]: row for row in run.summary["score"] if row["rule_id"] == "N12.institution_5g"}
    assert (rows["653024"]["in_scope"], rows["653024"]["met"], rows["653024"]["status"]) == (2, 2, "met")
    assert (rows["all"]["in_scope"], rows["all"]["cannot_tell"], rows["all"]["status"]) == (3, 1, "cannot_tell")
    assert "口岸三" in page(run) and "计为无法判定" in page(run)
