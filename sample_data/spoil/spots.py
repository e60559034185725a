"""Coordinates of single rows that cannot be right, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from . import write
from .cells import parts
from .table import Case, Desk, Planted, Spoiler, Table, codes, number

Move = Callable[[str, str, Random], tuple[str, str]]


@dataclass(frozen=True)
class Spot:
    """One thing that happens to the coordinates of a row; the treatments, where named, bring the true place back."""

    name: str
    move: Move
    codes: tuple[str, ...]
    least: str = "blocks"
    table: str = "mobile"
    treatments: str = ""


def spoil(one: Spot, table: Table, k: int, rng: Random) -> Planted:
    """Move the place of the row at a position."""
    lon, lat, row = table.heading("lon"), table.heading("lat"), table.rows[k]
    row[lon], row[lat] = one.move(row[lon], row[lat], rng)
    back = {field: table.truth[k][field] for field in ("lon", "lat")} if one.treatments else {}
    return Planted((number(k),), codes(*one.codes), one.least, back)


def _spoiler(one: Spot) -> Spoiler:
    def make(desk: Desk) -> list[Case]:
        own = desk.clean[one.table].copied()
        planted = [spoil(one, own, k, desk.rng) for k in desk.rows(own)]
        path = write.write_csv(desk.folder / f"{own.name}.csv", write.matrix(own))
        return [Case(path, own.kind, len(own.rows), planted, "cgcs2000", treatments=one.treatments)]

    return Spoiler(one.name, "values", make)


def _one_place(desk: Desk) -> list[Case]:
    """Give twenty stations the place of the county seat, as a clerk without coordinates does."""
    own = desk.clean["mobile"].copied()
    lon, lat = own.heading("lon"), own.heading("lat")
    planted = []
    for k in desk.rows(own):
        own.rows[k][lon], own.rows[k][lat] = "129.270000", "20.360000"
        planted.append(Planted((number(k),), codes("same_place", "low_precision", "near_duplicate"), "warns"))
    path = write.write_csv(desk.folder / "移动基站.csv", write.matrix(own))
    return [Case(path, own.kind, len(own.rows), planted)]


def _packed(lon: str, lat: str, _rng: Random) -> tuple[str, str]:
    (d, m, s), (e, n, t) = parts(lon), parts(lat)
    return f"{d}{m:02d}{s:05.2f}", f"{e}{n:02d}{t:05.2f}"


_LOST = ("scaled", "out_of_range", "outside_china")
SPOTS = (
    Spot("swapped_row", lambda x, y, _: (y, x), ("swapped",), treatments="swapped=apply"),
    Spot(
        "longitude_times_ten",
        lambda x, y, _: (f"{float(x) * 10:.5f}", y),
        ("scaled", "out_of_range"),
        treatments="scaled=apply",
    ),
    Spot(
        "latitude_times_ten",
        lambda x, y, _: (x, f"{float(y) * 10:.5f}"),
        ("scaled", "out_of_range"),
        treatments="scaled=apply",
    ),
    Spot("longitude_divided_by_ten", lambda x, y, _: (f"{float(x) / 10:.7f}", y), _LOST),
    Spot(
        "decimal_point_dropped",
        lambda x, y, _: (x.replace(".", ""), y.replace(".", "")),
        ("scaled", "out_of_range"),
        treatments="scaled=apply",
    ),
    Spot(
        "decimal_point_dropped_in_one",
        lambda x, y, _: (x.replace(".", ""), y),
        ("scaled", "out_of_range"),
        treatments="scaled=apply",
    ),
    Spot("two_decimal_points", lambda x, y, _: (x[:6] + "." + x[6:], y), ("bad_coordinate", "scaled")),
    Spot("packed_dms", _packed, ("dms", "scaled", "out_of_range", "bad_coordinate"), "informs"),
    Spot(
        "zero_coordinates",
        lambda _x, _y, rng: rng.choice((("0", "0"), ("0.000000", "0.000000"), ("0.0", "0"))),
        ("zero_coordinates", "no_place"),
        "warns",
    ),
    Spot("no_coordinates", lambda _x, _y, _r: ("", ""), ("no_place",)),
    Spot("only_longitude", lambda x, _y, _r: (x, ""), ("bad_coordinate", "no_place")),
    Spot(
        "nan_coordinates",
        lambda _x, _y, rng: rng.choice((("nan", "nan"), ("NaN", "NaN"), ("inf", "inf"))),
        ("nan_coordinates", "no_place", "bad_coordinate"),
        "warns",
    ),
    Spot(
        "words_for_coordinates",
        lambda _x, _y, rng: (rng.choice(("待核实", "见图", "县城")),) * 2,
        ("bad_coordinate", "no_place"),
    ),
    Spot(
        "null_words_for_coordinates",
        lambda _x, _y, rng: (rng.choice(("无", "/", "NULL", "-")),) * 2,
        ("no_place", "bad_coordinate"),
    ),
    Spot(
        "null_words_for_village_place",
        lambda _x, _y, rng: (rng.choice(("无", "/", "NULL")),) * 2,
        ("null_word", "nan_coordinates"),
        "informs",
        "villages",
    ),
    Spot("zero_village_place", lambda _x, _y, _r: ("0", "0"), ("zero_coordinates",), "warns", "villages"),
    Spot("swapped_village", lambda x, y, _: (y, x), ("swapped",), table="villages", treatments="swapped=apply"),
    Spot("minus_longitude", lambda x, y, _: ("-" + x, y), ("outside_china", "out_of_range", "scaled", "wrong_sign")),
    Spot("first_digit_lost", lambda x, y, _: (x[1:], y), ("outside_china", "out_of_range", "swapped", "scaled")),
    Spot("place_in_europe", lambda _x, _y, _r: ("2.351500", "48.856700"), ("outside_china",)),
    Spot("place_in_japan", lambda _x, _y, _r: ("139.767100", "35.681200"), ("outside_china",)),
    Spot("latitude_over_ninety", lambda x, _y, _r: (x, "98.356421"), ("out_of_range", "scaled")),
    Spot("two_decimals", lambda x, y, _: (f"{float(x):.2f}", f"{float(y):.2f}"), ("low_precision",), "warns"),
    Spot(
        "whole_degrees",
        lambda x, y, _: (f"{float(x):.0f}", f"{float(y):.0f}"),
        ("low_precision", "same_place"),
        "warns",
    ),
    Spot("longitude_twice", lambda x, _y, _r: (x, x), ("out_of_range", "scaled", "bad_coordinate")),
)
SPOILERS = (*(_spoiler(one) for one in SPOTS), Spoiler("twenty_at_one_place", "values", _one_place))
