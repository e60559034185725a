"""Rows that are there twice, codes that name another place, references to nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import write
from .table import Case, Desk, Planted, Spoiler, Table, codes, number

METRE_DEG = 9e-6


def _csv(desk: Desk, table: Table, file: str = "") -> Path:
    return write.write_csv(desk.folder / (file or f"{table.name}.csv"), write.matrix(table))


def _added(desk: Desk, table: Table, rows: list[dict[str, str]]) -> list[int]:
    """Insert rows in the lower half and give their positions."""
    places = sorted(desk.rng.sample(range(len(table.rows) // 2, len(table.rows)), len(rows)))
    final = []
    for shift, (place, row) in enumerate(zip(places, rows, strict=True)):
        table.rows.insert(place + shift, row)
        table.truth.insert(place + shift, {})
        final.append(place + shift)
    return final


def _near(desk: Desk, table: Table, row: dict[str, str], metres: float) -> dict[str, str]:
    lon, lat = table.heading("lon"), table.heading("lat")
    shift = [desk.rng.choice((-1, 1)) * metres * METRE_DEG for _ in range(2)]
    return row | {lon: f"{float(row[lon]) + shift[0]:.6f}", lat: f"{float(row[lat]) + shift[1]:.6f}"}


def _upper(desk: Desk, table: Table) -> list[int]:
    half = Table(table.name, table.kind, table.rows[: len(table.rows) // 2], [], table.fields)
    return desk.rows(half)


def _exact(desk: Desk) -> list[Case]:
    own = desk.clean["mobile"].copied()
    at = _added(desk, own, [dict(own.rows[k]) for k in _upper(desk, own)])
    planted = [Planted((number(k),), codes("exact_duplicate"), "warns") for k in at]
    return [Case(_csv(desk, own), own.kind, len(own.rows), planted, treatments="exact_duplicate=apply")]


def _exact_villages(desk: Desk) -> list[Case]:
    own = desk.clean["villages"].copied()
    at = _added(desk, own, [dict(own.rows[k]) for k in _upper(desk, own)])
    planted = [Planted((number(k),), codes("exact_duplicate"), "warns") for k in at]
    return [Case(_csv(desk, own), own.kind, len(own.rows), planted, "cgcs2000", treatments="exact_duplicate=apply")]


def _same_key(desk: Desk) -> list[Case]:
    own = desk.clean["mobile"].copied()
    fresh = [
        own.rows[k] | {"基站名称": own.rows[k]["基站名称"] + "（改）", "天线挂高(m)": "33"} for k in _upper(desk, own)
    ]
    at = _added(desk, own, fresh)
    planted = [Planted((number(k),), codes("duplicate"), "warns") for k in at]
    return [Case(_csv(desk, own), own.kind, len(own.rows), planted)]


def _typed_twice(desk: Desk) -> list[Case]:
    """Add the same station under another number, some metres away, its name written a little otherwise."""
    own = desk.clean["mobile"].copied()
    fresh, twins = [], _upper(desk, own)
    for j, k in enumerate(twins):
        row = _near(desk, own, own.rows[k], 4.0)
        row["基站编号"] = f"HPYD2{j:05d}"
        row["基站名称"] += "基站"
        fresh.append(row)
    at = _added(desk, own, fresh)
    planted = [
        Planted((number(k), number(twin)), codes("near_duplicate"), "warns") for k, twin in zip(at, twins, strict=True)
    ]
    return [Case(_csv(desk, own), own.kind, len(own.rows), planted)]


def _village_twice(desk: Desk) -> list[Case]:
    """Add the same village name in the same town, another code, ten metres away."""
    own = desk.clean["villages"].copied()
    fresh, twins = [], _upper(desk, own)
    for k in twins:
        row = _near(desk, own, own.rows[k], 10.0)
        row["行政村代码"] = row["行政村代码"][:9] + f"{int(row['行政村代码'][9:]) + 400}"
        fresh.append(row)
    at = _added(desk, own, fresh)
    planted = [
        Planted((number(k), number(twin)), codes("near_duplicate"), "warns") for k, twin in zip(at, twins, strict=True)
    ]
    return [Case(_csv(desk, own), own.kind, len(own.rows), planted, "cgcs2000")]


def _already_there(desk: Desk) -> list[Case]:
    """Rows of another operator's table that is already loaded."""
    own, other = desk.clean["mobile"].copied(), desk.clean["telecom"]
    at = _added(desk, own, [dict(other.rows[k]) for k in desk.rows(other)])
    planted = [Planted((number(k),), codes("in_workspace"), "warns") for k in at]
    return [Case(_csv(desk, own), own.kind, len(own.rows), planted, workspace="others")]


def _shared_masts(desk: Desk) -> list[Case]:
    """Nothing is wrong: the mast also stands in the tower company's or another operator's table."""
    own = desk.clean["mobile"].copied()
    other = {truth["site_id"] for truth in desk.clean["telecom"].truth}
    masts: dict[str, list[int]] = {}
    for k, truth in enumerate(own.truth):
        if truth["site_id"] in other:
            masts.setdefault(truth["site_id"], []).append(number(k))
    planted = [Planted(tuple(rows), codes("same_mast")) for rows in masts.values()]
    return [Case(_csv(desk, own), own.kind, len(own.rows), planted, workspace="others")]


