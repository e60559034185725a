"""Faults of CRS, layers, fields and values planted in a good package: each is found under its rule, nothing else is."""

from __future__ import annotations

import copy

import pyproj
import pytest
import shapely
from xinji_planner.layers.delivery.profile.file import read_profile
from xinji_planner.tests.engine import package_kit as kit
from xinji_planner.tests.engine.package_kit import FACILITY, NEIGHBOUR, NEXT_TOWN, bsm, good_package
from xinji_planner.tests.engine.planted_kit import (
    ALL,
    Case,
    check_planted,
    checked,
    find,
    numbers,
    surroundings,
    value,
    write,
)

LAMBERT = pyproj.crs.ProjectedCRS(
    pyproj.crs.coordinate_operation.LambertConformalConic2SPConversion(
        latitude_first_parallel=25, latitude_second_parallel=47, longitude_false_origin=105
    ),
    geodetic_crs="EPSG:4490",
).to_wkt()


def crs(target, *layers, label=None):
    return lambda made: made.reproject(target, layers, label)


def no_crs(made):
    made["ZDJCSSX"].crs = None


def as_beijing_54(made):
    for sheet in made:
        sheet.shapes = [shapely.transform(one, lambda xy: xy - [39_000_000, 0]) for one in sheet.shapes]
        sheet.crs = "EPSG:2436"


def swap(made):
    sheet = made["ZDJCSSX"]
    sheet.shapes = [shapely.transform(one, lambda xy: xy[:, ::-1]) for one in sheet.shapes]


def without(layer):
    return lambda made: made.sheets.pop(layer)


def extra(name):
    def plant(made):
        made.sheets[name] = copy.deepcopy(made["JQZDXMD"])
        made[name].name = name
        for serial, item in enumerate(made[name].rows, start=1):
            item["BSM"] = f"9901210099{serial:08d}"

    return plant


def fields(layer, change):
    """Change the list of fields of a layer; `change`: new list from the old one."""

    def plant(made):
        made[layer].fields = change(made[layer].fields)

    return plant


def swapped_field(layer, name, *new):
    return fields(layer, lambda old: [new if item[0] == name else item for item in old])


def renamed_field(made):
    swapped_field("ZDJCSSD", "SSLX", "SSLXX", "Char", 100, 0)(made)
    for item in made["ZDJCSSD"].rows:
        item["SSLXX"] = item["SSLX"]


def text_field(made):
    swapped_field("ZDJCSSM", "YDMJ", "YDMJ", "Char", 20, 0)(made)
    for item in made["ZDJCSSM"].rows:
        item["YDMJ"] = f"{item['YDMJ']:.2f}"


def extra_field(made):
    made["ZDJCSSD"].fields.append(("YYS", "Char", 20, 0))


