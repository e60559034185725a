"""The seats of counties and towns, as far as places and administrative units tell them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.data_extent import unit_of_points
from ...layers.table import LayerTable
from .item_table import CountyOf, as_items, no_items, numbers

_OFFICES = ("人民政府", "政府")


def split_seats(places: pd.DataFrame, units: LayerTable | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the seats of towns from the seats of counties, which bear the county's own name."""
    names = set() if units is None else {f"{name}{word}" for name in units.columns["name"] for word in _OFFICES}
    of_county = places["name"].isin(names).to_numpy(bool)
    seats = places[(places["kind"] == "township_seat").to_numpy(bool) & ~of_county]
    return seats, places[of_county].drop_duplicates("name")


def county_towns(units: LayerTable | None, capitals: pd.DataFrame) -> pd.DataFrame:
    """Give one county town a county: where its government stands, if a place says so.

    Of gigabit fibre that place speaks, and where it does not the county's own row.
    """
    if units is None:
        return no_items()
    seat = {
        name.removesuffix(word): (lon, lat, gigabit)
        for word in _OFFICES[::-1]
        for name, lon, lat, gigabit in zip(
            capitals["name"], capitals["lon"], capitals["lat"], numbers(capitals["gigabit"])
        )
        if name.endswith(word)
    }
    names = units.columns["name"].to_numpy(object)
    at = np.array([seat.get(name, (np.nan, np.nan, np.nan)) for name in names], dtype=np.float64).reshape(-1, 3)
    rows = pd.DataFrame(
        {
            "code": units.columns["code"].to_numpy(object),
            "name": names,
            "lon": at[:, 0],
            "lat": at[:, 1],
            "gigabit": _first_told(at[:, 2], numbers(units.columns["gigabit"])),
        }
    )
    return as_items("county_town", rows, "code", "name", lambda own: own["code"].str[:6].to_numpy(object))


def townships(seats: pd.DataFrame, towns: LayerTable | None, county_of: CountyOf) -> pd.DataFrame:
    """Give the seats that places list, and the towns in which none is listed, without a place.

    Of gigabit fibre the place of a seat speaks, and where it does not the town in which it stands.
    """
    if towns is None:
        return as_items("township", seats.drop(columns="people"), "place_id", "name", county_of)
    town = unit_of_points(seats["lon"].to_numpy(np.float64), seats["lat"].to_numpy(np.float64), towns.geometry)
    said = np.append(numbers(towns.columns["gigabit"]), np.nan)[town]
    seats = seats.drop(columns="people").assign(gigabit=_first_told(numbers(seats["gigabit"]), said))
    listed = as_items("township", seats, "place_id", "name", county_of)
    bare = towns.columns[~np.isin(np.arange(len(towns)), town)]
    nowhere = np.full(len(bare), np.nan)
    rows = pd.DataFrame(
        {
            "code": bare["code"].to_numpy(object),
            "name": bare["name"].to_numpy(object),
            "lon": nowhere,
            "lat": nowhere,
            "gigabit": numbers(bare["gigabit"]),
        }
    )
    rest = as_items("township", rows, "code", "name", lambda own: own["code"].str[:6].to_numpy(object))
    return pd.concat([listed, rest], ignore_index=True)


def _first_told(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(np.isnan(first), second, first)
