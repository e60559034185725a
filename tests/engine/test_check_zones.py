"""A package that is split by zone is checked set by set: what one zone lacks is no fault of another."""

from __future__ import annotations

import shutil

import pytest
import shapely
from xinji_planner.layers.delivery.checking.found import part_of
from xinji_planner.tests.engine.check_kit import change, coded_profile, run_check
from xinji_planner.tests.engine.profile_kit import COUNTY, cables, deliver, fill, nodes, rows, small_county

FORMATS = ("gpkg", "csv", "xlsx", "shp")
EAST = (117.2, 36.0)


@pytest.fixture(scope="module")
def split(tmp_path_factory):
    """A county over two zones, with rooms and cables in both, handed in zone by zone."""
    folder = tmp_path_factory.mktemp("跨带")
    county = small_county(folder)
    fill(
        county,
        "admin_units",
        {"uuid": ["u1"], "code": ["433101"], "name": ["甲县"], "level": ["county"]},
        [shapely.union(COUNTY, shapely.box(COUNTY.bounds[0], COUNTY.bounds[1], 118, COUNTY.bounds[3]))],
    )
    nodes(county, ["A", "B", "C"], [shapely.Point(113.5, 36), shapely.Point(114.5, 36), shapely.Point(EAST)])
    cables(
        county,
        [shapely.LineString([(113.5, 36), (114.2, 36)]), shapely.LineString([EAST, (117.4, 36.1), (117.5, 36.1)])],
    )
    profile = coded_profile(folder, **{'spans = "most"': 'spans = "split"'})
    summary, outputs = deliver(
        county, folder / "交付", profile=str(profile), formats=FORMATS, crs="zone", date="2026-11-21"
    )
    assert summary["zones"] == [38, 39]
    return folder, county.path, profile, summary, outputs


def test_a_county_over_two_zones_has_no_findings_when_it_is_written(split):
    *_, summary, outputs = split
    assert rows(outputs["records"]) == []
    assert summary["check_findings"] == {"1": 0, "2": 0, "3": 0}


@pytest.mark.parametrize("name", ["package", "zip"])
def test_nor_has_it_when_it_is_checked_from_outside(split, tmp_path, name):
    _, workspace, profile, _, outputs = split
    summary, records, _ = run_check(outputs[name], tmp_path / "检查", profile, workspace=workspace)
    assert records == []
    assert "COUNT" in summary["rules_run"]
    assert "CRS" in summary["rules_run"]


def test_a_profile_that_does_not_split_finds_no_second_crs_in_the_folders_of_zones(split, tmp_path):
    folder, workspace, *_, outputs = split
    profile = coded_profile(folder, name="most")
    _, records, _ = run_check(outputs["package"], tmp_path / "检查", profile, workspace=workspace)
    assert [row["规则编号"] for row in records if row["规则编号"] in ("CRS", "COUNT", "2203", "LAYERS")] == []


def test_what_a_zone_lacks_is_told_of_that_zone(split, tmp_path):
    _, workspace, profile, summary, outputs = split
    package = shutil.copytree(outputs["package"], tmp_path / "成果")
    table = next((package / "39带").rglob("ZDJCSSD.csv"))
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    table.write_text("\n".join(lines[:-1]), encoding="utf-8-sig")
    for path in (package / "38带").rglob("ZDJCSSX.*"):
        if path.suffix not in (".csv", ".xlsx"):
            path.unlink()
    _, records, _ = run_check(package, tmp_path / "检查", profile, workspace=workspace)
    told = sorted((row["规则编号"], row["涉及图层"], part_of(row["文件"])) for row in records)
    assert told == [("COUNT", "ZDJCSSD", "39带"), ("COUNT", "ZDJCSSX", "38带")]
    assert f"{summary['package']}_38.gpkg" in next(row["文件"] for row in records if row["涉及图层"] == "ZDJCSSX")


def test_a_number_that_stands_in_two_zones_is_still_found(split, tmp_path):
    _, workspace, profile, _, outputs = split
    package = shutil.copytree(outputs["package"], tmp_path / "成果")
    first, second = sorted(package.rglob("*.gpkg"))
    for path in package.rglob("*"):
        if path.is_file() and path.suffix != ".gpkg":
            path.unlink()
    taken = "433101" + "0" * 12
    for path in (first, second):
        change(path, "ZDJCSSD", f"BSM = '{taken}'")
    _, records, _ = run_check(package, tmp_path / "检查", profile, workspace=workspace)
    doubled = [row for row in records if row["规则编号"] == "BSM" and "出现 2 次" in row["错误描述"]]
    assert sorted(part_of(file) for row in doubled for file in row["文件"].split("、")) == ["38带", "39带"]


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("38带/a.gpkg · L", "38带"),
        ("甲/39带/shp/L.shp", "甲/39带"),
        ("a.gpkg · L", ""),
        ("带/a.shp", ""),
        ("138带/a", ""),
    ],
)
def test_the_folder_of_a_zone_is_known_by_its_name(file, part):
    assert part_of(file) == part
