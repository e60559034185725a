"""The schools of villages, each counted once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...text import Text
from .item_table import CountyOf, as_items, numbers

_SHOWN = 5


def schools(
    villages: pd.DataFrame,
    key_points: pd.DataFrame,
    places: pd.DataFrame,
    county_of: CountyOf,
    cautions: list[Text],
) -> list[pd.DataFrame]:
    """Give the schools of villages, and those of border villages: key points, and places that name their village.

    A school that several villages share counts once; a place of the same name and position tells its pupils and
    backhaul.
    """
    of_villages = key_points["village_code"].notna().to_numpy(bool)  # the others are key points of a place
    points = key_points[(key_points["kind"] == "school").to_numpy(bool) & of_villages]
    known = places[(places["kind"] == "school").to_numpy(bool)]
    of_village = known["village_code"].notna().to_numpy(bool)
    own, elsewhere = known[of_village], known[~of_village]
    if len(elsewhere):
        cautions.append(
            Text(
                f"{len(elsewhere)} 所学校未注明所属行政村，不知是否农村学校，未计入：{_names(elsewhere).zh}。",
                f"{len(elsewhere)} schools name no village: whether they are rural is not known, they do not count: "
                f"{_names(elsewhere).en}.",
            )
        )
    rows = pd.concat(
        [points.rename(columns={"point_id": "id"}), own.rename(columns={"place_id": "id"})], ignore_index=True
    )[["id", "village_code", "name", "lon", "lat"]]
    rows["spot"] = _spot(rows)
    at = known.assign(spot=_spot(known)).drop_duplicates("spot").set_index("spot")
    rows["people"], rows["backhaul"] = rows["spot"].map(at["people"]), rows["spot"].map(at["backhaul"])
    border = dict(zip(villages["village_code"], villages["is_border"]))
    flag = rows["village_code"].map(border)
    unknown = int(flag.isna().sum())
    if unknown:
        cautions.append(
            Text(
                f"{unknown} 所学校所在的行政村未注明是否边境村，不计入边境村学校。",
                f"{unknown} schools stand in villages that are not said to be border villages or not; they do not count as such.",
            )
        )
    at_border = numbers(flag) == 1
    return [
        as_items(subject, part.drop_duplicates("spot"), "id", "name", county_of)
        for subject, part in (("rural_school", rows), ("border_school", rows[at_border]))
    ]


def _names(rows: pd.DataFrame) -> Text:
    """Name the first few."""
    names = rows["name"].fillna(rows["place_id"]).astype(str).head(_SHOWN).tolist()
    more = len(rows) > _SHOWN
    return Text("、".join(names) + ("等" if more else ""), ", ".join(names) + (" and more" if more else ""))


def _spot(rows: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Give a key that two entries of one school share: name and position to about a metre, else name and village."""
    spots = [
        f"{name}|{village}" if pd.isna(lon) or pd.isna(lat) else f"{name}|{lon:.5f}|{lat:.5f}"
        for name, lon, lat, village in zip(rows["name"], rows["lon"], rows["lat"], rows["village_code"])
    ]
    return np.array(spots, dtype=object)
