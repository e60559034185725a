import shutil
import struct

import geopandas
import numpy as np
import pytest
import shapely
from xinji_planner.errors import InputError
from xinji_planner.layers.sources.read import read_source
from xinji_planner.layers.specs import SPECS
from xinji_planner.tests.engine.import_kit import do_import

STATIONS = SPECS["base_stations"]
NAMES = ["东山站", "西山站", "南山站", "北山站"]


def made(folder, name="a.shp", encoding="GBK", crs="EPSG:4490", scale=1.0, **columns):
    folder.mkdir(exist_ok=True)
    columns = columns or {"站号": ["B1", "B2", "B3", "B4"], "站名": NAMES, "运营商": ["移动"] * 4, "制式": ["5G"] * 4,
                          "状态": ["在网"] * 4}  # fmt: skip
    places = [shapely.Point((100.1 + at / 10) * scale, (25.1 + at / 10) * scale) for at in range(4)]
    frame = geopandas.GeoDataFrame(columns, geometry=places, crs=crs)
    frame.to_file(folder / name, driver="ESRI Shapefile", engine="pyogrio", encoding=encoding)
    return folder / name


def codes(table):
    return {block.code: block for block in table.findings}


def listing(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_clean_shapefile_has_nothing_to_warn_of(tmp_path):
    table = read_source(made(tmp_path, encoding="UTF-8"), spec=STATIONS)
    assert table.findings.by_severity() == {"blocks": 0, "warns": 0, "informs": 0}
    in_gbk = read_source(made(tmp_path / "gbk"), spec=STATIONS)
    assert set(codes(in_gbk)) == {"not_utf8"}


@pytest.mark.parametrize("label", [None, "GBK", "UTF-8", "ISO-8859-1", "BIG5"])
@pytest.mark.parametrize("ldid", [0, 0x4D, 0x4F])
def test_the_real_shapefile_in_gbk_has_right_names_whatever_cpg_and_ldid_say(tmp_path, shared_data, label, ldid):
    for part in (shared_data / "gbk_shapefile").iterdir():
        shutil.copy(part, tmp_path)
    table = tmp_path / "chinese_encoding.dbf"
    data = bytearray(table.read_bytes())
    data[29] = ldid
    table.write_bytes(data)
    if label:
        table.with_suffix(".cpg").write_text(label, encoding="ascii")
    found = read_source(tmp_path / "chinese_encoding.shp")
    assert found.cells[found.headings.index("NAME99")][:3].tolist() == ["天长市", "全椒县", "和县"]
    assert set(found.cells[found.headings.index("PRO_NAME")]) == {"安徽"}
    assert ("wrong_cpg" in codes(found)) == (label in ("UTF-8", "ISO-8859-1", "BIG5"))
    assert ("no_cpg" in codes(found)) == (label is None)
    assert "no_prj" in codes(found)


def test_without_shx_the_records_are_read_in_their_order_and_nothing_is_written_beside(tmp_path):
    source = made(tmp_path)
    whole = read_source(source, spec=STATIONS)
    (tmp_path / "a.shx").unlink()
    before = listing(tmp_path)
    table = read_source(source, spec=STATIONS)
    assert "part_rebuilt" in codes(table)
    assert [c.tolist() for c in table.cells] == [c.tolist() for c in whole.cells]
    assert shapely.equals(table.geometry, whole.geometry).all()
    assert table.crs == whole.crs
    assert listing(tmp_path) == before


@pytest.mark.parametrize("content", [b"", b"junk" * 40, None])
def test_a_damaged_shx_counts_as_none(tmp_path, content):
    source = made(tmp_path)
    index = tmp_path / "a.shx"
    index.write_bytes(index.read_bytes()[:-8] if content is None else content)
    table = read_source(source, spec=STATIONS)
    assert "part_rebuilt" in codes(table)
    assert len(table) == 4
    assert not table.damaged


@pytest.mark.parametrize("suffixes", [str.upper, str.title])
def test_suffixes_may_be_written_in_any_case(tmp_path, suffixes):
    made(tmp_path)
    for part in list(tmp_path.iterdir()):
        part.rename(part.with_suffix(suffixes(part.suffix)))
    table = read_source(tmp_path / f"a{suffixes('.shp')}", spec=STATIONS)
    assert table.cells[1].tolist() == NAMES
    assert table.crs is not None
    assert "no_cpg" not in codes(table)


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_a_name_cut_in_the_middle_of_a_character_loses_that_character_only(tmp_path, encoding):
    source = made(tmp_path, encoding=encoding, a=["1"] * 4, b=NAMES)
    table = source.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    for at, name in enumerate(("a一二三四五", "基站名称全")):  # the writer would refuse; others simply cut at 10 bytes
        data[32 * (at + 1) : 32 * (at + 1) + 11] = name.encode(encoding)[:10].ljust(11, b"\0")
    table.write_bytes(data)
    found = read_source(source)
    cut = {"GBK": ["a一二三四", "基站名称全"], "UTF-8": ["a一二三", "基站名"]}
    assert found.headings == cut[encoding]
    assert found.cells[1].tolist() == NAMES


def test_deleted_records_are_left_out_and_told_by_number(tmp_path):
    source = made(tmp_path)
    table = source.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    header, record = struct.unpack("<HH", data[8:12])
    data[header + 2 * record] = ord("*")
    table.write_bytes(data)
    found = read_source(source, spec=STATIONS)
    assert found.cells[1].tolist() == [NAMES[0], NAMES[1], NAMES[3]]
    assert found.rows.tolist() == [1, 2, 4]
    assert "3" in codes(found)["deleted_records"].why[0].zh


def test_attributes_and_shapes_of_different_number_are_all_accounted_for(tmp_path):
    source = made(tmp_path / "less")
    table = source.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    header, record = struct.unpack("<HH", data[8:12])
    data[4] = 3
    table.write_bytes(data[: header + 3 * record])
    found = read_source(source, spec=STATIONS)
    assert len(found) == 4
    assert list(found.damaged) == [3]
    assert "record_mismatch" in codes(found)
    done = do_import(tmp_path, source, "base_stations")
    assert (done.summary["rows_in"], done.summary["rows_out"]) == (4, 3)

    source = made(tmp_path / "more")
    index = source.with_suffix(".shx")
    data = bytearray(index.read_bytes()[:-8])
    data[24:28] = struct.pack(">i", len(data) // 2)
    index.write_bytes(data)
    found = read_source(source, spec=STATIONS)
    assert found.cells[1].tolist() == NAMES
    assert list(found.damaged) == [3]


def test_a_header_that_lags_behind_its_records_loses_none(tmp_path):
    source = made(tmp_path)
    table = source.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    data[4] = 1
    table.write_bytes(data)
    found = read_source(source, spec=STATIONS)
    assert found.cells[1].tolist() == NAMES
    assert not found.damaged


def test_a_record_that_is_cut_off_is_a_damaged_row_and_the_others_are_read(tmp_path):
    source = made(tmp_path)
    source.write_bytes(source.read_bytes()[:-10])
    found = read_source(source, spec=STATIONS)
    assert list(found.damaged) == [3]
    done = do_import(tmp_path, source, "base_stations")
    assert [row["reason_code"] for row in done.aside] == ["damaged_row"]
    assert done.column("name") == NAMES[:3]


def test_a_prj_that_the_coordinates_disprove_is_not_believed(tmp_path):
    degrees = read_source(made(tmp_path / "1", crs="EPSG:4527"), spec=STATIONS)
    metres = read_source(made(tmp_path / "2", scale=1e5), spec=STATIONS)
    for table in (degrees, metres):
        assert "lying_prj" in codes(table)
        assert table.crs is None
    done = do_import(tmp_path, tmp_path / "1" / "a.shp", "base_stations", datum="cgcs2000")
    assert np.allclose(done.table.lon_lat()[0], [100.1, 100.2, 100.3, 100.4])
    zone = geopandas.GeoSeries([shapely.Point(100.1, 25.1)], crs=4490).to_crs(4522)
    assert "lying_prj" not in codes(read_source(_points(tmp_path / "3", zone)))


def _points(folder, places):
    folder.mkdir()
    geopandas.GeoDataFrame({"n": ["1"]}, geometry=places).to_file(folder / "a.shp", engine="pyogrio")
    return folder / "a.shp"


def test_two_columns_of_the_same_name_keep_their_own_cells(tmp_path):
    source = made(tmp_path, a=["1"] * 4, b=["2"] * 4)
    table = source.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    data[64] = ord("a")
    table.write_bytes(data)
    found = read_source(source)
    assert [column[0] for column in found.cells] == ["1", "2"]


@pytest.mark.parametrize("part", [".shp", ".dbf", ".shx", ".prj", ".cpg"])
def test_no_damage_of_a_part_ever_crashes(tmp_path, part):
    source = made(tmp_path)
    file = source.with_suffix(part)
    whole = file.read_bytes()
    random = np.random.default_rng(len(part))
    for trial in range(40):
        data = bytearray(whole)
        if trial % 3 == 0:
            del data[int(random.integers(0, len(data))) :]
        else:
            for at in random.integers(0, len(data), 4):
                data[at] = random.integers(0, 256)
        file.write_bytes(data)
        try:
            table = read_source(source, spec=STATIONS)
        except InputError as refusal:
            assert refusal.remedy.zh
        else:
            assert all(len(column) == len(table) for column in table.cells)
