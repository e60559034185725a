"""The metadata of a package state what it holds, and say in a warning what only the planner could have told."""

import xml.etree.ElementTree as ET

import pyogrio
import pytest
import shapely
from xinji_planner.tests.engine.profile_kit import deliver, fill, rows, small_county, with_codes

PLANNER = """form = "both"
inside = ["gpkg", "gdb"]
owner = "甲县自然资源局 & <规划科>"
person = "张三"
phone = "0743-1234567"
security = "内部"
scale = "1:10000"
"""


@pytest.fixture
def small(tmp_path):
    return small_county(tmp_path)


@pytest.fixture
def package(small, tmp_path):
    profile = with_codes(tmp_path, "landuse3-vct", ('form = "both"', PLANNER))
    formats = ("gpkg", "gdb", "vct")
    return deliver(small, tmp_path / "out", profile=profile, formats=formats, date="2026-11-20")


def only(folder, pattern):
    (found,) = folder.glob(pattern)
    return found


def words(root, path):
    return root.findtext(path)


def test_the_xml_stands_beside_the_vct_under_its_name_and_says_what_is_known(package):
    summary, outputs = package
    path = only(outputs["package"], "*.xml")
    assert path.stem == outputs["vct"].stem == summary["package"]
    root = ET.fromstring(path.read_bytes())
    mark = "标识信息/MD_标识/"
    assert root.tag == "MD_元数据"
    assert words(root, "日期") == "2026-11-20"
    assert words(root, mark + "数据集引用/CI_引用/名称") == summary["package"]
    box = mark + "地理范围/EX_地理坐标范围/"
    sides = [float(words(root, box + side)) for side in ("西边经度", "东边经度", "南边纬度", "北边纬度")]
    assert sides == pytest.approx([113.5, 114.5, 36.0, 36.1], abs=1e-6)
    assert words(root, mark + "地理描述/SI_地理描述/地理标识符") == "433101甲县"
    assert words(root, mark + "数据集限制/MD_数据集限制/MD_安全限制/安全等级代码") == "内部"
    contact = mark + "数据集联系信息/CI_负责单位/"
    assert words(root, contact + "负责单位名称") == "甲县自然资源局 & <规划科>"
    assert words(root, contact + "联系信息/CI_联系/电话") == "0743-1234567"
    reference = "空间参照系统信息/RS_参照系统/SC_基于坐标的空间参照系统/"
    parameters = words(root, reference + "SC_大地坐标参照系统/SC_坐标系统/投影坐标系统参数")
    assert "中央经线 114°" in parameters
    assert "东偏移 38500000 米" in parameters
    assert words(root, reference + "SC_垂向坐标参照系统/垂向坐标参照系统名称") == "1985国家高程基准"
    layers = {item.findtext("图层名称"): item.findtext("属性列表") for item in root.findall("内容信息")}
    assert set(layers) == set(summary["layers"])
    assert layers["ZDJCSSX"].startswith("BSM（标识码）")
    assert "甲.shp" in words(root, "数据质量信息/DQ_数据质量/数据志")


def test_the_table_has_a_row_a_layer_beside_the_data_and_inside_them(package):
    summary, outputs = package
    table = rows(only(outputs["package"], "meta_VectorData.csv"))
    assert [row["layer_name"] for row in table] == list(summary["layers"])
    first = table[0]
    assert (first["wkid"], first["central_meridian"], first["zonation_mode"], first["projection_zone_number"]) == (
        "4526", "114", "3", "38")  # fmt: skip
    assert (first["security_order"], first["pro_unit_name"][:3]) == ("内部", "甲县自")
    assert float(first["data_size"]) > 0
    for name in ("gpkg", "gdb"):
        inside = pyogrio.read_dataframe(outputs[name], layer="meta_VectorData")
        assert "geometry" not in inside
        assert inside["layer_name"].tolist() == list(summary["layers"])
        assert inside["geodetic_datum"].tolist() == ["CGCS2000"] * len(inside)


def test_what_only_the_planner_knows_is_empty_and_told(package):
    _, outputs = package
    told = {
        row["message_zh"] for row in rows(outputs["check_csv"]) if row["rule"] == "META" and row["level"] == "warning"
    }
    (of_xml,) = [item for item in told if ".xml" in item]
    assert "摘要" in of_xml
    assert "联系人" not in of_xml
    assert "安全等级" not in of_xml
    (of_table,) = [item for item in told if ".csv" in item]
    assert "质检单位" in of_table
    root = ET.fromstring(only(outputs["package"], "*.xml").read_bytes())
    assert root.findtext("标识信息/MD_标识/摘要") == ""


def test_values_longer_than_their_column_stand_whole_in_the_csv_and_are_told(small, tmp_path):
    long = "局" * 70
    profile = with_codes(tmp_path, "landuse3-vct", ('form = "both"', f'form = "meta_VectorData"\nowner = "{long}"\n'))
    _, outputs = deliver(small, tmp_path / "out", profile=profile, formats=("gpkg",))
    assert rows(only(outputs["package"], "meta_VectorData.csv"))[0]["pro_unit_name"] == long
    assert any("70 characters, 60" in row["message_en"] for row in rows(outputs["check_csv"]) if row["rule"] == "META")


def test_degrees_are_stated_as_such_and_a_package_without_heights_states_none(small, tmp_path):
    profile = with_codes(
        tmp_path,
        "landuse3-vct",
        ('vertical = "1985国家高程基准"', 'vertical = ""'),
    )
    _, outputs = deliver(small, tmp_path / "out", profile=profile, formats=("vct",), crs="4490")
    root = ET.fromstring(only(outputs["package"], "*.xml").read_bytes())
    reference = "空间参照系统信息/RS_参照系统/SC_基于坐标的空间参照系统/"
    assert root.findtext(reference + "SC_大地坐标参照系统/SC_坐标系统/坐标系统名称") == "2000国家大地坐标系"
    assert root.findtext(reference + "SC_垂向坐标参照系统/垂向坐标参照系统名称") == ""
    table = rows(only(outputs["package"], "meta_VectorData.csv"))[0]
    assert (table["coordinate_unit"], table["projection"], table["zonation_mode"]) == ("度", "", "")
    assert "VerticalDatum" not in outputs["vct"].read_text(encoding="gb18030")


def test_signs_that_xml_forbids_are_left_out(small, tmp_path):
    columns = {"uuid": ["d"], "cluster_id": ["1"], "status": ["planned"], "source_file": ["坏\x01.shp"]}
    fill(small, "dc_clusters", columns, [shapely.box(113.5, 36, 113.51, 36.01)])
    profile = with_codes(tmp_path, "landuse3-vct", ('form = "both"', 'form = "td1016"'))
    _, outputs = deliver(small, tmp_path / "out", profile=profile, formats=("gpkg",))
    root = ET.fromstring(only(outputs["package"], "*.xml").read_bytes())
    assert "坏.shp" in root.findtext("数据质量信息/DQ_数据质量/数据志")
