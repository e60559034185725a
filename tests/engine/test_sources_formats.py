import http.server
import json
import sqlite3
import struct
import threading

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from xinji_planner.errors import InputError
from xinji_planner.layers.sources import gdal
from xinji_planner.layers.sources.raw_table import check_rows
from xinji_planner.layers.sources.read import layer_names, read_source
from xinji_planner.layers.specs import SPECS
from xinji_planner.tests.engine.import_kit import do_import

STATIONS = SPECS["base_stations"]
HEADINGS = ["站号", "站名", "运营商", "制式", "状态"]
ROWS = [("B1", "东山站", "移动", "5G", "在网"), ("B2", "西山站", "电信", "4G", "规划")]


def frame(places=((100.1, 25.1), (100.2, 25.2)), crs="EPSG:4490", **more):
    columns = {heading: [row[at] for row in ROWS] for at, heading in enumerate(HEADINGS)} | more
    shapes = [shapely.Point(place) if isinstance(place, tuple) else place for place in places]
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs=crs)


def codes(table):
    return {block.code: block for block in table.findings}


def told(table):
    """What a planner would have to look at."""
    return {code for code, block in codes(table).items() if block.grave != "informs"}


def is_right(table):
    assert table.headings[:5] == HEADINGS
    assert [column.tolist() for column in table.cells[:5]] == [list(column) for column in zip(*ROWS)]
    assert np.allclose(shapely.get_coordinates(table.geometry), [(100.1, 25.1), (100.2, 25.2)])
    assert not told(table)


# --- GeoParquet ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
def test_geoparquet_is_read_with_its_crs(tmp_path, encoding):
    frame().to_parquet(tmp_path / "a.parquet", geometry_encoding=encoding, write_covering_bbox=True,
                       schema_version="1.1.0")  # fmt: skip
    table = read_source(tmp_path / "a.parquet", spec=STATIONS)
    is_right(table)
    assert table.headings == HEADINGS
    assert table.crs.to_epsg() == 4490


def test_a_plain_parquet_is_a_table_whose_cells_read_as_a_planner_would_write_them(tmp_path):
    columns = {
        "经度": [100.1, None],
        "编号": pd.array([12345678901234567, None], dtype="Int64"),
        "日期": pd.to_datetime(["2023-05-01 00:00", "2023-05-01 10:30"]),
        "共享": [True, False],
        "名": pd.Categorical(["东", "西"]),
        "x": np.array([1.1, 2.0], dtype=np.float32),
    }
    pd.DataFrame(columns).to_parquet(tmp_path / "a.parquet")
    table = read_source(tmp_path / "a.parquet")
    assert table.geometry is None
    assert [column.tolist() for column in table.cells] == [
        ["100.1", ""], ["12345678901234567", ""], ["2023-05-01", "2023-05-01 10:30:00"], ["是", "否"],
        ["东", "西"], ["1.1", "2"],
    ]  # fmt: skip


# --- GeoJSON text sequences ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "mark"), [("a.geojsonl", ""), ("a.ndjson", ""), ("a.json", "\x1e"), ("a.json", "")])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_one_feature_a_line_is_read_with_or_without_record_separators(tmp_path, name, mark, encoding):
    frame(crs="EPSG:4326").to_file(tmp_path / "raw.geojsonl", driver="GeoJSONSeq")
    lines = (tmp_path / "raw.geojsonl").read_text(encoding="utf-8").replace("\x1e", "").splitlines()
    (tmp_path / name).write_bytes("".join(f"{mark}{line}\n" for line in lines).encode(encoding))
    is_right(read_source(tmp_path / name, spec=STATIONS))


def test_a_broken_line_is_a_damaged_row_and_the_rows_around_it_are_kept(tmp_path):
    feature = '{"type":"Feature","properties":{"名":"%s"},"geometry":{"type":"Point","coordinates":[100,25]}}'
    (tmp_path / "a.geojsonl").write_text(
        "\n".join([feature % "东", feature[:40], "", feature % "西"]), encoding="utf-8"
    )
    table = read_source(tmp_path / "a.geojsonl")
    assert table.cells[0].tolist() == ["东", "", "西"]
    assert list(table.damaged) == [1]
    assert "Feature" in table.damaged[1].zh


