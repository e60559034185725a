"""A delivery profile with faults: each is found, all at once, with its place and what was expected."""

import copy

import pytest
from xinji_planner.errors import InputError
from xinji_planner.layers.delivery.profile.faults import faults_of_profile
from xinji_planner.layers.delivery.profile.file import PROFILES, read_content, read_profile, shipped_profiles
from xinji_planner.layers.delivery.profile.model import profile_of
from xinji_planner.layers.delivery.profile.text import as_toml

MUNICIPAL = read_content(PROFILES / "municipal.toml")


def field_of(content, layer, name):
    return next(item for item in layer_of(content, layer)["field"] if item["name"] == name)


def layer_of(content, name):
    return next(item for item in content["layer"] if item["name"] == name)


def changed(change):
    content = copy.deepcopy(MUNICIPAL)
    change(content)
    return content


def intake(content):
    return layer_of(content, "ZDJCSSD")["from"][0]


FAULTS = {
    "unknown table": (lambda c: c.update(layers=[]), "layers"),
    "other format": (lambda c: c.update(format=2), "format"),
    "no head": (lambda c: c.pop("profile"), "profile"),
    "no Chinese name": (lambda c: c["profile"].pop("zh"), "profile · zh"),
    "unknown format": (lambda c: c["profile"].update(formats=["dwg"]), "profile · formats"),
    "no format": (lambda c: c["profile"].update(formats=[]), "profile · formats"),
    "unknown status": (lambda c: c["profile"].update(status="official"), "profile · status"),
    "verified without a source": (lambda c: c["crs"].update(status="verified", source=""), "crs · source"),
    "unknown CRS": (lambda c: c["crs"].update(default="EPSG:4326"), "crs · default"),
    "unknown way over zones": (lambda c: c["crs"].update(spans="halves"), "crs · spans"),
    "path as a name": (lambda c: c["names"].update(package="../{xzqdm}"), "names · package"),
    "unknown place in a name": (lambda c: c["names"].update(package="{county}"), "names · package"),
    "unknown encoding": (lambda c: c["names"].update(shp_encoding="BIG5"), "names · shp_encoding"),
    "no tolerance": (lambda c: c["geometry"].update(tolerance_m=0), "geometry · tolerance_m"),
    "unknown multipart": (lambda c: c["geometry"].update(multipart="yes"), "geometry · multipart"),
    "number parts": (lambda c: c["bsm"].update(serial=10), "layer ZDJCSSD · BSM · length"),
    "layer code": (lambda c: layer_of(c, "ZDJCSSD").update(bsm_code="1"), "layer ZDJCSSD · bsm_code"),
    "unknown level": (lambda c: c["region"].update(levels=["village"]), "region · levels"),
    "metadata inside a format that holds no table": (
        lambda c: c["metadata"].update(inside=["shp"]),
        "metadata · inside",
    ),
    "contact that is no text": (lambda c: c["metadata"].update(phone=12345), "metadata · phone"),
    "decimals that are no number": (lambda c: c.update(txt={"decimals": "3"}), "txt · decimals"),
    "unknown metadata": (lambda c: c["metadata"].update(form="iso"), "metadata · form"),
    "empty code list": (lambda c: c["domain"]["GHZT"].update(values={}), "domain GHZT · values"),
    "check level": (lambda c: c["check"][0].update(level=9), "check 2201 · level"),
    "threshold in words": (lambda c: c["check"][6].update(threshold="10 m2"), "check 4601 · threshold"),
    "layer twice": (lambda c: c["layer"].append(layer_of(c, "ZDJCSSD")), "layer ZDJCSSD · name"),
    "layer name": (lambda c: layer_of(c, "ZDJCSSD").update(name="1层"), "layer 1层 · name"),
    "geometry": (lambda c: layer_of(c, "ZDJCSSD").update(geometry="points"), "layer ZDJCSSD · geometry"),
    "geometry of the intake": (
        lambda c: layer_of(c, "ZDJCSSX").update(geometry="polygon"),
        "layer ZDJCSSX · from 1 · workspace",
    ),
    "feature code": (lambda c: layer_of(c, "ZDJCSSD").update(ysdm="20900205"), "layer ZDJCSSD · ysdm"),
    "no intake": (lambda c: layer_of(c, "ZDJCSSD").update({"from": []}), "layer ZDJCSSD · from"),
    "unknown workspace layer": (lambda c: intake(c).update(workspace="stations"), "layer ZDJCSSD · from 1 · workspace"),
    "unknown filter": (lambda c: intake(c).update(where={"state": ["x"]}), "layer ZDJCSSD · from 1 · where · state"),
    "unknown code in a filter": (
        lambda c: intake(c).update(where={"status": ["built"]}),
        "layer ZDJCSSD · from 1 · where · status",
    ),
    "value for no field": (lambda c: intake(c)["values"].update(X={"constant": 1}), "layer ZDJCSSD · from 1 · X"),
    "field without a name": (lambda c: field_of(c, "ZDJCSSD", "SSDM").pop("alias"), "SSDM · alias"),
    "field twice": (lambda c: field_of(c, "ZDJCSSD", "SSDM").update(name="bsm"), "layer ZDJCSSD · bsm"),
    "long field name": (
        lambda c: field_of(c, "ZDJCSSD", "SSDM").update(name="SSDMABCDEFG"),
        "layer ZDJCSSD · SSDMABCDEFG",
    ),
    "no length": (lambda c: field_of(c, "ZDJCSSD", "SSDM").pop("length"), "SSDM · length"),
    "unknown type": (lambda c: field_of(c, "ZDJCSSD", "SSDM").update(type="Text"), "SSDM · type"),
    "decimals of a text": (lambda c: field_of(c, "ZDJCSSD", "SSDM").update(decimals=2), "SSDM · decimals"),
    "more decimals than length": (lambda c: field_of(c, "ZDJCSSD", "SSGM").update(length=2), "SSGM · length"),
    "unknown need": (lambda c: field_of(c, "ZDJCSSD", "SSDM").update(need="X"), "SSDM · need"),
    "unknown code list": (lambda c: field_of(c, "ZDJCSSD", "SSDM").update(domain="SSLX"), "SSDM · domain"),
    "bound of a text": (lambda c: field_of(c, "ZDJCSSD", "SSDM").update(above=0), "SSDM · type"),
    "two expressions": (
        lambda c: field_of(c, "ZDJCSSD", "SSDM").update(value={"field": "name", "constant": "x"}),
        "layer ZDJCSSD · from 1 · SSDM",
    ),
    "an expression to evaluate": (
        lambda c: field_of(c, "ZDJCSSD", "SSDM").update(value={"eval": "1+1"}),
        "layer ZDJCSSD · from 1 · SSDM",
    ),
    "unknown field": (
        lambda c: field_of(c, "ZDJCSSD", "SSDM").update(value={"field": "ssdm"}),
        "layer ZDJCSSD · from 1 · SSDM · field",
    ),
    "unknown field in a template": (
        lambda c: field_of(c, "ZDJCSSD", "SSDM").update(value={"template": "{ssdm}"}),
        "layer ZDJCSSD · from 1 · SSDM · template",
    ),
    "code in a template": (
        lambda c: field_of(c, "ZDJCSSD", "SSDM").update(value={"template": "{name.upper()}"}),
        "layer ZDJCSSD · from 1 · SSDM · template",
    ),
    "unknown computed value": (
        lambda c: field_of(c, "ZDJCSSD", "SSDM").update(value={"computed": "volume"}),
        "layer ZDJCSSD · from 1 · SSDM · computed",
    ),
    "code map to outside the list": (
        lambda c: field_of(c, "ZDJCSSD", "GHZT")["value"]["map"].update(planned="30"),
        "layer ZDJCSSD · from 1 · GHZT · map",
    ),
    "code map from outside the list": (
        lambda c: field_of(c, "ZDJCSSD", "GHZT")["value"]["map"].update(built="10"),
        "layer ZDJCSSD · from 1 · GHZT · map · built",
    ),
    "constant outside the list": (
        lambda c: field_of(c, "ZDJCSSD", "GHZT").update(value={"constant": "30"}),
        "layer ZDJCSSD · from 1 · GHZT · constant",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_where_it_stands(name):
    change, place = FAULTS[name]
    found = [fault.field for fault in faults_of_profile(changed(change), "p.toml")]
    assert any(field.endswith(place) for field in found), found


def test_all_faults_come_at_once_in_both_languages(tmp_path):
    content = copy.deepcopy(MUNICIPAL)
    FAULTS["no Chinese name"][0](content)
    FAULTS["unknown CRS"][0](content)
    FAULTS["unknown type"][0](content)
    with pytest.raises(InputError) as caught:
        profile_of(content, "p", tmp_path / "p.toml")
    fields = [fault.field for fault in caught.value.faults]
    assert fields == ["profile · zh", "crs · default", "layer ZDJCSSD · SSDM · type"]
    assert all(fault.message.zh and fault.message.en and fault.file == "p.toml" for fault in caught.value.faults)


@pytest.mark.parametrize(
    "value",
    [None, 1, "x", [], [1], {"x": 1}, True],
)
@pytest.mark.parametrize("key", ["profile", "crs", "names", "bsm", "domain", "header", "layer", "check", "format"])
def test_a_table_of_another_kind_is_a_fault_and_no_crash(key, value):
    content = {**copy.deepcopy(MUNICIPAL), key: value}
    if (key, value) in (("header", []), ("check", []), ("format", True)):
        return  # nothing to find, or the same as 1
    assert faults_of_profile(content, "p.toml")


def test_a_file_that_is_no_toml_names_the_line(tmp_path):
    path = tmp_path / "p.toml"
    path.write_text("format = 1\n[profile\n", encoding="utf-8")
    with pytest.raises(InputError, match="第 2 行") as caught:
        read_profile(str(path))
    assert caught.value.faults[0].row == 2
    path.write_bytes("zh = '规格'".encode("gbk"))
    with pytest.raises(InputError, match="UTF-8"):
        read_profile(str(path))
    with pytest.raises(InputError, match="municipal"):
        try:
            read_profile("no-such")
        except InputError as error:
            raise InputError(error.remedy) from error


@pytest.mark.parametrize("name", shipped_profiles())
def test_a_profile_written_again_reads_the_same(name):
    import tomllib

    content = read_content(PROFILES / f"{name}.toml")
    assert tomllib.loads(as_toml(content)) == content
    strange = {**content, "profile": {**content["profile"], "note": 'a "b" \\ \n\t\x7f 㐂'}}
    assert tomllib.loads(as_toml(strange)) == strange
