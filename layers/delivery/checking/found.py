"""One thing that a bureau's checker would reject, and a check that could not be run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ....text import Text

BETWEEN_FILES = "、"
MOST = 100_000  # findings of a rule on a layer that are listed; what has more faults is mended as a whole
CUT = Text("请先改正已列出的，再检查一次。", "Mend what is listed and check again.")
_ZONE_FOLDER = re.compile(r"(?:.*/)?\d{2}带(?=/)")


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
    unlisted : int
        How many findings of its rule and layer, which are not listed, it stands for; 0 for a finding itself.
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
    unlisted: int = 0

    @property
    def count(self) -> int:
        """How many findings it counts for."""
        return self.unlisted or 1


@dataclass(frozen=True)
class NotRun:
    """A check that could not be run, on one layer, several (`BETWEEN_FILES` between) or all (""): nobody can tell."""

    rule: str
    layer: str
    reason: Text


def cut(rule: str, layer: str, listed: int, left: int, file: str) -> Found:
    """Tell how many findings there are where only some are listed."""
    total = listed + left
    words = Text(f"共 {total:,} 个，列出前 {listed:,} 个。", f"There are {total:,}: the first {listed:,} are listed.")
    return Found(rule, layer, words, CUT, file=file, unlisted=left)


def part_of(file: str) -> str:
    """Give the folder of the zone that a file of a package lies in, "" where it lies in none.

    A package that is split by zone has a folder 38带, 39带, … for each, every one a set of files of its own.
    """
    found = _ZONE_FOLDER.match(file)
    return found.group() if found else ""
