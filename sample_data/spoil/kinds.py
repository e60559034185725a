"""Every kind of fault, and the clean files that must raise no alarm."""

from __future__ import annotations

from pathlib import Path
from random import Random

from . import (
    clean,
    datums,
    identities,
    lines,
    maps,
    shapes,
    spellings,
    spots,
    textfiles,
    unreadable,
    workbooks,
    write,
)
from .table import Case, Desk, Spoiler, Table

SEED = 30121
MODULES = (textfiles, workbooks, maps, spellings, unreadable, spots, datums, identities, shapes, lines)
SPOILERS: dict[str, Spoiler] = {one.name: one for module in MODULES for one in module.SPOILERS}


def cases(name: str, folder: Path, seed: int = SEED) -> list[Case]:
    """Make the spoiled files of one kind in a folder of their own."""
    own = folder / name
    own.mkdir(parents=True, exist_ok=True)
    return SPOILERS[name].make(Desk(clean.tables(), Random(f"{seed}/{name}"), own))


def clean_cases(folder: Path) -> list[Case]:
    """Write every clean table in the layouts it may come in."""
    out = []
    tables = dict(clean.tables()) | {"zones": shapes.zones(), "net": lines.net()}
    for short, table in tables.items():
        makers = _map_layouts if table.shapes is not None else _table_layouts
        own = folder / f"clean {short}"
        own.mkdir(parents=True, exist_ok=True)
        out += [_clean_case(path, table) for path in makers(own, table)]
    return out


def _clean_case(path: Path, table: Table) -> Case:
    is_map = path.suffix in (".shp", ".gpkg", ".geojson")
    datum = "auto" if is_map else ("wgs84" if clean.LON in table.fields else "cgcs2000")
    return Case(path, table.kind, len(table.rows), [], datum)


def _table_layouts(folder: Path, table: Table) -> list[Path]:
    rows = write.matrix(table)
    return [
        write.write_csv(folder / f"{table.name}.csv", rows),
        write.write_csv(folder / f"{table.name}_GBK.csv", rows, "gbk"),
        write.write_csv(folder / f"{table.name}.tsv", rows, "utf-8-sig", "\t"),
        write.write_csv(folder / f"{table.name}_分号.csv", rows, "utf-8", ";"),
        write.write_book(folder / f"{table.name}.xlsx", 数据=write.typed(rows)),
        write.write_layer(folder / f"{table.name}.gpkg", write.frame(table)),
    ]


def _map_layouts(folder: Path, table: Table) -> list[Path]:
    data = write.frame(table)
    return [
        write.write_layer(folder / f"{table.name}.gpkg", data),
        write.write_layer(folder / f"{table.name}.geojson", data, RFC7946="NO"),
        write.write_layer(folder / f"{table.name}.shp", data.rename(columns=write.short_headings(table, "UTF-8"))),
        write.write_layer(
            folder / f"{table.name}_GBK.shp", data.rename(columns=write.short_headings(table, "GBK")), encoding="GBK"
        ),
    ]


def mixed_case(folder: Path, seed: int = SEED) -> Case:
    """Everything at once: one table with a handful of faults of every kind that fits on single rows of stations."""
    from .everything import make

    return make(Desk(clean.tables(), Random(f"{seed}/everything"), folder))
