"""Files whose coordinates are in another datum, zone or order than anybody says."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import pyproj

from .. import datum
from . import write
from .table import Case, Desk, Planted, Spoiler, Table, codes, number

Shift = Callable[[float, float], tuple[float, float]]
ZONE_43 = "EPSG:4531"  # CGCS2000, 3-degree zone 43 (central meridian 129°E), easting with zone number
ZONE_42 = "EPSG:4530"
CENTRAL_129 = "EPSG:4552"  # the same without zone number
FROM_GCJ02_DEG = 5e-5  # an inverse of GCJ-02 is good to metres


def _renamed(table: Table, lon: str, lat: str) -> Table:
    """Give the table with other headings over the coordinates."""
    words = {table.heading("lon"): lon, table.heading("lat"): lat}
    rows = [{words.get(heading, heading): cell for heading, cell in row.items()} for row in table.rows]
    fields = {words.get(heading, heading): field for heading, field in table.fields.items()}
    return Table(table.name, table.kind, rows, table.truth, fields)


def _moved(table: Table, shift: Shift) -> Table:
    lon, lat = table.heading("lon"), table.heading("lat")
    for row in table.rows:
        row[lon], row[lat] = (f"{value:.6f}" for value in shift(float(row[lon]), float(row[lat])))
    return table


def _beijing54(lon: float, lat: float) -> tuple[float, float]:
    to_old = pyproj.Transformer.from_crs(
        "EPSG:4326", "+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3 +no_defs", always_xy=True
    )
    return to_old.transform(lon, lat)


def _file(
    name: str,
    shift: Shift,
    accepted: tuple[str, ...],
    import_datum: str,
    *,
    headings: tuple[str, str] = ("经度", "纬度"),
    tables: tuple[str, ...] = ("mobile", "villages", "unicom"),
    stated: str = "auto",
    least: str = "warns",
    workspace: str = "others",
    count: int | None = None,
    back_deg: float = FROM_GCJ02_DEG,
) -> Spoiler:
    def make(desk: Desk) -> list[Case]:
        cases = []
        for short in tables:
            own = _renamed(_moved(desk.clean[short].copied(count), shift), *headings)
            path = write.write_csv(desk.folder / f"{own.name}.csv", write.matrix(own))
            back = [
                Planted((number(k),), frozenset(), "informs", {f: own.truth[k][f] for f in ("lon", "lat")})
                for k in range(0, len(own.rows), 9)
            ]
            planted = [Planted((), codes(*accepted), least), *(back if import_datum else [])]
            cases.append(
                Case(
                    path,
                    own.kind,
                    len(own.rows),
                    planted,
                    stated,
                    workspace,
                    import_datum=import_datum,
                    whole="datum_confirmed" not in accepted,
                    tolerance_deg=back_deg,
                )
            )
        return cases

    return Spoiler(name, "datum", make)


def _short(table: Table) -> gpd.GeoDataFrame:
    return write.frame(table).rename(columns=write.short_headings(table, "GBK"))


def _metres(name: str, real: str, prj: str, accepted: tuple[str, ...]) -> Spoiler:
    """Put a Shapefile in one zone under the .prj of another."""

    def make(desk: Desk) -> list[Case]:
        own = desk.clean["unicom"].copied()
        path = write.write_layer(desk.folder / "联通基站.shp", _short(own), encoding="GBK", crs=real)
        path.with_suffix(".prj").write_text(pyproj.CRS(prj).to_wkt("WKT1_ESRI"), encoding="ascii")
        planted = [Planted((), codes(*accepted), "warns")]
        return [Case(path, own.kind, len(own.rows), planted, "auto", "others", import_datum=real, whole=True)]

    return Spoiler(name, "datum", make)


def _metres_csv(
    name: str,
    crs: str,
    headings: tuple[str, str],
    accepted: tuple[str, ...],
    import_datum: str,
    least: str = "warns",
    *,
    turned: bool = False,
) -> Spoiler:
    """Give a table with metres; `turned`: X is north, as surveyors have it."""

    def make(desk: Desk) -> list[Case]:
        own = _renamed(desk.clean["mobile"].copied(), *headings)
        project = pyproj.Transformer.from_crs(write.CGCS2000, crs, always_xy=True).transform
        for row, truth in zip(own.rows, own.truth, strict=True):
            east, north = project(truth["lon"], truth["lat"])
            first, second = (north, east) if turned else (east, north)
            row[headings[0]], row[headings[1]] = f"{first:.2f}", f"{second:.2f}"
        path = write.write_csv(desk.folder / "移动基站.csv", write.matrix(own))
        planted = [Planted((), codes(*accepted), least)]
        return [Case(path, own.kind, len(own.rows), planted, "auto", "others", import_datum=import_datum, whole=True)]

    return Spoiler(name, "datum", make)


def _two_pairs(desk: Desk) -> list[Case]:
    """One pair is labelled WGS 84, the other is GCJ-02 under a bare heading; the first measures the second."""
    own = desk.clean["mobile"].copied()
    for row, truth in zip(own.rows, own.truth, strict=True):
        row["经度"], row["纬度"] = (f"{value:.6f}" for value in datum.gcj02(truth["lon"], truth["lat"]))
    own.fields |= {"经度": "other_lon", "纬度": "other_lat"}
    path = write.write_csv(desk.folder / "两组坐标.csv", write.matrix(own))
    back = [
        Planted((number(k),), frozenset(), "informs", {f: own.truth[k][f] for f in ("lon", "lat")})
        for k in range(0, len(own.rows), 9)
    ]
    planted = [Planted((), codes("datum_gcj02", "datum_confirmed", "pair_disagrees")), *back]
    return [Case(path, own.kind, len(own.rows), planted, "auto", whole=True)]


def _pair_disagrees(desk: Desk) -> list[Case]:
    """In twenty rows somebody changed one pair only."""
    own = desk.clean["mobile"].copied()
    for row, truth in zip(own.rows, own.truth, strict=True):
        row["经度(GCJ02)"], row["纬度(GCJ02)"] = (f"{value:.6f}" for value in datum.gcj02(truth["lon"], truth["lat"]))
    own.fields |= {"经度(GCJ02)": "other_lon", "纬度(GCJ02)": "other_lat"}
    planted = []
    for k in desk.rows(own):
        own.rows[k]["经度(GCJ02)"] = f"{float(own.rows[k]['经度(GCJ02)']) + desk.rng.choice((-0.03, 0.02, 0.05)):.6f}"
        planted.append(Planted((number(k),), codes("pair_disagrees"), "warns"))
    path = write.write_csv(desk.folder / "两组坐标.csv", write.matrix(own))
    return [Case(path, own.kind, len(own.rows), planted, "auto")]


def _same(lon: float, lat: float) -> tuple[float, float]:
    return lon, lat


LABELLED = ("经度(WGS84)", "纬度(WGS84)")
_GCJ, _BD = ("datum_gcj02",), ("datum_bd09",)
SPOILERS = (
    _file("true_and_unlabelled", _same, ("datum_confirmed",), "wgs84", least="informs", back_deg=2e-6),
    _file("gcj02_unlabelled", datum.gcj02, _GCJ, "gcj02"),
    _file("bd09_unlabelled", datum.bd09, _BD, "bd09"),
    _file("gcj02_labelled_wgs84", datum.gcj02, (*_GCJ, "datum_contradiction"), "gcj02", headings=LABELLED),
    _file("bd09_labelled_wgs84", datum.bd09, (*_BD, "datum_contradiction"), "bd09", headings=LABELLED),
    _file("gcj02_said_to_be_cgcs2000", datum.gcj02, (*_GCJ, "datum_contradiction"), "", stated="cgcs2000"),
    _file(
        "true_labelled_gcj02",
        _same,
        ("datum_contradiction",),
        "wgs84",
        headings=("经度(GCJ02)", "纬度(GCJ02)"),
        back_deg=2e-6,
    ),
    _file("swapped_in_every_row", lambda x, y: (y, x), ("swapped_file", "swapped"), "", least="warns"),
    _file("beijing_54", _beijing54, ("old_datum_shift", "datum_contradiction"), "", tables=("mobile", "towers")),
    _file("too_few_rows_to_tell", datum.gcj02, ("datum_unknown",), "", count=2, workspace="", least="informs"),
    _metres(
        "zone_42_over_zone_43", ZONE_43, ZONE_42, ("wrong_zone", "lying_prj", "datum_contradiction", "out_of_range")
    ),
    _metres(
        "zone_number_missing_under_prj",
        CENTRAL_129,
        ZONE_43,
        ("no_zone_prefix", "wrong_zone", "lying_prj", "out_of_range"),
    ),
    _metres_csv(
        "metres_with_zone_number",
        ZONE_43,
        ("X坐标", "Y坐标"),
        ("datum_confirmed", "datum_unknown", "zone_not_stated", "wrong_zone", "out_of_range"),
        ZONE_43,
        "informs",
    ),
    _metres_csv(
        "metres_without_zone_number",
        CENTRAL_129,
        ("X坐标", "Y坐标"),
        ("no_zone_prefix", "datum_unknown", "zone_not_stated", "out_of_range"),
        CENTRAL_129,
    ),
    _metres_csv(
        "metres_x_is_north",
        ZONE_43,
        ("X坐标", "Y坐标"),
        ("swapped_file", "swapped", "wrong_zone", "datum_unknown", "out_of_range", "zone_not_stated"),
        "",
        turned=True,
    ),
    Spoiler("second_pair_in_gcj02", "datum", _two_pairs),
    Spoiler("pairs_that_disagree", "datum", _pair_disagrees),
)
