"""Writing VCT, read back by the reader that shares no code with the writer."""

import dataclasses
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.errors import InputError, ParameterError
from xinji_planner.layers.sources.read import layer_names, read_source
from xinji_planner.layers.vct.reading.file import read_vct
from xinji_planner.layers.vct.writing import texts
from xinji_planner.layers.vct.writing.description import FORMS, Batch, Field, Layer, Rows
from xinji_planner.layers.vct.writing.file import write_vct
from xinji_planner.layers.vct.writing.head import HeadInput

ZONE = HeadInput(pyproj.CRS("EPSG:4527"), "20261120")
DEGREES = HeadInput(pyproj.CRS("EPSG:4490"), "20261120")
FIELDS = (
    *(Field("BSM", "Char", 18), Field("MC", "Char", 100), Field("MJ", "Float", 15, 2)),
    *(Field("CS", "Int4"), Field("RQ", "Date")),
)
POINTS = Layer("通信设施点", "2090020521", "TXD", "Point", FIELDS)
LINES = Layer("通信线路", "2090020522", "TXX", "Line", FIELDS)
AREAS = Layer("城市黄线", "2090020234", "ZXCQCSHX", "Polygon", FIELDS)
X, Y = 39470000.0, 4540000.0


def frame(count, **more):
    columns = {
        "BSM": [f"54012310000000{at:04d}" for at in range(count)],
        "MC": ["东山村通信基站"] * count,
        "MJ": np.arange(count) + 0.25,
        "CS": np.arange(count),
        "RQ": ["2026-11-20"] * count,
    }
    return pd.DataFrame(columns | more)


def batch(*shapes, **more):
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return Batch(frame(len(shapes), **more), shapely.transform(made, lambda places: places + np.array([X, Y])))


def write(folder, *rows, form="landuse3", head=ZONE, name="交换.vct", **more):
    path = folder / name
    return path, write_vct(path, rows, head, FORMS[form] if isinstance(form, str) else form, **more)


def back(path, layer):
    """Give the texts of a layer by field, and its geometry near 0, 0."""
    table = read_source(path, layer.name)
    assert not table.damaged
    cells = {name: column.tolist() for name, column in zip(table.headings, table.cells)}
    return cells, shapely.transform(table.geometry, lambda places: places - np.array([X, Y])), table


def near(one, other, most=1e-4):
    return shapely.hausdorff_distance(one, other) <= most


HOLES = [[(10, 10), (20, 10), (20, 20)], [(50, 50), (60, 50), (60, 60)]]
HOLED = shapely.Polygon([(0, 0), (0, 100), (100, 100), (100, 0)], HOLES)
SQUARE = shapely.box(200, 0, 260, 70.5)


@pytest.mark.parametrize("form", FORMS)
def test_points_lines_and_polygons_come_back_as_they_were(tmp_path, form):
    points = batch(shapely.Point(1.23456, -5.5), shapely.Point(0, 0))
    lines = batch(shapely.LineString([(0, 0), (10.5, 3), (7, 8.0001)]), shapely.LineString([(0, 0), (0, 0.001)]))
    areas = batch(HOLED, shapely.box(200, 0, 260.00004, 70.123456))
    path, done = write(tmp_path, Rows(POINTS, [points]), Rows(LINES, [lines]), Rows(AREAS, [areas]), form=form)
    assert layer_names(path) == (POINTS.name, LINES.name, AREAS.name)
    for layer, given_ in ((POINTS, points), (LINES, lines), (AREAS, areas)):
        cells, shapes, table = back(path, layer)
        assert table.crs.to_epsg() == 4527
        assert table.encoding == "GB18030"
        assert cells["BSM"] == given_.frame["BSM"].tolist()
        assert cells["MC"] == ["东山村通信基站"] * 2
        assert cells["MJ"] == ["0.25", "1.25"]
        assert cells["CS"] == ["0", "1"]
        assert cells["RQ"] == ["20261120"] * 2
        for one, other in zip(shapes, given_.geometry):
            moved = shapely.transform(other, lambda places: places - np.array([X, Y]))
            assert near(one, moved)
            assert one.geom_type == moved.geom_type
            assert one.area == pytest.approx(moved.area, abs=0.02)
    assert [(one.rows_in, one.rows_out, one.objects) for one in done.layers] == [(2, 2, 2)] * 3