CASES = [
    # Mathematical base
    Case("a layer states no CRS", no_crs, (find("2201", "ZDJCSSX"),), ("CRS",)),
    Case("every layer is on WGS 84", crs("EPSG:4326"), tuple(find("2201", one) for one in ALL), ("2203",)),
    Case("every layer is on Beijing 54", as_beijing_54, tuple(find("2201", one) for one in ALL)),
    Case("every layer is in a 6° zone", crs("EPSG:4498"), tuple(find("2203", one) for one in ALL)),
    Case("every layer is in a Lambert projection", crs(LAMBERT), tuple(find("2203", one) for one in ALL)),
    Case(
        "one layer is in degrees, the rest in a zone",
        crs("EPSG:4490", "ZDJCSSX"),
        (find("CRS", "ZDJCSSX", ""),),
        ("2203",),
    ),
    Case("one layer is in the next zone", crs("EPSG:4528", "ZDJCSSX"), (find("CRS", "ZDJCSSX", ""),), ("2203",)),
    Case("north and east are swapped in a layer", swap, (find("2201", "ZDJCSSX"),)),
    # Layers
    Case("a required layer is missing", without("ZDJCSSD"), (find("3101", "ZDJCSSD"),)),
    Case("there is a layer nobody asked for", extra("TXJZ"), (find("LAYERS", "TXJZ"),)),
    Case(
        "a layer is misspelt",
        lambda made: made.rename("ZDJCSSD", "ZDJCSD"),
        (find("3101", "ZDJCSSD"), find("LAYERS", "ZDJCSD")),
    ),
    Case("a layer name begins with a digit", extra("5GJZ"), (find("LAYERS", "5GJZ"),)),
    # Fields
    Case(
        "a field is missing",
        fields("ZDJCSSD", lambda old: [i for i in old if i[0] != "BZ"]),
        (find("3102", "ZDJCSSD"),),
    ),
    Case(
        "a mandatory field is missing",
        fields("ZDJCSSD", lambda old: [i for i in old if i[0] != "YSDM"]),
        (find("3102", "ZDJCSSD"),),
    ),
    Case("there is a field nobody asked for", extra_field, (find("3102", "ZDJCSSD"),)),
    Case("a field is renamed", renamed_field, (find("3102", "ZDJCSSD"),)),
    Case("an area is stored as text", text_field, (find("3102", "ZDJCSSM"),)),
    Case("a text field is too short", swapped_field("ZDJCSSD", "BZ", "BZ", "Char", 200, 0), (find("3102", "ZDJCSSD"),)),
    Case(
        "a text field of a FileGDB is too long",
        swapped_field("ZDJCSSD", "SSLX", "SSLX", "Char", 120, 0),
        (find("3102", "ZDJCSSD"),),
        (),
        "gdb",
    ),
    Case(
        "a field of a VCT has another width",
        swapped_field("ZDJCSSD", "SSLX", "SSLX", "Char", 60, 0),
        (find("3102", "ZDJCSSD"),),
        (),
        "vct",
    ),
    Case(
        "an area in a shapefile has one decimal",
        swapped_field("ZDJCSSM", "YDMJ", "YDMJ", "Float", 15, 1),
        (find("3102", "ZDJCSSM"),),
        (),
        "shp",
    ),
    # Codes and values
    Case(
        "a code is outside its dictionary",
        value("ZDJCSSD", 3, GHZT="30"),
        (find("3104", "ZDJCSSD", *numbers("ZDJCSSD", 3)),),
    ),
    Case(
        "a feature code is that of another layer",
        value("ZDJCSSD", 3, YSDM="9000000002"),
        (find("3104", "ZDJCSSD", *numbers("ZDJCSSD", 3)),),
    ),
    Case(
        "a number is below its range",
        value("ZDJCSSD", 3, SSGM=-5.0),
        (find("3105", "ZDJCSSD", *numbers("ZDJCSSD", 3)),),
    ),
    Case(
        "an area is negative",
        value("ZDJCSSM", 2, YDMJ=-10000.0),
        (find("3105", "ZDJCSSM", *numbers("ZDJCSSM", 2)),),
        ("AREA",),
    ),
    Case(
        "an area is zero", value("ZDJCSSM", 2, YDMJ=0.0), (find("3105", "ZDJCSSM", *numbers("ZDJCSSM", 2)),), ("AREA",)
    ),
    Case(
        "a mandatory value is null", value("ZDJCSSD", 3, GHZT=None), (find("3105", "ZDJCSSD", *numbers("ZDJCSSD", 3)),)
    ),
    Case(
        "a mandatory value is an empty text",
        value("ZDJCSSD", 3, XZQMC=""),
        (find("3105", "ZDJCSSD", *numbers("ZDJCSSD", 3)),),
    ),
    Case(
        "a mandatory value is blanks",
        value("ZDJCSSD", 3, XZQMC="  　"),
        (find("3105", "ZDJCSSD", *numbers("ZDJCSSD", 3)),),
    ),
    # Feature numbers
    Case(
        "two features of a layer share a number",
        value("ZDJCSSD", 3, BSM=bsm("ZDJCSSD", 2)),
        (find("BSM", "ZDJCSSD", *numbers("ZDJCSSD", 2)),),
    ),
    Case(
        "features of two layers share a number",
        value("JQZDXMX", 1, BSM=bsm("ZDJCSSD", 2)),
        (find("BSM", "JQZDXMX", bsm("ZDJCSSD", 2)), find("BSM", "ZDJCSSD", bsm("ZDJCSSD", 2))),
    ),
    Case(
        "a number has 17 digits",
        value("ZDJCSSD", 3, BSM="99012100010000003"),
        (find("BSM", "ZDJCSSD", "99012100010000003"),),
    ),
    Case(
        "a number belongs to a county that is not there",
        value("ZDJCSSD", 3, BSM="990999000100000003"),
        (find("BSM", "ZDJCSSD", "990999000100000003"),),
    ),
    Case(
        "a number belongs to another layer",
        value("ZDJCSSD", 3, BSM="990121000200000093"),
        (find("BSM", "ZDJCSSD", "990121000200000093"),),
    ),
    Case(
        "a number has letters",
        value("ZDJCSSD", 3, BSM="9901210001000000A3"),
        (find("BSM", "ZDJCSSD", "9901210001000000A3"),),
    ),
    Case(
        "a number has full-width digits",
        value("ZDJCSSD", 3, BSM="99012100010000000３"),
        (find("BSM", "ZDJCSSD", "99012100010000000３"),),
    ),
    Case("a number is null", value("ZDJCSSD", 3, BSM=None), (find("3105", "ZDJCSSD", ""),), ("BSM",)),
    # Regions
    Case(
        "a region code is that of the neighbour county",
        value("ZDJCSSD", 3, XZQDM=NEIGHBOUR),
        (find("XZQDM", "ZDJCSSD", *numbers("ZDJCSSD", 3)),),
        ("BSM",),
    ),
    Case(
        "a region code is that of the next town",
        value("ZDJCSSM", 3, XZQDM=NEXT_TOWN),
        (find("XZQDM", "ZDJCSSM", *numbers("ZDJCSSM", 3)),),
    ),
    Case(
        "a region code is unknown",
        value("ZDJCSSD", 3, XZQDM="990121999"),
        (find("XZQDM", "ZDJCSSD", *numbers("ZDJCSSD", 3)),),
    ),
    Case(
        "a region code has five digits",
        value("ZDJCSSD", 3, XZQDM="99012"),
        (find("XZQDM", "ZDJCSSD", *numbers("ZDJCSSD", 3)),),
    ),
]


