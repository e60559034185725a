"""Which layers a workspace does not hold yet against which a file's datum could be judged."""

from __future__ import annotations

from ....text import Text
from ...spec import LayerSpec
from ...specs import SPECS
from ..references import References

_FOR_ALL = ("admin_units",)
_FOR_POINTS = ("villages", "key_points", "places")  # lines and areas are not held against what is near


def would_help(known: References, spec: LayerSpec, *, points: bool) -> tuple[str, ...]:
    """Give the layers that would tell more of a file's datum, those that tell most first; none that are there.

    Parameters
    ----------
    known : References
        What the workspace holds.
    spec : LayerSpec
        The layer of the file: it is not asked for itself.
    points : bool
        The file has points.
    """
    there = {layer for layer, _ in known.holdings.names} | {spec.name}
    wanted = _FOR_ALL + (_FOR_POINTS if points else ())
    if spec.name in _FOR_POINTS:  # villages come in before key points, and are not judged by them
        wanted = tuple(name for name in wanted if name not in _FOR_POINTS[_FOR_POINTS.index(spec.name) :])
    return tuple(name for name in wanted if name not in there)


def layer_names(names: tuple[str, ...]) -> Text:
    """Name layers for a planner."""
    labels = [SPECS[name].label for name in names]
    return Text("、".join(label.zh for label in labels), ", ".join(label.en.lower() for label in labels))
