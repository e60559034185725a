"""On which datum a file's coordinates are, by what the workspace knows: the tests, and their verdict."""

from __future__ import annotations

import numpy as np

from ....text import NOTHING, Text
from ...datum import metres_turned
from ...reading.headings import datum_in
from ...reading.mapping import TRUE_DATUMS, Mapping
from ...reading.plausible import in_china, swapped
from ...sources.raw_table import RawTable
from ...spec import LayerSpec
from ...zones import zone_number
from ..references import DWELLINGS, MASTS, References
from .counterparts import same_things, seats
from .evidence import CAP, Evidence
from .findings import datum_findings
from .grounds import grounds_of, grounds_words, mean_doubt
from .helping import would_help
from .hypotheses import Hypothesis, are_metres, hypotheses
from .kinship import kin_words, without_kin
from .offsets import counterpart_evidence, nearest_evidence, road_evidence
from .pairs import check_pairs, is_copy
from .positions import Positions, axis, read_positions
from .regions import region_evidence, same_units
from .shift import constant_shift
from .verdict import DatumVerdict, Weighed
from .vicinity import vicinity_evidence
from .words import contrast, tell

__all__ = ["DatumVerdict", "datum_findings", "weigh"]

_SAME = Text("相同对象", "the same things")
_SEATS = Text("乡镇驻地", "the seats of their towns")
_UNITS = Text("同代码行政区", "units of the same code")
_MASTS = Text("站址", "masts")
_DWELLINGS = Text("村庄和场所", "villages and places")
_ROADS = Text("道路", "roads")
_CHINA = Text("中国范围", "China's extent")
_TRUE_PAIR = Text("另一组真实坐标", "the other, true pair")
_BOX_WITNESSES = 20
_THROUGHOUT = 0.9
_FAR_M = 1_000_000.0


def weigh(
    table: RawTable, mapping: Mapping, spec: LayerSpec, references: References, stated: str = "auto"
) -> DatumVerdict | None:
    """Weigh every hypothesis on a file's datum against what is known.

    Parameters
    ----------
    table, mapping, spec
        The file, its columns and the layer that is wanted. Of more than 20,000 rows, 20,000 evenly spaced ones count.
    references : References
    stated : str
        The planner's ``--datum``: it only chooses between several pairs of coordinates.

    Returns
    -------
    DatumVerdict or None
        None for a file without coordinates.
    """
    found = read_positions(table, mapping, spec, stated)
    if found is None or not len(found.at):
        return None
    pairs = check_pairs(table, mapping)
    hint = datum_in(table.path.stem) or datum_in(table.layer)
    bounds = references.bounds() if references else None
    ideas = hypotheses(found.x, found.y, bounds=bounds, stated=found.crs, hint=hint)
    number, (turned, throughout, turned_words) = _number(found), _turned(found)
    has_prefix = bool(number) if are_metres(found.x, found.y) else None
    if not ideas:
        why = _and(turned_words, _nothing_fits(references))
        return DatumVerdict(
            (),
            "",
            why,
            found.labelled,
            turned,
            pairs=pairs,
            has_prefix=has_prefix,
            number=number,
            throughout=throughout,
        )
    columns = [cells[found.at] for cells in table.cells]
    known, kin = without_kin(references, ideas, table, mapping, spec, found)
    tests = gather(ideas, columns, known, _true_pair(table, mapping, found), points=found.are_points)
    grounds = grounds_of(tests, ideas, known)
    weighed = Weighed(ideas, tests, mean_doubt(grounds, known.bases))
    clear = weighed.decision()
    by_name = weighed.by_name(hint) if clear is None else None
    shift, shift_why = constant_shift(weighed)
    if shift is not None:
        clear = by_name = None
    chosen = clear if clear is not None else by_name
    raw = contrast(weighed, found)
    helps = would_help(references, spec, points=found.are_points)
    told = tell(
        weighed,
        chosen,
        raw,
        columns,
        known,
        found,
        by_name=by_name is not None,
        hint=hint,
        numbers=table.rows[found.at],
        stated=stated,
        has_kin=bool(kin),
        helps=helps,
    )
    against = grounds_words(grounds, known.bases)
    return DatumVerdict(
        told.candidates,
        "" if chosen is None else ideas[chosen].name,
        _and(turned_words, told.why),
        found.labelled,
        turned if has_prefix is not None else weighed.is_swapped(),
        by_name is not None,
        told.before_m,
        told.after_m,
        shift,
        shift_why,
        pairs,
        has_prefix,
        found.zone,
        found.old_datum,
        tuple(test.kind for test in tests),
        number,
        throughout,
        grounds,
        kin,
        _and(_and(told.details, against), kin_words(kin, known.bases)),
        helps,
        told.lead,
    )


