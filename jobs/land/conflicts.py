"""Which facilities meet which control lines, how grave that is, and what cannot be told."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ...analysis.conflicts.overlay import Met, Taken, inside, once, only, outside
from ...errors import Fault, InputError
from ...rules.pack import Pack, Rule
from ...text import Text
from ..shared.rule_words import SEVERITY_LABELS
from .known import Known, far_words, lacking_words
from .taken import Ground
from .words import CANNOT_TELL, CLEAR, CONFLICT, NO_DATA, ZONE_LABELS
from .zone_rows import Zones

Shapes = npt.NDArray[np.object_]

ROW_COLUMNS = (
    *("layer", "feature_id", "name", "type", "class", "kind", "side", "zone_id", "zone_name", "source"),
    *("area_m2", "length_m", "severity"),
)


class Conflicts(NamedTuple):
    """What was found.

    Attributes
    ----------
    rows : pandas.DataFrame
        One row a facility and control line that meet: `ROW_COLUMNS` and ``at``, the facility's index.
    areas, lines : numpy.ndarray of MultiPolygon / MultiLineString or None, shape (rows,)
        The parts of the footprint and of the centre line.
    sums : pandas.DataFrame
        One row a facility and kind, each place once: ``at, kind, side, area_m2, length_m, severity, class``.
    table : pandas.DataFrame
        One row a facility: that of `Ground` with ``verdict``, ``severity`` (the worst, NA for none), ``touching``,
        ``lacking`` (kinds that cannot be told there), ``county_code`` and ``county``.
    rules : list of Rule
    cautions : list of Text
    """

    rows: pd.DataFrame
    areas: Shapes
    lines: Shapes
    sums: pd.DataFrame
    table: pd.DataFrame
    rules: list[Rule]
    cautions: list[Text]


class Judge:
    """The severities of a pack.

    Raises
    ------
    InputError
        A severity is none of 0 to 3, or a kind of control line is not known.
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.side_rule = pack.rule("land.outside")
        strange = [kind for kind in self.side_rule.value if kind not in ZONE_LABELS]
        if strange:
            raise _wrong(self.side_rule, str(strange[0]), "、".join(ZONE_LABELS))
        self.used: dict[str, Rule] = {}

    def is_outside(self, kind: str) -> bool:
        """Tell whether of this kind it matters to lie outside."""
        return kind in self.side_rule.value

    def severity(self, kind: str, of_class: str) -> int:
        """Say how grave it is for a facility of a class to meet a kind of control line."""
        rule = self.pack.rule(f"land.severity.{kind}.{of_class}")
        if rule.value not in SEVERITY_LABELS:
            raise _wrong(rule, f"{rule.value}", "、".join(map(str, SEVERITY_LABELS)))
        self.used[rule.id] = rule
        return int(rule.value)


def _wrong(rule: Rule, value: str, expected: str) -> InputError:
    message = Text(
        f"规则 {rule.id} 的取值为 {value}，应为：{expected}。",
        f"Rule {rule.id} is {value}; expected one of {expected}.",
    )
    fault = Fault(message, file=f"{rule.own_pack or rule.pack}.toml", field=f"{rule.id} · value", value=value)
    return InputError(message, Text("请修改规则包。", "Change the rule pack."), faults=[fault])


def judge(ground: Ground, zones: Zones, known: Known, pack: Pack) -> Conflicts:
    """Lay what facilities take over control lines, and judge each facility.

    A kind that is not known where a facility lies, and that would matter to it, keeps it from being clear.

    Raises
    ------
    InputError
        As `Judge`.
    """
    judge_ = Judge(pack)
    dark = _lacking(ground, zones, known, judge_)
    cautions = far_words(zones, ground.shapes, known)
    cautions += [
        lacking_words(kind, at, zones.shapes[zones.kind == kind], known) for kind, at in dark.items() if at.any()
    ]
    found = [_inside(ground, zones, judge_)]
    for kind in zones.kinds:
        if judge_.is_outside(kind):
            found.append(_outside(ground, zones, kind, dark[kind], judge_))
    rows = pd.concat([one[0] for one in found], ignore_index=True)
    areas, lines = (np.concatenate([getattr(one[1], key) for one in found]) for key in ("area", "line"))
    sums = pd.concat([_summed(*one, ground.taken, zones.shapes) for one in found], ignore_index=True)
    order = sums.sort_values(["at", "kind"], kind="stable").index
    table = _verdicts(ground, zones, known, rows, dark)
    used = [pack.rule("land.known.within")]
    used += [judge_.side_rule] if any(map(judge_.is_outside, zones.kinds)) else []
    used += [rule for name, rule in pack.rules.items() if name in judge_.used]
    return Conflicts(rows, areas, lines, sums.loc[order].reset_index(drop=True), table, used, cautions)


def _lacking(ground: Ground, zones: Zones, known: Known, judge_: Judge) -> dict[str, npt.NDArray[np.bool_]]:
    """Tell by kind of which facilities it cannot be told; where it would not count for a facility, nothing is open."""
    classes = ground.table["class"].tolist()
    reach = ground.taken.reach()
    missing = shapely.is_missing(reach)
    reach[missing] = ground.shapes[missing]
    found = {}
    for kind in zones.kinds:
        counts = np.array([one is None or judge_.severity(kind, one) > 0 for one in classes], dtype=bool)
        found[kind] = counts & known.lacking(kind, zones.shapes[zones.kind == kind], reach)
    return found


