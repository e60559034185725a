"""A delivery by a profile: what the bureau reads is what stands in the workspace, under the bureau's names."""

import hashlib
import math
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError, WorkspaceError
from xinji_planner.layers.delivery.bsm import Identity, Register
from xinji_planner.layers.delivery.profile.file import PROFILES, read_profile
from xinji_planner.layers.delivery.sources import refuse_shifted, sources_of
from xinji_planner.layers.doctor.datum.standing import Basis
from xinji_planner.layers.store.workspace import Workspace, create
from xinji_planner.layers.vct.reading.file import read_vct
from xinji_planner.layers.vct.reading.layers import features_of, layers_of
from xinji_planner.tests.engine.profile_kit import cables, deliver, fill, nodes, rows, small_county

SHIPPED = ("municipal", "central-urban", "permit", "landuse3-vct")
ALL = ("gpkg", "gdb", "shp", "geojson", "csv", "xlsx")
METRE_1E4 = 1e-4


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("成果")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    return Workspace(folder / "海岳县.gpkg")


@pytest.fixture(scope="module", params=SHIPPED)
def handed_in(request, county, tmp_path_factory):
    folder = tmp_path_factory.mktemp("交付") / request.param
    return request.param, *deliver(county, folder, profile=request.param, formats=ALL)


@pytest.fixture
def small(tmp_path):
    return small_county(tmp_path)


