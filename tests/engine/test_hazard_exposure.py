"""What of the sample county lies in hazard areas."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import Geod, Transformer
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError

GEOD = Geod(ellps="GRS80")
WEST = shapely.box(129.35, 20.30, 129.45, 20.45)
EAST = shapely.box(129.50, 20.35, 129.65, 20.50)
OPEN = shapely.box(129.20, 20.40, 129.30, 20.50)
FAULT = shapely.LineString([(129.45, 20.0), (129.45, 20.7)])
WIDTH_M = 100.0  # of the pack, on either side of a fault
_LATS = np.linspace(20.0, 20.7, 701)
_ASIDE = np.array([WIDTH_M / GEOD.inv(129.45, lat, 129.4501, lat)[2] * 0.0001 for lat in _LATS])
BAND = shapely.Polygon([*zip(129.45 - _ASIDE, _LATS), *zip((129.45 + _ASIDE)[::-1], _LATS[::-1])])
AREAS = [
    ("西滑坡区", "高", "", WEST),
    ("东滑坡区", "中", "抗滑桩", EAST),
    ("未定级区", "", "", OPEN),
    ("断裂", "高", "", FAULT),
    ("隐患点", "高", "", shapely.Point(129.45, 20.3)),
]


def write(path, areas, column="等级"):
    features = [
        {
            "type": "Feature",
            "properties": {"名称": name, column: grade, "措施": measure},
            "geometry": shapely.geometry.mapping(shape),
        }
        for name, grade, measure, shape in areas
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8")
    return str(path)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the sample county, imported."""
    folder = tmp_path_factory.mktemp("灾害 暴露")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    return folder


@pytest.fixture(scope="module")
def found(home):
    stated = {"workspace": str(home / "海岳县.gpkg"), "landslide": write(home / "滑坡.geojson", AREAS)}
    return run_job("hazard_exposure", {**stated, "measure_column": "措施"}, home / "结果")


def cables(home):
    rows = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="trunk_cables")
    return rows[rows["status"] == "existing"].set_index("cable_id").geometry


def test_each_cable_has_the_geodesic_length_of_its_overlay_with_each_class(home, found):
    rows = pyogrio.read_dataframe(found.outputs["hazard_exposed"], layer="hazard_exposed")
    rows["grade"] = rows["grade"].fillna("")
    by_key = {(row.facility_id, row.grade): row for row in rows.itertuples()}
    assert len(by_key) == len(rows)
    for grade, area in (("高", WEST | BAND), ("中", EAST), ("", OPEN)):
        for cable, line in cables(home).items():
            length = GEOD.geometry_length(line.intersection(area)) / 1000
            crossings = shapely.get_num_geometries(line.intersection(FAULT)) if grade == "高" else 0
            if length == 0:
                assert (cable, grade) not in by_key
                continue
            row = by_key[cable, grade]
            assert row.length_km == pytest.approx(length, rel=1e-9, abs=2e-6)
            assert row.crossings == (crossings if line.intersects(FAULT) else 0)
            assert row.share_percent == pytest.approx(100 * length * 1000 / GEOD.geometry_length(line), abs=1e-3)
    whole = shapely.union_all([WEST, EAST, OPEN, BAND])
    total = sum(GEOD.geometry_length(line.intersection(whole)) for line in cables(home)) / 1000
    assert found.summary["length_km"] == pytest.approx(total, abs=1e-5)


def test_the_people_of_the_villages_inside_are_counted_and_an_unknown_class_is_told(home, found):
    villages = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="villages")
    table = pd.read_csv(found.outputs["exposure"]).set_index(["等级", "设施类别"])
    for grade, area in (("高", WEST | BAND), ("中", EAST), ("等级不明", OPEN)):
        own = villages[villages.intersects(area)]
        assert table.loc[(grade, "行政村"), "数量"] == len(own)
        assert table.loc[(grade, "行政村"), "受影响人口"] == own["population"].sum()
    page = Path(found.outputs["report"]).read_text(encoding="utf-8")
    assert "有 1 处等级为空" in page and "The class of" not in page and "it is told as unknown" in page


def test_what_lies_in_an_area_without_a_measure_lacks_one_and_without_a_column_nobody_can_tell(home, found):
    sites = pyogrio.read_dataframe(found.outputs["hazard_exposed_site"], layer="hazard_exposed_site")
    assert set(sites[sites["grade"] == "中"]["measures"]) == {"taken"}
    assert set(sites[sites["grade"] != "中"]["measures"]) == {"missing"}
    assert found.summary["missing"] > 0
    stated = {"workspace": str(home / "海岳县.gpkg"), "flood": str(home / "滑坡.geojson")}
    run = run_job("hazard_exposure", stated, home / "无措施列")
    lines = pyogrio.read_dataframe(run.outputs["hazard_exposed"], layer="hazard_exposed")
    assert run.summary["missing"] is None and pd.read_csv(run.outputs["exposure"])["缺措施的数量"].isna().all()
    assert set(lines["measures"]) == {"not_stated"} and set(lines["hazard"]) == {"flood"}


