"""Faults planted in the files of a good package are found; good packages of every format and odd ones have none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import shapely
from xinji_planner.engine.context import RunContext
from xinji_planner.jobs import load_sample
from xinji_planner.layers.store.workspace import Workspace
from xinji_planner.tests.engine import package_kit as kit
from xinji_planner.tests.engine.package_kit import bsm, good_package, line, square
from xinji_planner.tests.engine.planted_kit import (
    Case,
    find,
    judge,
    numbers,
    one_more,
    shape,
    surroundings,
    value,
    write,
)
from xinji_planner.tests.engine.profile_kit import deliver


# Faults of files that are already written: functions of the folder of the package.
def cut(name, part=0.6):
    def plant(folder):
        path = folder / name
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])

    return plant


def remove(name):
    return lambda folder: (folder / name).unlink()


def written(name, text):
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


def replaced(name, old, new, encoding="GBK"):
    """Replace a piece of a file once; the piece must be there."""

    def plant(folder):
        path = folder / name
        content, was = path.read_bytes(), old.replace("\n", "\r\n").encode(encoding)
        assert was in content
        path.write_bytes(content.replace(was, new.replace("\n", "\r\n").encode(encoding), 1))

    return plant


def garbage(folder):
    """Put bytes into names that are no GBK."""
    path = folder / "shp/ZDJCSSD.dbf"
    path.write_bytes(path.read_bytes().replace("甲镇".encode("GBK"), b"\xff\xff\x81\xff"))


def fewer_in_geojson(folder):
    path = folder / "geojson/ZDJCSSX.geojson"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["features"].pop()
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


ID = kit.vct_id("ZDJCSSD", 3)
OBJECT = f"{ID}\n9000000001\nunknown\n1\n39489800.000000,3103000.000000\n0\n"
ATTRIBUTES = f"{ID},{bsm('ZDJCSSD', 3)},9000000001,990121100,甲镇,,通信设施,设施3,,,20,\n"
FILE_CASES = [
    Case(
        "the CRS file of a shapefile is missing",
        remove("shp/ZDJCSSX.prj"),
        (find("2201", "ZDJCSSX"),),
        ("CRS", "FILE"),
        "shp",
    ),
    Case(
        "the table of a shapefile is missing", remove("shp/ZDJCSSX.dbf"), (find("FILE", "ZDJCSSX"),), ("3102",), "shp"
    ),
    Case("the index of a shapefile is missing", remove("shp/ZDJCSSX.shx"), (find("FILE", "ZDJCSSX"),), (), "shp"),
    Case(
        "a shapefile is cut short",
        cut("shp/ZDJCSSX.shp"),
        (find("FILE", "ZDJCSSX", "", *numbers("ZDJCSSX", 3, 4)),),
        ("EMPTY",),
        "shp",
    ),
    Case("the table of a shapefile is cut short", cut("shp/ZDJCSSX.dbf"), (find("FILE", "ZDJCSSX"),), ("3105",), "shp"),
    Case(
        "the encoding file of a shapefile is wrong",
        written("shp/ZDJCSSD.cpg", "UTF-8"),
        (find("FILE", "ZDJCSSD"),),
        (),
        "shp",
    ),
    Case("names in a shapefile are no GBK", garbage, (find("FILE", "ZDJCSSD", "", *numbers("ZDJCSSD", 1)),), (), "shp"),
    Case("a GeoPackage is cut short", cut("good.gpkg", 0.3), (find("FILE", "*"),), (), "gpkg"),
    *(
        Case(
            f"a FileGDB {what}",
            cut(f"good.gdb/a0000000a.{part}", share),
            (find("FILE", "ZDJCSSX"),),
            (),
            "gdb",
        )
        for what, part, share in (
            ("has a table cut in half", "gdbtable", 0.5),
            ("has a table that lacks its end", "gdbtable", 0.97),
            ("has the index of a table cut in half", "gdbtablx", 0.5),
        )
    ),
    Case("a GeoJSON is cut short", cut("geojson/ZDJCSSX.geojson"), (find("FILE", "ZDJCSSX"),), (), "geojson"),
    Case(
        "a format has a feature less than another",
        fewer_in_geojson,
        (find("COUNT", "ZDJCSSX", "", *numbers("ZDJCSSX", 4)),),
        (),
        "gpkg+geojson",
    ),
    Case(
        "a format lacks a layer that another has",
        remove("geojson/ZDJCSSX.geojson"),
        (find("COUNT", "ZDJCSSX"),),
        (),
        "gpkg+geojson",
    ),
    Case(
        "attributes in a VCT have no geometry",
        replaced("good.vct", OBJECT, ""),
        (find("COUNT", "ZDJCSSD", "", *numbers("ZDJCSSD", 3)),),
        ("EMPTY",),
        "vct",
    ),
    Case(
        "a geometry in a VCT has no attributes",
        replaced("good.vct", ATTRIBUTES, ""),
        (find("COUNT", "ZDJCSSD", "", str(ID)),),
        (),
        "vct",
    ),
    Case(
        "a section of a VCT does not end",
        replaced("good.vct", "LineEnd\n", ""),
        (find("FILE", "*"),),
        ("3101", "LAYERS", "COUNT", "EMPTY"),
        "vct",
    ),
    Case("a VCT is cut short", cut("good.vct", 0.5), (find("FILE", "*"),), ("3101", "LAYERS", "COUNT", "EMPTY"), "vct"),
    Case(
        "two objects of a VCT share an id",
        replaced("good.vct", OBJECT, OBJECT + OBJECT.replace("3103000", "3103500")),
        (find("COUNT", "ZDJCSSD", str(ID), *numbers("ZDJCSSD", 3)),),
        ("3105",),
        "vct",
    ),
    Case(
        "a line of a VCT has fewer places than it says",
        replaced("good.vct", "11\n4\n", "11\n5\n"),
        (find("FILE", "*", "*"),),
        ("3101", "COUNT", "EMPTY"),
        "vct",
    ),
    Case(
        "a polygon of a VCT names a line that is not there",
        replaced("good.vct", f"21\n1\n{90_000_000 + kit.vct_id('ZDJCSSM', 1)}\n", "21\n1\n77\n"),
        (find("FILE", "*", "*"),),
        ("COUNT", "EMPTY", "VALID"),
        "vct",
    ),
]


@pytest.fixture(scope="module")
def around(tmp_path_factory):
    """Give the profile, the regions and the planning boundary."""
    return surroundings(tmp_path_factory.mktemp("around"))


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """Give a function that copies the good package in some formats; each is written once."""
    home, made = tmp_path_factory.mktemp("good"), good_package()

    def copied(form, folder):
        for one in form.split("+"):
            if not (home / one).exists():
                write(made, home / one, one)
            shutil.copytree(home / one, folder, dirs_exist_ok=True)
        return folder

    return copied


@pytest.mark.parametrize("form", kit.WRITERS)
def test_a_good_package_has_no_findings(form, good, around, tmp_path):
    source = good(form, tmp_path / "p")
    summary, found = kit.check(source, around, tmp_path / "o")
    assert found == []
    assert set(summary["layers"]) == set(kit.CODES)


def test_a_good_package_in_all_formats_at_once_has_no_findings(good, around, tmp_path):
    source = good("+".join(kit.WRITERS), tmp_path / "p")
    summary, found = kit.check(source, around, tmp_path / "o")
    assert found == []
    assert "COUNT" in summary["rules_run"]


@pytest.mark.parametrize("case", FILE_CASES, ids=[case.name for case in FILE_CASES])
def test_a_fault_planted_in_a_file_is_found_under_its_rule_and_nothing_else(case, good, around, tmp_path):
    source = good(case.form, tmp_path / "p")
    case.plant(source)
    _, found = kit.check(source, around, tmp_path / "o")
    judge(case, found)


# Good packages that look odd: they must stay without findings.
def with_heights(made):
    for sheet in made:
        sheet.shapes = [shapely.force_3d(one, 12.5) for one in sheet.shapes]


def with_an_empty_layer(made):
    made["JQZDXMM"].rows, made["JQZDXMM"].shapes = [], []


def with_columns_of_arcgis(made):
    for name in ("ZDJCSSM", "JQZDXMM"):
        sheet = made[name]
        sheet.fields = [
            ("OBJECTID", "Int", 9, 0),
            *sheet.fields,
            ("Shape_Leng", "Float", 19, 11),
            ("Shape_Area", "Float", 19, 11),
        ]
        for number, (item, one) in enumerate(zip(sheet.rows, sheet.shapes, strict=True), start=1):
            item.update(OBJECTID=number, Shape_Leng=one.length, Shape_Area=one.area)


def with_fields_in_another_order(made):
    for sheet in made:
        sheet.fields = sheet.fields[::-1]


def with_noise_between_neighbours(made):
    shape("ZDJCSSM", 2, square(3_099.9999999, 3_000, 100.0000001, 100))(made)


def with_small_things_just_large_enough(made):
    one_more("ZDJCSSM", square(4_000, 2_000, 3.0, 10.1 / 3))(made)
    one_more("ZDJCSSX", line((5_000, 2_000), (5_002.01, 2_000)))(made)


def in_degrees(made):
    made.reproject("EPSG:4490")


def in_the_zone_without_its_number(made):
    made.reproject("EPSG:4548")


def with_an_area_with_a_hole_filled_by_another(made):
    hole = square(3_520, 3_020, 20)
    shape("ZDJCSSM", 3, square(3_500, 3_000, 100) - hole)(made)
    one_more("ZDJCSSM", hole)(made)


ODD = [
    ("heights", with_heights, "gpkg"),
    ("heights in a FileGDB", with_heights, "gdb"),
    ("heights in a shapefile", with_heights, "shp"),
    ("an empty optional layer", with_an_empty_layer, "gpkg"),
    ("an empty optional layer as a shapefile", with_an_empty_layer, "shp"),
    ("the own columns of ArcGIS", with_columns_of_arcgis, "shp"),
    ("fields in another order", with_fields_in_another_order, "gpkg"),
    ("an overlap of 0.00001 m²", with_noise_between_neighbours, "gpkg"),
    ("an area of 10.1 m² and a line of 2.01 m", with_small_things_just_large_enough, "gpkg"),
    ("longitude and latitude", in_degrees, "gpkg"),
    ("blanks around an optional text", value("ZDJCSSD", 3, BZ=" "), "gpkg"),
    ("a zone without its number", in_the_zone_without_its_number, "gpkg"),
    ("an area that fills the hole of another", with_an_area_with_a_hole_filled_by_another, "gpkg"),
]


@pytest.mark.parametrize(("plant", "form"), [item[1:] for item in ODD], ids=[item[0] for item in ODD])
def test_a_good_package_may_have_what_only_looks_odd(plant, form, around, tmp_path):
    made = good_package()
    plant(made)
    _, found = kit.check(write(made, tmp_path / "p", form), around, tmp_path / "o")
    assert found == []


def test_a_feature_dataset_of_a_filegdb_is_no_fault(around, tmp_path):
    (tmp_path / "p").mkdir()
    kit.write_gdb(good_package(), tmp_path / "p", layer_options={"FEATURE_DATASET": "GHSJ"})
    assert kit.check(tmp_path / "p", around, tmp_path / "o")[1] == []


def test_a_zip_of_a_good_package_has_no_findings(around, tmp_path):
    write(good_package(), tmp_path / "p", "gdb+shp")
    source = shutil.make_archive(str(tmp_path / "good"), "zip", tmp_path, "p")
    assert kit.check(source, around, tmp_path / "o")[1] == []


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Import the sample county into a workspace."""
    folder = tmp_path_factory.mktemp("sample")
    (folder / "run").mkdir()
    load_sample.run(RunContext({"workspace": folder / "s.gpkg"}, folder / "run"))
    return folder / "s.gpkg"