def test_land_survey_polygons_are_made_of_helper_lines_and_national_ones_of_their_own_coordinates(tmp_path):
    for form, by, helpers in (("landuse3", 21, 4), ("gb", 1, 0)):
        path, _ = write(tmp_path, Rows(AREAS, [batch(HOLED, SQUARE)]), form=form)
        file = read_vct(path)
        polygons = [one for one in file.objects if one.kind == "polygon"]
        lines = [one for one in file.objects if one.kind == "line"]
        assert [one.by for one in polygons] == [by, by]
        assert [one.code for one in lines] == ["1099000000"] * helpers
        assert len({one.id for one in file.objects}) == len(file.objects)


def test_polygons_with_many_holes_list_eight_ids_a_line(tmp_path):
    holes = [shapely.box(5 + 8 * at, 5, 9 + 8 * at, 9).exterior.coords for at in range(10)]
    whole = shapely.Polygon([(0, 0), (0, 20), (100, 20), (100, 0)], holes)
    path, _ = write(tmp_path, Rows(AREAS, [batch(whole)]))
    lines = path.read_bytes().decode("gb18030").split("\r\n")
    at = lines.index("21", lines.index("PolygonBegin"))
    assert lines[at + 1] == "21"  # eleven rings, ten separators
    assert [line.count(",") + 1 for line in lines[at + 2 : at + 5]] == [8, 8, 5]
    assert back(path, AREAS)[1][0].equals(whole)


@pytest.mark.parametrize("form", FORMS)
def test_outlines_run_clockwise_and_holes_the_other_way(tmp_path, form):
    path, _ = write(tmp_path, Rows(AREAS, [batch(shapely.orient_polygons(HOLED))]), form=form)
    shape = back(path, AREAS)[1][0]
    assert not shape.exterior.is_ccw
    assert all(ring.is_ccw for ring in shape.interiors)


def test_features_of_several_parts_are_taken_apart_for_the_land_survey_and_kept_by_the_national_form(tmp_path):
    several = shapely.MultiPolygon([HOLED, SQUARE])
    lines = shapely.MultiLineString([[(0, 0), (1, 1)], [(5, 5), (6, 6), (7, 5)]])
    points = shapely.MultiPoint([(0, 0), (1, 1)])
    rows = (
        Rows(POINTS, [batch(shapely.Point(9, 9), points)]),
        Rows(LINES, [batch(lines)]),
        Rows(AREAS, [batch(SQUARE, several)]),
    )
    path, done = write(tmp_path, *rows)
    assert [one.exploded for one in done.layers] == [{1: 2}, {0: 2}, {1: 2}]
    assert [one.objects for one in done.layers] == [3, 2, 3]
    cells, shapes, _ = back(path, AREAS)
    assert cells["CS"] == ["0", "1", "1"]
    assert shapely.union_all(shapes[1:]).equals(several)
    path, done = write(tmp_path, *rows, form="gb")
    assert [one.exploded for one in done.layers] == [{}, {}, {}]
    assert back(path, AREAS)[1][1].normalize().equals(several.normalize())
    assert back(path, LINES)[1][0].equals(lines)
    assert back(path, POINTS)[1][1].equals(points)


def test_rows_that_cannot_be_objects_are_set_aside_with_the_reason_and_counted(tmp_path):
    line, nowhere, far = shapely.LineString([(0, 0), (1, 1)]), shapely.Point(np.nan, 1), shapely.Point(1e9, 0)
    shapes = [shapely.Point(1, 1), None, shapely.Point(), line, nowhere, far]
    path, done = write(tmp_path, Rows(POINTS, [batch(*shapes), batch(None, shapely.Point(2, 2))]))
    layer = done.layers[0]
    assert sorted(layer.set_aside) == [1, 2, 3, 4, 5, 6]
    assert layer.rows_in == 8 == layer.rows_out + len(layer.set_aside)
    assert "LineString" in layer.set_aside[3].zh
    assert back(path, POINTS)[0]["CS"] == ["0", "1"]


