"""The land and sea that facilities need: by code, county, year and type, and the sums of the permit stage."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import Geod
from xinji_planner.analysis.areas import geometry_areas
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError

from .land_kit import FARM, GEOD, RED, cable, county, geojson, plot, station

ROOT = Path(__file__).resolve().parents[2]


def run(folder, name="结果", **stated):
    result = run_job("land_demand", stated, folder / name)
    sums = pd.read_csv(result.outputs["demand"], dtype={"用地用海代码": str, "县级代码": str, "年份": "Int64"})
    projects = pd.read_csv(result.outputs["projects"], dtype={"DKBH": str, "TDYTDM": str, "SZXZQDM": str})
    return result, sums, projects.set_index("DKBH"), Path(result.outputs["report"]).read_text(encoding="utf-8")


def units(folder):
    west, east = shapely.box(129.3, 20.3, 129.5, 20.6), shapely.box(129.5, 20.3, 129.7, 20.6)
    return geojson(folder / "县.geojson", [county("990121", "西县", west), county("990122", "东县", east)])


def test_sites_add_up_by_county_year_and_type_and_rooftops_take_none(tmp_path):
    rows = [station("A", 129.35, 20.41), station("B", 129.36, 20.41), station("C", 129.6, 20.41)]
    rows += [station("D", 129.37, 20.41, 入网日期="2028-01-31"), station("E", 129.38, 20.41, "楼面")]
    rows += [station("F", 129.39, 20.41, "杆站"), station("G", 129.39, 20.42, None)]
    stations = geojson(tmp_path / "站.geojson", rows)
    result, sums, _, page = run(tmp_path, base_stations=stations, admin_units=units(tmp_path))
    known = sums.dropna(subset=["类型"])
    keys = zip(known["县"], known["年份"], known["类型"])
    found = dict(zip(keys, zip(known["设施数"], known["面积（m²）"], known["面积未知的设施数"])))
    assert found == {
        ("东县", 2027, "落地塔"): (1, 100, 0),
        ("西县", 2027, "落地塔"): (2, 200, 0),
        ("西县", 2028, "落地塔"): (1, 100, 0),
        ("西县", 2027, "楼面"): (1, 0, 0),
        ("西县", 2027, "杆站"): (1, 4, 0),
    }
    unknown = sums[sums["类型"].isna()]
    assert unknown["面积未知的设施数"].tolist() == [1] and unknown["面积（m²）"].isna().all()
    assert set(sums["用地用海代码"]) == {"130600"} and set(sums["代码版本"].astype(str)) == {"2023"}
    assert result.summary["by_code_m2"] == {"130600": 404.0}
    assert result.summary["no_land"] == 1 and result.summary["unknown"] == 1
    assert "合计是下限" in page and "占地 0 m²" in page


def test_a_data_centre_takes_its_plot_and_its_code_is_for_the_planner_to_state(tmp_path):
    shape = shapely.box(129.40, 20.40, 129.403, 20.402)
    plots = geojson(tmp_path / "数.geojson", [plot("园", shape), plot("点", shapely.Point(129.4, 20.5))])
    _, sums, projects, page = run(tmp_path, dc_clusters=plots)
    assert sums["面积（m²）"].sum() == pytest.approx(geometry_areas([shape])[0], abs=1e-3)
    assert projects["TDYTDM"].tolist() == ["130600", "130600"] and "商业数据中心可能为 0902" in page
    assert projects.loc["园", "YDMJ"] == round(geometry_areas([shape])[0] / 10_000, 4)
    assert pd.isna(projects.loc["点", "YDMJ"])
    _, sums, projects, _ = run(tmp_path, "另码", dc_clusters=plots, dc_code="1001")
    assert set(sums["用地用海代码"]) == {"100100"} and set(projects["TDYTMC"]) == {"工业用地"}
    with pytest.raises(InputError, match="用地用海代码"):
        run(tmp_path, "坏码", dc_clusters=plots, dc_code="甲")


def test_a_sea_cable_takes_sea_by_county_and_beyond_and_one_on_land_none(tmp_path):
    sea = cable("海", [(129.45, 20.4), (129.8, 20.4)], "海底")
    land = cable("陆", [(129.45, 20.45), (129.55, 20.45)], "管道")
    cables = geojson(tmp_path / "缆.geojson", [sea, land, cable("谜", [(129.4, 20.4), (129.5, 20.4)], None)])
    result, sums, projects, page = run(tmp_path, trunk_cables=cables, admin_units=units(tmp_path))
    parts = {"西县": (129.45, 129.5), "东县": (129.5, 129.7), "县界以外": (129.7, 129.8)}
    assert set(sums["用地用海代码"]) == {"190600"} and set(sums["用地用海名称"]) == {"海底电缆管道用海"}
    by = dict(zip(sums["县"], sums["面积（m²）"]))
    assert set(by) == set(parts)
    for name, (west, east) in parts.items():
        dense = shapely.segmentize(shapely.LineString([(west, 20.4), (east, 20.4)]), 0.001)
        assert by[name] == pytest.approx(20 * GEOD.geometry_length(dense), rel=1e-5)
    assert result.summary["by_code_m2"] == {"190600": pytest.approx(sum(by.values()), abs=0.02)}
    assert len(projects) == 0 and "陆上光缆 1 条" in page and "1 条光缆敷设方式不明" in page
    assert "m² 在县界内" in page


def test_the_sums_of_the_permit_stage_are_hectares_and_empty_where_nobody_can_tell(tmp_path):
    stations = geojson(tmp_path / "站.geojson", [station("农", 129.40, 20.41), station("红", 129.51, 20.41)])
    farm = geojson(tmp_path / "农.geojson", [({}, FARM)])
    arable = geojson(tmp_path / "耕.geojson", [({}, shapely.box(129.3, 20.3, 129.45, 20.5))])
    stated = {"base_stations": stations, "basic_farmland": farm}
    result, _, projects, page = run(tmp_path, **stated)
    assert projects.loc["农", "ZYYNMJ"] == 0.005 and projects.loc["红", "ZYYNMJ"] == 0
    assert projects["SJSTHXMJ"].isna().all() and projects["ZYGDMJ"].isna().all()
    assert result.summary["red_line_m2"] is None and result.summary["farmland_m2"] == pytest.approx(50)
    assert "相应的列为空" in page and "公顷" in page
    red = geojson(tmp_path / "红.geojson", [({}, RED)])
    _, _, projects, _ = run(tmp_path, "全", **stated, ecological_red_line=red, arable_land=arable)
    assert projects["SJSTHXMJ"].to_dict() == {"农": 0, "红": 0.01}
    assert projects["ZYGDMJ"].to_dict() == {"农": 0.01, "红": 0}
    profile = tomllib.loads((ROOT / "layers/delivery/profiles/permit.toml").read_text(encoding="utf-8"))
    fields = next(layer for layer in profile["layer"] if layer["name"] == "XS_XMKJFW")["field"]
    head = Path(result.outputs["projects"]).read_text(encoding="utf-8-sig").splitlines()[0]
    assert head.split(",") == [field["name"] for field in fields]


def test_an_own_pack_gives_a_type_without_a_preset_its_footprint(tmp_path):
    stations = geojson(tmp_path / "站.geojson", [station("怪", 129.40, 20.41, "其他")])
    own = tmp_path / "规则"
    own.mkdir()
    rule = ["[[rule]]", 'id = "land.footprint.other"', 'zh = "其他站"', 'en = "Other site"', "value = 30"]
    rule += ['unit = "m²"', 'status = "unverified"', 'reason = "本省标准"']
    text = "\n".join(["[pack]", 'id = "local"', 'base = "land"', *rule])
    (own / "local.toml").write_text(text, encoding="utf-8")
    result, _, _, _ = run(tmp_path, "无", base_stations=stations)
    assert result.summary["unknown"] == 1
    result, _, _, page = run(tmp_path, "有", base_stations=stations, own_packs=str(own))
    assert result.summary["by_code_m2"] == {"130600": 30.0} and "其他站" in page


def test_without_facilities_the_job_says_what_to_give(tmp_path):
    with pytest.raises(ParameterError, match="没有指定设施图层"):
        run(tmp_path)


def test_the_sample_county_adds_up_to_its_parcels(tmp_path):
    run_job("load_sample", {"workspace": str(tmp_path / "海岳县.gpkg")}, tmp_path / "导入")
    result, sums, projects, _ = run(tmp_path, workspace=str(tmp_path / "海岳县.gpkg"), phase="all")
    parcels = pyogrio.read_dataframe(result.outputs["land_parcel"], layer="land_parcel")
    geod = Geod(a=6378137.0, rf=298.257222101)
    own = [abs(geod.geometry_area_perimeter(shape)[0]) for shape in parcels.geometry]
    assert sum(own) == pytest.approx(sums["面积（m²）"].sum(), rel=1e-6)
    assert parcels["demand_m2"].to_numpy() == pytest.approx(own, rel=1e-4)
    assert sums["设施数"].sum() == len(pd.read_csv(result.outputs["parcels"]))
    assert projects["YDMJ"].sum() == pytest.approx(result.summary["by_code_m2"]["130600"] / 10_000, abs=0.01)
    again, _, _, _ = run(tmp_path, "再", workspace=str(tmp_path / "海岳县.gpkg"), phase="all")
    for key in ("demand", "projects", "report", "land_parcel"):
        assert Path(again.outputs[key]).read_bytes() == Path(result.outputs[key]).read_bytes()