def _inside(ground: Ground, zones: Zones, judge_: Judge) -> tuple[pd.DataFrame, Met]:
    own = np.flatnonzero([not judge_.is_outside(kind) for kind in zones.kind])
    met = inside(ground.taken, zones.shapes[own])
    met = met._replace(zone=own[met.zone])
    return _rows(ground, zones, met, "inside", judge_), met


def _outside(
    ground: Ground, zones: Zones, kind: str, dark: npt.NDArray[np.bool_], judge_: Judge
) -> tuple[pd.DataFrame, Met]:
    """Find what lies outside of a kind of boundary and matters there; where none is known, nothing is judged."""
    own = np.flatnonzero(zones.kind == kind)
    classes = ground.table["class"].tolist()
    counted = np.array([one is not None and judge_.severity(kind, one) > 0 for one in classes], dtype=bool)
    chosen = counted & ~dark
    taken = Taken(*(only(shapes, chosen) for shapes in ground.taken))
    met = outside(taken, shapely.union_all(zones.shapes[own]))
    met = met._replace(zone=own[met.zone])
    return _rows(ground, zones, met, "outside", judge_), met


def _rows(ground: Ground, zones: Zones, met: Met, side: str, judge_: Judge) -> pd.DataFrame:
    own = ground.table.iloc[met.feature]
    kind = zones.kind[met.zone]
    is_inside = side == "inside"
    rows = pd.DataFrame({key: own[key].to_numpy(object) for key in ("layer", "feature_id", "name", "type", "class")})
    rows["kind"] = kind
    rows["side"] = side
    for key, values in (("zone_id", zones.zone_id), ("zone_name", zones.name)):
        rows[key] = values[met.zone] if is_inside else ""
    rows["source"] = zones.source[met.zone]
    rows["area_m2"], rows["length_m"] = met.area_m2.round(4), met.length_m.round(4)
    rows["severity"] = [judge_.severity(one, of) for one, of in zip(kind, rows["class"])]
    rows["at"] = met.feature
    return rows.astype({"severity": np.int64, "at": np.int64})


def _summed(rows: pd.DataFrame, met: Met, taken: Taken, zones: Shapes) -> pd.DataFrame:
    """Add up the rows of a facility by kind, each place once."""
    at, kind, area, length = once(met, rows["kind"].tolist(), taken, zones)
    first = rows.drop_duplicates(["at", "kind"])
    sums = first[["at", "kind", "side", "class", "severity", "layer"]].reset_index(drop=True)
    keys = {key: k for k, key in enumerate(zip(at.tolist(), kind))}
    place = [keys[key] for key in zip(sums["at"], sums["kind"])]
    return sums.assign(area_m2=area[place].round(4), length_m=length[place].round(4))


def _verdicts(
    ground: Ground, zones: Zones, known: Known, rows: pd.DataFrame, dark: dict[str, npt.NDArray[np.bool_]]
) -> pd.DataFrame:
    table = ground.table.copy()
    code, name = known.counties.of(ground.shapes)
    table["county_code"], table["county"] = code, name
    worst = rows.groupby("at")["severity"].max()
    table["severity"] = worst.reindex(table.index).astype("Int64")
    table["touching"] = _touching(ground, zones)
    table["lacking"] = [";".join(kind for kind in dark if dark[kind][at]) for at in range(len(table))]
    open_ = (table["lacking"] != "").to_numpy(bool)
    conflict = (table["severity"].fillna(0) > 0).to_numpy(bool)
    unknown = (table["reason"] != "").to_numpy(bool)
    table.loc[open_ & ~unknown & ~conflict, "reason"] = NO_DATA
    table["verdict"] = np.where(conflict, CONFLICT, np.where(unknown | open_, CANNOT_TELL, CLEAR))
    return table


def _touching(ground: Ground, zones: Zones) -> list[str]:
    """Say, for facilities that cannot be told, in which control lines their line or point lies: ``kind=metres``."""
    unknown = np.flatnonzero((ground.table["reason"] != "").to_numpy(bool) & ~shapely.is_missing(ground.shapes))
    shapes = ground.shapes[unknown]
    is_line = shapely.get_dimensions(shapes) == 1
    nothing = np.full(len(shapes), None, dtype=object)
    taken = Taken(nothing, only(shapes, is_line), only(shapes, ~is_line))
    met = inside(taken, zones.shapes)
    at, kind, _, length = once(met, zones.kind[met.zone].tolist(), taken, zones.shapes)
    said: list[list[str]] = [[] for _ in range(len(ground.table))]
    for one, of, metres in zip(at.tolist(), kind, length.tolist()):
        said[int(unknown[one])].append(f"{of}={metres:.1f}" if metres else str(of))
    return [";".join(items) for items in said]


def by_kind(found: Conflicts) -> list[dict[str, Any]]:
    """Add up by kind, side, severity and class, the gravest first: facilities, area, length."""
    groups = found.sums.groupby(["kind", "side", "severity", "class"], sort=False)
    made = [
        {
            **dict(zip(("kind", "side", "severity", "class"), key)),
            "features": int(group["at"].nunique()),
            "area_m2": round(float(group["area_m2"].sum()), 2),
            "length_m": round(float(group["length_m"].sum()), 2),
        }
        for key, group in groups
    ]
    order = {kind: at for at, kind in enumerate(ZONE_LABELS)}
    return sorted(made, key=lambda row: (-row["severity"], order[row["kind"]], row["class"]))
