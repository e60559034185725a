"""Pairs of cables of different owners in one corridor, and what could have been one trench."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ....analysis.network.digs import digs
from ....analysis.network.together import Together
from ...shared.rules import plain
from ..read import Trunk
from .stretches import CORRIDOR, Shared, Widths, most_beside_first, shared_stretches

SIDE_BY_SIDE, JOINT, USE_EXISTING = "side_by_side", "joint_build", "use_existing"
_TO_COME = ("under_construction", "planned")


class Joint(NamedTuple):
    """Pairs, one row each, and their stretches.

    Attributes
    ----------
    pairs : pandas.DataFrame
        ``cable_a, name_a, operator_a, status_a, year_a`` and so on of b, ``kind``, ``corridor_km``, ``saved_km``,
        ``saved_cost``.
    stretches : pandas.DataFrame
    shapes : list of LineString
    totals : dict
        By kind.
    """

    pairs: pd.DataFrame
    stretches: pd.DataFrame
    shapes: list[object]
    totals: dict[str, Total]


class Total(NamedTuple):
    """What pairs of one kind come to, each place counted once however many pairs hold it.

    Attributes
    ----------
    pairs : int
    ground_km : float
        Of trench that holds all of them: along the cables that lead.
    saved_km : float
        Of digging that the others need no more.
    """

    pairs: int
    ground_km: float
    saved_km: float


def joint_candidates(trunk: Trunk, widths: Widths, years: int, cost_per_km: float | None) -> Joint:
    """Find the pairs of different owners in one corridor and say what each is.

    Two cables that are both to come within some years of each other can be one trench: of the corridor one of two
    digs is saved. A cable to come beside one that stands may use its ducts. Two that stand are told.
    """
    found = shared_stretches(trunk, widths)
    cables = trunk.cables.set_index("cable_id", drop=False)
    rows = []
    for pair in found.pairs.to_dict("records"):
        one, two = cables.loc[pair["cable_a"]], cables.loc[pair["cable_b"]]
        if _owners(one) & _owners(two):
            continue
        kind = _kind(one, two, years)
        saved = pair["corridor_km"] if kind != SIDE_BY_SIDE else 0.0
        row: dict[str, Any] = {"kind": kind}
        for side, cable in (("a", one), ("b", two)):
            row |= {f"cable_{side}": cable["cable_id"], f"name_{side}": plain(cable["name"])}
            row |= {f"{key}_{side}": plain(cable[key]) for key in ("operator", "status")}
            row[f"year_{side}"] = int(cable["year"]) if plain(cable["year"]) is not None else None
        row |= {"corridor_km": pair["corridor_km"], "corridor_percent": pair["corridor_percent"], "saved_km": saved}
        row["saved_cost"] = None if cost_per_km is None else round(saved * cost_per_km, 2)
        rows.append(row)
    pairs = pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"year_a": "Int64", "year_b": "Int64"})
    rank = pairs["kind"].map({JOINT: 0, USE_EXISTING: 1, SIDE_BY_SIDE: 2})
    pairs = pairs.assign(rank=rank).sort_values(["rank", "corridor_km"], ascending=[True, False], kind="stable")
    pairs = pairs.drop(columns="rank").reset_index(drop=True)
    totals = {
        kind: _total(trunk, found, pairs, kind, widths.corridor_m) for kind in (JOINT, USE_EXISTING, SIDE_BY_SIDE)
    }
    return Joint(pairs, *_of_pairs(found, pairs), totals)


def _total(trunk: Trunk, found: Shared, pairs: pd.DataFrame, kind: str, corridor_m: float) -> Total:
    """Add the pairs of one kind up on the ground.

    A cable follows the trench of a partner of the same kind of pair within the corridor: of one that stands, else of
    the one that has most beside it. An owner's own cables in one corridor are one dig.
    """
    own = pairs[pairs["kind"] == kind]
    number = pd.Series(np.arange(len(trunk.cables)), index=trunk.cables["cable_id"])
    one, two = (number[own[side]].to_numpy(np.int64) for side in ("cable_a", "cable_b"))
    wanted = {*zip(one.tolist(), two.tolist()), *zip(two.tolist(), one.tolist())}
    table = found.beside[found.beside["kind"] == CORRIDOR]
    row = found.parts.row[table["part"].to_numpy(np.int64)]
    is_own = np.array([pair in wanted for pair in zip(row.tolist(), table["other"].tolist())], dtype=bool)
    beside = Together(*(table[name].to_numpy()[is_own] for name in ("part", "other", "from_m", "to_m")))
    order = most_beside_first(found.parts, beside, len(trunk.cables))
    if kind == USE_EXISTING:
        order = sorted(order, key=lambda at: trunk.cables["status"].iloc[at] in _TO_COME)
    owners = [_owners(cable) for _, cable in trunk.cables.iterrows()]
    made = digs(found.parts, beside, order, len(trunk.cables), corridor_m, owners)
    follows = 0.0 if kind == SIDE_BY_SIDE else float(made.follows_m.sum()) / 1000
    return Total(len(own), round(float(made.own_m.sum()) / 1000, 6), round(follows, 6))


_COLUMNS = (
    *("kind", "cable_a", "name_a", "operator_a", "status_a", "year_a"),
    *("cable_b", "name_b", "operator_b", "status_b", "year_b"),
    *("corridor_km", "corridor_percent", "saved_km", "saved_cost"),
)


def _owners(cable: pd.Series) -> set[str]:
    stated = plain(cable["operator"])
    return set(str(stated).split(";")) - {"OTHER"} if stated else set()  # two others need not be the same


def _kind(one: pd.Series, two: pd.Series, years: int) -> str:
    to_come = [cable["status"] in _TO_COME for cable in (one, two)]
    if not any(to_come):
        return SIDE_BY_SIDE
    if not all(to_come):
        return USE_EXISTING
    dates = [pd.to_numeric(cable["year"], errors="coerce") for cable in (one, two)]
    apart = abs(dates[0] - dates[1])
    return SIDE_BY_SIDE if np.isfinite(apart) and apart > years else JOINT


def _of_pairs(found: Shared, pairs: pd.DataFrame) -> tuple[pd.DataFrame, list[object]]:
    """Give the stretches in one corridor of the pairs, with what each pair is."""
    kinds = {(row["cable_a"], row["cable_b"]): row["kind"] for row in pairs.to_dict("records")}
    table = found.stretches
    key = list(zip(table["cable_a"], table["cable_b"]))
    own = [at for at, (pair, kind) in enumerate(zip(key, table["kind"])) if kind == CORRIDOR and pair in kinds]
    chosen = table.iloc[own].assign(kind=[kinds[key[at]] for at in own]).reset_index(drop=True)
    return chosen, [found.shapes[at] for at in own]
