"""What the tests of package checks share: a good package with codes, a way to plant a fault, a way to check."""

import csv
import re
import shutil
import sqlite3

import pyogrio
import shapely
from xinji_planner.engine.context import RunContext
from xinji_planner.jobs import check_package
from xinji_planner.layers.delivery.profile.file import PROFILES
from xinji_planner.tests.engine.profile_kit import fill, small_county


def coded_profile(folder, base="municipal", name="own", **changes):
    """Write a shipped profile with invented feature codes, which no source has."""
    text = (PROFILES / f"{base}.toml").read_text(encoding="utf-8")
    codes = iter(range(2099990001, 2099990999))
    text = re.sub(r'^ysdm = ""', lambda _found: f'ysdm = "{next(codes)}"', text, flags=re.MULTILINE)
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def good_county(folder):
    """The small county with a data centre drawn as an area, so that every kind of geometry is there."""
    made = small_county(folder)
    fill(
        made,
        "dc_clusters",
        {
            "uuid": ["d1"],
            "cluster_id": ["D1"],
            "name": ["甲数据中心"],
            "status": ["planned"],
        },
        [shapely.box(113.2, 35.2, 113.21, 35.21)],
    )
    return made


def run_check(source, folder, profile, **parameters):
    """Run the job; give its summary, the error records, and the paths of its outputs."""
    folder.mkdir(parents=True)
    stated = {"source": source, "profile": str(profile), "workspace": None, "regions": None, "boundary": None}
    context = RunContext({**stated, **parameters}, folder)
    summary = check_package.run(context)
    assert set(summary) == set(check_package.JOB.summary_keys)
    outputs = {name: folder / path.partition("|")[0] for name, path in context.outputs.items()}
    every = check_package.JOB.outputs
    assert {item.name for item in every if not item.optional} <= set(outputs) <= {item.name for item in every}
    with outputs["table"].open(encoding="utf-8-sig", newline="") as file:
        return summary, list(csv.DictReader(file)), outputs


def copy_of(package, folder):
    """Copy a package to plant a fault in it; give the folder."""
    return shutil.copytree(package, folder / package.name)


def only(folder, *suffixes):
    """Keep only the files of these formats."""
    for path in sorted(folder.iterdir()):
        if not path.name.endswith(suffixes):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return folder


def change(gpkg, layer, sets, where="fid = 1"):
    """Change rows of a GeoPackage as any program may."""
    connection = sqlite3.connect(gpkg)
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:  # those of the spatial index call functions that SQLite itself does not have
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute(f'UPDATE "{layer}" SET {sets} WHERE {where}')
    connection.commit()
    connection.close()


def rewrite(gpkg, layer, edit, name=None, **options):
    """Read a layer, edit the frame, and write it back; under another name where one is given."""
    frame = edit(pyogrio.read_dataframe(gpkg, layer=layer))
    pyogrio.write_dataframe(frame, gpkg, layer=name or layer, driver="GPKG", **options)


def rules(records):
    return sorted({row["规则编号"] for row in records})
