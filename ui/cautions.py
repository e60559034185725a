"""Whether a layer rests on rules that nobody has verified, and its name in the legend that says so."""

from __future__ import annotations

import json
from pathlib import Path

from qgis.core import QgsVectorLayer

from ..text import Text
from .language import tr

_SUFFIX = Text("（含未核实规则）", " (rules not verified)")
_RECORD = "run.json"


def rests_on_unverified(layer: QgsVectorLayer) -> bool:
    """Tell whether a row of a result layer was judged by a rule that is not verified.

    A layer says so itself in its column ``unverified``; for one that only names its rules, the record of the run does.
    """
    place = layer.fields().indexOf("unverified")
    if place >= 0:
        return 1 in layer.uniqueValues(place)
    place = layer.fields().indexOf("rule_id")
    path, named, _ = layer.source().partition("|layername=")
    if place < 0 or not named:
        return False
    status = _cited(Path(path).with_name(_RECORD))
    return any(status.get(rule, "verified") != "verified" for rule in layer.uniqueValues(place))


def run_rests_on_unverified(layer: QgsVectorLayer) -> bool:
    """Tell whether the run that wrote a layer cites a rule that is not verified: for layers where all rows rest on all."""
    path, named, _ = layer.source().partition("|layername=")
    status = _cited(Path(path).with_name(_RECORD)) if named else {}
    return any(said != "verified" for said in status.values())


def _cited(record: Path) -> dict[str, str]:
    """Give the status of every rule that a run cites; none where its record is not there."""
    try:
        said = json.loads(record.read_text(encoding="utf-8"))
        return {str(rule["id"]): str(rule["status"]) for rule in said.get("rules") or []}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def name_in_legend(layer: QgsVectorLayer, *, by_run: bool = False) -> None:
    """Add the caution to a layer's name, once; by its rows, or by all the rules of its run."""
    suffix = tr(_SUFFIX)
    if layer.name().endswith(suffix):
        return
    if run_rests_on_unverified(layer) if by_run else rests_on_unverified(layer):
        layer.setName(layer.name() + suffix)
