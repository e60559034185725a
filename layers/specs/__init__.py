"""The layers of the planning workspace, one spec a file. Standard library only."""

from __future__ import annotations

from ..spec import LayerSpec
from . import (
    admin_units,
    base_stations,
    coastline,
    control_lines,
    dc_clusters,
    key_points,
    measurements,
    national_border,
    places,
    roads,
    sea_areas,
    settlements,
    towers_and_poles,
    trunk_cables,
    trunk_nodes,
    villages,
)

SPECS: dict[str, LayerSpec] = {
    module.SPEC.name: module.SPEC
    for module in (
        admin_units,
        villages,
        key_points,
        settlements,
        base_stations,
        trunk_cables,
        trunk_nodes,
        dc_clusters,
        places,
        roads,
        sea_areas,
        coastline,
        national_border,
        towers_and_poles,
        control_lines,
        measurements,
    )
}
