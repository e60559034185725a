from __future__ import annotations

import csv
import hashlib
import json
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import openpyxl
import pyogrio
import pytest
import rasterio
import shapely
from pyproj import Geod
from xinji_planner.engine.context import RunContext
from xinji_planner.jobs import import_layer
from xinji_planner.layers.specs import SPECS
from xinji_planner.sample_data import build, datum, gaps, truth
from xinji_planner.sample_data.names import TOWNS
from xinji_planner.sample_data.network import Station

FOLDER = Path(build.__file__).parent
RECEIVED, TRUTH = FOLDER / "received", FOLDER / "truth"
PLAN = tomllib.loads((FOLDER / "import_plan.toml").read_text(encoding="utf-8"))["import"]
GEOD = Geod(ellps="GRS80")
ENCODINGS = {"移动_无线基站台账.csv": "gbk", "行政村名录.csv": "gbk", "重点场所.csv": "gb18030"}


def read_csv(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def sheet_rows(path: Path, sheet: str) -> list[list[str]]:
    """All rows of a text table or sheet, the first one as number 0."""
    if path.suffix == ".xlsx":
        rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    with path.open(encoding=ENCODINGS.get(path.name, "utf-8-sig"), newline="") as file:
        return list(csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ","))


def hashes(folder: Path) -> dict[str, str]:
    parts = ["import_plan.toml", "received", "truth"]
    paths = [p for part in parts for p in ([folder / part] if part.endswith("toml") else (folder / part).iterdir())]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}


@pytest.fixture(scope="module")
def units() -> dict[str, tuple[str, shapely.Geometry]]:
    meta, _, shapes, columns = pyogrio.raw.read(RECEIVED / "行政区划.shp", encoding="UTF-8")
    table = dict(zip(meta["fields"], columns))
    return {c: (level, shapely.from_wkb(s)) for c, level, s in zip(table["代码"], table["级别"], shapes)}


def test_a_second_run_of_the_generator_writes_the_same_bytes(tmp_path):
    build.write_all(tmp_path)
    assert hashes(tmp_path) == hashes(FOLDER)


def test_all_files_together_stay_within_six_megabytes():
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 6e6


def test_every_received_file_is_in_the_import_plan():
    planned = {Path(entry["source"]).stem for entry in PLAN}
    received = {path.stem for path in RECEIVED.iterdir()} - {Path(build.HEIGHT_MODEL).stem}
    assert received == planned
    assert {entry["kind"] for entry in PLAN} == set(SPECS)


def test_the_plan_counts_every_row_below_the_headings_once():
    for entry in PLAN:
        path = FOLDER / entry["source"]
        if path.suffix in (".csv", ".tsv", ".xlsx"):
            rows = len(sheet_rows(path, entry["layer"])) - (2 if "台账" in path.name else 1)
        else:
            rows = pyogrio.read_info(path, layer=entry["layer"] or None)["features"]
        assert entry["rows_in"] == rows, path.name
        assert entry["rows_in"] == entry["rows_out"] + entry["rows_set_aside"], path.name


def test_a_planted_fault_stands_in_the_row_that_the_truth_names():
    faults = read_csv(TRUTH / "set_aside.csv") + read_csv(TRUTH / "value_issues.csv")
    looked_at = 0
    for fault in faults:
        if fault["file"].endswith(".shp"):
            continue
        rows = sheet_rows(RECEIVED / fault["file"], fault["layer"])
        headings = rows[1] if "台账" in fault["file"] else rows[0]
        row = dict(zip(headings, rows[int(fault["row"]) - 1]))
        assert row[fault["heading"]] == fault["value"], fault
        looked_at += 1
    assert looked_at > 60


def test_the_importer_sets_aside_exactly_the_planted_rows(tmp_path):
    planted: dict[tuple[str, str], dict[int, str]] = {}
    for row in read_csv(TRUTH / "set_aside.csv"):
        planted.setdefault((row["file"], row["layer"]), {})[int(row["row"])] = row["reason"]
    for number, entry in enumerate(PLAN):
        folder = tmp_path / str(number)
        folder.mkdir()
        asked = {name: entry[name] for name in ("layer", "kind", "datum", "encoding")}
        asked |= {"source": str(FOLDER / entry["source"]), "workspace": str(tmp_path / "w.gpkg"), "mapping": None}
        summary = import_layer.run(RunContext(asked, folder))
        keys = ("rows_in", "rows_out", "rows_set_aside", "rows_without_place", "value_issues")
        assert {key: summary[key] for key in keys} == {key: entry[key] for key in keys}, entry["source"]
        found = {int(row["row"]): row["reason_code"] for row in read_csv(folder / "set_aside.csv")}
        assert found == planted.get((Path(entry["source"]).name, entry["layer"]), {}), entry["source"]


