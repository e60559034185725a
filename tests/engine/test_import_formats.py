import datetime
import shutil
import zipfile

import geopandas
import numpy as np
import openpyxl
import pytest
import shapely
from xinji_planner.errors import InputError
from xinji_planner.layers.sources.read import read_source
from xinji_planner.layers.specs import SPECS
from xinji_planner.tests.engine.import_kit import STATION_HEADINGS, STATIONS, do_import, write_csv, write_xlsx

ROWS = (STATION_HEADINGS, *STATIONS)


def is_right(done):
    assert done.summary["rows_in"] == done.summary["rows_out"] == 3
    assert done.column("station_id") == ["B001", "B002", "B003"]
    assert done.column("name") == ["东山站", "西山站", "南山站"]
    assert done.column("operator") == ["CMCC", "CTCC;CUCC", "CBN"]
    assert done.column("technology") == ["5G", "5G", "4G;5G"]
    assert done.column("status") == ["existing", "planned", "under_construction"]
    assert done.column("band_mhz") == [2600.0, 3500.0, 700.0]
    lon, lat = done.table.lon_lat()
    assert np.allclose(lon, [100.1, 100.2, 100.3], atol=1e-12)
    assert np.allclose(lat, [25.1, 25.2, 25.3], atol=1e-12)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_text_table_is_read_in_every_usual_encoding(tmp_path, encoding):
    done = do_import(tmp_path, write_csv(tmp_path / "基站.csv", ROWS, encoding), "base_stations")
    is_right(done)
    known = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16"}
    assert done.summary["encoding"] == known.get(encoding, "GB18030")


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_a_text_table_is_read_with_every_usual_delimiter(tmp_path, delimiter):
    table = read_source(write_csv(tmp_path / "基站.csv", ROWS, delimiter=delimiter), spec=SPECS["base_stations"])
    assert table.headings == list(STATION_HEADINGS)
    assert [tuple(column) for column in table.cells] == list(zip(*STATIONS))


def test_big5_is_read_when_the_planner_says_so(tmp_path):
    rows = [("行政村代碼", "村名"), ("530100000001", "東山村")]
    source = write_csv(tmp_path / "村.csv", rows, "big5")
    mapping = {"行政村代碼": "village_code"}
    done = do_import(tmp_path, source, "villages", encoding="BIG5", mapping=mapping)
    assert done.column("village_name") == ["東山村"]


def test_row_numbers_are_those_of_the_spreadsheet_despite_titles_blank_rows_and_line_breaks(tmp_path):
    rows = [
        ("某县基站清单",),
        ("单位：米，坐标系 WGS84",),
        (),
        STATION_HEADINGS,
        STATIONS[0],
        (),
        ("B002", "西山\n站", *STATIONS[1][2:]),
        STATIONS[2],
        ("合计", "3"),
    ]
    done = do_import(tmp_path, write_csv(tmp_path / "a.csv", rows), "base_stations")
    assert done.column("source_row") == [5, 7, 8]
    assert done.column("name")[1] == "西山站"
    assert [(row["row"], row["reason_code"]) for row in done.aside] == [("9", "total_row")]
    assert done.summary["rows_above_header"][0] == [1, "某县基站清单"]
    assert done.summary["blank_rows"] == 1
    assert "某县基站清单" in done.report


def test_an_open_quote_does_not_swallow_the_rest_of_the_file(tmp_path):
    source = tmp_path / "a.csv"
    lines = [",".join(row) for row in ROWS]
    lines[2] = lines[2].replace("西山站", '"西山站')
    source.write_text("\n".join(lines), encoding="utf-8")
    done = do_import(tmp_path, source, "base_stations")
    assert done.summary["rows_in"] == 3
    assert any("引号" in notice["zh"] for notice in done.notices)


def test_a_row_with_more_cells_than_headings_is_set_aside_whole(tmp_path):
    rows = [*ROWS, ("B004", "北,山", "站", *STATIONS[0][2:], "多", "余")]
    done = do_import(tmp_path, write_csv(tmp_path / "a.csv", rows), "base_stations")
    assert done.aside[0]["reason_code"] == "damaged_row"
    assert "余" in done.aside[0]["original"]


