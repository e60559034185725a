"""What goes wrong with maps: parts of a Shapefile, layers, kinds of shapes."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path

import geopandas as gpd
import shapely

from . import write
from .table import Case, Desk, Planted, Spoiler, Table, codes


def _whole(*accepted: str, least: str = "informs") -> Planted:
    return Planted((), codes(*accepted), least)


def _kept(table: Table, field: str = "name") -> list[Planted]:
    return [
        Planted((k + 1,), frozenset(), "informs", {field: table.truth[k][field]}) for k in range(0, len(table.rows), 9)
    ]


def _shapefile(
    desk: Desk, encoding: str = "GBK", table: str = "unicom", crs: str = write.CGCS2000
) -> tuple[Path, Table]:
    own = desk.clean[table].copied()
    data = write.frame(own).rename(columns=write.short_headings(own, encoding))
    return write.write_layer(desk.folder / f"{own.name}.shp", data, encoding=encoding, crs=crs), own


def _ldid(path: Path, value: int) -> None:
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = value
    path.with_suffix(".dbf").write_bytes(bytes(table))


def _cpg(
    name: str, encoding: str, says: str | None, ldid: int | None, *accepted: str, least: str = "informs"
) -> Spoiler:
    def make(desk: Desk) -> list[Case]:
        path, own = _shapefile(desk, encoding)
        cpg = path.with_suffix(".cpg")
        cpg.unlink() if says is None else cpg.write_text(says, encoding="ascii")
        if ldid is not None:
            _ldid(path, ldid)
        planted = [_whole(*accepted, least=least)] if accepted else []
        return [Case(path, own.kind, len(own.rows), [*planted, *_kept(own)], datum="auto")]

    return Spoiler(name, "container", make)


def _without(name: str, suffix: str, *accepted: str, least: str, refused: bool = False) -> Spoiler:
    def make(desk: Desk) -> list[Case]:
        path, own = _shapefile(desk)
        path.with_suffix(suffix).unlink()
        return [
            Case(
                path,
                own.kind,
                0 if refused else len(own.rows),
                [_whole(*accepted, least=least)],
                datum="cgcs2000",
                whole=True,
                refused=refused,
            )
        ]

    return Spoiler(name, "container", make)


def _cut_headings(desk: Desk) -> list[Case]:
    """Ten bytes hold three Chinese characters in UTF-8, and five in GBK."""
    own = desk.clean["unicom"].copied()
    data = write.frame(own).rename(
        columns={
            "天线挂高(m)": "天线挂",
            "入网日期": "入网日",
            "基站编号": "基站编",
            "基站名称": "基站名",
            "网络制式": "网络制",
            "建设状态": "建设状",
        }
    )
    path = write.write_layer(desk.folder / "截断列名.shp", data)
    return [
        Case(path, own.kind, len(own.rows), [_whole("truncated_heading", "unmapped_column")], datum="auto", whole=True)
    ]


def _lying_prj(desk: Desk) -> list[Case]:
    """Metres under a .prj that says degrees."""
    path, own = _shapefile(desk, crs="EPSG:4531")
    other, _ = _shapefile(Desk(desk.clean, desk.rng, _sub(desk, "degrees")))
    path.with_suffix(".prj").write_bytes(other.with_suffix(".prj").read_bytes())
    accepted = ("lying_prj", "out_of_range", "wrong_zone", "datum_contradiction", "datum_unknown", "zone_not_stated")
    return [
        Case(
            path,
            own.kind,
            len(own.rows),
            [_whole(*accepted, least="warns")],
            datum="auto",
            whole=True,
            import_datum="EPSG:4531",
            tolerance_deg=1e-6,
        )
    ]


def _sub(desk: Desk, name: str) -> Path:
    folder = desk.folder / name
    folder.mkdir(exist_ok=True)
    return folder


def _mixed(desk: Desk) -> list[Case]:
    """Points among lines."""
    own = desk.clean["roads"].copied()
    shapes, planted = list(own.shapes or []), []
    for k in desk.rows(own):
        shapes[k] = shapely.Point(shapes[k].coords[0])
        planted.append(Planted((k + 1,), codes("geometry_type", "mixed_geometry"), "warns"))
    path = write.write_geojson(desk.folder / "道路.geojson", own, shapes)
    return [Case(path, own.kind, len(own.rows), planted, datum="auto")]


def _empty(desk: Desk) -> list[Case]:
    own = desk.clean["roads"].copied()
    shapes, planted = list(own.shapes or []), []
    for j, k in enumerate(desk.rows(own)):
        shapes[k] = None if j % 2 else {"type": "LineString", "coordinates": []}
        planted.append(Planted((k + 1,), codes("empty_geometry", "no_place"), "warns"))
    path = write.write_geojson(desk.folder / "道路.geojson", own, shapes)
    return [Case(path, own.kind, len(own.rows), planted, datum="auto")]


def _heights(desk: Desk) -> list[Case]:
    own = desk.clean["roads"].copied()
    shapes = [shapely.force_3d(shape, 35.0) for shape in own.shapes or []]
    path = write.write_layer(desk.folder / "道路Z.gpkg", write.frame(own, shapes))
    return [Case(path, own.kind, len(own.rows), [_whole("z_or_m")], datum="auto")]


def _parts(desk: Desk) -> list[Case]:
    own = desk.clean["roads"].copied()
    shapes = list(own.shapes or [])
    for k in desk.rows(own, lambda _row: True, 20):
        points = list(shapes[k].coords)
        half = len(points) // 2
        if half >= 2:
            shapes[k] = shapely.MultiLineString([points[:half], points[half:]])
    path = write.write_layer(desk.folder / "道路.gpkg", write.frame(own, shapes))
    return [Case(path, own.kind, len(own.rows), [_whole("multipart")], datum="auto", whole=True)]


def _curved(desk: Desk) -> list[Case]:
    """Arcs, as drawing programs make them; written as GeoPackage through well-known text."""
    own = desk.clean["cables"].copied()
    shapes = list(own.shapes or [])
    path = desk.folder / "光缆弧线.gpkg"
    write.write_layer(path, write.frame(own, shapes), layer="光缆")
    _put_arcs(path, "光缆")
    return [Case(path, own.kind, len(own.rows), [_whole("curves")], datum="auto", whole=True)]


def _put_arcs(path: Path, layer: str) -> None:
    """Replace every line by a circular string through its ends and its middle (WKB type 8)."""
    with sqlite3.connect(path) as base:
        rows = base.execute(f'SELECT fid, geom FROM "{layer}"').fetchall()
        triggers = [row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type='trigger'")]
        for name in triggers:
            base.execute(f'DROP TRIGGER "{name}"')
        for fid, blob in rows:
            head = blob[:8] + blob[8:40]  # GeoPackage header with an envelope of four doubles
            line = shapely.from_wkb(blob[40:])
            points = [line.coords[0], line.coords[len(line.coords) // 2], line.coords[-1]]
            body = struct.pack("<BII", 1, 8, 3) + b"".join(struct.pack("<dd", *p[:2]) for p in points)
            base.execute(f'UPDATE "{layer}" SET geom=? WHERE fid=?', (head + body, fid))
        base.execute("UPDATE gpkg_geometry_columns SET geometry_type_name='GEOMETRY'")
    base.close()


def _two_layers(desk: Desk) -> list[Case]:
    own, other = desk.clean["roads"].copied(), desk.clean["cables"].copied()
    path = desk.folder / "两个图层.gpkg"
    write.write_layer(path, write.frame(own), layer="道路")
    write.write_layer(path, write.frame(other), layer="光缆")
    return [Case(path, own.kind, len(own.rows), [_whole("several_layers")], datum="auto", layer="道路")]


def _no_crs(desk: Desk) -> list[Case]:
    own = desk.clean["roads"].copied()
    path = desk.folder / "道路.shp"
    data = gpd.GeoDataFrame(write.attributes(own), geometry=list(own.shapes or []))
    write.write_layer(path, data.rename(columns=write.short_headings(own, "UTF-8")))
    return [Case(path, own.kind, len(own.rows), [_whole("no_prj", least="warns")], datum="cgcs2000")]


SPOILERS = (
    _cpg("gbk_shapefile_right_cpg", "GBK", "GBK", None),
    _cpg("gbk_shapefile_no_cpg", "GBK", None, None, "no_cpg"),
    _cpg("gbk_shapefile_no_cpg_ldid_0", "GBK", None, 0, "no_cpg"),
    _cpg("gbk_shapefile_wrong_cpg", "GBK", "UTF-8", None, "wrong_cpg", least="warns"),
    _cpg("gbk_shapefile_wrong_cpg_ldid_0", "GBK", "UTF-8", 0, "wrong_cpg", least="warns"),
    _cpg("gbk_shapefile_latin_cpg", "GBK", "ISO-8859-1", 0, "wrong_cpg", least="warns"),
    _cpg("gbk_shapefile_cpg_in_numbers", "GBK", "936", None),
    _cpg("utf8_shapefile_no_cpg", "UTF-8", None, None, "no_cpg"),
    _cpg("utf8_shapefile_wrong_cpg", "UTF-8", "GBK", 0x4D, "wrong_cpg", least="warns"),
    _without("shapefile_without_dbf", ".dbf", "missing_part", least="blocks", refused=True),
    _without("shapefile_without_shx", ".shx", "part_rebuilt", "missing_part", least="warns"),
    _without("shapefile_without_prj", ".prj", "no_prj", least="warns"),
    Spoiler("line_shapefile_without_prj", "container", _no_crs),
    Spoiler("headings_cut_to_ten_bytes", "container", _cut_headings),
    Spoiler("prj_says_degrees_over_metres", "datum", _lying_prj),
    Spoiler("points_among_lines", "container", _mixed),
    Spoiler("features_without_geometry", "container", _empty),
    Spoiler("heights_in_lines", "container", _heights),
    Spoiler("lines_of_several_parts", "container", _parts),
    Spoiler("arcs", "container", _curved),
    Spoiler("two_layers_in_a_file", "container", _two_layers),
)
