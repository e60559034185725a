"""Checking the files of a package: missing parts, wrong encodings, formats that disagree, objects without rows."""

import shutil
import struct

import pyogrio
import pytest
from xinji_planner.errors import InputError
from xinji_planner.layers.delivery.checking.files import listed
from xinji_planner.tests.engine.check_kit import change, coded_profile, copy_of, good_county, only, rules, run_check
from xinji_planner.tests.engine.profile_kit import deliver

FORMATS = ("gpkg", "gdb", "shp", "geojson", "vct")


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    folder = tmp_path_factory.mktemp("成果")
    county, profile = good_county(folder), coded_profile(folder)
    _, outputs = deliver(county, folder / "交付", profile=str(profile), formats=FORMATS, date="2026-11-21")
    return outputs["package"], profile, county.path


@pytest.fixture
def planted(good, tmp_path):
    """Give a copy of the package, and a check of it."""
    package, profile, workspace = good
    copy = copy_of(package, tmp_path)

    def check(source=copy, **parameters):
        return run_check(source, tmp_path / "检查", profile, **{"workspace": workspace, **parameters})

    return copy, check


def edit_vct(package, edit):
    path = next(package.glob("*.vct"))
    encoding = "gb18030"
    path.write_bytes(edit(path.read_bytes().decode(encoding)).encode(encoding))
    return path


def rows_of_table(text, table):
    start = text.index("AttributeBegin")
    lines = text[start:].splitlines()
    first = lines.index(table) + 1
    return lines[first : lines.index("TableEnd", first)]


@pytest.mark.parametrize("suffix", [".dbf", ".shx"])
def test_a_shapefile_that_lacks_a_part_is_found(suffix, planted):
    copy, check = planted
    package = only(copy, "shp")
    (package / "shp" / "ZDJCSSX.shp").with_suffix(suffix).unlink()
    _, records, _ = check()
    told = [row for row in records if row["规则编号"] == "FILE"]
    assert len(told) == 1
    assert suffix in told[0]["错误描述"]
    assert "ZDJCSSX.shp" in told[0]["文件"]


def test_parts_of_a_shapefile_without_the_shp_are_found(planted):
    copy, check = planted
    package = only(copy, "shp")
    (package / "shp" / "ZDJCSSX.shp").unlink()
    _, records, _ = check()
    assert {"FILE"} <= set(rules(records))
    assert any("没有同名的 .shp" in row["错误描述"] for row in records)


def test_a_shapefile_without_a_prj_has_no_crs(planted):
    copy, check = planted
    package = only(copy, "shp")
    (package / "shp" / "ZDJCSSX.prj").unlink()
    _, records, _ = check()
    assert [(row["规则编号"], row["涉及图层"]) for row in records] == [("2201", "ZDJCSSX")]


def test_an_encoding_that_the_cpg_lies_about_is_found(planted):
    copy, check = planted
    package = only(copy, "shp")
    (package / "shp" / "ZDJCSSD.cpg").write_text("UTF-8")
    _, records, _ = check()
    assert [(row["规则编号"], row["涉及图层"]) for row in records] == [("FILE", "ZDJCSSD")]


def test_a_field_of_a_shapefile_is_held_to_length_and_decimals(planted):
    copy, check = planted
    package = only(copy, "shp")
    dbf = package / "shp" / "ZDJCSSM.dbf"
    data = bytearray(dbf.read_bytes())
    end = struct.unpack_from("<H", data, 8)[0]
    for at in range(32, end - 1, 32):
        if data[at : at + 4] == b"YDMJ":
            data[at + 17] = 3
    dbf.write_bytes(bytes(data))
    _, records, _ = check()
    assert [row["规则编号"] for row in records] == ["3102"]
    assert "小数位是 3，应为 2" in records[0]["错误描述"]


def test_files_that_cannot_be_opened_are_found_and_the_others_checked_all_the_same(planted):
    copy, check = planted
    for path in copy.glob("*.gpkg"):
        path.write_bytes(path.read_bytes()[:2000])
    shutil.rmtree(next(copy.glob("*.gdb")))
    (copy / "坏.gdb").mkdir()
    summary, records, _ = check()
    assert [row["规则编号"] for row in records] == ["FILE", "FILE"]
    assert summary["features"] == 3 * 10


def test_one_fault_in_all_formats_is_one_finding_that_names_the_files(good, tmp_path):
    package, profile, workspace = good
    own = tmp_path / "own.toml"
    text = profile.read_text(encoding="utf-8")
    text = text.replace('values = { "10" = "现状", "20" = "规划" }', 'values = { "20" = "规划" }')
    text = text.replace('existing = "10", under_construction = "10"', 'existing = "20", under_construction = "20"')
    own.write_text(text, encoding="utf-8")
    _, records, _ = run_check(package, tmp_path / "检查", own, workspace=workspace)
    assert [(row["规则编号"], row["涉及图层"]) for row in records] == [("3104", "ZDJCSSD")] * 2
    assert all(row["文件"].count("ZDJCSSD") == 5 for row in records)