def own_profile(folder, *changes, base="municipal"):
    """Write a copy of a shipped profile with pieces of its text replaced."""
    text = (PROFILES / f"{base}.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def found(outputs):
    return [(row["rule"], row["level"], row["layer"], row["feature"]) for row in rows(outputs["check_csv"])]


def parts_of(shapes):
    return [part for shape in shapes for part in shapely.get_parts(shape)]


def test_every_format_holds_the_same_features_attributes_and_places(handed_in):
    _, summary, outputs = handed_in
    for layer, count in summary["layers"].items():
        truth = pyogrio.read_dataframe(outputs["gpkg"], layer=layer)
        assert len(truth) == count > 0
        for other in (
            pyogrio.read_dataframe(outputs["gdb"], layer=layer),
            pyogrio.read_dataframe(outputs["shapefiles"] / f"{layer}.shp"),
            pyogrio.read_dataframe(outputs["geojson"] / f"{layer}.geojson"),
        ):
            assert other.crs.to_epsg() == truth.crs.to_epsg() == 4531
            assert list(other.columns) == list(truth.columns)
            for name in truth.columns.drop("geometry"):
                there = truth[name].notna()
                assert (other[name].notna() == there).all(), (layer, name)
                if truth[name].dtype.kind == "f":
                    assert np.allclose(other[name][there].astype(float), truth[name][there], atol=1e-9, rtol=0)
                else:
                    assert other[name][there].astype(str).tolist() == truth[name][there].astype(str).tolist()
            for one, two in zip(parts_of(truth.geometry), parts_of(other.geometry), strict=True):
                assert one.equals_exact(two, METRE_1E4) or one.normalize().equals_exact(two.normalize(), METRE_1E4)


def test_attribute_tables_say_the_same_as_the_layers(handed_in):
    _, summary, outputs = handed_in
    for layer in summary["layers"]:
        truth = pyogrio.read_dataframe(outputs["gpkg"], layer=layer, read_geometry=False)
        table = rows(outputs["csv"] / f"{layer}.csv")
        sheet = openpyxl.load_workbook(outputs["xlsx"] / f"{layer}.xlsx").active
        assert len(table) == sheet.max_row - 1 == len(truth)
        assert [cell.value.split()[0] for cell in sheet[1]] == list(table[0]) == list(truth.columns)
        for name in truth.columns:
            for row, value in enumerate(truth[name]):
                cell = table[row][name]
                assert (
                    (value == float(cell)) if isinstance(value, float) and cell else (value or "") == cell or not cell
                )


def test_lengths_aliases_and_tolerance_are_those_of_the_profile(handed_in):
    name, summary, outputs = handed_in
    profile = read_profile(name)
    for layer in summary["layers"]:
        schema = pyogrio.read_arrow(outputs["gdb"], layer=layer)[1].schema
        for field in profile.layer(layer).fields:
            told = schema.field(field.name).metadata or {}
            assert told[b"GDAL:OGR:alternative_name"].decode() == field.alias
            if field.type == "Char":
                assert int(told[b"GDAL:OGR:width"]) == field.length
        assert (
            pyogrio.read_info(outputs["gdb"], layer=layer)["layer_metadata"]["ALIAS_NAME"] == profile.layer(layer).alias
        )
    catalogue = b"".join(path.read_bytes() for path in sorted(outputs["gdb"].glob("*.gdbtable")))
    assert b"<XYTolerance>0.0001</XYTolerance>" in catalogue
    assert b"<XYScale>10000</XYScale>" in catalogue


def test_rows_in_are_rows_out_plus_those_left_out_each_with_a_reason(handed_in, county):
    name, summary, outputs = handed_in
    left = rows(outputs["left_out"])
    assert summary["features_in"] == summary["features_out"] + summary["features_left_out"]
    assert len(left) == summary["features_left_out"]
    assert all(row["reason_zh"] and row["reason_en"] for row in left)
    assert len({(row["layer"], row["uuid"]) for row in left}) == len(left)
    listed = {(row["workspace"], row["uuid"]) for row in rows(outputs["delivered"])}
    assert len(listed) == summary["features_out"]
    assert not listed & {(row["layer"], row["uuid"]) for row in left}
    read = {intake.workspace for layer in read_profile(name).layers for intake in layer.intakes}
    assert summary["features_in"] == sum(count for layer, count in county.counts().items() if layer in read)


def test_feature_numbers_are_unique_and_begin_with_the_county_of_the_location(handed_in):
    name, _, outputs = handed_in
    numbers = [row["bsm"] for row in rows(outputs["delivered"])]
    if name == "permit":
        assert not any(numbers)
        return
    assert len(set(numbers)) == len(numbers)
    for layer, _ in pyogrio.list_layers(outputs["gpkg"]):
        frame = pyogrio.read_dataframe(outputs["gpkg"], layer=layer)
        assert (frame["BSM"].str.len() == 18).all()
        assert (frame["BSM"].str[:6] == frame["XZQDM"].str[:6]).all()


def test_what_nobody_has_verified_is_told_and_no_conformance_is_claimed(handed_in):
    name, _, outputs = handed_in
    page = outputs["check_report"].read_text(encoding="utf-8")
    assert "不表示成果符合任何数据标准" in page
    assert "claims no conformance" in page
    assert "规格中未核实的条目" in page
    assert "要素代码未获得" in page
    assert "1985国家高程基准" in page
    assert ("3104", "error", read_profile(name).layers[0].name, "") in found(outputs)


def test_converted_coordinates_cannot_leave_unnoticed(handed_in):
    _, _, outputs = handed_in
    told = [row["message_en"] for row in rows(outputs["check_csv"]) if row["rule"] == "D01"]
    assert any("GCJ-02" in words for words in told)
    assert "按指定由 GCJ-02" in outputs["check_report"].read_text(encoding="utf-8")


def test_checksums_hold_and_the_archive_is_the_folder(handed_in):
    _, summary, outputs = handed_in
    home = outputs["package"]
    lines = (home / "checksums.sha256").read_text(encoding="utf-8").splitlines()
    for line in lines:
        digest, path = line.split("  ", 1)
        assert hashlib.sha256((home / path).read_bytes()).hexdigest() == digest
    with zipfile.ZipFile(outputs["zip"]) as archive:
        names = archive.namelist()
        assert len(names) == len(lines) + 1
        assert all(name.startswith(f"{summary['package']}/") for name in names)
        for name in names:
            assert archive.read(name) == (home.parent / name).read_bytes()


def test_the_same_inputs_give_the_same_bytes_in_every_format(county, tmp_path):
    def digests(folder):
        run_job(
            "delivery_package",
            {"workspace": str(county.path), "profile": "municipal", "formats": ",".join((*ALL, "txt", "ofds"))},
            folder,
        )
        return {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*")
            if path.is_file()
        }

    one = digests(tmp_path / "one")
    assert one == digests(tmp_path / "two")
    assert any(name.endswith(".zip") for name in one)
    assert any(".gdb/" in name for name in one)


def test_the_geopackages_are_sound(handed_in):
    import sqlite3

    _, summary, outputs = handed_in
    with sqlite3.connect(outputs["gpkg"]) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for layer in summary["layers"]:
            assert connection.execute(f"SELECT rtreecheck('rtree_{layer}_geom')").fetchone() == ("ok",)


def test_after_an_edit_untouched_features_keep_their_numbers_and_the_difference_is_listed(small, tmp_path):
    _, first = deliver(small, tmp_path / "one", profile="municipal")
    before = {(row["layer"], row["uuid"], row["part"]): row["bsm"] for row in rows(first["delivered"])}
    nodes(small, ["B", "C"], [shapely.Point(114.5, 36.2), shapely.Point(114.1, 36)])
    summary, second = deliver(small, tmp_path / "two", profile="municipal", previous=str(tmp_path / "one"))
    after = {(row["layer"], row["uuid"], row["part"]): row["bsm"] for row in rows(second["delivered"])}
    kept = set(before) & set(after)
    assert {key: before[key] for key in kept} == {key: after[key] for key in kept}
    assert summary["changes"] == {"added": 1, "changed": 1, "removed": 1}
    assert [(row["change"], row["uuid"], row["what"]) for row in rows(second["changes"])] == [
        ("added", "n-C", ""),
        ("changed", "n-B", "图形"),
        ("removed", "n-A", ""),
    ]
    new = after["ZDJCSSD", "n-C", ""]
    assert new not in before.values()
    assert "新增 1 个，变更 1 个，删除 1 个" in second["check_report"].read_text(encoding="utf-8")


def test_a_number_is_never_given_again_also_after_its_feature_has_gone(small, tmp_path):
    _, first = deliver(small, tmp_path / "one", profile="municipal")
    gone = {row["bsm"] for row in rows(first["delivered"])}
    nodes(small, ["X"], [shapely.Point(113.5, 36)])
    cables(small, [shapely.LineString([(113.5, 36), (113.6, 36)])], names=["neu"])
    _, second = deliver(small, tmp_path / "two", profile="municipal")
    assert not gone & {row["bsm"] for row in rows(second["delivered"])}


def test_the_earlier_package_brings_the_numbers_back_where_the_register_is_lost(small, tmp_path):
    nodes(small, ["A", "B", "C"], [shapely.Point(113.5, 36), shapely.Point(113.6, 36), shapely.Point(113.7, 36)])
    deliver(small, tmp_path / "zero", profile="municipal")
    nodes(small, ["B", "C"], [shapely.Point(113.6, 36), shapely.Point(113.7, 36)])
    _, first = deliver(small, tmp_path / "one", profile="municipal")
    small.path.with_name("甲县.bsm.csv").unlink()
    _, second = deliver(small, tmp_path / "two", profile="municipal", previous=str(tmp_path / "one"))
    assert [row["bsm"] for row in rows(second["delivered"])] == [row["bsm"] for row in rows(first["delivered"])]
    assert rows(second["changes"]) == []


def test_a_copy_of_the_profile_under_another_name_gives_the_same_numbers(small, tmp_path):
    _, first = deliver(small, tmp_path / "one", profile="municipal")
    _, second = deliver(small, tmp_path / "two", profile=own_profile(tmp_path))
    assert [row["bsm"] for row in rows(first["delivered"])] == [row["bsm"] for row in rows(second["delivered"])]


def test_a_register_with_one_number_twice_is_refused_with_its_rows(tmp_path):
    path = tmp_path / "w.bsm.csv"
    path.write_text(
        "scheme,layer,uuid,part,bsm\n6+4+8,L,a,,433101000000000001\n6+4+8,L,b,,433101000000000001\n6+4+8,L,c,,4.3E+17\n"
    )
    with pytest.raises(InputError) as caught:
        Register(path)
    assert [fault.row for fault in caught.value.faults] == [3, 4]


def test_two_runs_at_once_cannot_give_one_number_twice(tmp_path):
    one, two = Register(tmp_path / "w.bsm.csv"), Register(tmp_path / "w.bsm.csv")
    assert one.number([Identity("6+4+8", "L", "a", "")], ["4331010000"], 8) == ["433101000000000001"]
    two.number([Identity("6+4+8", "L", "b", "")], ["4331010000"], 8)
    one.write()
    with pytest.raises(WorkspaceError):
        two.write()
    assert list(Register(tmp_path / "w.bsm.csv").numbers.values()) == ["433101000000000001"]


def test_a_shape_in_parts_becomes_features_in_parts_each_with_its_number_and_length(small, tmp_path):
    summary, outputs = deliver(small, tmp_path / "out", profile="municipal")
    assert summary["layers"]["ZDJCSSX"] == 3
    assert summary["features_out"] == 4
    frame = pyogrio.read_dataframe(outputs["gpkg"], layer="ZDJCSSX")
    assert set(frame.geom_type) == {"LineString"}
    assert frame["BSM"].is_unique
    two = frame[frame["SSMC"] == "光缆1"]
    sine, cosine = math.sin(math.radians(36.1)), math.cos(math.radians(36.1))
    parallel = 6378137 * cosine / math.sqrt(1 - 0.00669438 * sine**2) * math.radians(0.1)
    assert two["SSGM"].tolist() == pytest.approx([parallel] * 2, abs=0.02)


@pytest.mark.parametrize(("rule", "features", "left"), [("keep", 2, 0), ("refuse", 1, 1)])
def test_parts_stay_together_or_are_refused_as_the_profile_says(small, tmp_path, rule, features, left):
    profile = own_profile(tmp_path, ('multipart = "split"', f'multipart = "{rule}"'))
    summary, outputs = deliver(small, tmp_path / "out", profile=profile)
    assert summary["layers"]["ZDJCSSX"] == features
    assert summary["features_left_out"] == left
    assert (("MULTI", "error", "ZDJCSSX", "c-1") in found(outputs)) == (rule == "keep")
    assert ["多部件" in row["reason_zh"] for row in rows(outputs["left_out"])] == [True] * left


def test_the_region_code_comes_from_the_location_and_the_larger_share(small, tmp_path):
    _, outputs = deliver(small, tmp_path / "out", profile="municipal")
    point = pyogrio.read_dataframe(outputs["gpkg"], layer="ZDJCSSD").set_index("SSMC")
    assert point["XZQDM"].to_dict() == {"A机房": "433101100", "B机房": "433101"}
    assert point["XZQMC"].to_dict() == {"A机房": "甲镇", "B机房": "甲县"}
    line = pyogrio.read_dataframe(outputs["gpkg"], layer="ZDJCSSX").set_index("SSMC")
    assert line["XZQDM"]["光缆0"] == "433101100"


def test_a_code_that_disagrees_with_the_location_and_a_place_outside_all_units_are_findings(small, tmp_path):
    fill(
        small,
        "villages",
        {
            "uuid": ["v1", "v2", "v3"],
            "village_code": ["433101100201", "433199100201", "433101100202"],
            "village_name": ["一村", "二村", "三村"],
        },
        [shapely.Point(113.5, 36), shapely.Point(113.6, 36), shapely.Point(120, 36)],
    )
    nodes_first = '[[layer.from]]\nworkspace = "trunk_nodes"\nwhere = { status = ["existing"'
    villages = '[[layer.from]]\nworkspace = "villages"\nvalues.GHZT = { constant = "10" }\n\n'
    profile = own_profile(tmp_path, (nodes_first, villages + nodes_first))
    _, outputs = deliver(small, tmp_path / "out", profile=profile)
    told = [(rule, layer, uuid) for rule, _, layer, uuid in found(outputs) if rule == "XZQDM" and layer == "ZDJCSSD"]
    assert told == [("XZQDM", "ZDJCSSD", "v3"), ("XZQDM", "ZDJCSSD", "v2")]


def test_a_text_that_is_cut_is_told_by_field_and_format_and_whole_where_it_fits(small, tmp_path):
    fill(small, "trunk_nodes", {"uuid": ["n"], "node_id": ["N"], "name": ["长" * 120], "operator": ["CMCC"],
         "status": ["existing"], "remark": ["注" * 200]}, [shapely.Point(113.5, 36)])  # fmt: skip
    _, outputs = deliver(small, tmp_path / "out", profile="municipal", formats=("gpkg", "shp"))
    told = {row["rule"]: row["message_en"] for row in rows(outputs["check_csv"]) if row["feature"] == "n"}
    assert "SSMC" in told["TEXT"]
    assert "120 characters, 100 fit" in told["TEXT"]
    whole = pyogrio.read_dataframe(outputs["gpkg"], layer="ZDJCSSD")
    cut = pyogrio.read_dataframe(outputs["shapefiles"] / "ZDJCSSD.shp")
    assert (whole["SSMC"][0], whole["BZ"][0]) == ("长" * 100, "注" * 200)
    assert (cut["SSMC"][0], cut["BZ"][0]) == ("长" * 50, "注" * 127)
    assert sum(row["rule"] == "F01" and row["feature"] == "n" for row in rows(outputs["check_csv"])) == 2


def test_a_character_that_gbk_lacks_is_not_lost(small, tmp_path):
    nodes(small, ["㐂"], [shapely.Point(113.5, 36)])
    _, outputs = deliver(small, tmp_path / "out", profile="municipal", formats=("shp",))
    assert pyogrio.read_dataframe(outputs["shapefiles"] / "ZDJCSSD.shp")["SSMC"].tolist() == ["㐂机房"]
    assert (outputs["shapefiles"] / "ZDJCSSD.cpg").read_text() == "UTF-8"
    assert (outputs["shapefiles"] / "ZDJCSSX.cpg").read_text() == "GBK"
    assert ("F03", "warning", "ZDJCSSD", "") in found(outputs)


def test_a_status_outside_the_layer_is_left_out_with_its_words(small, tmp_path):
    nodes(small, ["A", "B"], [shapely.Point(113.5, 36), shapely.Point(114.5, 36)], status=["retired", "existing"])
    summary, outputs = deliver(small, tmp_path / "out", profile="municipal")
    assert summary["features_left_out"] == 1
    (row,) = rows(outputs["left_out"])
    assert (row["uuid"], row["key"]) == ("n-A", "A")
    assert "ZDJCSSD 不收“建设状态”为“退网”的要素" in row["reason_zh"]


def test_slivers_and_short_lines_are_found_by_the_thresholds_of_the_profile(small, tmp_path):
    cables(small, [shapely.LineString([(113.5, 36), (113.50001, 36)]), shapely.LineString([(113.5, 36), (113.6, 36)])])
    plots = [shapely.box(113.5, 36, 113.50002, 36.00002), shapely.box(113.6, 36, 113.61, 36.01)]
    fill(small, "dc_clusters", {"uuid": ["d1", "d2"], "cluster_id": ["1", "2"], "status": ["existing"] * 2}, plots)
    _, outputs = deliver(small, tmp_path / "out", profile="municipal")
    told = {(rule, layer, uuid) for rule, _, layer, uuid in found(outputs) if rule in ("4601", "4701")}
    assert told == {("4601", "ZDJCSSM", "d1"), ("4701", "ZDJCSSX", "c-0"), ("4701", "JQZDXMX", "c-0")}


def test_a_county_across_zones_is_handled_as_the_profile_says(small, tmp_path):
    nodes(small, ["A", "B", "C"], [shapely.Point(113.5, 36), shapely.Point(114.5, 36), shapely.Point(117.2, 36)])
    summary, outputs = deliver(small, tmp_path / "one", profile="municipal")
    assert summary["zone"] == 38
    assert "C01" in {row[0] for row in found(outputs)}
    refusing = own_profile(tmp_path, ('spans = "most"', 'spans = "refuse"'))
    with pytest.raises(InputError, match="跨带"):
        deliver(small, tmp_path / "two", profile=refusing)
    degrees = own_profile(tmp_path, ('spans = "most"', 'spans = "geographic"'))
    summary, outputs = deliver(small, tmp_path / "three", profile=degrees, formats=("gdb", "gpkg"))
    assert summary["crs"] == "EPSG:4490"
    assert ("2203", "warning", "", "") in found(outputs)
    exact = pyogrio.read_dataframe(outputs["gpkg"], layer="ZDJCSSX").geometry
    rounded = pyogrio.read_dataframe(outputs["gdb"], layer="ZDJCSSX").geometry
    assert all(a.equals_exact(b.geoms[0], 1e-9) for a, b in zip(exact, rounded, strict=True))


@pytest.mark.parametrize(("wanted", "codes"), [("zone", (4526, 4527)), ("zone-no-prefix", (4547, 4548))])
def test_a_county_across_zones_comes_as_one_set_of_files_a_zone_where_the_profile_splits(
    small, tmp_path, wanted, codes
):
    nodes(small, ["A", "B", "C"], [shapely.Point(113.5, 36), shapely.Point(114.5, 36), shapely.Point(117.2, 36)])
    profile = own_profile(tmp_path, ('spans = "most"', 'spans = "split"'))
    formats = ("gpkg", "gdb", "shp", "geojson", "csv")
    summary, outputs = deliver(small, tmp_path / "out", profile=profile, formats=formats, crs=wanted)
    assert summary["zones"] == [38, 39]
    assert summary["features_in"] == summary["features_out"] + summary["features_left_out"] == 5
    home, package = outputs["package"], summary["package"]
    where = {}
    for zone, code in zip((38, 39), codes):
        folder = home / f"{zone}带"
        for file, layer in (
            (folder / f"{package}_{zone}.gpkg", "ZDJCSSD"),
            (folder / f"{package}_{zone}.gdb", "ZDJCSSD"),
            (folder / "shp" / "ZDJCSSD.shp", None),
        ):
            frame = pyogrio.read_dataframe(file, layer=layer)
            assert frame.crs.to_epsg() == code
            names = frame["BSM"] + frame["SSMC"]
            where[zone] = {name: shape.coords[0] for name, shape in zip(names, frame.to_crs(4490).geometry)}
    assert [sorted(name[18:] for name in where[zone]) for zone in (38, 39)] == [["A机房", "B机房"], ["C机房"]]
    assert len(where[38] | where[39]) == 3
    assert next(iter(where[39].values())) == pytest.approx((117.2, 36), abs=1e-9)
    assert not (home / "39带" / "shp" / "ZDJCSSX.shp").exists()  # no cable lies there, and the layer is no must
    listed = rows(outputs["delivered"])
    assert {row["crs"] for row in listed} == {f"EPSG:{code}" for code in codes}
    assert ("C01", "note", "", "") in found(outputs)
    again, _ = deliver(small, tmp_path / "two", profile=profile, crs="EPSG:4527")
    assert again["zones"] == [39]  # a CRS that the planner names holds for all


def test_a_crs_that_the_profile_does_not_offer_is_refused(small, tmp_path):
    profile = own_profile(tmp_path, ('choices = ["zone", "zone-no-prefix", "4490"]', 'choices = ["zone"]'))
    with pytest.raises(ParameterError, match="4490"):
        deliver(small, tmp_path / "out", profile=profile, crs="4490")
    assert deliver(small, tmp_path / "again", profile=profile, crs="EPSG:4547")[0]["crs"] == "EPSG:4547"


def test_a_required_layer_without_features_is_written_empty_and_told(small, tmp_path):
    nodes(small, ["A"], [shapely.Point(113.5, 36)], status="retired")
    summary, outputs = deliver(small, tmp_path / "out", profile="municipal", formats=("gpkg", "gdb", "shp"))
    assert summary["layers"]["ZDJCSSD"] == 0
    assert ("3101", "error", "ZDJCSSD", "") in found(outputs)
    assert pyogrio.read_info(outputs["gdb"], layer="ZDJCSSD")["fields"][0] == "BSM"


def test_without_boundaries_the_county_must_be_stated(tmp_path):
    bare = create(tmp_path / "w.gpkg")
    nodes(bare, ["A"], [shapely.Point(113.5, 36)])
    with pytest.raises(ParameterError, match="county"):
        deliver(bare, tmp_path / "one", profile="municipal")
    _, outputs = deliver(bare, tmp_path / "two", profile="municipal", county="433101")
    assert [row["bsm"] for row in rows(outputs["delivered"])] == ["433101000000000001"]


def test_a_failed_run_gives_no_numbers(small, tmp_path, monkeypatch):
    from xinji_planner.layers.delivery.writing import formats

    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setitem(formats.ALL_WRITERS, "gpkg", broken)
    with pytest.raises(OSError, match="disk full"):
        deliver(small, tmp_path / "out", profile="municipal")
    assert not small.path.with_name("甲县.bsm.csv").exists()


def test_without_feature_codes_there_is_no_vct_and_the_report_says_whose_are_missing(small, tmp_path):
    _, outputs = deliver(small, tmp_path / "out", profile="landuse3-vct", formats=None)
    (told,) = [row for row in rows(outputs["check_csv"]) if row["rule"] == "F05"]
    assert told["level"] == "error"
    assert "ZDJCSSD, ZDJCSSX" in told["message_en"]
    assert outputs["gpkg"].is_file()
    assert "vct" not in outputs


def test_with_feature_codes_the_vct_holds_the_same_features_and_attributes(small, tmp_path):
    codes = [
        (f'name = "{name}"\nalias', f'name = "{name}"\nysdm = "20900205{number}"\nalias')
        for number, name in enumerate(("ZDJCSSD", "ZDJCSSX", "ZDJCSSM", "JQZDXMD", "JQZDXMX", "JQZDXMM"), start=31)
    ]
    fill(small, "dc_clusters", {"uuid": ["d"], "cluster_id": ["1"], "name": ["园区"], "status": ["planned"]},
         [shapely.box(113.5, 36, 113.51, 36.01)])  # fmt: skip
    profile = own_profile(tmp_path, ('ysdm = ""\n', ""), *codes, base="landuse3-vct")
    summary, outputs = deliver(small, tmp_path / "out", profile=profile, formats=("gpkg", "vct"), date="2026-11-20")
    assert {row["rule"] for row in rows(outputs["check_csv"]) if row["level"] == "error"} == set()
    assert "Date:20261120" in outputs["vct"].read_text(encoding="gb18030")
    file = read_vct(outputs["vct"])
    for layer in layers_of(file):
        truth = pyogrio.read_dataframe(outputs["gpkg"], layer=layer.table)
        read = features_of(file, layer)
        assert len(read.objects) == len(truth) == summary["layers"][layer.table]
        for item, other in zip(read.objects, truth.geometry, strict=True):
            assert item.shape.normalize().equals_exact(other.normalize(), METRE_1E4)
        names = [item.name for item in read.table.fields]
        assert names == list(truth.columns.drop("geometry"))
        for name in ("BSM", "XZQDM", "BZ"):
            column = [row[names.index(name)] for row in read.cells]
            assert column == truth[name].fillna("").tolist()


def test_the_plain_package_is_no_vct_and_has_nothing_to_compare(small, tmp_path):
    with pytest.raises(ParameterError, match="VCT"):
        deliver(small, tmp_path / "out", formats=("vct",))
    with pytest.raises(ParameterError, match="上次成果"):
        deliver(small, tmp_path / "again", previous=str(tmp_path))


def test_a_datum_against_the_evidence_or_undecided_is_an_error_and_one_without_its_basis_a_warning():
    basis = '{"by": "order", "datum": "wgs84", "verdict": "against", "likelihood": 0.0, "against": []}'
    history = [
        {"layer": "villages", "source_file": "a.csv", "datum": "wgs84", "datum_basis": basis},
        {"layer": "villages", "source_file": "c.csv", "datum": "wgs84"},
    ]
    found, told = sources_of({"villages": ["a.csv", "a.csv", "b.csv", "c.csv", ""]}, history)
    assert [(item.rule, item.level) for item in told] == [("D01", "error"), ("D01", "error"), ("D01", "warning")]
    assert "2 features" in told[0].message.en
    refuse_shifted(found)  # of an older record nobody knows what the evidence said instead


@pytest.mark.parametrize("profile", ["municipal", "generic"])
def test_coordinates_that_are_gcj02_for_sure_are_refused_unless_the_planner_insists(small, tmp_path, profile):
    basis = Basis("order", "wgs84", "against", instead="gcj02")
    history = {"source_file": "甲.shp", "datum": "wgs84", "datum_basis": basis.as_json()}
    fill(small, "trunk_nodes", {"uuid": ["n"], "node_id": ["N"], "status": ["existing"]},
         [shapely.Point(113.5, 36)], history)  # fmt: skip
    with pytest.raises(InputError, match="GCJ-02") as refused:
        deliver(small, tmp_path / "one", profile=profile)
    assert [fault.file for fault in refused.value.faults] == ["甲.shp"]
    assert not small.path.with_name("甲县.bsm.csv").exists()
    _, outputs = deliver(small, tmp_path / "two", profile=profile, keep_shifted=True)
    told = [row for row in rows(outputs["check_csv"]) if row["rule"] == "D01" and row["level"] == "error"]
    assert ["GCJ-02" in row["message_en"] for row in told] == [True]


@pytest.mark.parametrize("name", ["generic", *SHIPPED])
def test_shipped_profiles_are_sound_and_say_where_every_entry_comes_from(name):
    profile = read_profile(name)
    for layer in profile.layers:
        assert layer.standing.source
        for field in layer.fields:
            assert field.standing.source or field.standing.status == "proposal", (layer.name, field.name)


def test_the_plain_package_also_comes_as_filegdb_and_tables(small, tmp_path):
    summary, outputs = deliver(small, tmp_path / "out", formats=("gdb", "csv", "xlsx"))
    assert summary["profile"] == "generic"
    for name, count in summary["layers"].items():
        assert pyogrio.read_info(outputs["gdb"], layer=name)["features"] == count
        assert len(rows(outputs["csv"] / f"{name}.csv")) == count
    assert Path(outputs["xlsx"] / "trunk_nodes.xlsx").is_file()
