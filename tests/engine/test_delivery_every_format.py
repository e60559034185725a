"""The sample county in every profile and every format, read again: the same features, attributes and places."""

import json

import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from xinji_planner.engine.executor import run_job
from xinji_planner.layers.store.workspace import Workspace
from xinji_planner.layers.vct.reading.file import read_vct
from xinji_planner.layers.vct.reading.layers import features_of, layers_of
from xinji_planner.tests.engine.profile_kit import deliver, rows, with_codes

PROFILES = ("municipal", "central-urban", "permit", "landuse3-vct")
FORMATS = ("gpkg", "gdb", "shp", "geojson", "csv", "xlsx", "vct", "txt", "ofds")
TENTH_OF_A_MM = 1e-4


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("逐格式")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    return Workspace(folder / "海岳县.gpkg")


@pytest.fixture(scope="module", params=PROFILES)
def package(request, county, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    profile = with_codes(folder, request.param)
    return county, *deliver(county, folder / "out", profile=profile, formats=FORMATS, date="2026-11-20")


def as_text(values):
    """Give values as they read in any format: no trailing zeros, days without a clock, nothing for nothing."""
    found = []
    for value in values:
        if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
            found.append("")
        elif isinstance(value, (int, float, np.number)):
            found.append(f"{float(value):.4f}")
        elif isinstance(value, pd.Timestamp):
            found.append(value.strftime("%Y%m%d"))
        else:
            words = " ".join(str(value).split())
            found.append(words.replace(",", "，"))
    return found


def by_gdal(path, layer=None):
    frame = pyogrio.read_dataframe(path, layer=layer)
    columns = {name: as_text(frame[name]) for name in frame.columns.drop("geometry")}
    return columns, frame.geometry.to_numpy(), frame.crs.to_epsg()


def by_own_reader(path, layer):
    file = read_vct(path)
    (one,) = [item for item in layers_of(file) if item.table == layer]
    found = features_of(file, one)
    cells = list(zip(*found.cells)) or [() for _ in found.table.fields]
    kinds = {"float", "double", "int4", "int8"}
    columns = {
        item.name: as_text([float(value) if value and item.type in kinds else value or None for value in cells[place]])
        for place, item in enumerate(found.table.fields)
    }
    return columns, np.array([item.shape for item in found.objects], dtype=object), None


def same_places(one, other):
    """Tell whether shapes agree, each with each, however rings begin and whether they are called multi-part."""
    for mine, its in zip(one, other, strict=True):
        parts = [sorted((shapely.normalize(part) for part in shapely.get_parts(shape)), key=lambda part: part.wkt)
                 for shape in (mine, its)]  # fmt: skip
        if len(parts[0]) != len(parts[1]):
            return False
        if not all(a.equals_exact(b, TENTH_OF_A_MM) for a, b in zip(*parts)):
            return False
    return True


def test_every_format_says_the_same_of_every_feature(package):
    _, summary, outputs = package
    assert sum(summary["layers"].values()) > 40
    for layer, count in summary["layers"].items():
        columns, shapes, code = by_gdal(outputs["gpkg"], layer)
        assert len(shapes) == count
        for name, (other, its, crs) in {
            "gdb": by_gdal(outputs["gdb"], layer),
            "shp": by_gdal(outputs["shapefiles"] / f"{layer}.shp"),
            "geojson": by_gdal(outputs["geojson"] / f"{layer}.geojson"),
            "vct": by_own_reader(outputs["vct"], layer),
        }.items():
            assert crs in (code, None), name
            assert len(its) == count, name
            assert [field[:10] for field in columns] == [field[:10] for field in other], name
            for field, values in zip(columns, other.values()):
                assert columns[field] == values, (name, layer, field)
            assert same_places(shapes, its), (name, layer)
        table = pd.read_csv(outputs["csv"] / f"{layer}.csv", dtype=str, keep_default_na=False)
        sheet = pd.read_excel(outputs["xlsx"] / f"{layer}.xlsx", dtype=str, keep_default_na=False, engine="calamine")
        assert len(table) == len(sheet) == count
        assert list(table) == list(columns)


def test_the_places_are_those_of_the_workspace(package):
    county, _, outputs = package
    to_degrees = pyproj.Transformer.from_crs(4531, 4490, always_xy=True)
    shapes_of = {
        name: dict(zip(county.read(name).columns["uuid"], county.read(name).geometry))
        for name, count in county.counts().items()
        if count
    }
    listed = pd.DataFrame(rows(outputs["delivered"]))
    for layer, some in listed.groupby("layer", sort=False):
        frame = pyogrio.read_dataframe(outputs["gpkg"], layer=layer)
        assert len(frame) == len(some)
        for shape, row in zip(frame.geometry, some.itertuples()):
            back = shapely.transform(shape, lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])))
            truth = shapes_of[row.workspace][row.uuid]
            truth = truth.geoms[int(row.part) - 1] if row.part else truth
            assert shapely.hausdorff_distance(back, truth) < 1e-9  # 0.1 mm


def test_plots_of_the_txt_are_the_polygons(package):
    _, summary, outputs = package
    polygons = {layer: pyogrio.read_dataframe(outputs["gpkg"], layer=layer) for layer in summary["layers"]}
    polygons = {layer: frame for layer, frame in polygons.items() if "Polygon" in set(frame.geom_type)}
    for layer, frame in polygons.items():
        lines = (outputs["txt"] / f"{layer}.txt").read_text("gb18030").splitlines()
        plots = [line for line in lines if line.endswith("@")]
        assert len(plots) == len(frame)
        assert sum(line.startswith("J") for line in lines) == shapely.get_num_coordinates(frame.geometry).sum()


def test_the_fibre_network_has_the_nodes_and_cables_that_are_handed_in(package):
    _, _, outputs = package
    network = json.loads(outputs["ofds"].read_text(encoding="utf-8"))["networks"][0]
    listed = rows(outputs["delivered"])
    for kind, layer in (("nodes", "trunk_nodes"), ("spans", "trunk_cables")):
        wanted = {row["uuid"] for row in listed if row["workspace"] == layer}
        found = {item["id"].partition(".")[0] for item in network.get(kind, ())}
        assert found == wanted


def test_the_plain_package_holds_the_workspace_in_every_format_that_it_has(county, tmp_path):
    formats = [name for name in FORMATS if name != "vct"]
    summary, outputs = deliver(county, tmp_path / "out", formats=formats, crs="zone")
    assert summary["features_in"] == summary["features_out"] + summary["features_left_out"]
    for layer, count in summary["layers"].items():
        columns, shapes, code = by_gdal(outputs["gpkg"], layer)
        assert len(shapes) == count
        assert code == 4531
        stored = pyogrio.read_info(outputs["gpkg"], layer=layer)["geometry_type"]
        if stored == "Unknown":
            continue  # other formats have one file a type of geometry
        for other, its, crs in (
            by_gdal(outputs["gdb"], layer),
            by_gdal(outputs["shapefiles"] / f"{layer}.shp"),
            by_gdal(outputs["geojson"] / f"{layer}.geojson"),
        ):
            assert crs == code
            assert len(other) == len(columns)
            assert same_places(shapes, its)
        for folder in ("csv", "xlsx"):
            assert (outputs[folder] / f"{layer}.{folder}").is_file()