def gather(
    ideas: tuple[Hypothesis, ...],
    columns: list[np.ndarray],
    known: References,
    true_pair: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None,
    *,
    points: bool = True,
) -> list[Evidence]:
    """Carry out every test for which there is something to hold the rows against.

    A row that is held against itself or its town's seat is not held against the nearest village, too: that would be
    one witness heard twice. Lines and areas are not held against what is near: the middle of one is near nothing.
    """
    everyone = np.arange(len(ideas[0].lon))
    tests: list[Evidence | None] = [_box(ideas, everyone)]
    if true_pair is not None:
        tests.append(counterpart_evidence("pair", _TRUE_PAIR, ideas, *true_pair))
    if known.points:
        same = same_things(ideas, columns, known, everyone)
        tests.append(counterpart_evidence("same", _SAME, ideas, *same))
        rest = np.setdiff1d(everyone, same[0])
        seat = seats(ideas, columns, known, rest)
        tests.append(counterpart_evidence("seat", _SEATS, ideas, *seat))
        rest = np.setdiff1d(rest, seat[0]) if points else everyone[:0]
        for kind, label, layers in (("masts", _MASTS, MASTS), ("dwellings", _DWELLINGS, DWELLINGS)):
            both = [(item, at) for item, at in zip(known.points, known.holdings.points) if item.layer in layers]
            there, numbers = tuple(item for item, _ in both), tuple(at for _, at in both)
            tests.append(nearest_evidence(kind, label, ideas, rest, there, numbers))
    if not points:
        tests.append(counterpart_evidence("units", _UNITS, ideas, *same_units(columns, known)))
    tests.append(region_evidence(ideas, columns, known, everyone))
    tests.append(road_evidence(_ROADS, ideas, everyone if points else everyone[:0], known.roads, known.holdings.roads))
    found = [test for test in tests if test is not None]
    if len(found) == 1 and ideas[0].datum.startswith("EPSG:"):
        near = vicinity_evidence(ideas, everyone, known)
        found += [] if near is None else [near]
    return found


def _box(ideas: tuple[Hypothesis, ...], rows: np.ndarray) -> Evidence:
    """Hold every row against the extent of China: it tells swapped axes and wild zones, and no shift of metres."""
    inside = np.array([in_china(idea.lon, idea.lat) for idea in ideas])
    weight = np.full(len(rows), min(1.0, _BOX_WITNESSES / len(rows)))
    return Evidence("extent", _CHINA, rows, np.where(inside, 0.0, _FAR_M), np.where(inside, 0.0, -CAP), weight)


def _true_pair(table: RawTable, mapping: Mapping, found: Positions) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Give the places by a second pair of columns that is labelled true, where it is not the pair in question."""
    true = next((pair for pair in mapping.pairs if pair.datum in TRUE_DATUMS), None)
    if found.pair is None or true is None or true == found.pair:
        return None
    lon, lat = axis(table.cells[true.lon][found.at]), axis(table.cells[true.lat][found.at])
    if is_copy((lon, lat), (found.x, found.y)):
        return None  # the same numbers twice bear out nothing
    fine = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    return fine, lon[fine], lat[fine]


def _number(found: Positions) -> int:
    """Give the zone number in front of the eastings, whichever axis they are; 0 for none, and for degrees."""
    if not are_metres(found.x, found.y):
        return 0
    turned = float(np.mean(metres_turned(found.x, found.y))) > 0.5
    return zone_number(found.y if turned else found.x)


def _turned(found: Positions) -> tuple[bool, bool, Text]:
    """Tell of the numbers alone whether the axes are exchanged in the file, and in every row, with the figures."""
    if not are_metres(found.x, found.y):
        return False, bool(swapped(found.x, found.y).all()), NOTHING
    rows = metres_turned(found.x, found.y)
    if rows.mean() < _THROUGHOUT:
        return False, False, NOTHING
    words = Text(
        "{rows} 行中有 {count} 行的坐标是先北后东：当作东坐标的数值（中位数 {x} m）只能是北坐标，"
        "另一个（{y} m）才是东坐标。",
        "In {count} of {rows} rows north stands before east: what is taken for the easting (median {x} m) can only be "
        "a northing, and the other ({y} m) is the easting.",
    )
    x, y = (f"{float(np.median(axis[rows])):,.0f}" for axis in (found.x, found.y))
    return True, bool(rows.all()), words.filled(rows=f"{len(rows):,}", count=f"{int(rows.sum()):,}", x=x, y=y)


def _and(first: Text, second: Text) -> Text:
    return Text(first.zh + second.zh, f"{first.en} {second.en}".strip())


def _nothing_fits(known: References) -> Text:
    if known:
        return Text(
            "没有任何基准或投影带能使这些坐标落在已知资料附近。",
            "No datum and no zone brings these coordinates anywhere near what is known.",
        )
    return Text(
        "坐标以米计，没有带号；工作区中也没有可供对照的资料，无法判定投影带。",
        "The coordinates are metres without a zone number, and the workspace holds nothing to find the zone by.",
    )
