"""The data centres that stand in the phase of a network, each with the room it hangs on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.network.attached import nearest_room
from ...engine.context import RunContext
from ...layers import inputs
from ...layers.shapes import points_in
from .parameters import PLANNED
from .read import Trunk


class Clusters(NamedTuple):
    """Data centres of the phase, c of them.

    Attributes
    ----------
    rows : pandas.DataFrame
        Their fields.
    room : shape (c,), int64
        Row of the nearest room, `NOWHERE` where none is near.
    read : int
        How many there are of every phase.
    """

    rows: pd.DataFrame
    room: npt.NDArray[np.int64]
    read: int


def clusters_of(context: RunContext, trunk: Trunk, columns: list[str], reach_m: float) -> Clusters:
    """Read the data centres of the phase; one without a status counts as standing.

    Parameters
    ----------
    columns : list of str
        Fields to read beside the status.
    reach_m : float
        Farthest that the nearest room may be, straight.
    """
    layer = inputs.read_layer(context, "dc_clusters", [*columns, "status"])
    status = layer.columns["status"]
    wanted = status.isna() | (status == "existing")
    if context["phase"] == PLANNED:
        wanted |= status.isin(("under_construction", "planned"))
    kept = wanted.to_numpy(bool)
    place = points_in(layer.geometry[kept])
    count = len(trunk.rooms)
    room, _ = nearest_room(place[:, 0], place[:, 1], trunk.network.lon[:count], trunk.network.lat[:count], reach_m)
    return Clusters(layer.columns[kept], room, len(kept))
