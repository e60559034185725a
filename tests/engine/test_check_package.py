"""Checking a package: a good one has no findings, and each planted fault is found under its rule."""

from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from xinji_planner.errors import InputError
from xinji_planner.layers.datum import wgs84_to_gcj02
from xinji_planner.layers.delivery.checking.regions import Coded, datum_found
from xinji_planner.layers.delivery.checking.rules import RULES
from xinji_planner.layers.delivery.checking.source import PackageLayer
from xinji_planner.layers.delivery.profile.file import read_profile, shipped_profiles
from xinji_planner.layers.delivery.regions import Regions
from xinji_planner.layers.store.workspace import Workspace
from xinji_planner.tests.engine.check_kit import (
    change,
    coded_profile,
    copy_of,
    good_county,
    only,
    rewrite,
    rules,
    run_check,
)
from xinji_planner.tests.engine.profile_kit import deliver

FORMATS = ("gpkg", "gdb", "shp", "geojson", "vct")


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A package in all formats, the profile with invented feature codes, and the workspace."""
    folder = tmp_path_factory.mktemp("成果")
    county = good_county(folder)
    profile = coded_profile(folder)
    summary, outputs = deliver(county, folder / "交付", profile=str(profile), formats=FORMATS, date="2026-11-21")
    return outputs, profile, county.path, summary


@pytest.fixture
def planted(good, tmp_path):
    """Give a copy of the GeoPackage alone, and a check of it."""
    outputs, profile, workspace, _ = good
    package = only(copy_of(outputs["package"], tmp_path), ".gpkg")
    gpkg = next(package.glob("*.gpkg"))

    def check(**parameters):
        return run_check(package, tmp_path / "检查", profile, **{"workspace": workspace, **parameters})

    return gpkg, check


def test_a_good_package_in_all_formats_has_no_findings(good, tmp_path):
    outputs, profile, workspace, _ = good
    summary, records, made = run_check(outputs["package"], tmp_path / "检查", profile, workspace=workspace)
    assert records == []
    assert summary["findings"] == {"1": 0, "2": 0, "3": 0}
    assert summary["rules_not_run"] == ["DATUM", "BOUNDARY"]
    assert summary["layers"] == {"ZDJCSSD": 2, "ZDJCSSX": 3, "ZDJCSSM": 1, "JQZDXMX": 3, "JQZDXMM": 1}
    assert summary["features"] == 5 * 10
    assert len(pyogrio.read_dataframe(made["check_issue"], layer="check_issue")) == 0


def test_the_archive_of_a_package_is_checked_like_its_folder(good, tmp_path):
    outputs, profile, workspace, _ = good
    summary, records, _ = run_check(outputs["zip"], tmp_path / "检查", profile, workspace=workspace)
    assert records == []
    assert summary["features"] == 5 * 10


def test_the_delivery_checks_its_own_files_with_the_same_code(good):
    outputs, _, _, _ = good
    assert outputs["records"].read_text(encoding="utf-8-sig").count("\n") == 1
    page = outputs["check_report"].read_text(encoding="utf-8")
    assert "检查写好的成果包" in page
    assert "在规划范围内" in page


@pytest.mark.parametrize("name", sorted(set(shipped_profiles()) - {"generic"}))
def test_the_only_findings_of_a_shipped_profile_are_the_feature_codes_that_no_source_has(name, good, tmp_path):
    workspace = Workspace(good[2])
    _, outputs = deliver(workspace, tmp_path / "交付", profile=name, formats=("gpkg", "shp"))
    _, records, _ = run_check(outputs["package"], tmp_path / "检查", name, workspace=workspace.path)
    assert rules(records) == ["3104"]
    assert all("没有图层" in row["错误描述"] and not row["要素ID"] for row in records)


def test_the_plain_package_of_a_workspace_has_no_findings(good, tmp_path):
    workspace = Workspace(good[2])
    deliver(workspace, tmp_path / "交付", profile="generic", formats=("gpkg", "gdb", "shp", "geojson"))
    summary, records, _ = run_check(tmp_path / "交付", tmp_path / "检查", "generic", workspace=workspace.path)
    assert records == []
    assert summary["layers"]["dc_clusters"] == 1


def test_every_shipped_profile_lists_checks_that_the_catalogue_knows_and_says_how_well_they_are_founded():
    for name in shipped_profiles():
        profile = read_profile(name)
        assert len(profile.checks) >= 18, name
        for check in profile.checks:
            assert check.id in RULES
            assert check.standing.status in ("proposal", "unverified")
            assert check.standing.note, (name, check.id)


def test_a_profile_with_a_check_that_nobody_knows_is_refused(tmp_path):
    own = coded_profile(tmp_path)
    own.write_text(own.read_text(encoding="utf-8").replace('id = "2201"', 'id = "9999"'), encoding="utf-8")
    with pytest.raises(InputError, match="9999"):
        read_profile(str(own))


def test_a_check_that_the_profile_does_not_list_is_not_run_and_the_report_says_so(planted, good, tmp_path):
    gpkg, _ = planted
    text = good[1].read_text(encoding="utf-8")
    place = text.index('[[check]]\nid = "3105"')
    own = tmp_path / "own.toml"
    own.write_text(text[:place] + text[text.index("[[check]]", place + 9) :], encoding="utf-8")
    change(gpkg, "ZDJCSSD", "GHZT = NULL")
    summary, records, made = run_check(gpkg, tmp_path / "检查", own)
    assert records == []
    assert "3105" not in summary["rules_run"]
    assert "成果规格没有列出这项检查" in made["report"].read_text(encoding="utf-8")


ATTRIBUTE_FAULTS = {
    "a code outside the list": ("ZDJCSSD", "GHZT = '99'", "3104"),
    "a feature code of another layer": ("ZDJCSSX", "YSDM = '2090020234'", "3104"),
    "a mandatory field left empty": ("ZDJCSSD", "XZQMC = NULL", "3105"),
    "a mandatory field of blanks": ("ZDJCSSD", "XZQMC = '  '", "3105"),
    "an area below its bound": ("ZDJCSSM", "YDMJ = -5", "3105"),
    "a text longer than its field": ("ZDJCSSD", "SSLX = printf('%.*c', 101, 'a')", "3105"),
    "a number of 17 digits": ("ZDJCSSD", "BSM = substr(BSM, 1, 17)", "BSM"),
    "letters in a number": ("ZDJCSSD", "BSM = 'A' || substr(BSM, 2)", "BSM"),
    "a number of another county": ("ZDJCSSD", "BSM = '110101' || substr(BSM, 7)", "BSM"),
    "a number of another layer code": ("ZDJCSSD", "BSM = substr(BSM, 1, 6) || '7777' || substr(BSM, 11)", "BSM"),
    "a region code of another county": ("ZDJCSSD", "XZQDM = '110101', BSM = '110101' || substr(BSM, 7)", "XZQDM"),
    "a region code of another town": ("ZDJCSSD", "XZQDM = '433101999'", "XZQDM"),
    "a region code of eleven digits": ("ZDJCSSD", "XZQDM = '43310110000'", "XZQDM"),
    "a name of another region": ("ZDJCSSD", "XZQMC = '乙市'", "XZQDM"),
    "an area that is not that of the shape": ("ZDJCSSM", "YDMJ = YDMJ * 1.01", "AREA"),
    "a length that is not that of the shape": ("ZDJCSSX", "SSGM = SSGM + 10", "AREA"),
    "a garbled text": ("ZDJCSSD", "BZ = '涔欐潙'", "FILE"),
    "characters that are lost": ("ZDJCSSD", "BZ = '备注�'", "FILE"),
}


@pytest.mark.parametrize("what", ATTRIBUTE_FAULTS)
def test_a_fault_in_an_attribute_is_found_under_its_rule_at_its_feature(what, planted):
    gpkg, check = planted
    layer, sets, rule = ATTRIBUTE_FAULTS[what]
    change(gpkg, layer, sets)
    _, records, made = check()
    assert [(row["规则编号"], row["涉及图层"], row["要素ID"]) for row in records] == [(rule, layer, "1")]
    assert records[0]["处理办法"]
    assert records[0]["What to do"]
    issue = pyogrio.read_dataframe(made["check_issue"], layer="check_issue")
    place = pyogrio.read_dataframe(gpkg, layer=layer, fids=[1]).to_crs(4490).geometry.iloc[0]
    assert issue.crs.to_epsg() == 4490
    assert issue.geometry.iloc[0].distance(place) < 1e-6


def test_a_number_that_stands_twice_is_found_at_both_features_even_in_different_layers(planted):
    gpkg, check = planted
    number = pyogrio.read_dataframe(gpkg, layer="ZDJCSSD")["BSM"].iloc[0]
    change(gpkg, "ZDJCSSX", f"BSM = '{number}'")
    _, records, _ = check()
    assert {(row["规则编号"], row["涉及图层"], row["要素BSM"]) for row in records} == {
        ("BSM", "ZDJCSSD", number),
        ("BSM", "ZDJCSSX", number),
    }


def test_all_faults_of_a_package_are_told_at_once(planted):
    gpkg, check = planted
    change(gpkg, "ZDJCSSD", "GHZT = '99', XZQMC = NULL, BSM = '1'")
    change(gpkg, "ZDJCSSM", "YDMJ = 1")
    summary, records, _ = check()
    assert rules(records) == ["3104", "3105", "AREA", "BSM"]
    assert summary["findings"] == {"1": 1, "2": 3, "3": 0}


def test_a_field_of_another_name_type_or_length_is_found(planted):
    gpkg, check = planted
    rewrite(gpkg, "ZDJCSSD", lambda frame: frame.rename(columns={"SSLX": "SSLXX"}))
    _, records, _ = check()
    assert rules(records) == ["3102"]
    told = " ".join(row["错误描述"] for row in records)
    assert "缺少 SSLX" in told
    assert "多出 SSLXX" in told
    assert "字段 BSM（标识码）：长度是 不限，应为 18" in told  # the rewriting program stated no lengths


def test_a_number_held_as_text_is_of_the_wrong_type(planted):
    gpkg, check = planted
    rewrite(gpkg, "ZDJCSSM", lambda frame: frame.assign(YDMJ=frame["YDMJ"].astype("str")))
    _, records, _ = check()
    assert any(row["规则编号"] == "3102" and "YDMJ" in row["错误描述"] and "类型" in row["错误描述"] for row in records)


def test_a_layer_that_is_missing_empty_unknown_or_misnamed_is_found(planted):
    gpkg, check = planted
    frame = pyogrio.read_dataframe(gpkg, layer="ZDJCSSD")
    change(gpkg, "ZDJCSSD", "BSM = BSM", "1 = 0")
    connection_free = gpkg.with_name("small.gpkg")
    for name in ("JQZDXMX", "JQZDXMM", "ZDJCSSX"):
        pyogrio.write_dataframe(pyogrio.read_dataframe(gpkg, layer=name), connection_free, layer=name)
    pyogrio.write_dataframe(frame.iloc[:0], connection_free, layer="ZDJCSSD")
    pyogrio.write_dataframe(frame, connection_free, layer="5GJZ")
    pyogrio.write_dataframe(frame, connection_free, layer="LINSHI")
    pyogrio.write_dataframe(pyogrio.read_dataframe(gpkg, layer="ZDJCSSM"), connection_free, layer="zdjcssm")
    connection_free.replace(gpkg)
    _, records, _ = check()
    told = {(row["规则编号"], row["涉及图层"]): row["错误描述"] for row in records}
    assert "没有要素" in told["3101", "ZDJCSSD"]
    assert "以数字开头" in told["LAYERS", "5GJZ"]
    assert "规格中没有" in told["LAYERS", "LINSHI"]
    assert "应为 ZDJCSSM" in told["LAYERS", "zdjcssm"]


def test_a_required_layer_that_is_not_there_is_found(planted):
    gpkg, check = planted
    other = gpkg.with_name("other.gpkg")
    pyogrio.write_dataframe(pyogrio.read_dataframe(gpkg, layer="ZDJCSSX"), other, layer="ZDJCSSX")
    other.replace(gpkg)
    _, records, _ = check()
    assert any(row["规则编号"] == "3101" and "缺少" in row["错误描述"] for row in records)


CRS_FAULTS = {
    "degrees of WGS 84": (lambda frame: frame.to_crs(4326), {"2201", "CRS"}),
    "another zone of CGCS2000": (lambda frame: frame.to_crs(4525), {"2203", "CRS"}),
    "degrees of CGCS2000": (lambda frame: frame.to_crs(4490), {"CRS"}),
    "UTM": (lambda frame: frame.to_crs(32650), {"2201", "2203", "CRS"}),
    "a zone whose number the eastings lack": (
        lambda frame: frame.set_crs(4526, allow_override=True).set_geometry(
            frame.geometry.translate(xoff=-38e6).set_crs(4526, allow_override=True)
        ),
        {"2201"},
    ),
}


@pytest.mark.parametrize("what", CRS_FAULTS)
def test_a_wrong_crs_of_one_layer_is_found(what, planted):
    gpkg, check = planted
    edit, expected = CRS_FAULTS[what]
    rewrite(gpkg, "ZDJCSSX", edit)
    _, records, _ = check()
    found = {row["规则编号"] for row in records if row["涉及图层"] == "ZDJCSSX"}
    assert found & {"2201", "2203", "CRS"} == expected


def test_a_layer_without_a_crs_is_found_and_what_needs_one_cannot_be_told(planted):
    gpkg, check = planted
    rewrite(
        gpkg,
        "ZDJCSSX",
        lambda frame: geopandas.GeoDataFrame(frame.drop(columns="geometry"), geometry=np.array(frame.geometry)),
    )
    _, records, made = check()
    assert any(row["规则编号"] == "2201" and row["涉及图层"] == "ZDJCSSX" for row in records)
    assert "没有坐标系，无法量算" in made["report"].read_text(encoding="utf-8")


def test_without_boundaries_the_region_codes_cannot_be_told_and_are_not_called_right(planted):
    gpkg, check = planted
    change(gpkg, "ZDJCSSD", "XZQDM = '433101999'")
    summary, records, made = check(workspace=None)
    assert records == []
    assert {"XZQDM", "DATUM", "BOUNDARY"} <= set(summary["rules_not_run"])
    page = made["report"].read_text(encoding="utf-8")
    assert "没有行政区界线" in page
    assert "无法判断" in page


def test_regions_may_come_from_any_file(planted, tmp_path):
    gpkg, check = planted
    units = geopandas.GeoDataFrame(
        {"code": ["433101"], "name": ["甲县"], "level": ["county"]}, geometry=[shapely.box(113, 35, 115, 37)], crs=4490
    )
    units.to_file(tmp_path / "区划.geojson")
    change(gpkg, "ZDJCSSD", "XZQDM = '433102', BSM = '433102' || substr(BSM, 7)")
    _, records, _ = check(workspace=None, regions=str(tmp_path / "区划.geojson"))
    assert [(row["规则编号"], row["要素ID"]) for row in records] == [("XZQDM", "1")]


def test_what_lies_outside_the_planning_boundary_is_found_with_the_part_outside(planted, tmp_path):
    _, check = planted
    area = geopandas.GeoDataFrame(geometry=[shapely.box(113, 35, 114.1, 37)], crs=4490)
    area.to_file(tmp_path / "范围.gpkg")
    _, records, made = check(boundary=str(tmp_path / "范围.gpkg"))
    assert rules(records) == ["BOUNDARY"]
    assert {row["涉及图层"] for row in records} == {"ZDJCSSD", "ZDJCSSX", "JQZDXMX"}
    assert "check_line" in made and "check_place" not in made
    places = pyogrio.read_dataframe(made["check_line"], layer="check_line")
    assert set(places.geom_type) == {"MultiLineString"}
    west, _, east, _ = places.total_bounds
    assert west == pytest.approx(114.1, abs=1e-6)
    assert east == pytest.approx(114.2, abs=1e-6)


def test_a_boundary_without_polygons_is_refused(planted, tmp_path):
    _, check = planted
    geopandas.GeoDataFrame(geometry=[shapely.Point(1, 2)], crs=4490).to_file(tmp_path / "点.gpkg")
    with pytest.raises(InputError, match="没有面"):
        check(boundary=str(tmp_path / "点.gpkg"))


def test_geometry_faults_come_through_with_their_place(planted):
    gpkg, check = planted
    bow = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])

    def broken(frame):
        x, y = frame.geometry.iloc[0].centroid.coords[0]
        return frame.set_geometry([shapely.transform(bow, lambda xy: xy + np.array([x, y]))]).set_crs(frame.crs)

    rewrite(gpkg, "JQZDXMM", broken)
    _, records, made = check()
    assert any(row["规则编号"] == "VALID" and row["涉及图层"] == "JQZDXMM" for row in records)
    issue = pyogrio.read_dataframe(made["check_issue"], layer="check_issue")
    assert issue[issue["rule"] == "VALID"].geometry.notna().all()


def test_points_of_different_records_may_share_a_place_but_one_record_may_not_stand_twice(planted):
    gpkg, check = planted
    frame = pyogrio.read_dataframe(gpkg, layer="ZDJCSSD")
    twin = frame.iloc[[0, 0]].assign(BSM=[frame["BSM"][0], frame["BSM"][0][:-1] + "9"])
    other = frame.iloc[[0]].assign(BSM=frame["BSM"][0][:-1] + "8", SSMC="另一机房")
    rewrite(
        gpkg,
        "ZDJCSSD",
        lambda _frame: geopandas.GeoDataFrame(np.concatenate([twin, other]), columns=frame.columns, crs=frame.crs),
    )
    _, records, _ = check()
    assert [row["要素ID"] for row in records if row["规则编号"] == "DUP"] == ["2"]


def coded_at(codes, places):
    """Give region codes of points as the check of places takes them."""
    ids = np.array([str(at) for at in range(len(codes))], dtype=object)
    columns = pd.DataFrame({"XZQDM": codes, "BSM": [f"B{name}" for name in ids]})
    points = shapely.points(places)
    layer = PackageLayer("ZDJCSSD", Path("a.gpkg"), "ZDJCSSD", "gpkg", "point", (), None, ids, points, columns)
    return Coded(layer, "XZQDM", codes, points)


def test_shifted_coordinates_are_suspected_by_the_region_codes():
    towns = [shapely.box(113 + at * 0.01, 30, 113.01 + at * 0.01, 30.01) for at in range(20)]
    codes = np.array([f"433101{100 + at}" for at in range(20)], dtype=object)
    regions = Regions([codes], [codes], [shapely.STRtree(towns)], {})
    true = np.array([[113.0099 + at * 0.01, 30.005] for at in range(20)])
    shifted = np.column_stack(wgs84_to_gcj02(true[:, 0], true[:, 1]))
    found, not_run = datum_found([coded_at(codes, shifted)], regions, 3, "BSM")
    assert [item.rule for item in found] == ["DATUM"]
    assert "GCJ-02" in found[0].message.zh
    assert "ZDJCSSD 20 个（B0、B1、B2 等）" in found[0].message.zh
    assert not_run == []
    found, not_run = datum_found([coded_at(codes, true)], regions, 3, "BSM")
    assert found == []
    middle = np.array([[113.05, 30.005]])
    wide = Regions([codes[:1]], [codes[:1]], [shapely.STRtree([shapely.box(112, 29, 114, 31)])], {})
    _, not_run = datum_found([coded_at(codes[:1], middle)], wide, 3, "BSM")
    assert [item.rule for item in not_run] == ["DATUM"]


def test_the_page_shows_some_findings_of_a_rule_and_says_how_many_there_are(good, tmp_path):
    outputs, profile, _, _ = good
    gpkg = next(only(copy_of(outputs["package"], tmp_path), ".gpkg").glob("*.gpkg"))
    frame = pyogrio.read_dataframe(gpkg, layer="ZDJCSSD")
    many = frame.iloc[np.zeros(60, dtype=int)].reset_index(drop=True)
    many["BSM"] = [f"{frame['BSM'][0][:10]}{at:08d}" for at in range(1000, 1060)]
    many["SSMC"] = [f"机房{at}" for at in range(60)]
    many["GHZT"] = "99"
    rewrite(gpkg, "ZDJCSSD", lambda _frame: many)
    _, records, made = run_check(gpkg, tmp_path / "检查", profile)
    assert sum(row["规则编号"] == "3104" for row in records) == 60
    page = made["report"].read_text(encoding="utf-8")
    assert "3104 共 60 个，此处列前 50 个，全部见 check.csv。" in page


def test_the_same_package_gives_the_same_bytes(good, tmp_path):
    outputs, profile, workspace, _ = good
    made = [run_check(outputs["package"], tmp_path / name, profile, workspace=workspace)[2] for name in ("一", "二")]
    for name in made[0]:
        assert made[0][name].read_bytes() == made[1][name].read_bytes(), name


def test_blanks_around_a_code_are_not_forgiven(planted):
    gpkg, check = planted
    change(gpkg, "ZDJCSSD", "GHZT = '10 '")
    _, records, _ = check()
    assert [(row["规则编号"], row["要素ID"]) for row in records] == [("3104", "1")]


def test_one_feature_far_off_is_found_by_itself(planted):
    gpkg, check = planted

    def moved(frame):
        return frame.set_geometry([shapely.Point(0, 0), frame.geometry.iloc[1]]).set_crs(frame.crs)

    rewrite(gpkg, "ZDJCSSD", moved)
    _, records, _ = check()
    assert [row["要素ID"] for row in records if row["规则编号"] == "2201"] == ["1"]


def test_where_no_source_has_the_feature_code_of_a_layer_one_that_differs_from_the_rest_is_found(good, tmp_path):
    outputs = good[0]
    gpkg = next(only(copy_of(outputs["package"], tmp_path), ".gpkg").glob("*.gpkg"))
    change(gpkg, "ZDJCSSX", "YSDM = '2090020234'")
    _, records, made = run_check(gpkg, tmp_path / "检查", "municipal")
    assert [(row["规则编号"], row["涉及图层"], row["要素ID"]) for row in records] == [("3104", "ZDJCSSX", "1")]
    assert "YSDM 的取值是否正确无法判断" in made["report"].read_text(encoding="utf-8")


def test_without_boundaries_a_name_that_its_code_has_nowhere_else_is_found(planted):
    gpkg, check = planted
    change(gpkg, "ZDJCSSX", "XZQMC = '乙镇'")
    _, records, _ = check(workspace=None)
    assert [(row["规则编号"], row["涉及图层"], row["要素ID"]) for row in records] == [("XZQDM", "ZDJCSSX", "1")]
