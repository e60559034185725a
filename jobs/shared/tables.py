"""Read layers as the analyses take them: plain tables with longitude and latitude."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...engine.context import RunContext
from ...layers import inputs
from ...layers.table import LayerTable


def read_rows(context: RunContext, name: str, columns: list[str], *, optional: bool = False) -> pd.DataFrame:
    """Read a point layer.

    Parameters
    ----------
    name : str
        Layer and parameter name.
    columns : list of str
        Fields of its spec.
    optional : bool
        Give an empty table where the layer is neither stated nor in the workspace.

    Returns
    -------
    pandas.DataFrame
        The columns, with ``lon, lat`` in degrees (CGCS2000, NaN for no place).
    """
    if optional and not inputs.layer_present(context, name):
        empty = pd.DataFrame({column: pd.Series(dtype=object) for column in columns})
        return empty.assign(lon=np.zeros(0), lat=np.zeros(0))
    points = inputs.read_points(context, name, columns)
    return points.columns.assign(lon=points.lon, lat=points.lat)


def read_units(context: RunContext, level: str, columns: list[str], *, optional: bool = False) -> LayerTable | None:
    """Read the administrative units of one level, sorted by code; None where they are optional and absent."""
    if optional and not inputs.layer_present(context, "admin_units"):
        return None
    units = inputs.read_layer(context, "admin_units", [*columns, "level"])
    of_level = units.columns[(units.columns["level"] == level).to_numpy(bool)].sort_values("code", kind="stable")
    return LayerTable(units.spec, of_level.reset_index(drop=True), units.geometry[of_level.index.to_numpy()])