# --- GPX ----------------------------------------------------------------------------------------------------

GPX = """<?xml version="1.0" encoding="{}"?><gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="25.1" lon="100.1"><ele>1800</ele><name>东山村</name></wpt>
<trk><name>乡道</name><trkseg><trkpt lat="25" lon="100"/><trkpt lat="26" lon="101"/></trkseg></trk></gpx>"""


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_waypoints_and_tracks_of_a_gpx_are_its_layers(tmp_path, encoding):
    (tmp_path / "a.gpx").write_bytes(GPX.format(encoding).encode(encoding))
    assert layer_names(tmp_path / "a.gpx") == ("waypoints", "tracks")
    points = read_source(tmp_path / "a.gpx", "waypoints")
    assert dict(zip(points.headings, (column[0] for column in points.cells))) == {"ele": "1800", "name": "东山村"}
    assert points.geometry[0].coords[:] == [(100.1, 25.1)]
    tracks = read_source(tmp_path / "a.gpx", "tracks")
    assert tracks.geometry[0].geom_type == "MultiLineString"
    assert tracks.cells[tracks.headings.index("name")][0] == "乡道"
    assert "several_layers" in codes(tracks)


# --- DXF ----------------------------------------------------------------------------------------------------


def dxf(page, encoding, version="AC1015"):
    def entity(kind, layer, *pairs):
        return ["0", kind, "100", "AcDbEntity", "8", layer, *map(str, pairs)]

    east, north = 500000, 2800000
    items = ["0", "SECTION", "2", "HEADER", "9", "$ACADVER", "1", version, "9", "$DWGCODEPAGE", "3", page,
             "0", "ENDSEC", "0", "SECTION", "2", "ENTITIES",
             *entity("POINT", "基站层", 100, "AcDbPoint", 10, east, 20, north, 30, 0),
             *entity("LINE", "光缆", 100, "AcDbLine", 10, east, 20, north, 30, 0, 11, east + 9, 21, north, 31, 0),
             *entity("TEXT", "注记", 100, "AcDbText", 10, east, 20, north, 30, 0, 40, 2, 1, "东\\U+5C71村"),
             "0", "ENDSEC", "0", "EOF", ""]  # fmt: skip
    return "\r\n".join(items).encode(encoding)


@pytest.mark.parametrize(("page", "encoding"), [("ANSI_936", "gbk"), ("ANSI_1252", "gbk"), ("ANSI_936", "utf-8")])
def test_layers_and_texts_of_a_dxf_are_right_whatever_code_page_it_names(tmp_path, page, encoding):
    (tmp_path / "a.dxf").write_bytes(dxf(page, encoding))
    assert layer_names(tmp_path / "a.dxf") == ("基站层", "光缆", "注记")
    table = read_source(tmp_path / "a.dxf", "注记")
    assert table.cells[table.headings.index("Text")].tolist() == ["东山村"]
    lines = read_source(tmp_path / "a.dxf", spec=SPECS["trunk_cables"])
    assert lines.layer == "光缆"
    assert lines.name == "a.dxf|光缆"
    assert lines.geometry[0].geom_type == "LineString"


def test_a_dxf_states_no_crs_so_that_the_epsg_code_is_asked_for(tmp_path):
    (tmp_path / "a.dxf").write_bytes(dxf("ANSI_936", "gbk"))
    mapping = {"Layer": "cable_id", "=CMCC": "operator", "=existing": "status"}
    assert "no_prj" in codes(read_source(tmp_path / "a.dxf", "光缆"))
    with pytest.raises(InputError) as refusal:
        do_import(tmp_path, tmp_path / "a.dxf", "trunk_cables", mapping=mapping)
    assert "EPSG" in refusal.value.remedy.zh


# --- MapInfo ------------------------------------------------------------------------------------------------

MIF = """Version 300
Charset "{}"
Delimiter ","
CoordSys Earth Projection 1, 104
Columns 5
  站号 Char(9)
  站名 Char(8)
  运营商 Char(9)
  制式 Char(9)
  状态 Char(9)
Data

Point 100.1 25.1
Point 100.2 25.2
"""
MID = "\n".join(",".join(f'"{cell}"' for cell in row) for row in ROWS) + "\n"
CHARSETS = [("WindowsSimpChinese", "gbk"), ("Neutral", "gbk"), ("WindowsLatin1", "gbk"), ("UTF-8", "utf-8")]


