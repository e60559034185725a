"""Which rows of a workspace owe their datum to the file under test: they agree with it because they were made to.

Three sorts of rows, by how they came in (`standing.Basis`):

* rows that were moved: converted on the planner's order, from GCJ-02 or BD-09 or a zone, because of what they were held
  against. They say nothing of whatever had a word in that, however small its part: had it been wrong, they would have
  been moved to where they fit it all the same. That goes through chains: where A spoke for B and B for C, neither B nor
  C bears A out. County outlines or villages that had a word beside A make B no witness for A;
* rows that no file labelled and that the evidence let through as they stand. Nothing was fitted, and that two files
  agree is true; but in which datum both are is what the one has from the other. They are left out where half of the
  rows that spoke for them, or more, were of the file, or of what hangs on it; and where they stand on each other only;
* rows that are where their own file's label puts them: left as they stand, or converted from the datum that the file
  states. Whatever the evidence said of them, nothing was fitted, and the label is their own: that they agree is
  independent, and they are never left out here.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from ....text import Text
from .standing import Bases, Holding

_MOVED = Text("坐标是依据本文件（或同源数据）转换来的", "its places were converted on the word of this file or its kin")
_PERHAPS = Text(
    "坐标转换的依据没有记录，可能就是本文件",
    "on whose word its places were converted is not recorded: perhaps on this file's",
)
_JUDGED = Text("其基准本身就是据同源数据判定的", "its datum was itself judged by rows of this origin")


def owing(own: AbstractSet[str], beside: AbstractSet[str], bases: Bases) -> dict[Holding, Text]:
    """Find what owes its datum to a file, and say how.

    Parameters
    ----------
    own : set of str
        Source files: the file under test, and what may be the same (copies, editions, the same operator's).
    beside : set of str
        Source files that bear out nothing for another reason: they may err together with the file.
    bases : mapping
        On what the datum of each source stands.

    Returns
    -------
    dict of (str, str) to Text
        Layers and source files, of those in `bases`.
    """
    moved = moved_to_fit(own, bases)
    found = dict.fromkeys(judged_by(own | beside, moved, bases), _JUDGED)
    for held in moved:
        is_told = any(rows for *_, rows in bases[held].speakers)
        found[held] = (_MOVED if is_told else _PERHAPS) if bases[held].is_moved else _JUDGED
    return found


def moved_to_fit(own: AbstractSet[str], bases: Bases) -> frozenset[Holding]:
    """Find what was converted on the word of some sources, be it in part, and what hangs on that.

    Parameters
    ----------
    own : set of str
        Source files.
    bases : mapping

    Returns
    -------
    frozenset of (str, str)
        Layers and source files, of those in `bases`.
    """
    found: set[Holding] = set()
    while more := {held for held in bases if held not in found and _hangs(held, own, found, bases)}:
        found |= more
    return frozenset(found)


def judged_by(family: AbstractSet[str], moved: AbstractSet[Holding], bases: Bases) -> frozenset[Holding]:
    """Find what was judged mostly by some sources, by what hangs on them, or by nothing but each other.

    Parameters
    ----------
    family : set of str
        Source files that bear out nothing.
    moved : set of (str, str)
        Layers and source files that bear out nothing: see `moved_to_fit`.
    bases : mapping

    Returns
    -------
    frozenset of (str, str)
        Layers and source files, of those in `bases`; none of `moved`.
    """
    hanging = set(bases)
    while free := {held for held in hanging - moved if _stands(held, family, hanging, bases)}:
        hanging -= free
    return frozenset(hanging - moved)


def _hangs(held: Holding, own: AbstractSet[str], found: AbstractSet[Holding], bases: Bases) -> bool:
    basis = bases[held]
    theirs = [rows for layer, source, rows in basis.speakers if source in own or (layer, source) in found]
    if basis.is_moved:
        return bool(theirs)
    return bool(theirs) and basis.is_judged and 2 * sum(theirs) >= sum(rows for *_, rows in basis.speakers)


def _stands(held: Holding, family: AbstractSet[str], hanging: AbstractSet[Holding], bases: Bases) -> bool:
    """Tell whether rows stand on their own, or for more than half on what does."""
    basis = bases[held]
    if not basis.is_judged or not basis.speakers:
        return True
    others = sum(
        rows for layer, source, rows in basis.speakers if source not in family and (layer, source) not in hanging
    )
    return 2 * others > sum(rows for *_, rows in basis.speakers)