def test_a_feature_that_one_format_lacks_is_found(planted):
    copy, check = planted
    path = copy / "geojson" / "ZDJCSSD.geojson"
    frame = pyogrio.read_dataframe(path)
    crs = frame.crs
    path.unlink()
    pyogrio.write_dataframe(frame.iloc[:1].set_crs(crs), path, layer="ZDJCSSD", layer_options={"RFC7946": "NO"})
    _, records, _ = check()
    assert rules(records) == ["COUNT"]
    assert any("有 2 个要素，GEOJSON 有 1 个" in row["错误描述"] for row in records)
    assert any(row["要素BSM"] == frame["BSM"][1] for row in records)


def test_a_value_that_differs_between_formats_is_found(planted):
    copy, check = planted
    change(next(copy.glob("*.gpkg")), "ZDJCSSD", "SSMC = '改名机房'")
    _, records, _ = check()
    assert rules(records) == ["COUNT"]
    assert all("SSMC" in row["错误描述"] and "改名机房" in row["错误描述"] for row in records)


def test_a_layer_that_one_format_lacks_is_found(planted):
    copy, check = planted
    for path in (copy / "shp").glob("JQZDXMM.*"):
        path.unlink()
    _, records, _ = check()
    assert [(row["规则编号"], row["涉及图层"]) for row in records] == [("COUNT", "JQZDXMM")]


def test_vct_rows_without_an_object_and_objects_without_a_row_are_found(planted):
    copy, check = planted

    def edit(text):
        row = rows_of_table(text, "ZDJCSSD")[0]
        number, _, rest = row.partition(",")
        return text.replace(f"\n{row}", f"\n{int(number) + 777}," + rest, 1) if "\r" not in text else text.replace(
            f"\r\n{row}", f"\r\n{int(number) + 777}," + rest, 1
        )  # fmt: skip

    path = edit_vct(copy, edit)
    _, records, _ = check(source=path)
    told = [row["错误描述"] for row in records if row["规则编号"] == "COUNT"]
    assert any("没有对应的几何对象" in words for words in told)
    assert any("没有记录" in words for words in told)


def test_a_field_of_a_vct_is_held_to_its_width(planted):
    copy, check = planted
    path = edit_vct(copy, lambda text: text.replace("XZQDM,Char,12", "XZQDM,Char,19"))
    _, records, _ = check(source=path)
    assert rules(records) == ["3102"]
    assert all("长度是 19，应为 12" in row["错误描述"] for row in records)


def test_a_geojson_that_states_no_crs_is_found(planted):
    copy, check = planted
    path = only(copy, "geojson") / "geojson" / "ZDJCSSD.geojson"
    text = path.read_text(encoding="utf-8")
    start = text.index('"crs"')
    path.write_text(text[:start] + text[text.index("\n", start) :].lstrip(), encoding="utf-8")
    _, records, _ = check()
    assert "2201" in rules(records)


def test_a_single_file_is_a_package_too(planted):
    copy, check = planted
    summary, records, _ = check(source=copy / "shp" / "ZDJCSSD.shp")
    assert records == []
    assert summary["layers"] == {"ZDJCSSD": 2}


def test_a_folder_without_layers_is_refused(tmp_path, good):
    (tmp_path / "空").mkdir()
    with pytest.raises(InputError, match="没有可检查的图层文件"):
        run_check(tmp_path / "空", tmp_path / "检查", good[1])


def test_the_inside_of_a_geodatabase_is_not_taken_for_files_of_the_package(good):
    files = listed(good[0])
    assert sorted(kind for _, kind in files.data) == ["gdb", *["geojson"] * 5, "gpkg", *["shp"] * 5, "vct"]
    assert files.orphans == []


@pytest.fixture(scope="module")
def with_tables(good, tmp_path_factory):
    """A package of a GeoPackage and its attribute tables."""
    folder = tmp_path_factory.mktemp("表")
    county = good_county(folder)
    _, outputs = deliver(county, folder / "交付", profile=str(good[1]), formats=("gpkg", "csv", "xlsx"))
    return outputs["package"], county.path


def test_attribute_tables_are_counted_against_their_layers(with_tables, good, tmp_path):
    package, workspace = with_tables
    _, records, _ = run_check(package, tmp_path / "好", good[1], workspace=workspace)
    assert records == []
    copy = copy_of(package, tmp_path)
    table = copy / "csv" / "ZDJCSSD.csv"
    lines = table.read_bytes().split(b"\r\n")
    table.write_bytes(b"\r\n".join(lines[:2]) + b"\r\n")
    _, records, _ = run_check(copy, tmp_path / "检查", good[1], workspace=workspace)
    assert [(row["规则编号"], row["涉及图层"], row["文件"]) for row in records] == [
        ("COUNT", "ZDJCSSD", "csv/ZDJCSSD.csv")
    ]
    assert "有 2 个要素，属性表有 1 行" in records[0]["错误描述"]


def test_a_fault_is_not_told_again_by_what_follows_from_it(planted):
    copy, check = planted
    (copy / "shp" / "ZDJCSSD.shp").write_bytes(b"")
    _, records, _ = check()
    assert [(row["规则编号"], row["涉及图层"]) for row in records] == [("FILE", "ZDJCSSD")]