def test_separators_and_line_breaks_in_values_are_replaced_and_counted(tmp_path):
    names = ["东山,西山", "甲\r\n乙\n丙", None, "  ", "“引号”'\"", "𠮷野家"]
    path, done = write(tmp_path, Rows(POINTS, [batch(*[shapely.Point(at, 0) for at in range(6)], MC=names)]))
    assert done.layers[0].replaced == {"MC": 2}
    assert back(path, POINTS)[0]["MC"] == ["东山，西山", "甲 乙 丙", "", "", "“引号”'\"", "𠮷野家"]


def test_values_wider_than_their_field_are_written_whole_and_counted(tmp_path):
    names = ["站" * 100, "站" * 101]
    path, done = write(tmp_path, Rows(POINTS, [batch(shapely.Point(0, 0), shapely.Point(1, 1), MC=names)]))
    assert done.layers[0].too_wide == {"MC": 1}
    assert back(path, POINTS)[0]["MC"] == names


def test_a_layer_that_comes_without_geometry_is_set_aside_and_one_that_lacks_some_is_a_fault_of_the_caller(tmp_path):
    _, done = write(tmp_path, Rows(POINTS, [Batch(frame(2))]))
    assert sorted(done.layers[0].set_aside) == [0, 1]
    with pytest.raises(ValueError, match="1 geometries for 2 rows"):
        write(tmp_path, Rows(POINTS, [Batch(frame(2), np.array([shapely.Point(X, Y)], dtype=object))]))


def test_missing_values_are_empty_and_codes_keep_their_zeros(tmp_path):
    more = {
        "MJ": [np.nan, -0.004, 1e15],
        "CS": pd.array([None, 2**31, -5], dtype="Int64"),
        "RQ": [None, "2026/01/02", pd.Timestamp("2026-03-04")],
        "BSM": ["001", 7, None],
    }
    path, _ = write(tmp_path, Rows(POINTS, [batch(*[shapely.Point(at, 0) for at in range(3)], **more)]))
    cells, _, _ = back(path, POINTS)
    assert cells["MJ"] == ["", "0.00", "1000000000000000.00"]
    assert cells["CS"] == ["", "2147483648", "-5"]
    assert cells["RQ"] == ["", "20260102", "20260304"]
    assert cells["BSM"] == ["001", "7", ""]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        *(("MJ", ["多", 1]), ("CS", [1.5, 2]), ("RQ", ["去年", None]), ("MJ", [np.inf, 1])),
        ("MC", pd.Series(["\ud800", ""], dtype=object)),
    ],
)
def test_a_value_that_is_not_of_its_type_is_refused_with_the_field(tmp_path, field, values):
    rows = Rows(POINTS, [batch(shapely.Point(0, 0), shapely.Point(1, 1), **{field: values})])
    with pytest.raises(InputError) as caught:
        write(tmp_path, rows)
    assert f"TXD.{field}" in caught.value.message.zh
    assert list(tmp_path.iterdir()) == []  # nothing half-written is left


def test_a_column_that_is_missing_is_refused(tmp_path):
    rows = Rows(POINTS, [Batch(frame(1).drop(columns="MJ"), np.array([shapely.Point(X, Y)], dtype=object))])
    with pytest.raises(InputError, match="MJ"):
        write(tmp_path, rows)


def test_a_file_that_stood_there_stays_when_writing_fails(tmp_path):
    path, _ = write(tmp_path, Rows(POINTS, [batch(shapely.Point(0, 0))]))
    before = path.read_bytes()
    with pytest.raises(InputError):
        write(tmp_path, Rows(POINTS, [batch(shapely.Point(0, 0)), batch(shapely.Point(0, 0), RQ=["？"])]))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "layers",
    [
        [POINTS, POINTS],
        [dataclasses.replace(POINTS, name="a,b")],
        [dataclasses.replace(POINTS, table=" ")],
        [dataclasses.replace(POINTS, geometry="Solid")],
        [dataclasses.replace(POINTS, code="1099000000")],
        [dataclasses.replace(POINTS, fields=(Field("A", "Text"),))],
        [dataclasses.replace(POINTS, fields=(Field("A", "Char", 1), Field("A", "Char", 1)))],
    ],
)
def test_descriptions_that_make_no_file_are_refused(tmp_path, layers):
    with pytest.raises(ParameterError) as caught:
        write(tmp_path, *[Rows(layer, []) for layer in layers])
    assert caught.value.remedy.zh


