import struct
import tempfile
import zipfile
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from xinji_planner.errors import InputError
from xinji_planner.layers.sources import unpack
from xinji_planner.layers.sources.read import layer_names, read_source
from xinji_planner.layers.specs import SPECS
from xinji_planner.tests.engine.import_kit import STATION_HEADINGS, STATIONS, do_import

SPEC = SPECS["base_stations"]
CSV = "\n".join(",".join(row) for row in (STATION_HEADINGS, *STATIONS)).encode("gbk")


def frame():
    columns = {"站号": ["B1", "B2"], "站名": ["东山站", "西山站"], "运营商": ["移动", "电信"], "制式": ["5G", "4G"],
               "状态": ["在网", "规划"]}  # fmt: skip
    places = [shapely.Point(100.1, 25.1), shapely.Point(100.2, 25.2)]
    return geopandas.GeoDataFrame(columns, geometry=places, crs=4490)


def packed(path, members, names="utf-8"):
    """Pack members; with "gbk" their names as Chinese Windows writes them, without the UTF-8 flag."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        for number, (name, data) in enumerate(members.items()):
            pack.writestr(name if names == "utf-8" else f"{number:0{len(name.encode(names))}d}", data)
    if names != "utf-8":
        data = path.read_bytes()
        for number, name in enumerate(members):
            raw = name.encode(names)
            data = data.replace(f"{number:0{len(raw)}d}".encode(), raw)
        path.write_bytes(data)
    return path


def shapefile(tmp_path, stem="站点"):
    folder = tmp_path / "files"
    folder.mkdir(exist_ok=True)
    frame().to_file(folder / "x.shp", driver="ESRI Shapefile", encoding="GBK")
    return {f"{stem}{part.suffix}": part.read_bytes() for part in sorted(folder.glob("x.*"))}


@pytest.mark.parametrize("names", ["utf-8", "gbk"])
def test_a_shapefile_in_an_archive_is_read_and_named_with_both(tmp_path, names):
    source = packed(tmp_path / "包.zip", shapefile(tmp_path), names)
    before = sorted(path.name for path in tmp_path.iterdir())
    assert layer_names(source) == ("站点.shp",)
    table = read_source(source, spec=SPEC)
    assert table.name == "包.zip/站点.shp"
    assert table.cells[1].tolist() == ["东山站", "西山站"]
    assert "several_layers" not in {block.code for block in table.findings}
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_rows_of_an_archive_are_imported_under_its_name_and_replaced_by_a_newer_one(tmp_path):
    source = packed(tmp_path / "包.zip", {"数据/基站.csv": CSV})
    done = do_import(tmp_path, source, "base_stations")
    assert set(done.column("source_file")) == {"包.zip/数据/基站.csv"}
    again = do_import(tmp_path, source, "base_stations")
    assert again.summary["rows_out"] == 3
    assert len(again.table) == 3


def test_several_sources_in_an_archive_are_its_layers(tmp_path):
    frame().to_file(tmp_path / "a.gpkg", layer="站点", driver="GPKG")
    frame()[["站名", "geometry"]].to_file(tmp_path / "a.gpkg", layer="其他", driver="GPKG")
    members = {"库.gpkg": (tmp_path / "a.gpkg").read_bytes(), "说明.pdf": b"%PDF", "数据/基站.csv": CSV}
    source = packed(tmp_path / "包.zip", members)
    assert set(layer_names(source)) == {"库.gpkg|站点", "库.gpkg|其他", "数据/基站.csv"}
    with pytest.raises(InputError, match=r"基站\.csv") as refusal:
        read_source(source, spec=SPEC)
    assert "--layer" in refusal.value.remedy.en
    assert read_source(source, "库.gpkg|站点", spec=SPEC).name == "包.zip/库.gpkg|站点"
    assert read_source(source, "基站.csv", spec=SPEC).cells[0].tolist() == ["B001", "B002", "B003"]
    assert read_source(source, "基站", spec=SPEC).layer == "数据/基站.csv"
    with pytest.raises(InputError, match="没有"):
        read_source(source, "别的", spec=SPEC)


def test_the_only_source_that_fits_is_taken(tmp_path):
    source = packed(tmp_path / "包.zip", {"a.csv": CSV, "b.csv": "甲,乙\n1,2\n".encode(), "__MACOSX/._a.csv": b"\0"})
    table = read_source(source, spec=SPEC)
    assert table.layer == "a.csv"
    assert "several_layers" in {block.code for block in table.findings}


def test_a_geodatabase_folder_in_an_archive_is_one_source(tmp_path):
    frame().to_file(tmp_path / "x.gdb", layer="l", driver="OpenFileGDB")
    members = {f"数据/库.gdb/{part.name}": part.read_bytes() for part in sorted((tmp_path / "x.gdb").iterdir())}
    source = packed(tmp_path / "包.zip", members)
    assert layer_names(source) == ("数据/库.gdb",)
    assert read_source(source, spec=SPEC).cells[1].tolist() == ["东山站", "西山站"]


def test_a_kmz_is_read_as_the_kml_in_it(tmp_path):
    frame().to_file(tmp_path / "a.kml", driver="KML")
    source = packed(tmp_path / "点.kmz", {"files/x.png": b"1", "doc.kml": (tmp_path / "a.kml").read_bytes()})
    table = read_source(source, spec=SPEC)
    assert (table.name, table.format) == ("点.kmz", "KMZ")
    assert table.cells[table.headings.index("站名")].tolist() == ["东山站", "西山站"]


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "C:\\evil.csv", "..\\evil.csv"])
def test_no_name_in_an_archive_leads_out_of_the_temporary_folder(tmp_path, monkeypatch, name):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(inner))
    table = read_source(packed(tmp_path / "包.zip", {name: CSV}), spec=SPEC)
    assert table.cells[0].tolist() == ["B001", "B002", "B003"]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "b", "包.zip"]
    assert not Path("/etc/evil.csv").exists()


def test_links_in_an_archive_are_not_followed(tmp_path):
    (tmp_path / "secret.csv").write_bytes(CSV)
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "包.zip", "w") as pack:
        pack.writestr(link, str(tmp_path / "secret.csv"))
    with pytest.raises(InputError):
        read_source(tmp_path / "包.zip", spec=SPEC)


def test_an_archive_that_grows_too_large_is_refused_before_and_while_it_is_unpacked(tmp_path, monkeypatch):
    packed(tmp_path / "bomb.zip", {"a.csv": b"0" * 80_000_000})
    with pytest.raises(InputError, match="过大"):
        read_source(tmp_path / "bomb.zip", spec=SPEC)
    monkeypatch.setattr(unpack, "MOST_FILES", 2)
    with pytest.raises(InputError, match="过大"):
        read_source(packed(tmp_path / "many.zip", {f"{at}.csv": CSV for at in range(3)}), spec=SPEC)
    lying = packed(tmp_path / "lying.zip", {"a.csv": CSV * 9})
    data = lying.read_bytes()
    lying.write_bytes(data.replace(struct.pack("<I", 9 * len(CSV)), struct.pack("<I", 99)))
    with pytest.raises(InputError) as refusal:
        read_source(lying, spec=SPEC)
    assert refusal.value.remedy.zh


@pytest.mark.parametrize(
    ("members", "words"),
    [({"说明.pdf": b"%PDF"}, "没有可读取"), ({"里面.zip": b"PK"}, "没有可读取"), ({}, "没有可读取")],
)
def test_an_archive_without_a_source_is_refused_with_what_it_holds(tmp_path, members, words):
    with pytest.raises(InputError, match=words) as refusal:
        read_source(packed(tmp_path / "包.zip", members), spec=SPEC)
    assert refusal.value.remedy.zh


def test_an_encrypted_archive_asks_for_unpacking(tmp_path):
    source = packed(tmp_path / "包.zip", {"a.csv": CSV})
    data = bytearray(source.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    source.write_bytes(data)
    with pytest.raises(InputError, match="密码"):
        read_source(source, spec=SPEC)


def test_no_damage_of_an_archive_ever_crashes(tmp_path):
    whole = packed(tmp_path / "包.zip", {"a.csv": CSV, **shapefile(tmp_path)}).read_bytes()
    random = np.random.default_rng(7)
    for trial in range(60):
        data = bytearray(whole)
        if trial % 3 == 0:
            del data[int(random.integers(0, len(data))) :]
        for at in random.integers(0, max(len(data), 1), 5) if data else ():
            data[at] = random.integers(0, 256)
        (tmp_path / "x.zip").write_bytes(data)
        try:
            read_source(tmp_path / "x.zip", spec=SPEC)
        except InputError as refusal:
            assert refusal.remedy.zh
