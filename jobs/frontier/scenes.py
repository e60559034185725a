"""The scenes of signal upgrade: places that are covered in depth when every key point of theirs is.

A key point belongs to the place that it names. The villages stand in the scene of townships and villages, each with its
key points of the kinds that the rules name, and so does a township seat, which is such a key point itself. A place
without key points cannot be told: its own coordinates say nothing of its inside.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from ...rules.subjects import SCENES, classes_of
from .item_table import CountyOf, as_items, no_items

RURAL = "township_village"
_KINDS = {"medical": ("medical", "hospital"), RURAL: (RURAL, "township_seat")}
_SEAT = "township_seat"
_POINT = ["owner", "point_id", "kind", "name", "lon", "lat"]


def scene_items(
    subjects: Collection[str],
    rural_kinds: Sequence[str],
    places: pd.DataFrame,
    villages: pd.DataFrame,
    key_points: pd.DataFrame,
    county_of: CountyOf,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List the places of the scenes that are scored, and their key points.

    Parameters
    ----------
    subjects : collection of str
        Subjects of the rules.
    rural_kinds : sequence of str
        Kinds of key points by which a village is judged.
    places, villages, key_points : pandas.DataFrame
        As `items.read_items` reads them.
    county_of : callable
        Gives the county's code of each row.

    Returns
    -------
    items : pandas.DataFrame
        `item_table.COLUMNS`.
    points : pandas.DataFrame
        ``item`` (row of items), ``point_id, kind, name, lon, lat``, sorted by item and id.
    """
    wanted = {scene for subject in subjects for scene in classes_of(subject)}
    parts, points = [no_items()], []
    count = 0
    for scene in SCENES:
        if scene not in wanted:
            continue
        own = places[places["kind"].isin(_KINDS.get(scene, (scene,))).to_numpy(bool)]
        parts.append(as_items(scene, own, "place_id", "name", county_of))
        points.append(_owned(key_points, "place_id", own["place_id"], count))
        seats = own[(own["kind"] == _SEAT).to_numpy(bool)].assign(owner=lambda rows: rows["place_id"])
        points.append(_owned(seats.rename(columns={"place_id": "point_id"}), "owner", own["place_id"], count))
        count += len(own)
        if scene == RURAL:
            parts.append(as_items(scene, villages, "village_code", "village_name", county_of, people="population"))
            points.append(
                _owned(_rural(places, key_points, rural_kinds), "village_code", villages["village_code"], count)
            )
            count += len(villages)
    empty = pd.DataFrame({"item": pd.Series(dtype=np.int64), **{name: pd.Series(dtype=object) for name in _POINT[1:]}})
    found = pd.concat([part for part in points if len(part)] or [empty], ignore_index=True)
    for name in ("lon", "lat"):
        found[name] = found[name].astype(np.float64)
    items = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return items, found.sort_values(["item", "point_id"], kind="stable", ignore_index=True)


def _rural(places: pd.DataFrame, key_points: pd.DataFrame, kinds: Sequence[str]) -> pd.DataFrame:
    """Give the key points of villages: those listed, and the places of such a kind that name their village."""
    listed = key_points[key_points["kind"].isin(kinds).to_numpy(bool)]
    known = places[places["kind"].isin(kinds).to_numpy(bool) & (places["kind"] != _SEAT).to_numpy(bool)]
    both = pd.concat([listed, known.drop(columns="place_id").assign(point_id=known["place_id"])], ignore_index=True)
    spot = both[["village_code", "kind", "name", "lon", "lat"]].round(5)  # a clinic in both layers is one point
    return both[~spot.duplicated().to_numpy(bool)]


def _owned(points: pd.DataFrame, by: str, owners: pd.Series, first: int) -> pd.DataFrame:
    """Give the points that name one of the owners, with the owner's row counted from `first`."""
    row_of = pd.Series(np.arange(first, first + len(owners)), index=owners.to_numpy(object))
    row_of = row_of[~row_of.index.duplicated()]
    named = points[by].notna().to_numpy(bool)
    found = points[named].assign(item=lambda rows: rows[by].map(row_of)).dropna(subset="item")
    return found.astype({"item": np.int64})[["item", *_POINT[1:]]]