def test_a_workbook_gives_numbers_dates_and_percentages_as_a_planner_sees_them(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(("数据中心编号", "名称", "标准机架数", "PUE", "绿电占比", "状态", "经度_CGCS2000", "纬度_CGCS2000"))
    sheet.append((1001, "东部机房", 5000.0, 1.25, 0.62, "现状", 100.5, 25.5))
    sheet["E2"].number_format = "0%"
    book.save(tmp_path / "dc.xlsx")
    done = do_import(tmp_path, tmp_path / "dc.xlsx", "dc_clusters")
    assert done.column("cluster_id") == ["1001"]
    assert done.column("racks") == [5000]
    assert done.column("green_share_percent") == [62.0]
    assert done.summary["datum"] == "cgcs2000"


def test_a_workbook_date_becomes_a_day(tmp_path):
    heads = (*STATION_HEADINGS, "入网日期")
    rows = [heads, (*STATIONS[0], datetime.datetime(2023, 5, 1)), (*STATIONS[1], 45047)]
    done = do_import(tmp_path, write_xlsx(tmp_path / "a.xlsx", 基站=rows), "base_stations")
    assert done.column("in_service_date") == ["2023-05-01", "2023-05-01"]


def test_the_sheet_that_fits_is_chosen_and_others_are_left(tmp_path):
    source = write_xlsx(tmp_path / "a.xlsx", 说明=[("填表说明",)], 数据=[("基站清单",), *ROWS], 空表=[])
    done = do_import(tmp_path, source, "base_stations")
    is_right(done)
    assert done.summary["layer"] == "数据"


def test_two_sheets_that_fit_alike_are_refused_by_name_and_either_can_be_named(tmp_path):
    source = write_xlsx(tmp_path / "a.xlsx", 移动=ROWS, 电信=ROWS[:2])
    with pytest.raises(InputError, match=r"移动.*电信") as refusal:
        do_import(tmp_path, source, "base_stations")
    assert "--layer" in refusal.value.remedy.en
    assert do_import(tmp_path, source, "base_stations", layer="电信").summary["rows_in"] == 1
    with pytest.raises(InputError, match="联通"):
        do_import(tmp_path, source, "base_stations", layer="联通")


def test_a_formula_that_was_never_calculated_is_pointed_out(tmp_path):
    rows = [STATION_HEADINGS, ("B001", "=A2", *STATIONS[0][2:])]
    done = do_import(tmp_path, write_xlsx(tmp_path / "a.xlsx", 基站=rows), "base_stations")
    assert done.column("name") == [None]
    assert any("公式" in notice["zh"] for notice in done.notices)


SHORT_HEADINGS = ("站号", "站名", "运营商", "制式", "频段", "状态")


def frame():
    columns = {heading: [row[at] for row in STATIONS] for at, heading in enumerate(SHORT_HEADINGS)}
    points = [shapely.Point(float(row[6]), float(row[7])) for row in STATIONS]
    return geopandas.GeoDataFrame(columns, geometry=points, crs="EPSG:4490")


@pytest.mark.parametrize(
    ("name", "driver"),
    [("a.geojson", "GeoJSON"), ("a.gpkg", "GPKG"), ("a.gdb", "OpenFileGDB"), ("a.shp", "ESRI Shapefile")],
)
def test_spatial_files_are_read(tmp_path, name, driver):
    options = {"encoding": "UTF-8"} if driver == "ESRI Shapefile" else {}
    frame().to_file(tmp_path / name, driver=driver, engine="pyogrio", **options)
    done = do_import(tmp_path, tmp_path / name, "base_stations")
    is_right(done)
    assert done.summary["source_crs"] == "EPSG:4490"
    assert done.column("source_row") == [1, 2, 3]


KML = """<?xml version="1.0" encoding="{encoding}"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>站点</name><Folder><name>学校</name>
<Placemark><name>中心小学</name><ExtendedData><Data name="编号"><value>S1</value></Data>
<Data name="类型"><value>小学</value></Data></ExtendedData>
<Point><coordinates>100.1,25.1,1800</coordinates></Point></Placemark>
</Folder></Document></kml>"""


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_kml_is_read_and_its_label_is_no_evidence_of_a_datum(tmp_path, encoding):
    source = tmp_path / "学校.kml"
    source.write_bytes(KML.format(encoding=encoding).encode(encoding))
    with pytest.raises(InputError, match="WGS 84"):
        do_import(tmp_path, source, "places")
    done = do_import(tmp_path, source, "places", datum="wgs84")
    assert done.column("name") == ["中心小学"]
    assert done.column("kind") == ["school"]
    assert not done.table.geometry[0].has_z
    assert done.summary["unmapped"] == []


def test_kml_keeps_folders_apart_and_reads_lines_areas_and_what_is_damaged(tmp_path):
    shapes = (
        "<LineString><coordinates>100,25 101,26</coordinates></LineString>",
        "<MultiGeometry><LineString><coordinates>100,25,0 101,26,0</coordinates></LineString>"
        "<LineString><coordinates>102,25 103,26</coordinates></LineString></MultiGeometry>",
        "<LineString><coordinates>100,25 oops</coordinates></LineString>",
        "<Point><coordinates>100,25</coordinates></Point>",
    )
    data = '<ExtendedData><SchemaData><SimpleData name="编号">{}</SimpleData></SchemaData></ExtendedData>'
    marks = "".join(f"<Placemark>{data.format(at)}{shape}</Placemark>" for at, shape in enumerate(shapes))
    other = "<Folder><name>注记</name><Placemark><name>某地</name></Placemark></Folder>"
    text = f"<kml><Document><Folder><name>岸线</name>{marks}</Folder>{other}</Document></kml>"
    (tmp_path / "a.kml").write_text(text, encoding="utf-8")
    done = do_import(tmp_path, tmp_path / "a.kml", "coastline", datum="cgcs2000")
    assert done.summary["layer"] == "岸线"
    assert [len(shape.geoms) for shape in done.table.geometry] == [1, 2]
    assert [row["reason_code"] for row in done.aside] == ["damaged_row", "geometry_type"]


def test_a_geojson_in_gbk_is_read(tmp_path):
    frame().to_file(tmp_path / "utf8.geojson", driver="GeoJSON")
    text = (tmp_path / "utf8.geojson").read_text(encoding="utf-8")
    (tmp_path / "gbk.geojson").write_bytes(text.encode("gbk"))
    done = do_import(tmp_path, tmp_path / "gbk.geojson", "base_stations", datum="cgcs2000")
    is_right(done)
    assert done.summary["encoding"] == "GB18030"


@pytest.mark.parametrize("label", [None, "UTF-8", "ISO-8859-1", "GBK", "936"])
@pytest.mark.parametrize("codec", ["GBK", "UTF-8"])
def test_a_shapefile_is_decoded_by_what_fits_whatever_its_cpg_says(tmp_path, codec, label):
    frame().to_file(tmp_path / "a.shp", driver="ESRI Shapefile", encoding=codec)
    cpg = tmp_path / "a.cpg"
    cpg.unlink(missing_ok=True)
    if label:
        cpg.write_text(label, encoding="ascii")
    dbf = bytearray((tmp_path / "a.dbf").read_bytes())
    dbf[29] = 0
    (tmp_path / "a.dbf").write_bytes(dbf)
    is_right(do_import(tmp_path, tmp_path / "a.shp", "base_stations"))


@pytest.mark.parametrize("part", [".prj", ".cpg"])
def test_a_damaged_companion_of_a_shapefile_never_crashes(tmp_path, part):
    for at, content in enumerate((b"GEOGCS[", b"U\x00TF-8", b"PROJCS[\xff\xfe", b"")):
        folder = tmp_path / str(at)
        folder.mkdir()
        frame().to_file(folder / "a.shp", driver="ESRI Shapefile", encoding="UTF-8")
        (folder / f"a{part}").write_bytes(content)
        try:
            done = do_import(folder, folder / "a.shp", "base_stations", datum="cgcs2000")
        except InputError as refusal:
            assert part in refusal.message.zh
        else:
            is_right(done)


@pytest.mark.filterwarnings("ignore:.*truncated")
def test_a_character_cut_by_the_field_width_does_not_spoil_the_rest(tmp_path):
    data = frame()
    data["站名"] = ["东山站" * 60, "西山站", "南山站"]
    data.to_file(tmp_path / "a.shp", driver="ESRI Shapefile", encoding="GBK")
    table = read_source(tmp_path / "a.shp", spec=SPECS["base_stations"])
    assert table.cells[1][1] == "西山站"
    assert set(table.cells[1][0]) == set("东山站")


def test_a_shapefile_without_its_attributes_is_refused_by_the_name_of_the_part(tmp_path):
    frame().to_file(tmp_path / "a.shp", driver="ESRI Shapefile", encoding="UTF-8")
    (tmp_path / "a.dbf").unlink()
    with pytest.raises(InputError, match=r"\.dbf"):
        do_import(tmp_path, tmp_path / "a.shp", "base_stations")


def test_the_layer_that_fits_is_chosen_from_a_geopackage(tmp_path):
    frame().to_file(tmp_path / "a.gpkg", layer="站点", driver="GPKG")
    geopandas.GeoDataFrame({"x1": [1]}, geometry=[shapely.Point(1, 1)], crs=4490).to_file(
        tmp_path / "a.gpkg", layer="其他", driver="GPKG"
    )
    done = do_import(tmp_path, tmp_path / "a.gpkg", "base_stations")
    is_right(done)
    assert done.column("source_file")[0] == "a.gpkg|站点"


def test_lines_come_from_a_wkt_column_of_a_sheet(tmp_path):
    rows = [("光缆编号", "权属单位", "状态", "WKT"), ("G1", "移动", "现状", "LINESTRING (100 25, 101 26)")]
    done = do_import(tmp_path, write_csv(tmp_path / "a.csv", rows), "trunk_cables", datum="cgcs2000")
    assert done.table.geometry[0].geom_type == "MultiLineString"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "空文件"),
        ("a.csv", b"\n\n \n", "没有任何文字"),
        ("a.csv", b"a,b\n\x00\x01", "空字节"),
        ("a.csv", b"\xff\xff\xff,1\n", "编码"),
        ("a.xlsx", b"not a workbook", "XLSX"),
        ("a.xlsx", b"PK\x03\x04 broken", "读不出"),
        ("a.xls", b"\xd0\xcf\x11\xe0 old", "xls"),
        ("a.zip", b"PK\x03\x04", "压缩包"),
        ("a.pdf", b"%PDF-1.4", "不支持"),
        ("a.dbf", b"\x03", "Shapefile"),
        ("a.geojson", b"{broken", "读不出"),
        ("a.kml", b"<kml", "读不出"),
        ("a.gpkg", b"SQLite format 3\x00 broken", "读不出"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=words) as refusal:
        do_import(tmp_path, tmp_path / name, "base_stations")
    assert refusal.value.remedy.zh
    assert refusal.value.remedy.en


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "没有.csv", tmp_path):
        with pytest.raises(InputError):
            do_import(tmp_path, path, "base_stations")


def test_a_truncated_workbook_is_refused(tmp_path):
    source = write_xlsx(tmp_path / "a.xlsx", 基站=ROWS)
    source.write_bytes(source.read_bytes()[:-200])
    with pytest.raises(InputError):
        do_import(tmp_path, source, "base_stations")
    shutil.rmtree(tmp_path / "run 0")
    with zipfile.ZipFile(source, "w") as pack:
        pack.writestr("xl/nothing.txt", "")
    with pytest.raises(InputError):
        do_import(tmp_path, source, "base_stations")
