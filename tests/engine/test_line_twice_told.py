"""What is drawn twice, and what may be, is counted once or told, in the job as a planner runs it."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pyogrio
import pytest
from shapely.geometry import MultiLineString, Point
from xinji_planner.engine.executor import run_job

WAY = [(108.02, 21.56), (108.07, 21.56), (108.12, 21.56)]
BACK = [(108.12, 21.5603), (108.02, 21.5603)]


def road(number, code, kind, *parts):
    return {
        "road_id": number,
        "code": code,
        "name": None,
        "road_class": kind,
        "is_border": True,
        "structure": "open",
        "geometry": MultiLineString(parts),
    }


@pytest.fixture
def cover(tmp_path):
    def run(*roads):
        source = tmp_path / "路.gpkg"
        station = {"station_id": "S", "operator": "CMCC", "technology": "5G", "band_mhz": 700.0, "status": "existing"}
        spots = [station | {"antenna_height_m": 40.0, "geometry": Point(108.07, 21.56)}]
        for layer, rows in (("roads", list(roads)), ("base_stations", spots)):
            geopandas.GeoDataFrame(rows, crs=4490).to_file(source, layer=layer, driver="GPKG", engine="pyogrio")
        named = {name: f"{source}|layername={name}" for name in ("roads", "base_stations")}
        stated = {**named, "evidence": "distance", "radius_m": 2000.0, "gap_least_m": 0}
        found = run_job("line_coverage", stated, tmp_path / "结果")
        return found, Path(found.outputs["report"]).read_text(encoding="utf-8")

    return run


@pytest.mark.parametrize("code", ["G1", "S2", None])
def test_a_feature_drawn_again_under_another_id_is_counted_once_and_both_ids_are_told(cover, code):
    before, after = [(108.0, 21.56), WAY[0]], [WAY[-1], (108.15, 21.56)]
    run, page = cover(
        road("甲", "G1", "national", WAY),
        road("乙", code, "provincial" if code != "G1" else "national", WAY[::-1]),
        road("丙", "G1", "national", before),
        road("丁", "G1", "national", after),
    )
    assert run.summary["length_km"] == pytest.approx(15.537, abs=0.01)
    assert run.summary["drawn_twice_km"] == pytest.approx(10.358, abs=0.001)
    assert run.summary["second_carriageway_km"] == 0
    # The run goes on over the joints, as if nothing lay there twice.
    gaps = pyogrio.read_dataframe(run.outputs["road_gap"], layer="road_gap")
    runs = sorted(gaps.loc[gaps["run_km"] > 1, "run_km"].unique())
    assert runs == pytest.approx([5.25, 6.29], abs=0.05)
    assert "乙" in page and "甲〔G1〕" in page and "重复绘制" in page


def test_carriageways_that_meet_are_not_counted_twice(cover):
    run, _ = cover(road("甲", "G1", "national", WAY), road("乙", "G1", "national", [WAY[-1], *BACK, WAY[0]]))
    assert run.summary["length_km"] == pytest.approx(10.358, abs=0.08)
    assert run.summary["second_carriageway_km"] == pytest.approx(10.358, abs=0.08)


@pytest.mark.parametrize("roads", [((None, "national"),) * 2, (("G1", "national"), ("G1", "expressway"))])
def test_neighbours_that_may_be_one_road_are_counted_and_told(cover, roads):
    run, page = cover(*(road(name, *kind, way) for name, kind, way in zip("甲乙", roads, (WAY, BACK))))
    assert run.summary["length_km"] == pytest.approx(20.716, abs=0.001)
    assert "无法判断是否为同一道路的双幅" in page


def test_the_report_says_that_drive_tests_are_not_used(cover):
    _, page = cover(road("甲", "G1", "national", WAY))
    assert "测试记录不用于线路判定" in page and "Drive tests are not used for roads" in page