@pytest.mark.parametrize(("charset", "encoding"), CHARSETS)
def test_a_mif_is_read_whatever_charset_it_states(tmp_path, charset, encoding):
    (tmp_path / "a.MIF").write_bytes(MIF.format(charset).encode(encoding))
    (tmp_path / "a.mid").write_bytes(MID.encode(encoding))
    table = read_source(tmp_path / "a.MIF", spec=STATIONS)
    assert table.headings == HEADINGS
    assert [column.tolist() for column in table.cells] == [list(column) for column in zip(*ROWS)]
    assert told(table) == ({"wrong_cpg"} if charset in ("Neutral", "WindowsLatin1") else set())
    (tmp_path / "a.mid").unlink()
    with pytest.raises(InputError, match=r"\.mid"):
        read_source(tmp_path / "a.MIF")


@pytest.mark.parametrize(("charset", "encoding"), CHARSETS[:3])
def test_a_tab_is_read_whatever_charset_it_states(tmp_path, charset, encoding):
    data = geopandas.GeoDataFrame({"f1": ["AAAA"], "f2": ["BBBBBB"]}, geometry=[shapely.Point(100.1, 25.1)], crs=4326)
    data.to_file(tmp_path / "a.tab", driver="MapInfo File")
    head, rows = tmp_path / "a.tab", tmp_path / "a.dat"
    words = head.read_bytes().replace(b"Neutral", charset.encode())
    words = words.replace(b"f1 Char", "站号 Char".encode(encoding)).replace(b"f2 Char", "站名 Char".encode(encoding))
    head.write_bytes(words)
    rows.write_bytes(
        rows.read_bytes().replace(b"AAAA", "东山".encode(encoding)).replace(b"BBBBBB", "西山站".encode("gbk"))
    )
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    table = read_source(head)
    assert table.headings == ["站号", "站名"]
    assert [column[0] for column in table.cells] == ["东山", "西山站"]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_tab_of_the_office_kind_is_still_a_text_table(tmp_path):
    (tmp_path / "a.tab").write_text("站号\t站名\nB1\t东山站\n", encoding="utf-8")
    assert read_source(tmp_path / "a.tab").headings == ["站号", "站名"]


# --- what a container holds ---------------------------------------------------------------------------------


def test_curves_are_made_straight_and_told(tmp_path):
    source = tmp_path / "a.gpkg"
    lines = [shapely.LineString([(100, 25), (101, 26)])] * 2
    frame(lines).to_file(source, layer="l", driver="GPKG", SPATIAL_INDEX="NO")
    arc = struct.pack("<BII", 1, 8, 3) + struct.pack("<6d", 100, 25, 100.5, 25.5, 101, 25)
    with sqlite3.connect(source) as store:
        blob = b"GP\x00\x01" + struct.pack("<i", 4490) + arc
        store.execute("UPDATE l SET geom = ? WHERE fid = 1", (blob,))
    table = read_source(source)
    assert codes(table)["curves"].at.tolist() == [0]
    assert table.geometry[0].geom_type == "LineString"
    assert len(table.geometry[0].coords) > 10


def test_mixed_empty_multipart_and_heights_are_told_with_their_rows(tmp_path):
    area = shapely.box(100, 25, 101, 26)
    places = [
        (100.1, 25.1, 7.0),
        area,
        None,
        shapely.MultiPoint([(100, 25), (101, 25)]),
        shapely.Point(),
        (100.3, 25.3),
    ]
    names = geopandas.GeoDataFrame(
        {"n": list("abcdef")}, geometry=[shapely.Point(p) if isinstance(p, tuple) else p for p in places], crs=4490
    )
    names.to_file(tmp_path / "a.gpkg", driver="GPKG", geometry_type="Unknown")
    table = read_source(tmp_path / "a.gpkg", spec=STATIONS)
    found = {code: None if block.at is None else block.at.tolist() for code, block in codes(table).items()}
    assert found == {"z_or_m": None, "empty_geometry": [2, 4], "mixed_geometry": [1], "multipart": [3]}
    assert not shapely.has_z(table.geometry).any()
    optional = next(spec for spec in SPECS.values() if not spec.geometry_required)
    mild = codes(read_source(tmp_path / "a.gpkg", spec=optional))
    assert mild["empty_geometry"].grave == "informs"


