"""One station table with faults of every kind at once, as such tables really come."""

from __future__ import annotations

import copy
from random import Random

from . import cells, spellings, spots, unreadable, write
from .clean import STATION_FIELDS
from .table import Case, Desk, Planted, Table

A_KIND = 3
WEST, SOUTH, STEP = 129.06, 20.12, 0.0055
# Every fourth row is spoiled, the others show whether the rest of the table is left in peace.
SHARE = 4


def stations(model: Table, count: int, rng: Random) -> Table:
    """Repeat the rows of a small station table, each with a place, name and mast of its own."""
    rows, truth = [], []
    for k in range(count):
        row, true = dict(model.rows[k % len(model.rows)]), copy.deepcopy(model.truth[k % len(model.rows)])
        x = WEST + STEP * (k % 100) + rng.uniform(-0.0012, 0.0012)
        y = SOUTH + STEP * (k // 100) + rng.uniform(-0.0012, 0.0012)
        true |= {
            "lon": round(x, 6),
            "lat": round(y, 6),
            "station_id": f"HPYD{500000 + k}",
            "site_id": f"99012171{k:010d}",
        }
        true["name"] = f"{true['name'].rstrip('0123456789G-')}{k + 1}号站"
        for heading, field in STATION_FIELDS.items():
            if field in ("station_id", "site_id", "name"):
                row[heading] = str(true[field])
            elif field in ("lon", "lat"):
                row[heading] = f"{true[field]:.6f}"
        rows.append(row)
        truth.append(true)
    return Table("什么都有", model.kind, rows, truth, model.fields)


def make(desk: Desk) -> Case:
    """Plant three faults of every kind that spoils single rows of a station table, each in rows of its own."""
    spelt = [one for one in (*spellings.CELLS, *unreadable.CELLS) if one.table == "mobile" and not one.every]
    moved = [one for one in spots.SPOTS if one.table == "mobile"]
    table = stations(desk.clean["mobile"], SHARE * A_KIND * (len(spelt) + len(moved)) + 50, desk.rng)
    free = iter(range(3, len(table.rows), SHARE))
    planted: list[Planted] = []
    for one in spelt:
        headings = [table.heading(field) for field in one.fields]
        done = 0
        while done < A_KIND:
            k = next(free, None)
            if k is None:
                break
            row = table.rows[k]
            if all(row[h] for h in headings) and one.spell(row[headings[0]], Random(0)) != row[headings[0]]:
                planted.append(cells.spoil(one, table, k, desk.rng))
                done += 1
    for spot in moved:
        planted += [spots.spoil(spot, table, k, desk.rng) for k, _ in zip(free, range(A_KIND), strict=False)]
    path = write.write_csv(desk.folder / "什么都有.csv", write.matrix(table))
    chosen = "swapped=apply,scaled=apply"
    return Case(path, table.kind, len(table.rows), planted, "cgcs2000", treatments=chosen, tolerance_deg=2e-5)