@pytest.fixture(scope="module")
def around(tmp_path_factory):
    """Give the profile, the regions and the planning boundary."""
    return surroundings(tmp_path_factory.mktemp("around"))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_planted_fault_is_found_under_its_rule_and_nothing_else(case, around, tmp_path):
    check_planted(case, around, tmp_path)


@pytest.mark.parametrize("form", ["gpkg", "shp"])
def test_names_in_lower_case_are_found_with_the_spelling_of_the_profile_and_the_layers_checked(form, around, tmp_path):
    def plant(made):
        for name in list(made.sheets):
            made.rename(name, name.lower())
        made["zdjcssd"].rows[2]["GHZT"] = "30"

    found, _ = checked(plant, around, tmp_path, form)
    assert {(item.rule, item.layer) for item in found} == {
        ("3104", "ZDJCSSD"),
        *(("LAYERS", name.lower()) for name in ALL),
    }
    assert all(f"应为 {item.layer.upper()}" in item.message for item in found if item.rule == "LAYERS")


def test_degrees_are_no_wrong_zone_where_the_profile_allows_them_and_nothing_is_called_projected(around, tmp_path):
    source = tmp_path / "p"
    made = good_package()
    made.reproject("EPSG:4490")
    summary, found = kit.check(write(made, source, "gpkg"), around, tmp_path / "o")
    assert found == []
    assert "2203" in summary["rules_not_run"]


def test_degrees_are_a_wrong_zone_where_the_profile_wants_a_zone(around, tmp_path):
    text = around[0].read_text(encoding="utf-8")
    assert 'choices = ["zone", "zone-no-prefix", "4490"]' in text
    profile = tmp_path / "zone.toml"
    profile.write_text(text.replace('"zone-no-prefix", "4490"]', '"zone-no-prefix"]'), encoding="utf-8")
    made = good_package()
    made.reproject("EPSG:4490")
    _, found = kit.check(write(made, tmp_path / "p", "gpkg"), (profile, *around[1:]), tmp_path / "o")
    assert {(item.rule, item.layer) for item in found} == {("2203", name) for name in ALL}


def test_a_six_degree_zone_is_told_as_such(around, tmp_path):
    found, _ = checked(crs("EPSG:4498"), around, tmp_path)
    assert ["是六度带，规格要求三度带" in item.message for item in found] == [True] * len(ALL)


def test_a_changed_layer_code_is_told_once_a_layer_and_numbers_are_not_to_be_changed_for_it(around, tmp_path):
    text = around[0].read_text(encoding="utf-8")
    profile = tmp_path / "changed.toml"
    profile.write_text(text.replace('bsm_code = "0001"', 'bsm_code = "0071"'), encoding="utf-8")
    source = write(good_package(), tmp_path / "p", "gpkg")
    _, found = kit.check(source, (profile, *around[1:]), tmp_path / "o")
    assert [(item.rule, item.layer, item.feature) for item in found] == [("BSM", "ZDJCSSD", "")]
    assert "8 个标识码的要素层代码是 0001，规格为 0071" in found[0].message
    assert "标识码交付后不应改变" in found[0].remedy


@pytest.mark.parametrize(
    ("field", "written", "shown"), [("GHZT", "20 ", "20␣"), ("YSDM", " 9000000001", "␣9000000001")]
)
def test_blanks_around_a_code_are_shown(field, written, shown, around, tmp_path):
    found, _ = checked(value("ZDJCSSD", 3, **{field: written}), around, tmp_path)
    assert "3104" in {item.rule for item in found}
    assert f"“{shown}”前后有空格" in next(item.message for item in found if item.rule == "3104")
    assert "请删除空格" in next(item.remedy for item in found if item.rule == "3104")


def test_the_invented_profile_is_municipal_with_codes_a_tiling_layer_and_a_network(around):
    profile = read_profile(str(around[0]))
    assert [layer.ysdm for layer in profile.layers] == [f"900000000{code}" for code in kit.CODES.values()]
    assert [layer.name for layer in profile.layers if layer.tiles or layer.joined] == ["JQZDXMX", "JQZDXMM"]
    assert {name for name, *_ in FACILITY} <= {item.name for item in profile.layer("ZDJCSSM").fields}