@pytest.mark.parametrize(
    ("base", "formats"), [("municipal", ("gpkg", "gdb", "shp", "geojson")), ("landuse3-vct", ("gpkg", "vct"))]
)
def test_our_own_package_of_the_sample_county_has_no_findings(base, formats, sample, tmp_path):
    profile = kit.write_profile(tmp_path, base, topology=False)
    workspace = Path(shutil.copy(sample, tmp_path / "s.gpkg"))
    _, outputs = deliver(Workspace(workspace), tmp_path / "d", profile=str(profile), formats=formats)
    summary, found = kit.check(outputs["package"], (profile, None, None), tmp_path / "o", workspace)
    assert found == []
    assert sum(summary["layers"].values()) > 50


def test_a_cut_table_of_a_filegdb_is_named_with_the_features_that_are_lost(good, around, tmp_path):
    source = good("gdb", tmp_path / "p")
    cut("good.gdb/a0000000a.gdbtable", 0.5)(source)
    found = kit.check(source, around, tmp_path / "o")[1]
    assert [(item.rule, item.layer) for item in found] == [("FILE", "ZDJCSSX")]
    assert "a0000000a.gdbtable 不完整" in found[0].message
    assert "应有 4 个要素，只读出 0 个" in found[0].message


def test_what_an_unreadable_package_lacks_cannot_be_told_and_the_report_says_so(good, around, tmp_path):
    source = good("gpkg", tmp_path / "p")
    cut("good.gpkg", 0.3)(source)
    summary, found = kit.check(source, around, tmp_path / "o")
    assert {item.rule for item in found} == {"FILE"}
    assert summary["rules_run"] == ["FILE"]