def test_nothing_can_be_taken_for_a_real_place(units):
    assert all(code.startswith("99") for code in units)
    assert all(row["village_code"].startswith("99") for row in read_csv(TRUTH / "villages_5g.csv"))
    for code, (_, shape) in units.items():
        west, south, east, north = shape.bounds
        assert west >= 129.0 and east <= 129.95 and south >= 20.0 and north <= 20.7, code


def test_towns_tile_their_counties_without_gap_or_overlap(units):
    for county, (level, area) in units.items():
        if level == "县级":
            towns = [shape for code, (kind, shape) in units.items() if kind == "乡级" and code.startswith(county)]
            whole = gaps.area_km2(shapely.union_all(towns))
            assert whole == pytest.approx(gaps.area_km2(area), rel=1e-7)
            assert sum(map(gaps.area_km2, towns)) == pytest.approx(whole, rel=1e-7)


def test_codes_and_figures_of_the_villages_are_plausible():
    towns = {town.code: town.name for town in TOWNS}
    rows = [row for row in read_csv(RECEIVED / "行政村名录.csv", "gbk") if len(row["行政村代码"]) == 12]
    good = {row["行政村代码"]: row for row in rows if row["行政村名称"]}
    assert 190 <= len(good) <= 215
    for code, row in good.items():
        assert row["乡镇"] == towns[code[:9]] and 200 <= int(code[9:]) < 1000
        if row["人口"].isdigit():
            assert 2.8 < int(row["人口"]) / int(row["户数"]) < 4.2
    assert sum(row["是否边境村"] == "是" for row in good.values()) > 10
    homes = [int(row["户数"]) for row in read_csv(RECEIVED / "自然村.csv") if row["自然村编号"] != "合计"]
    assert min(homes) < 20 <= max(homes)


def test_no_station_stands_where_a_verdict_turns():
    stations = read_csv(TRUTH / "stations_true_place.csv")
    lon, lat = (np.array([float(row[name]) for row in stations]) for name in ("lon", "lat"))
    turns = np.array([400, 500, 600, 800, 900, 1000, 1200, 1500, 1800, 2000, 2200, 2500, 3500, 5000])
    for name, sheet in (("行政村关键点.xlsx", "关键点"), ("自然村.csv", "")):
        headings, *rows = sheet_rows(RECEIVED / name, sheet)
        x, y = headings.index("经度(CGCS2000)"), headings.index("纬度(CGCS2000)")
        for row in rows:
            if row[x].startswith("129."):
                n = len(lon)
                distance = GEOD.inv(np.full(n, float(row[x])), np.full(n, float(row[y])), lon, lat)[2]
                assert np.abs(distance[:, None] - turns).min() > 1.5, row


def test_the_rates_follow_from_the_verdicts():
    summary = json.loads((TRUTH / "summary.json").read_text(encoding="utf-8"))
    for name in ("villages_5g", "villages_4g", "villages_5g_2000m"):
        rows = read_csv(TRUTH / f"{name}.csv")
        count = Counter(row["verdict"] for row in rows)
        rate = 100 * count["reached"] / (count["reached"] + count["not_reached"])
        assert summary[name.replace("villages", "village_reach")]["rate_percent"] == pytest.approx(rate, abs=0.005)
        assert min(count["reached"], count["not_reached"], count["cannot_tell"]) > 0
        assert all(bool(row["operators"]) == (row["verdict"] == "reached") for row in rows)
    five = read_csv(TRUTH / "villages_5g.csv")
    assert sum(row["verdict"] != row["verdict_without_measurements"] for row in five) >= 5
    assert sum(row["verdict"] != row["after_plan"] for row in five) >= 10
    assert all(row["verdict"] == "cannot_tell" for row in five if row["village_code"].startswith("990181"))


