"""What a row is, on files: the sample county says nothing unless it was spoiled; real lists say only what is so."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from xinji_planner.engine.context import RunContext
from xinji_planner.jobs import import_layer
from xinji_planner.layers.doctor.identity.findings import identity_findings
from xinji_planner.layers.store.workspace import Workspace
from xinji_planner.layers.table import LayerTable
from xinji_planner.sample_data import build

FOLDER = Path(build.__file__).parent
PLAN = tomllib.loads((FOLDER / "import_plan.toml").read_text(encoding="utf-8"))["import"]
NEEDED = ("admin_units", "villages", "key_points", "settlements", "places", "trunk_nodes", "trunk_cables")
STATIONS = ("base_stations", "towers_and_poles")


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> dict[str, LayerTable]:
    """The layers of the sample county whose rows are compared with each other."""
    folder = tmp_path_factory.mktemp("county")
    for number, entry in enumerate(PLAN):
        if entry["kind"] not in (*NEEDED, *STATIONS):
            continue
        run = folder / str(number)
        run.mkdir()
        asked = {name: entry[name] for name in ("layer", "kind", "datum", "encoding")}
        asked |= {"source": str(FOLDER / entry["source"]), "workspace": str(folder / "w.gpkg"), "mapping": None}
        import_layer.run(RunContext(asked, run))
    workspace = Workspace(folder / "w.gpkg")
    return {name: workspace.read(name) for name in (*NEEDED, *STATIONS)}


def some(table: LayerTable, rows: np.ndarray) -> LayerTable:
    return LayerTable(table.spec, table.columns[rows].reset_index(drop=True), table.geometry[rows])


def sources(county: dict[str, LayerTable]):
    """Every file with what the workspace holds besides."""
    for name, table in county.items():
        files = table.columns["source_file"].to_numpy(dtype=object)
        for file in sorted(set(files)):
            own = files == file
            yield some(table, own), {**county, name: some(table, ~own)}


def of_severity(found, severity: str) -> list[str]:
    return [block.code for block in found if block.grave == severity]


def with_copy(table: LayerTable, row: int, lon_by: float = 0.0, lat_by: float = 0.0, **changed) -> LayerTable:
    """Put a changed copy of a row at the end."""
    frame = pd.concat([table.columns, table.columns.iloc[[row]].assign(**changed)], ignore_index=True)
    moved = shapely.transform(table.geometry[row], lambda xy: xy + np.array([lon_by, lat_by]))
    return LayerTable(table.spec, frame.astype(table.columns.dtypes), np.append(table.geometry, moved))


FAR_ISLET = "远礁村"


def _without_far_islet(table: LayerTable, rows: list[int]) -> list[int]:
    names = table.columns.get("village_name")
    return rows if names is None else [row for row in rows if names[row] != FAR_ISLET]


def last_row(table: LayerTable, others: dict[str, LayerTable]) -> dict[str, str]:
    """By code: the severity of what is said of the last row; nothing but informing may be said of the others."""
    found = {}
    for block in identity_findings(table, np.arange(len(table)), others):
        rows = [] if block.at is None else np.asarray(block.at).tolist()
        if rows[-1:] == [len(table) - 1]:
            found[block.code] = block.grave
        if block.grave != "informs":
            assert _without_far_islet(table, rows) in ([len(table) - 1], []), block.code
    return found


def test_clean_files_give_no_warning_with_or_without_a_workspace(county):
    looked_at = 0
    for own, others in sources(county):
        for known in (others, {}):
            found = identity_findings(own, np.arange(len(own)), known, earlier=own)
            assert not of_severity(found, "blocks")
            for block in found:
                if block.grave == "warns":  # an islet 16 km from the nearest county is to be looked at
                    assert (block.code, own.columns["village_name"][block.at].tolist()) == ("code_outside", [FAR_ISLET])
        looked_at += 1
    assert looked_at == 14


def test_the_towers_of_the_sample_county_carry_the_operators_stations(county):
    towers = county["towers_and_poles"]
    (block,) = (b for b in identity_findings(towers, np.arange(len(towers)), county) if b.code == "same_mast")
    tenants = towers.columns["tenants"].notna().to_numpy()
    assert set(np.flatnonzero(tenants)) <= set(block.at.tolist())
    assert (block.confidence == 1.0).mean() > 0.9


def test_a_planted_double_of_every_layer_is_found_and_nothing_else(county):
    for layer, key in (
        ("base_stations", "station_id"),
        ("towers_and_poles", "tower_id"),
        ("key_points", "point_id"),
        ("settlements", "settlement_id"),
        ("places", "place_id"),
        ("trunk_nodes", "node_id"),
        ("trunk_cables", "cable_id"),
    ):
        table = county[layer]
        row = int(np.flatnonzero(~shapely.is_missing(table.geometry) & table.columns["name"].notna().to_numpy())[5])
        spoiled = with_copy(table, row, 1e-5, 1e-5, **{key: "ZZ-777"})
        assert last_row(spoiled, {})["near_duplicate"] == "warns", layer


def test_spoiled_villages_are_found_and_no_others(county):
    villages, others = county["villages"], {**county, "villages": county["villages"].empty()}
    row = 20
    code, town = villages.columns["village_code"][row], villages.columns["town_name"][row]
    near = with_copy(villages, row, 0.002, village_code=f"{code[:9]}399")
    assert last_row(near, others) == {"near_duplicate": "warns"}
    moved = with_copy(villages, row, 0.5, village_code=f"{code[:9]}398", village_name="新立村")
    assert last_row(moved, others) == {"code_outside": "warns"}
    strange = with_copy(villages, row, 0.002, village_code=f"990133{code[6:9]}398", village_name="新立村")
    assert last_row(strange, others)["unknown_county"] == "warns"
    other_town = next(c for c in villages.columns["village_code"] if c[:6] == code[:6] and c[:9] != code[:9])
    named = with_copy(villages, row, 0.002, village_code=f"{other_town[:9]}398", village_name="新立村", town_name=town)
    assert last_row(named, others) == {"code_name_mismatch": "warns"}


def test_a_planned_site_on_a_standing_one_is_found(county):
    stations = county["base_stations"]
    row = int(np.flatnonzero(stations.columns["status"] == "existing")[30])
    planned = with_copy(stations, row, 1e-4, station_id="GH-1", name="新址", status="planned")
    assert last_row(planned, {}) == {"planned_exists": "warns"}


def test_a_reference_to_a_village_that_is_not_there_is_found(county):
    points = county["key_points"]
    lost = with_copy(points, 7, 0.05, point_id="ZZ-1", name="无村卫生室", village_code="990121100399")
    assert last_row(lost, county) == {"orphan": "warns"}


@pytest.mark.parametrize(("region", "prefix", "most"), [("ngari", "阿里", 0.02), ("xiangxi", "湘西", 0.02)])
def test_real_villages_are_in_their_counties_and_only_namesakes_in_one_spot_warn(
    region, prefix, most, shared_data, tmp_path
):
    for number, (name, kind) in enumerate(
        ((f"{prefix}县界_GCJ02.geojson", "admin_units"), (f"{prefix}行政村_GCJ02_GBK.csv", "villages"))
    ):
        run = tmp_path / str(number)
        run.mkdir()
        asked = {"source": str(shared_data / region / name), "kind": kind, "datum": "gcj02", "encoding": "auto"}
        asked |= {"layer": None, "workspace": str(tmp_path / "w.gpkg"), "mapping": None}
        import_layer.run(RunContext(asked, run))
    workspace = Workspace(tmp_path / "w.gpkg")
    villages = workspace.read("villages")
    found = identity_findings(villages, np.arange(len(villages)), {"admin_units": workspace.read("admin_units")})
    assert set(of_severity(found, "warns")) <= {"near_duplicate"}
    assert found.by_severity()["warns"] <= most * len(villages)
    assert all((block.confidence == 0.6).all() for block in found if block.code == "near_duplicate")
