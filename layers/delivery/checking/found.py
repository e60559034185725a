"""One thing that a bureau's checker would reject, and a check that could not be run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ....text import Text

BETWEEN_FILES = "、"


@dataclass(frozen=True)
class Found:
    """One thing that a bureau's checker would reject.

    Attributes
    ----------
    rule : str
        Key of `rules.RULES`.
    layer : str
        Name of the layer in the package, "" where the finding is about the whole package.
    feature : str
        Feature id as the file has it (fid, OBJECTID, id of a VCT object), "" for a whole layer.
    bsm : str
        The feature number of it, "" where it has none.
    place : shapely geometry or None
        Where the fault is, CGCS2000 longitude and latitude: point, line or polygon of the fault itself.
    value : str
        What stands there.
    file : str
        Where it stands in the package; several with `BETWEEN_FILES` between them. The run fills it in.
    level : int
        Of this finding where it is not that of its rule, else 0.
    """

    rule: str
    layer: str
    message: Text
    remedy: Text
    feature: str = ""
    bsm: str = ""
    place: Any = None
    value: str = ""
    file: str = ""
    level: int = 0


@dataclass(frozen=True)
class NotRun:
    """A check that could not be run, on one layer, several (`BETWEEN_FILES` between) or all (""): nobody can tell."""

    rule: str
    layer: str
    reason: Text