@pytest.mark.parametrize("code", ["EPSG:4326", "EPSG:3857", "EPSG:4479"])
def test_other_datums_and_projections_are_refused(tmp_path, code):
    with pytest.raises(ParameterError):
        write(tmp_path, Rows(POINTS, []), head=HeadInput(pyproj.CRS(code), "20261120"))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("code", [4490, 4513, 4527, 4534, 4548, 4495, 4506])
def test_the_head_states_a_crs_that_is_read_again(tmp_path, form, code):
    crs = pyproj.CRS.from_epsg(code)
    east, north = pyproj.Transformer.from_crs(4490, crs, always_xy=True).transform(
        (crs.area_of_use.west + crs.area_of_use.east) / 2 if code != 4490 else 110, 35
    )
    rows = Rows(POINTS, [Batch(frame(1), np.array([shapely.Point(east, north)], dtype=object))])
    path, _ = write(tmp_path, rows, form=form, head=HeadInput(crs, "20261120"))
    table = read_source(path)
    assert table.crs.to_epsg() == code
    assert table.geometry[0].distance(shapely.Point(east, north)) < (1e-9 if code == 4490 else 1e-4)


def test_layers_without_geometry_or_rows_are_written(tmp_path):
    table = Layer("权利人", "ZD_QLR", "ZD_QLR", "", (Field("XM", "Char", 50),))
    path, done = write(tmp_path, Rows(table, [Batch(pd.DataFrame({"XM": ["张三", None]}))]), Rows(POINTS, []))
    assert [one.objects for one in done.layers] == [2, 0]
    found = read_source(path, "ZD_QLR")
    assert found.cells[0].tolist() == ["张三", ""]
    assert found.geometry is None
    assert len(read_source(path, POINTS.name)) == 0


@pytest.mark.parametrize("form", FORMS)
def test_the_same_rows_give_the_same_bytes_whatever_the_batches(tmp_path, form):
    shapes = {
        POINTS: [shapely.Point(at, at / 3) for at in range(50)],
        LINES: [shapely.LineString([(at, 0), (0, at), (at, at)]) for at in range(1, 51)],
        AREAS: [
            shapely.box(at, 0, at + 40, 40).difference(shapely.box(at + 1, 1, at + 1 + at % 3, 2)) for at in range(50)
        ],
    }
    whole = {layer: batch(*some) for layer, some in shapes.items()}
    parts = {
        layer: [Batch(one.frame.iloc[a : a + 7], one.geometry[a : a + 7]) for a in range(0, 50, 7)]
        for layer, one in whole.items()
    }
    first, _ = write(tmp_path, *[Rows(layer, [one]) for layer, one in whole.items()], form=form, name="a.vct")
    second, _ = write(tmp_path, *[Rows(layer, iter(some)) for layer, some in parts.items()], form=form, name="b.vct")
    assert first.read_bytes() == second.read_bytes()


def test_batches_are_cut_so_that_memory_is_bounded_and_nothing_is_lost(tmp_path, monkeypatch):
    monkeypatch.setattr("xinji_planner.layers.vct.writing.file._AT_ONCE", 20)
    shapes = [None if at % 5 == 0 else shapely.Point(at, 0) for at in range(40)]
    path, done = write(tmp_path, Rows(POINTS, [batch(*shapes)]))
    assert sorted(done.layers[0].set_aside) == list(range(0, 40, 5))
    assert back(path, POINTS)[0]["CS"] == [str(at) for at in range(40) if at % 5]


def test_the_other_encodings_are_written_and_what_gbk_lacks_is_refused(tmp_path):
    rows = Rows(POINTS, [batch(shapely.Point(0, 0), MC=["𠮷"])])
    path, _ = write(tmp_path, rows, encoding="UTF-8")
    assert back(path, POINTS)[0]["MC"] == ["𠮷"]
    with pytest.raises(InputError, match="𠮷"):
        write(tmp_path, rows, encoding="GBK")
    with pytest.raises(ParameterError):
        write(tmp_path, rows, encoding="BIG5")