def test_the_unknown_neither_makes_nor_breaks_a_verdict():
    assert truth.all_of([True, None]) is None and truth.all_of([False, None]) is False
    assert truth.any_of([True, None]) is True and truth.any_of([False, None]) is None
    assert truth.any_of([]) is False and truth.all_of([True, True]) is True


@pytest.mark.parametrize(
    ("technology", "band", "height", "radius"),
    [
        ("5G", 700, 30, 3500),
        ("5G", 700, 29, 2500),
        ("5G", 700, None, 2500),
        ("5G", 2600, 45, 1200),
        ("5G", None, 45, 500),
        ("5G", None, None, 400),
        ("4G", 900, 35, 5000),
        ("4G", 1800, 10, 1800),
        ("4G", None, 40, 1500),
    ],
)
def test_a_station_takes_the_smallest_radius_that_is_possible(technology, band, height, radius):
    station = Station(
        "1", "", "CMCC", ("CMCC",), (technology,), band, height, "existing", "", (129.0, 20.0), "", TOWNS[0], ""
    )
    assert truth.radius_m(station, technology, None, truth.presets()) == radius
    assert truth.radius_m(station, technology, 2000.0, truth.presets()) == 2000


def test_the_gap_areas_of_a_county_add_up_and_equal_those_of_its_towns():
    for name in ("gaps_5g.json", "gaps_5g_2000m.json"):
        content = json.loads((TRUTH / name).read_text(encoding="utf-8"))
        for county in content["counties"]:
            towns = [t for t in content["towns"] if t["town_code"].startswith(county["county_code"])]
            assert county["area_km2"] == pytest.approx(
                county["covered_km2"] + county["uncovered_km2"] + county["cannot_tell_km2"], abs=2e-4
            )
            assert county["uncovered_km2"] == pytest.approx(sum(t["uncovered_km2"] for t in towns), rel=1e-5)
            for key in ("villages_in_gap", "villages_cannot_tell"):
                assert county[key] == sum(town[key] for town in towns)


def test_the_shifts_of_gcj02_and_bd09_are_the_known_ones():
    lon, lat = datum.gcj02(116.42079, 39.90105)  # Beijing railway station, as geoChina documents it
    assert (lon, lat) == (pytest.approx(116.42703, abs=1e-5), pytest.approx(39.90245, abs=1e-5))
    lon, lat = datum.bd09(116.404, 39.915)
    assert GEOD.inv(116.404, 39.915, lon, lat)[2] > 1000


def test_main_and_standby_trunk_share_a_trench_and_one_cable_misses_its_node():
    planted = json.loads((TRUTH / "planted.json").read_text(encoding="utf-8"))["trunk"]
    meta, _, shapes, columns = pyogrio.raw.read(RECEIVED / "干线光缆_3度43带.shp", encoding="GBK")
    assert meta["crs"] == "EPSG:4531"
    lines = dict(zip(columns[list(meta["fields"]).index("光缆编号")], shapely.from_wkb(shapes)))
    main, standby = (lines[number] for number in planted["same_trench"]["cables"])
    together = standby.intersection(main.buffer(2.0)).length
    assert 0.4 < together / standby.length < 0.95
    ends = [shapely.Point(lines[planted["near_miss"]["cable"]].coords[k]) for k in (0, -1)]
    nodes = json.loads((RECEIVED / "干线节点.geojson").read_text(encoding="utf-8"))["features"]
    node = next(n for n in nodes if n["properties"]["节点编号"] == planted["near_miss"]["node"])
    x, y = build.geography.TO_ZONE.transform(*node["geometry"]["coordinates"])
    assert min(end.distance(shapely.Point(x, y)) for end in ends) == pytest.approx(14.0, abs=0.1)
    assert planted["nodes_with_fewer_than_3_cables"]


def test_the_height_model_is_zero_at_sea_and_rises_inland():
    with rasterio.open(RECEIVED / build.HEIGHT_MODEL) as model:
        heights = model.read(1)
        assert model.crs.to_epsg() == 4490 and model.dtypes[0] == "int16"
        assert next(model.sample([(129.5, 20.05)]))[0] == 0
        assert next(model.sample([(129.27, 20.36)]))[0] > 0
    assert 0.3 < (heights > 0).mean() < 0.6 and 700 < heights.max() < 1500
