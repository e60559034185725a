"""Small sound files of every format that is read, for the fuzzer to damage."""

from __future__ import annotations

import json
import shutil
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely

from . import clean, write
from .exchange import write_exchange
from .old_books import write_ods, write_xls
from .table import Table

ROWS = 12
STATIONS = ("base_stations", "cgcs2000")


@dataclass(frozen=True)
class Seed:
    """One sound source.

    Attributes
    ----------
    name : str
        Name of the format.
    path : pathlib.Path
        What the job is given; its parts lie beside it, alone in their folder.
    kind, datum : str
        Parameters of the job.
    mutated : str
        "": the source itself; else the parameter whose file is damaged, such as "mapping", while `extra` is the source.
    mapping : pathlib.Path or None
        Mapping file, for formats that hold no fields of their own.
    """

    name: str
    path: Path
    kind: str
    datum: str
    mutated: str = ""
    extra: Path | None = None
    mapping: Path | None = None

    @property
    def folder(self) -> Path:
        """The folder that holds all parts."""
        return self.path.parent


def _stations() -> Table:
    return clean.tables()["mobile"].copied(ROWS)


def _points(headings: str) -> gpd.GeoDataFrame:
    table = _stations()
    return write.frame(table).rename(columns=write.short_headings(table, headings))


def _lines() -> gpd.GeoDataFrame:
    table = clean.tables()["cables"].copied(ROWS)
    data = write.frame(table).rename(columns=write.short_headings(table, "UTF-8"))
    data.geometry = [shapely.LineString(list(line.coords)[:12]) for line in data.geometry]
    return data


def _export(path: Path, data: gpd.GeoDataFrame, driver: str, **options: object) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.write_dataframe(data, path, driver=driver, **options)
    return path


def _zipped(target: Path, parts: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for part in sorted(parts.iterdir()):
            file.writestr(zipfile.ZipInfo(part.name, (2026, 10, 31, 0, 0, 0)), part.read_bytes())
    return target


def make(folder: Path) -> list[Seed]:
    """Write all seeds below a folder, each in a folder of its own."""

    def own(name: str) -> Path:
        place = folder / name
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        return place

    rows = write.matrix(_stations())
    latin = [[*row] for row in rows]
    latin[0] = [
        "site id",
        "name",
        "operator",
        "tech",
        "band",
        "height",
        "azimuth",
        "status",
        "date",
        "zzbm",
        "lon",
        "lat",
    ]
    latin[1:] = [[row[0], "臺", "CMCC", row[3], row[4], row[5], row[6], "built", *row[8:]] for row in rows[1:]]
    seeds: list[Seed] = []

    def add(name: str, path: Path, kind: str = "base_stations", datum: str = "cgcs2000", **more: object) -> None:
        seeds.append(Seed(name, path, kind, datum, **more))  # type: ignore[arg-type]

    add("csv utf-8", write.write_csv(own("csv8") / "站.csv", rows))
    add("csv gbk", write.write_csv(own("csvg") / "站.csv", rows, "gbk"))
    add("csv utf-16", write.write_csv(own("csv16") / "站.csv", rows, "utf-16"))
    add("csv big5", write.write_csv(own("csvb") / "站.csv", latin, "big5"))
    add("tsv", write.write_csv(own("tsv") / "站.tsv", rows, "utf-8-sig", "\t"))
    add("xlsx", write.write_book(own("xlsx") / "站.xlsx", 说明=[["台账"]], 数据=write.typed(rows)))
    add("xls", write_xls(own("xls") / "站.xls", write.typed(rows)))
    add("ods", write_ods(own("ods") / "站.ods", write.typed(rows)))
    points, lines = _points("UTF-8"), _lines()
    add("shapefile", write.write_layer(own("shp") / "站.shp", _points("GBK"), encoding="GBK"), datum="auto")
    add("shapefile lines", write.write_layer(own("shpl") / "缆.shp", lines), "trunk_cables", "auto")
    add("geojson", write.write_layer(own("json") / "站.geojson", points, RFC7946="NO"), datum="auto")
    add("geojsonseq", _export(own("seq") / "站.geojsonl", points, "GeoJSONSeq"))
    add("geopackage", write.write_layer(own("gpkg") / "站.gpkg", points), datum="auto")
    add("geopackage lines", write.write_layer(own("gpkgl") / "缆.gpkg", lines), "trunk_cables", "auto")
    add("filegdb", _export(own("gdb") / "站.gdb", points, "OpenFileGDB", layer="stations"), datum="auto")
    add("kml", _export(own("kml") / "站.kml", points, "LIBKML"))
    add("kmz", _zipped(own("kmz") / "站.kmz", folder / "kml"))
    marks = gpd.GeoDataFrame({"name": points["JZMC"], "cmt": points["JZBH"]}, geometry=points.geometry, crs=points.crs)
    told = {"name": "name", "cmt": "place_id", "=school": "kind"}
    add("gpx", _export(own("gpx") / "站.gpx", marks, "GPX"), "places", mapping=_told(own("gpx told"), told))
    drawn = gpd.GeoDataFrame({"Layer": ["GL"] * len(lines)}, geometry=lines.geometry, crs=lines.crs)
    told = {"EntityHandle": "cable_id", "=CMCC": "operator", "=existing": "status"}
    add("dxf", _export(own("dxf") / "缆.dxf", drawn, "DXF"), "trunk_cables", mapping=_told(own("dxf told"), told))
    add("mapinfo tab", _export(own("tab") / "站.tab", points, "MapInfo File"), datum="wgs84")
    add("mapinfo mif", _export(own("mif") / "站.mif", points, "MapInfo File", FORMAT="MIF"), datum="wgs84")
    add("zip of shapefile", _zipped(own("zip") / "站.zip", folder / "shp"), datum="auto")
    add("zip of csv", _zipped(own("zipc") / "站.zip", folder / "csv8"))
    add("vct", write_exchange(own("vct") / "站.vct", points, "Point"), datum="auto")
    add("vct lines", write_exchange(own("vctl") / "缆.vct", lines, "Line"), "trunk_cables", "auto")
    parquet = own("parquet") / "站.parquet"
    points.to_parquet(parquet)
    add("geoparquet", parquet, datum="auto")
    add(
        "mapping file",
        _told(own("mapping"), dict(_stations().fields)),
        mutated="mapping",
        extra=folder / "csv8" / "站.csv",
    )
    recipe = _recipe(own("recipe"), folder / "csv8" / "站.csv")
    if recipe is not None:
        add("recipe file", recipe, mutated="recipe", extra=folder / "csv8" / "站.csv")
    return seeds


def _told(folder: Path, columns: dict[str, str]) -> Path:
    path = folder / "mapping.json"
    path.write_text(json.dumps(columns, ensure_ascii=False), encoding="utf-8")
    return path


def _recipe(folder: Path, source: Path) -> Path | None:
    """Let the product write a recipe, as a planner does."""
    from ...engine.executor import run_job

    stated = {"source": str(source), "kind": STATIONS[0], "datum": STATIONS[1]}
    written = run_job("diagnose", stated, folder.parent / "recipe run").outputs.get("recipe")
    return None if written is None else Path(shutil.copyfile(written, folder / "recipe.toml"))
