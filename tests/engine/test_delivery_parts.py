"""A shape in several parts has one number where it is whole, and one a part, the same each time, where it is not."""

import pyogrio
import pytest
import shapely
from xinji_planner.layers.delivery.bsm import Identity, Register
from xinji_planner.layers.vct.reading.file import read_vct
from xinji_planner.layers.vct.reading.layers import features_of, layers_of
from xinji_planner.tests.engine.profile_kit import cables, deliver, fill, rows, small_county, with_codes

TWO = shapely.MultiLineString([[(113.6, 36.1), (113.7, 36.1)], [(113.8, 36.1), (113.9, 36.1)]])
ONE = shapely.LineString([(113.6, 36.1), (113.7, 36.1)])
OTHER = shapely.LineString([(113.5, 36), (114.2, 36)])


@pytest.fixture
def small(tmp_path):
    return small_county(tmp_path)


@pytest.fixture
def keeping(tmp_path):
    return with_codes(tmp_path, "landuse3-vct", ('multipart = "split"', 'multipart = "keep"'))


def in_vct(path, layer="ZDJCSSX"):
    """Give BSM, length and shape of the features of a layer."""
    file = read_vct(path)
    (one,) = [item for item in layers_of(file) if item.table == layer]
    found = features_of(file, one)
    names = [item.name for item in found.table.fields]
    return [
        (cells[names.index("BSM")], cells[names.index("SSGM")], item.shape)
        for cells, item in zip(found.cells, found.objects)
    ]


def numbers(outputs):
    return {(row["layer"], row["uuid"], row["part"]): row["bsm"] for row in rows(outputs["delivered"])}


def test_a_vct_gives_the_first_part_the_number_of_the_whole_and_every_other_its_own(small, tmp_path, keeping):
    _, outputs = deliver(small, tmp_path / "out", profile=keeping, formats=("gpkg", "vct"))
    whole = pyogrio.read_dataframe(outputs["gpkg"], layer="ZDJCSSX").set_index("SSMC")["BSM"]
    found = in_vct(outputs["vct"])
    assert len(found) == 3
    assert len({bsm for bsm, _, _ in found}) == 3
    assert [bsm for bsm, _, _ in found[:2]] == [whole["光缆0"], whole["光缆1"]]
    for _, length, shape in found:
        assert float(length) == pytest.approx(shape.length, rel=2e-4)  # of the part, not of the whole
    told = [row for row in rows(outputs["check_csv"]) if row["rule"] in ("BSM", "L02")]
    assert told == []


def test_the_numbers_of_parts_are_the_same_next_time_also_where_the_register_is_lost(small, tmp_path, keeping):
    _, first = deliver(small, tmp_path / "one", profile=keeping, formats=("gpkg", "vct"))
    cables(small, [shapely.LineString([(113.2, 36), (113.3, 36)]), OTHER, TWO], names=["neu", 0, 1])
    _, second = deliver(small, tmp_path / "two", profile=keeping, formats=("gpkg", "vct"))
    assert {bsm for bsm, _, _ in in_vct(first["vct"])} < {bsm for bsm, _, _ in in_vct(second["vct"])}
    small.path.with_name("甲县.bsm.csv").unlink()
    summary, third = deliver(
        small, tmp_path / "three", profile=keeping, formats=("gpkg", "vct"), previous=str(tmp_path / "two")
    )
    assert [bsm for bsm, _, _ in in_vct(third["vct"])] == [bsm for bsm, _, _ in in_vct(second["vct"])]
    assert summary["changes"] == {"added": 0, "changed": 0, "removed": 0}


def test_parts_that_only_a_vct_has_are_no_difference_to_a_package_without_one(small, tmp_path, keeping):
    deliver(small, tmp_path / "one", profile=keeping, formats=("gpkg",))
    summary, _ = deliver(
        small, tmp_path / "two", profile=keeping, formats=("gpkg", "vct"), previous=str(tmp_path / "one")
    )
    assert summary["changes"] == {"added": 0, "changed": 0, "removed": 0}


def test_a_line_that_gets_a_second_part_keeps_its_number_and_so_does_what_is_left_of_two(small, tmp_path):
    def delivered(shapes, name):
        cables(small, shapes)
        summary, outputs = deliver(small, tmp_path / name, profile="municipal", previous=previous)
        return summary.get("changes"), numbers(outputs)

    previous = None
    _, single = delivered([OTHER, ONE], "one")
    previous = str(tmp_path / "one")
    changes, double = delivered([OTHER, TWO], "two")
    assert double["ZDJCSSX", "c-1", "1"] == single["ZDJCSSX", "c-1", ""]
    assert double["ZDJCSSX", "c-1", "2"] not in single.values()
    assert changes["removed"] == 0
    previous = str(tmp_path / "two")
    changes, again = delivered([OTHER, ONE], "three")
    assert again == single
    assert len(set(double.values())) == len(double)
    assert changes["added"] == 0


def test_plots_of_a_txt_are_parts_each_with_its_number(small, tmp_path, keeping):
    plots = shapely.MultiPolygon([shapely.box(113.5, 36, 113.51, 36.01), shapely.box(113.6, 36, 113.61, 36.01)])
    fill(small, "dc_clusters", {"uuid": ["d"], "cluster_id": ["1"], "status": ["existing"]}, [plots])
    _, outputs = deliver(small, tmp_path / "out", profile=keeping, formats=("gpkg", "txt"))
    lines = (outputs["txt"] / "ZDJCSSM.txt").read_text("gb18030").splitlines()
    found = [line.split(",")[2] for line in lines if line.endswith("@")]
    assert len(set(found)) == 2
    assert found[0] == pyogrio.read_dataframe(outputs["gpkg"], layer="ZDJCSSM")["BSM"][0]
    assert {line.split(",")[1] for line in lines if line.startswith("J")} == {"1"}  # a second part is no hole


def test_rows_that_share_a_uuid_do_not_share_a_number(tmp_path):
    register = Register(tmp_path / "w.bsm.csv")
    whole, part = (Identity("6+4+8", "L", "a", name) for name in ("", "1"))
    assert len(set(register.number([whole, part], ["4331010000"] * 2, 8))) == 2
    assert register.number([part], ["4331010000"], 8) == [register.numbers[part]]
