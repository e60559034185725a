"""GDAL's own script finds nothing wrong with the GeoPackages that are handed in."""

import subprocess
from pathlib import Path

import pyogrio
import pytest
import shapely
from xinji_planner.layers.delivery.writing import writers
from xinji_planner.tests.engine.profile_kit import deliver, fill, small_county, with_codes

SYSTEM_PYTHON = Path("/usr/bin/python3")
SCRIPT = "osgeo_utils.samples.validate_gpkg"


@pytest.fixture(scope="module")
def validate():
    """Give a function that runs the script of Debian's python3-gdal, with the system's Python; skip without it."""
    found = SYSTEM_PYTHON.exists() and subprocess.run(
        [SYSTEM_PYTHON, "-I", "-c", f"import {SCRIPT}"], capture_output=True, check=False
    )
    if not found or found.returncode:
        pytest.skip("validate_gpkg of GDAL is not here")

    def run(path):
        done = subprocess.run(
            [SYSTEM_PYTHON, "-I", "-m", SCRIPT, "-k", str(path)], capture_output=True, text=True, check=False
        )
        return done.returncode, (done.stdout + done.stderr).strip()

    return run


@pytest.fixture
def county(tmp_path):
    made = small_county(tmp_path)
    columns = {"uuid": ["d"], "cluster_id": ["1"], "name": ["园区"], "status": ["planned"]}
    fill(made, "dc_clusters", columns, [shapely.box(113.5, 36, 113.51, 36.01)])
    return made


@pytest.mark.parametrize(("profile", "multipart"), [("municipal", "split"), ("landuse3-vct", "keep")])
@pytest.mark.parametrize("crs", ["zone", "4490"])
def test_the_geopackage_of_a_profile_is_valid_also_with_the_table_of_metadata_in_it(
    county, tmp_path, validate, profile, multipart, crs
):
    form = 'form = "both"' if profile == "landuse3-vct" else 'form = "meta_VectorData"'
    own = with_codes(
        tmp_path,
        profile,
        ('multipart = "split"', f'multipart = "{multipart}"'),
        (form, f'{form}\ninside = ["gpkg"]'),
    )
    _, outputs = deliver(county, tmp_path / "out", profile=own, crs=crs)
    assert len(pyogrio.list_layers(outputs["gpkg"])) > 3
    assert validate(outputs["gpkg"]) == (0, "")


def test_the_plain_geopackage_is_valid(county, tmp_path, validate):
    _, outputs = deliver(county, tmp_path / "out", crs="zone-no-prefix")
    assert validate(outputs["gpkg"]) == (0, "")


def test_the_script_does_find_a_fault(county, tmp_path, validate):
    import sqlite3

    _, outputs = deliver(county, tmp_path / "out", profile="municipal")
    with sqlite3.connect(outputs["gpkg"]) as connection:
        connection.execute("UPDATE gpkg_contents SET last_change = 'gestern'")
    assert validate(outputs["gpkg"])[0] != 0


def test_a_layer_in_many_batches_is_the_same_as_in_one(county, tmp_path, monkeypatch):
    _, whole = deliver(county, tmp_path / "one", profile="municipal")
    monkeypatch.setattr(writers, "_AT_ONCE", 2)
    _, parts = deliver(county, tmp_path / "two", profile="municipal")
    for layer, _ in pyogrio.list_layers(whole["gpkg"]):
        (meta, one), (other_meta, two) = (pyogrio.read_arrow(path["gpkg"], layer=layer) for path in (whole, parts))
        assert one.equals(two, check_metadata=True)
        assert meta["geometry_type"] == other_meta["geometry_type"]
