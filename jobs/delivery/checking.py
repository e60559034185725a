"""Check the files of a package within a job: what they are held against, and the summary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from ...engine.context import RunContext
from ...errors import InputError
from ...layers import inputs
from ...layers.datum import projected_to_cgcs2000
from ...layers.delivery.checking import plain_profile
from ...layers.delivery.checking.boundary import Boundary, boundary_of
from ...layers.delivery.checking.files import Files, listed
from ...layers.delivery.checking.outcome import Checked
from ...layers.delivery.checking.reading import read_package
from ...layers.delivery.checking.report import write_records
from ...layers.delivery.checking.run import Against, check
from ...layers.delivery.profile.model import Profile
from ...layers.delivery.regions import Regions, regions_of
from ...layers.sources.read import read_source
from ...text import Text


class _Regions:
    """The run, with its parameter `regions` under the name of the layer that it states."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self.parameters: Mapping[str, Any] = {
            "admin_units": context.parameters.get("regions"),
            "workspace": context.parameters.get("workspace"),
        }

    def read(self, name: str, path: Path) -> Path:
        return self._context.read("regions" if name == "admin_units" else name, path)

    def notice(self, message: Text, rows: Sequence[int] = ()) -> None:
        self._context.notice(message, rows)


def against_of(context: RunContext, profile: Profile) -> Against:
    """Give the administrative units and the planning boundary that the parameters state."""
    run = _Regions(context)
    regions: Regions | None = None
    if inputs.layer_present(run, "admin_units"):
        regions = regions_of(inputs.read_layer(run, "admin_units"), profile.region["levels"])
    boundary = _boundary(context) if context.parameters.get("boundary") else None
    return Against(regions, boundary)


def _boundary(context: RunContext) -> Boundary:
    """Read the planning boundary.

    Raises
    ------
    InputError
        It has no polygons, or no CRS.
    """
    path, layer = inputs.split(str(context["boundary"]))
    raw = read_source(context.read("boundary", path), layer or None)
    shapes = np.zeros(0, dtype=object) if raw.geometry is None else raw.geometry
    areas = shapes[np.isin(shapely.get_dimensions(shapes), (2,)) & ~shapely.is_empty(shapes)]
    if not len(areas):
        raise InputError(
            Text(f"规划范围 {raw.name} 中没有面。", f"The planning boundary {raw.name} has no polygon."),
            Text("请给出规划范围的面图层。", "State a layer of polygons."),
        )
    crs = raw.crs
    if crs is None:
        raise InputError(
            Text(f"规划范围 {raw.name} 没有坐标系。", f"The planning boundary {raw.name} has no CRS."),
            Text("请在 QGIS 中为它“设置图层坐标系”。", "Set its CRS in QGIS (Set Layer CRS)."),
        )
    placed = shapely.transform(
        shapely.force_2d(areas), lambda xy: np.column_stack(projected_to_cgcs2000(xy[:, 0], xy[:, 1], crs))
    )
    return boundary_of(raw.name, np.asarray(placed, dtype=object))


def check_files(
    context: RunContext, files: Files, profile: Profile, against: Against, start: float, end: float
) -> Checked:
    """Read and check the files of a package, as the part `start` … `end` of the job."""
    own = plain_profile.with_layers(profile)
    middle = (start + end) / 2
    package = read_package(files, own, _telling(context, start, middle, Text("读取 {name}", "Reading {name}")))
    package.layers = [plain_profile.as_of_workspace(layer) if own.of_workspace else layer for layer in package.layers]
    return check(package, own, against, _telling(context, middle, end, Text("检查 {name}", "Checking {name}")))


def check_written(context: RunContext, home: Path, profile: Profile, regions: Regions | None) -> Checked | None:
    """Check what a delivery has just written, write the error records; None where there are no files of layers."""
    files = listed(home)
    if not files.data:
        return None
    checked = check_files(context, files, profile, Against(regions), 0.9, 0.95)
    write_records(context.output("records", "check.csv"), checked)
    return checked


def _telling(context: RunContext, start: float, end: float, words: Text) -> Callable[[float, str], None]:
    def tell(share: float, name: str) -> None:
        context.progress(start + (end - start) * share, words.filled(name=name))

    return tell


def summary_of_written(checked: Checked | None) -> dict[str, Any]:
    """Give what the summary of a delivery says of the check of its files; nothing where there are none of layers."""
    if checked is None:
        return {}
    return {"check_findings": checked.by_level, "check_rules_not_run": checked.not_run_rules}


def summary_of(checked: Checked) -> dict[str, Any]:
    """Give the figures of a check."""
    layers: dict[str, int] = {}
    for layer in checked.package.layers:
        layers[layer.name] = max(layers.get(layer.name, 0), len(layer))
    return {
        "layers": layers,
        "features": sum(map(len, checked.package.layers)),
        "findings": checked.by_level,
        "rules": dict(sorted(checked.counts.items())),
        "rules_run": checked.run_rules,
        "rules_not_run": checked.not_run_rules,
    }
