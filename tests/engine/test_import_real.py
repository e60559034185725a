"""Imports of whole files: the real ones beside the clone, and the sample county against what was planted in it."""

import csv
import shutil
import tomllib
from pathlib import Path

import numpy as np
import pyogrio
import pyproj
import pytest
from xinji_planner.errors import InputError
from xinji_planner.layers.datum import wgs84_to_gcj02
from xinji_planner.tests.engine.import_kit import do_import

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
GEOD = pyproj.Geod(ellps="GRS80")


@pytest.mark.parametrize(
    ("name", "rows", "located"),
    [("ngari/阿里行政村_GCJ02_GBK.csv", 141, 107), ("xiangxi/湘西行政村_GCJ02_GBK.csv", 1803, 1405)],
)
def test_real_villages_in_gbk_and_gcj02_are_all_kept(tmp_path, shared_data, name, rows, located):
    with pytest.raises(InputError, match="GCJ-02"):
        do_import(tmp_path, shared_data / name, "villages")
    done = do_import(tmp_path, shared_data / name, "villages", datum="gcj02")
    assert done.summary["rows_out"] == rows
    assert done.summary["rows_without_place"] == rows - located
    assert done.summary["encoding"] == "GB18030"
    lon, lat = done.table.lon_lat()
    there = np.isfinite(lon)
    with (shared_data / name).open(encoding="gb18030", newline="") as file:
        written = [(float(row["经度"]), float(row["纬度"])) for row in csv.DictReader(file) if row["经度"]]
    assert np.allclose(np.column_stack(wgs84_to_gcj02(lon[there], lat[there])), written, atol=1e-9)
    shift_m = GEOD.inv(lon[there], lat[there], *np.array(written).T)[2]
    assert 100 < np.median(shift_m) < 800


def test_real_units_of_a_coastal_city_come_with_a_mapping(tmp_path, shared_data):
    source = shared_data / "fangchenggang/防城港市_村镇_GCJ02_GBK.csv"
    mapping = {"行政区划代码": "village_code", "名称": "village_name"}
    done = do_import(tmp_path, source, "villages", datum="gcj02", mapping=mapping)
    assert (done.summary["rows_in"], done.summary["rows_out"]) == (400, 360)
    assert done.summary["set_aside_by_reason"] == {"not_a_village": 40}
    assert all(code[-3:] != "000" for code in done.column("village_code"))
    assert done.summary["rows_without_place"] == 360 - 40


def test_real_county_areas_are_valid_after_conversion(tmp_path, shared_data):
    done = do_import(tmp_path, shared_data / "xiangxi/湘西县界_GCJ02.geojson", "admin_units", datum="gcj02")
    assert done.summary["rows_out"] == 8
    assert all(shape.is_valid for shape in done.table.geometry)
    assert done.column("level") == ["county"] * 8
    assert done.summary["derived"] == {"level": {"county": 8}}


@pytest.mark.parametrize("spoil", ["as it is", "LDID 0", "wrong .cpg", "right .cpg"])
def test_a_real_gbk_shapefile_has_its_78_counties_by_name(tmp_path, shared_data, spoil):
    for part in (shared_data / "gbk_shapefile").iterdir():
        shutil.copy(part, tmp_path / part.name)
    source = tmp_path / "chinese_encoding.shp"
    if spoil == "LDID 0":
        dbf = bytearray(source.with_suffix(".dbf").read_bytes())
        dbf[29] = 0
        source.with_suffix(".dbf").write_bytes(dbf)
    if "cpg" in spoil:
        source.with_suffix(".cpg").write_text("UTF-8" if "wrong" in spoil else "GBK", encoding="ascii")
    mapping = {"COUNTY_ID": "code", "NAME99": "name"}
    expected = [str(n) for n in pyogrio.read_dataframe(shared_data / "gbk_shapefile", encoding="GBK")["NAME99"]]
    done = do_import(tmp_path, source, "admin_units", datum="cgcs2000", mapping=mapping)
    assert done.summary["rows_in"] == 78
    assert done.column("name") == expected
    assert {"天长市", "全椒县", "和县"} <= set(expected)


@pytest.fixture(scope="module")
def plan():
    file = SAMPLE / "import_plan.toml"
    if not file.is_file():
        pytest.fail("the sample county is not generated: run sample_data/generate.py")
    return tomllib.loads(file.read_text(encoding="utf-8"))["import"]


def planted(name, file):
    with (SAMPLE / "truth" / name).open(encoding="utf-8-sig", newline="") as table:
        return sorted((row for row in csv.DictReader(table) if row["file"] == file), key=lambda row: int(row["row"]))


def test_every_sample_file_gives_the_rows_and_the_reasons_that_were_planted(tmp_path, plan):
    for step in plan:
        source = SAMPLE / step["source"]
        done = do_import(tmp_path, source, step["kind"], step["datum"], layer=step["layer"] or None)
        for key in ("rows_in", "rows_out", "rows_set_aside", "rows_without_place", "value_issues"):
            assert done.summary[key] == step[key], (source.name, key)
        wanted = [(row["row"], row["reason"]) for row in planted("set_aside.csv", source.name)]
        assert [(row["row"], row["reason_code"]) for row in done.aside] == wanted, source.name
        wanted = [(row["row"], row["value"]) for row in planted("value_issues.csv", source.name)]
        assert [(row["row"], row["original"]) for row in done.issues] == wanted, source.name


def test_sample_stations_lie_where_they_truly_stand_whatever_datum_they_came_in(tmp_path, plan):
    with (SAMPLE / "truth/stations_true_place.csv").open(encoding="utf-8-sig", newline="") as file:
        true = {row["station_id"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)}
    for step in (step for step in plan if step["kind"] == "base_stations"):
        done = do_import(tmp_path, SAMPLE / step["source"], step["kind"], step["datum"], layer=step["layer"] or None)
    lon, lat = done.table.lon_lat()
    there = np.array([true[station] for station in done.column("station_id")])
    assert len(there) == sum(step["rows_out"] for step in plan if step["kind"] == "base_stations")
    assert GEOD.inv(lon, lat, there[:, 0], there[:, 1])[2].max() < 0.2
