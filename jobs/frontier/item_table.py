"""The columns that everything on a frontier scoreboard has in common."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

COLUMNS = ("subject", "item_id", "name", "county_code", "people", "backhaul", "gigabit", "lon", "lat")
CountyOf = Callable[[pd.DataFrame], npt.NDArray[np.object_]]


def as_items(
    subject: str, rows: pd.DataFrame, code: str, name: str, county_of: CountyOf, people: str = "people"
) -> pd.DataFrame:
    """Give rows of a layer the columns of items.

    Parameters
    ----------
    subject : str
        Their class.
    rows : pandas.DataFrame
        With ``lon, lat`` and the fields `code` and `name`; `people`, ``backhaul`` and ``gigabit`` where known.
    county_of : callable
        Gives the county's code of each row.
    """
    count = len(rows)
    unknown = np.full(count, np.nan)
    return pd.DataFrame(
        {
            "subject": np.full(count, subject, dtype=object),
            "item_id": rows[code].to_numpy(object),
            "name": rows[name].to_numpy(object),
            "county_code": county_of(rows),
            "people": numbers(rows[people]) if people in rows else unknown,
            "backhaul": rows["backhaul"].to_numpy(object) if "backhaul" in rows else np.full(count, None, dtype=object),
            "gigabit": numbers(rows["gigabit"]) if "gigabit" in rows else unknown,
            "lon": rows["lon"].to_numpy(np.float64),
            "lat": rows["lat"].to_numpy(np.float64),
        }
    )


def no_items() -> pd.DataFrame:
    """Give a table of no items."""
    numeric = ("people", "gigabit", "lon", "lat")
    return pd.DataFrame({name: pd.Series(dtype=np.float64 if name in numeric else object) for name in COLUMNS})


def numbers(values: pd.Series) -> npt.NDArray[np.float64]:
    """Give numbers or flags as float64, NaN where there is none."""
    return np.asarray(pd.to_numeric(values, errors="coerce").astype("Float64").to_numpy(np.float64, na_value=np.nan))
