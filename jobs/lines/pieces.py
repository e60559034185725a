"""Roads cut wherever verdict, county or carriageway change, and the kilometres that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.lines import Stretches, Verdicts, lay_over
from ...analysis.lines.verdicts import AFTER, GRADE, REASON, STATE
from ...analysis.scoreboard import NO_COUNTY, Target, share_percent, tally_amounts
from ...analysis.village_verdict import NO, UNKNOWN, YES
from .roads import Roads

AMOUNTS = (
    *("length_km", "covered_km", "not_covered_km", "cannot_tell_km", "covered_percent"),
    *("covered_low_percent", "covered_high_percent", "after_plan_km", "after_plan_percent", "tunnel_km", "status"),
)


def cut_pieces(
    roads: Roads, verdicts: Verdicts, county_codes: Sequence[str], inside: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    """Cut roads into pieces of one verdict and county; second carriageways and what is out of scope are left out.

    Parameters
    ----------
    county_codes : sequence of str (c,)
        Codes of the county polygons.
    inside : bool (c + 1,)
        Counties in scope; the last one is what lies in no county.

    Returns
    -------
    pandas.DataFrame
        ``line`` (row of the road), ``from_m, to_m, length_m`` (chainage, geodesic), ``state, after`` (NO, UNKNOWN, YES),
        ``grade, reason`` (see `analysis.lines.verdicts`), ``county_code``, ``is_tunnel``; sorted by line and chainage.
    """
    laid = lay_over(roads.lines, [verdicts.stretches, roads.county, roads.counted])
    *_, (kind, county, counted) = laid
    parts = verdicts.kinds[kind]
    codes = np.array([*county_codes, NO_COUNTY], dtype=object)  # the last one is `NOWHERE`
    pieces = pd.DataFrame(
        {
            "line": laid.line,
            "from_m": laid.from_m,
            "to_m": laid.to_m,
            "length_m": laid.length_m,
            "state": parts[:, STATE],
            "after": parts[:, AFTER],
            "grade": parts[:, GRADE],
            "reason": parts[:, REASON],
            "county_code": codes[county],
            "is_tunnel": roads.tunnel[laid.line],
        }
    )
    return pieces[(counted == 1) & inside[county]].reset_index(drop=True)


def in_scope(roads: Roads, inside: npt.NDArray[np.bool_]) -> Stretches:
    """Give the division by scope: 1 in the counties of `inside`, else 0."""
    return roads.county._replace(value=inside[roads.county.value].astype(np.int64))


def amounts(pieces: pd.DataFrame, target: Target) -> dict[str, Any]:
    """Add up pieces.

    Returns
    -------
    dict
        `AMOUNTS`, in km to three decimals. Tunnels stand apart: their length is in ``tunnel_km`` alone. The share is of
        what can be told (None where nothing can); its bounds take what cannot be told as not covered, and as covered.
        ``status`` as in `scoreboard.tally`.
    """
    open_air = pieces[~pieces["is_tunnel"]]
    state, after, length = (open_air[name].to_numpy() for name in ("state", "after", "length_m"))
    yes, no, unknown = (float(length[state == value].sum()) / 1000 for value in (YES, NO, UNKNOWN))
    tally = tally_amounts(yes, no, unknown, target)
    whole, planned = yes + no + unknown, float(length[after == YES].sum()) / 1000
    still_no = float(length[after == NO].sum()) / 1000
    return {
        "length_km": tally["in_scope"],
        "covered_km": tally["met"],
        "not_covered_km": tally["not_met"],
        "cannot_tell_km": tally["cannot_tell"],
        "covered_percent": tally["ratio_percent"],
        "covered_low_percent": share_percent(yes, whole, target),
        "covered_high_percent": share_percent(yes + unknown, whole, target),
        "after_plan_km": round(planned, 3),
        "after_plan_percent": share_percent(planned, planned + still_no, target),
        "tunnel_km": round(float(pieces.loc[pieces["is_tunnel"], "length_m"].sum()) / 1000, 3),
        "status": tally["status"],
    }


def amounts_by(pieces: pd.DataFrame, keys: Sequence[str], target: Target) -> pd.DataFrame:
    """Add up pieces by columns; groups in sorted order, with the columns and `AMOUNTS`."""
    rows = []
    for key, own in pieces.groupby(list(keys), sort=True):
        rows.append({**dict(zip(keys, key)), **amounts(own, target)})
    return pd.DataFrame(rows, columns=[*keys, *AMOUNTS])
