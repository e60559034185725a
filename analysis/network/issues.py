"""What of a network is worth a look: one row a place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

NOWHERE = -1
# What is to be mended comes first, then what was decided.
TO_MEND = (
    "near_miss",
    "chain",
    "dangle",
    "room_off_network",
    "room_without_place",
    "rooms_close",
    "duplicate",
    "no_length",
)
DECIDED = ("snapped", "branch", "room_on_cable", "crossing")
_TYPES = {
    "code": object,
    "row": np.int64,
    "other": np.int64,
    "room": np.int64,
    "metres": np.float64,
    "lon": np.float64,
    "lat": np.float64,
}


def issue_rows(
    code: str,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    *,
    row: npt.ArrayLike = NOWHERE,
    other: npt.ArrayLike = NOWHERE,
    room: npt.ArrayLike = NOWHERE,
    metres: npt.ArrayLike = np.nan,
) -> pd.DataFrame:
    """Make the rows of one kind of issue; what is one number holds for all places.

    Parameters
    ----------
    lon, lat : array_like, shape (k,)
        Degrees, CGCS2000.
    row, other : array_like of int
        The line, and the line that it meets or misses.
    room : array_like of int
        The room that it meets or misses, or that is the matter itself.
    metres : array_like
        How far apart.
    """
    lon = np.asarray(lon, dtype=np.float64)
    values = {"code": code, "row": row, "other": other, "room": room, "metres": metres, "lon": lon, "lat": lat}
    return pd.DataFrame({name: np.broadcast_to(value, lon.shape) for name, value in values.items()}).astype(_TYPES)


def all_issues(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put the kinds together: what is to be mended first, each kind by line and place."""
    empty = issue_rows("", np.zeros(0), np.zeros(0))
    table = pd.concat([empty, *(part for part in parts if len(part))], ignore_index=True).astype(_TYPES)
    rank = table["code"].map({code: place for place, code in enumerate((*TO_MEND, *DECIDED))})
    table = table.assign(rank=rank).sort_values(["rank", "row", "other", "room", "lon", "lat"], kind="stable")
    return table.drop(columns="rank").reset_index(drop=True)