def test_a_package_of_tables_alone_lacks_its_required_layers(good, around, tmp_path):
    source = good("shp", tmp_path / "p")
    for path in (source / "shp").glob("*.shp"):
        path.unlink()
    found = kit.check(source, around, tmp_path / "o")[1]
    assert {item.rule for item in found} == {"FILE", "3101"}
    assert next(item.message for item in found if item.rule == "3101").startswith("成果包中缺少必备图层 ZDJCSSD")


def test_shapefiles_without_a_stated_encoding_whose_texts_read_well_are_a_slight_finding_told_once(
    good, around, tmp_path
):
    source = good("shp", tmp_path / "p")
    for path in (source / "shp").glob("*.cpg"):
        path.unlink()
    found = kit.check(source, around, tmp_path / "o")[1]
    assert [(item.rule, item.level) for item in found] == [("FILE", 3)]
    assert "6 个 Shapefile 没有用 .cpg 写明编码" in found[0].message
    assert "GB18030" in found[0].message or "GBK" in found[0].message


def test_a_layer_nobody_asked_for_is_told_once_whatever_formats_hold_it(around, tmp_path):
    made = good_package()
    made.sheets["TXJZ"] = kit.Sheet(
        "TXJZ", "Point", [("BZ", "Char", 20, 0)], [{"BZ": None}], [shapely.Point(kit.at(1, 1))]
    )
    found = kit.check(write(made, tmp_path / "p", "gpkg+shp+geojson"), around, tmp_path / "o")[1]
    assert [(item.rule, item.layer) for item in found] == [("LAYERS", "TXJZ")]


def test_what_a_format_cannot_tell_of_many_layers_is_told_once(good, around, tmp_path):
    kit.check(good("shp", tmp_path / "p"), around, tmp_path / "o")
    page = (tmp_path / "o" / "check_report.html").read_text(encoding="utf-8")
    assert page.count("Shapefile 文本最长 254 字节") == 1
    assert all(name in page[: page.index("Shapefile 文本最长 254 字节")][-400:] for name in kit.CODES)