def test_what_no_text_verified_is_told(tmp_path):
    for form in FORMS:
        _, done = write(tmp_path, Rows(POINTS, []), form=form)
        assert all(words.zh and words.en for words in done.unverified)
        assert len(done.unverified) >= 3


# --- by chance ------------------------------------------------------------------------------------------------------

NUMBERS = st.floats(-5e4, 5e4).map(lambda value: round(value, 4))
PAIRS = st.tuples(NUMBERS, NUMBERS)
WORDS = st.none() | st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)


@st.composite
def outlines(draw):
    east, north = draw(PAIRS)
    width, height = draw(st.integers(3, 500)), draw(st.integers(3, 500))
    hole = [shapely.box(east + 1, north + 1, east + 2, north + 2).exterior.coords] if draw(st.booleans()) else []
    return shapely.Polygon(shapely.box(east, north, east + width, north + height).exterior.coords, hole)


SHAPES = {
    POINTS: PAIRS.map(shapely.Point) | st.lists(PAIRS, min_size=1, max_size=4, unique=True).map(shapely.MultiPoint),
    LINES: st.lists(PAIRS, min_size=2, max_size=6, unique=True).map(shapely.LineString),
    AREAS: outlines(),
}


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(list(FORMS)), st.sampled_from(list(SHAPES)))
def test_whatever_is_written_is_read_again(data, form, layer):
    shapes = data.draw(st.lists(st.none() | SHAPES[layer], min_size=1, max_size=8))
    count = len(shapes)
    more = {
        "MC": data.draw(st.lists(WORDS, min_size=count, max_size=count)),
        "MJ": data.draw(st.lists(st.none() | st.floats(-1e9, 1e9), min_size=count, max_size=count)),
    }
    more["MJ"] = np.array([np.nan if value is None else value for value in more["MJ"]])
    given_ = batch(*shapes, **more)
    with tempfile.TemporaryDirectory() as folder:
        path, done = write(Path(folder), Rows(layer, [given_]), form=form)
        cells, found, table = back(path, layer)
    written = done.layers[0]
    kept = [at for at in range(count) if at not in written.set_aside]
    assert kept == [at for at, shape in enumerate(shapes) if shape is not None]
    sources = [at for at in kept for _ in range(written.exploded.get(at, 1))]
    assert len(table) == len(sources) == written.objects
    assert cells["CS"] == [str(at) for at in sources]
    for at in kept:
        mine = [shape for shape, source in zip(found, sources) if source == at]
        assert near(shapely.union_all(mine), shapes[at], 1.01e-4)
        assert sum(shape.area for shape in mine) == pytest.approx(shapes[at].area, rel=1e-3, abs=0.1)
    for row, at in enumerate(sources):
        words = more["MC"][at] or ""
        assert cells["MC"][row] == words.replace(",", "，").strip()
        value = more["MJ"][at]
        assert cells["MJ"][row] == "" if np.isnan(value) else abs(float(cells["MJ"][row]) - value) <= 0.00501


COORDINATES = st.floats(-1e8, 1e8) | st.integers(-(10**7), 10**7).map(float)


@given(st.lists(COORDINATES, min_size=1, max_size=30), st.integers(0, 6))
@settings(deadline=None)
def test_fixed_point_digits_agree_with_python_within_the_last_digit(values, decimals):
    coordinates = np.array([values, values[::-1]]).T
    found = texts.runs(coordinates, np.arange(len(values) + 1), decimals).to_pylist()
    for words, pair in zip(found, coordinates):
        for word, value in zip(words.split(","), pair):
            assert len(word.partition(".")[2]) == decimals
            assert word != "-0" + ("." + "0" * decimals if decimals else "")
            # Half a unit of the last digit, and what a double of this size cannot tell apart.
            assert abs(float(word) - value) <= 0.5 * 10.0**-decimals + abs(value) * 4.5e-16


def test_reader_and_writer_share_no_code():
    """The one could not witness against the other."""
    folder = Path(texts.__file__).parents[1]
    for mine, other in (("reading", "writing"), ("writing", "reading")):
        for path in (folder / mine).glob("*.py"):
            assert f"{other}." not in "".join(line for line in path.read_text("utf-8").splitlines() if "import" in line)