def _planned_again(desk: Desk) -> list[Case]:
    """Add a planned site where the same operator's station of the same technology works already."""
    own = desk.clean["mobile"].copied()
    fresh = []
    twins = [k for k in desk.rows(own, lambda row: row["建设状态"] == "现状") if k < len(own.rows) // 2]
    for j, k in enumerate(twins):
        row = _near(desk, own, own.rows[k], 6.0)
        fresh.append(
            row
            | {
                "基站编号": f"GH2027{j:03d}",
                "基站名称": f"规划站{j + 1}",
                "建设状态": "规划",
                "入网日期": "2027-12-31",
                "站址编码": "",
            }
        )
    at = _added(desk, own, fresh)
    planted = [Planted((number(k),), codes("planned_exists"), "warns") for k in at]
    return [Case(_csv(desk, own), own.kind, len(own.rows), planted)]


def _cells(
    name: str,
    table: str,
    change: Any,
    accepted: tuple[str, ...],
    *,
    workspace: str = "county",
    file: str = "",
    wanted: Any = bool,
    least: str = "warns",
    whole: bool = False,
) -> Spoiler:
    """Change some cells of twenty rows."""

    def make(desk: Desk) -> list[Case]:
        own = desk.clean[table].copied()
        planted = []
        for j, k in enumerate(desk.rows(own, wanted)):
            own.rows[k] |= change(own, own.rows[k], j)
            planted.append(Planted((number(k),), codes(*accepted), least))
        return [Case(_csv(desk, own, file), own.kind, len(own.rows), planted, "cgcs2000", workspace, whole=whole)]

    return Spoiler(name, "identity", make)


def _elsewhere(own: Table, _row: dict[str, str], j: int) -> dict[str, str]:
    """Give the place of a village deep in the other county."""
    far = [other for other in own.rows if other["县名称"] == "云屏区"][j]
    return {own.heading(name): far[own.heading(name)] for name in ("lon", "lat")}


def _merged(desk: Desk) -> list[Case]:
    """Of two neighbouring villages one is gone from the newer list, its people are added to the other."""
    own = desk.clean["villages"].copied()
    planted: list[Planted] = []
    gone: list[int] = []
    for k in range(5, len(own.rows) - 2, 18):
        kept, lost = own.rows[k], own.rows[k + 1]
        if kept["乡镇名称"] != lost["乡镇名称"]:
            continue
        for heading in ("人口", "户数"):
            kept[heading] = str(int(kept[heading]) + int(lost[heading]))
        planted.append(Planted((number(k - len(gone)),), codes("merged_code"), "warns"))
        gone.append(k + 1)
    own.rows = [row for k, row in enumerate(own.rows) if k not in gone]
    return [Case(_csv(desk, own), own.kind, len(own.rows), planted, "cgcs2000", "county")]


def _coastal(row: dict[str, str]) -> bool:
    return row["县名称"] == "海岳县"


SPOILERS = (
    Spoiler("exact_copies", "identity", _exact),
    Spoiler("exact_copies_of_villages", "identity", _exact_villages),
    Spoiler("key_twice_with_other_values", "identity", _same_key),
    Spoiler("station_typed_twice", "identity", _typed_twice),
    Spoiler("village_typed_twice", "identity", _village_twice),
    Spoiler("row_of_another_table", "identity", _already_there),
    Spoiler("mast_in_two_tables", "identity", _shared_masts),
    Spoiler("planned_where_one_works", "identity", _planned_again),
    _cells("village_in_another_county", "villages", _elsewhere, ("code_outside",), wanted=_coastal),
    _cells(
        "code_of_an_unknown_county",
        "villages",
        lambda _t, row, j: {"行政村代码": "990199" + row["行政村代码"][6:9] + str(500 + j)},
        ("unknown_county", "code_outside", "code_name_mismatch"),
    ),
    _cells(
        "code_without_a_town",
        "villages",
        lambda _t, row, j: {"行政村代码": row["行政村代码"][:6] + "000" + str(500 + j)},
        ("code_structure", "code_name_mismatch", "not_a_village"),
    ),
    _cells(
        "county_name_of_another_code",
        "villages",
        lambda _t, _row, _j: {"县名称": "云屏区"},
        ("code_name_mismatch",),
        wanted=_coastal,
    ),
    _cells(
        "town_name_of_another_code",
        "villages",
        lambda _t, row, _j: {"乡镇名称": "关山镇" if row["乡镇名称"] != "关山镇" else "岳城镇"},
        ("code_name_mismatch",),
        wanted=_coastal,
    ),
    _cells(
        "village_with_a_new_code",
        "villages",
        lambda _t, row, _j: {"行政村代码": row["行政村代码"][:9] + str(int(row["行政村代码"][9:]) + 300)},
        ("renamed_code",),
        file="行政村.csv",
    ),
    _cells(
        "village_with_a_new_code_in_a_newer_list",
        "villages",
        lambda _t, row, _j: {"行政村代码": row["行政村代码"][:9] + str(int(row["行政村代码"][9:]) + 300)},
        ("renamed_code", "newer_edition"),
        file="行政村_2027.csv",
        whole=True,
    ),
    Spoiler("village_merged_into_another", "identity", _merged),
    _cells(
        "settlement_of_no_village",
        "settlements",
        lambda _t, row, _j: {"行政村代码": row["行政村代码"][:9] + "777"},
        ("orphan",),
    ),
    _cells(
        "place_of_no_village", "places", lambda _t, row, _j: {"行政村代码": row["行政村代码"][:9] + "778"}, ("orphan",)
    ),
)