def test_clean_containers_have_nothing_to_look_at(tmp_path):
    for name, driver in (("a.gpkg", "GPKG"), ("a.geojson", "GeoJSON"), ("a.gdb", "OpenFileGDB"), ("a.kml", "KML")):
        frame().to_file(tmp_path / name, driver=driver)
        is_right(read_source(tmp_path / name, spec=STATIONS))


def test_long_ids_keep_their_digits_beside_empty_cells(tmp_path):
    frame(长号=pd.array([12345678901234567, None], dtype="Int64")).to_file(tmp_path / "a.gpkg", driver="GPKG")
    assert read_source(tmp_path / "a.gpkg").cells[5].tolist() == ["12345678901234567", ""]


def test_a_path_with_signs_that_gdal_gives_a_meaning_to_is_read(tmp_path):
    folder = tmp_path / "a!b?c=d.zip"
    folder.mkdir()
    frame().to_file(tmp_path / "x.gpkg", driver="GPKG")
    (tmp_path / "x.gpkg").rename(folder / "站!点?.gpkg")
    is_right(read_source(folder / "站!点?.gpkg", spec=STATIONS))


# --- no network, no crash -----------------------------------------------------------------------------------


@pytest.fixture
def visitors():
    """Who comes to a web server on this machine."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_error(404)

        def do_HEAD(self):
            self.do_GET()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/x.geojson", seen
        server.shutdown()


def test_no_file_can_make_the_engine_reach_for_the_network(tmp_path, visitors):
    address, seen = visitors
    vrt = f'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/vsicurl/{address}</SrcDataSource></OGRVRTLayer>'
    vrt += "</OGRVRTDataSource>"
    pipeline = {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read /vsicurl/{address} ! write"}
    pipeline = json.dumps(pipeline)
    link = f"<kml><NetworkLink><Link><href>{address}</href></Link></NetworkLink></kml>"
    entity = f'<!DOCTYPE gpx [<!ENTITY x SYSTEM "{address}">]><gpx><wpt lat="1" lon="1"><name>&x;</name></wpt></gpx>'
    sources = {
        f"v.{suffix}": vrt for suffix in ("geojson", "json", "geojsonl", "gpx", "dxf", "mif", "kml", "gpkg", "shp")
    }
    sources |= {"p.json": pipeline, "p.geojson": pipeline, "n.kml": link, "e.gpx": entity, "e.kml": entity}
    (tmp_path / "v.mid").write_text("", encoding="ascii")
    (tmp_path / "v.dbf").write_bytes(b"\x03" * 64)
    for name, content in sources.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        try:
            read_source(tmp_path / name)
        except InputError as refusal:
            assert refusal.remedy.zh
    (tmp_path / "raw.vrt").write_text(vrt, encoding="utf-8")
    gdal.read_layer(tmp_path / "raw.vrt", tmp_path / "raw.vrt", None)  # and if one got past the guard
    assert seen == []


_NAMES = ("a.gpkg", "a.geojson", "a.geojsonl", "a.kml", "a.parquet", "a.gpx", "a.dxf", "a.mif", "a.shp")
_CONTENTS = (b"\x00", b"\x00" * 5000, b"PAR1" + b"\xff" * 60, b"SQLite format 3\x00" * 9, b"<kml/>", b"\xff\xfe\xff")


@pytest.mark.parametrize("name", _NAMES)
@pytest.mark.parametrize("content", _CONTENTS)
def test_a_file_of_another_kind_or_of_zeros_is_refused_with_a_remedy(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    for part in ("a.mid", "a.dbf"):
        (tmp_path / part).write_bytes(b"")
    with pytest.raises(InputError) as refusal:
        check_rows(read_source(tmp_path / name, spec=STATIONS))
    assert refusal.value.remedy.zh