def test_the_row_that_is_a_point_is_told_and_not_lost_in_silence(found):
    page = Path(found.outputs["report"]).read_text(encoding="utf-8")
    assert "滑坡.geojson 有 1 行没有面或线，未参与计算" in page


def test_a_layer_in_another_projection_gives_the_same_lengths(home, found):
    turn = Transformer.from_crs(4490, 4507, always_xy=True)
    dense = shapely.segmentize(WEST, 0.001)  # straight in degrees is a little bent in metres
    shape = shapely.transform(dense, lambda xy: np.column_stack(turn.transform(*xy.T)))
    path = home / "投影.gpkg"
    pyogrio.raw.write(
        path,
        shapely.to_wkb([shape]),
        [np.array(["高"], object)],
        ["等级"],
        crs="EPSG:4507",
        geometry_type="Polygon",
        driver="GPKG",
    )
    run = run_job("hazard_exposure", {"workspace": str(home / "海岳县.gpkg"), "fire": str(path)}, home / "投影结果")
    total = sum(GEOD.geometry_length(line.intersection(WEST)) for line in cables(home)) / 1000
    assert run.summary["length_km"] == pytest.approx(total, rel=1e-6)


def test_a_column_that_is_not_there_is_named(home):
    stated = {"workspace": str(home / "海岳县.gpkg"), "flood": str(home / "滑坡.geojson"), "class_column": "烈度"}
    with pytest.raises(InputError, match="烈度"):
        run_job("hazard_exposure", stated, home / "没有列")


def test_a_column_that_one_of_several_layers_lacks_refuses_none_of_them(home):
    bare = write(home / "无措施.geojson", [("东区", "高", "", EAST)], column="级别")
    text = Path(bare).read_text("utf-8").replace('"措施": "", ', "").replace(', "措施": ""', "")
    Path(bare).write_text(text, "utf-8")
    stated = {"workspace": str(home / "海岳县.gpkg"), "landslide": str(home / "滑坡.geojson"), "flood": bare}
    run = run_job("hazard_exposure", {**stated, "measure_column": "措施", "class_column": "等级"}, home / "一层缺列")
    lines = pyogrio.read_dataframe(run.outputs["hazard_exposed"], layer="hazard_exposed")
    assert set(lines[lines["hazard"] == "flood"]["measures"]) == {"not_stated"}
    assert "not_stated" not in set(lines[lines["hazard"] == "landslide"]["measures"])
    assert set(lines[lines["hazard"] == "flood"]["grade"]) == {"高"}
    page = Path(run.outputs["report"]).read_text(encoding="utf-8")
    assert "无措施.geojson 没有指定的防护措施列" in page and "改按“级别”列" in page


def test_a_cable_along_a_fault_has_the_length_that_lies_within_the_width_of_the_pack(home, tmp_path):
    line = cables(home)["GL001"]
    aside = shapely.transform(line, lambda xy: np.add(xy, (0.0, 0.0003)))  # 33 m
    stated = {
        "workspace": str(home / "海岳县.gpkg"),
        "earthquake": write(tmp_path / "断层.geojson", [("断层", "", "", aside)]),
    }
    run = run_job("hazard_exposure", stated, tmp_path / "结果")
    rows = pyogrio.read_dataframe(run.outputs["hazard_exposed"], layer="hazard_exposed").set_index("facility_id")
    assert rows.loc["GL001", "length_km"] == pytest.approx(GEOD.geometry_length(line) / 1000, rel=0.02)
    assert "100 m 以内计为处于灾害区" in Path(run.outputs["report"]).read_text(encoding="utf-8")


def test_without_a_hazard_layer_there_is_nothing_to_do(home):
    with pytest.raises(ParameterError, match="No hazard layer"):
        run_job("hazard_exposure", {"workspace": str(home / "海岳县.gpkg")}, home / "没有灾害")


def test_a_layer_of_points_is_refused(home):
    path = write(home / "点.geojson", [("点", "高", "", shapely.Point(129.4, 20.4))])
    with pytest.raises(InputError, match="no area and no line"):
        run_job("hazard_exposure", {"workspace": str(home / "海岳县.gpkg"), "wind": path}, home / "只有点")


def test_rows_of_another_phase_and_of_one_station_twice_are_told(home, found):
    rows = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="base_stations", read_geometry=False)
    counted = rows[rows["status"].isna() | (rows["status"] == "existing")]["station_id"].nunique()
    page = Path(found.outputs["report"]).read_text(encoding="utf-8")
    assert f"基站 {counted} 个（图层 {len(rows)} 行，编号重复或不属本阶段的 {len(rows) - counted} 行未计）" in page
