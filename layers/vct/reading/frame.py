"""The frame of a VCT file: which section stands on which lines.

Sections open and close with ``NameBegin`` and ``NameEnd`` on lines of their own, in any case of letters.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Container
from dataclasses import dataclass, field

from ....errors import Fault
from ....text import Text

_MARK = re.compile(r"(?im)^[ \t]*([a-z]{3,20}?)(begin|end)[ \t]*\r?$")
_SECTIONS = {
    *("comment", "head", "featurecode", "tablestructure", "point", "line", "polygon", "solid", "aggregation"),
    *("annotation", "topology", "attribute", "varchar", "style"),
}
# They hold words of their own, or sections inside; only their own end closes them.
_OPAQUE = {"comment", "annotation", "topology", "varchar", "style", "solid", "aggregation"}
_NEEDED = ("Head", "FeatureCode", "TableStructure", "Attribute")


@dataclass
class Body:
    """The lines of one section that are not blank.

    Attributes
    ----------
    rows : list of str
        Without blanks at either end.
    numbers : array of int64
        Line number of each in the file, counted from 1.
    """

    rows: list[str] = field(default_factory=list)
    numbers: array[int] = field(default_factory=lambda: array("q"))


@dataclass
class Frame:
    """The sections of a file.

    Attributes
    ----------
    bodies : dict of str to Body
        By the name of the section in lower case; sections that occur twice are put one behind the other.
    names : dict of str to str
        The names as they stand in the file.
    first_line : dict of str to int
        Line of the first ``Begin``, counted from 1.
    """

    bodies: dict[str, Body] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    first_line: dict[str, int] = field(default_factory=dict)

    def body(self, name: str) -> Body:
        """Give a section's lines, none where the file lacks it."""
        return self.bodies.get(name, Body())

    def taken(self, name: str) -> Body:
        """Give a section's lines and let go of them."""
        return self.bodies.pop(name, Body())

    @property
    def unknown(self) -> list[str]:
        """Sections that the grammar does not have."""
        return [name for name in self.bodies if name not in _SECTIONS]


def split(text: str, file: str, faults: list[Fault], wanted: Container[str] = _SECTIONS) -> Frame:
    r"""Split a text into its sections.

    Parameters
    ----------
    text : str
        With ``\n`` between lines.
    file : str
        For messages.
    faults : list of Fault
        Gains every break of the frame: a section without end, an end without beginning, words outside sections, a
        section that is missing.
    wanted : container of str
        Sections, in lower case, whose lines are kept; the lines of unknown sections are kept always.
    """
    lines = text.split("\n")
    frame = Frame()
    outside = 0  # first line after the last section
    opened: tuple[str, str, int] | None = None
    for at, shown, ends in _marks(text):
        name = shown.lower()
        if opened is None:
            _check_outside(lines, outside, at, file, faults)
            outside = at + 1
            if ends:
                faults.append(
                    _fault(file, at, Text(f"{shown}End 之前没有 {shown}Begin", f"{shown}End without {shown}Begin"))
                )
            else:
                opened = (name, shown, at)
        elif ends and name == opened[0]:
            _keep(frame, lines, opened, at, wanted)
            opened, outside = None, at + 1
        elif not ends and name in _SECTIONS and opened[0] not in _OPAQUE:
            faults.append(_unended(file, opened, at))
            _keep(frame, lines, opened, at, wanted)
            opened = (name, shown, at)
    if opened is not None:
        faults.append(_unended(file, opened, len(lines)))
    else:
        _check_outside(lines, outside, len(lines), file, faults)
    missing = [
        name for name in _NEEDED if name.lower() not in frame.bodies and (not opened or opened[0] != name.lower())
    ]
    for name in missing:
        faults.append(
            _fault(file, None, Text(f"缺少 {name}Begin…{name}End 一节", f"there is no {name}Begin…{name}End"))
        )
    return frame


def _marks(text: str) -> list[tuple[int, str, bool]]:
    """Give the index of the line, the name, and whether it ends a section, of every keyword."""
    found, line, before = [], 0, 0
    for match in _MARK.finditer(text):
        line += text.count("\n", before, match.start())
        before = match.start()
        found.append((line, match[1], match[2].lower() == "end"))
    return found


def _keep(frame: Frame, lines: list[str], opened: tuple[str, str, int], end: int, wanted: Container[str]) -> None:
    name, shown, start = opened
    body = frame.bodies.setdefault(name, Body())
    frame.names.setdefault(name, shown)
    frame.first_line.setdefault(name, start + 1)
    if name in _SECTIONS and name not in wanted:
        return
    words = [line.strip() for line in lines[start + 1 : end]]
    body.rows += [row for row in words if row]
    body.numbers.extend(number for number, row in enumerate(words, start + 2) if row)


def _check_outside(lines: list[str], start: int, end: int, file: str, faults: list[Fault]) -> None:
    for at in range(start, end):
        words = lines[at].strip(" \t\r\ufeff\x1a")
        if words:
            faults.append(
                _fault(file, at, Text(f"不属于任何一节：“{words[:40]}”", f"belongs to no section: “{words[:40]}”"))
            )
            return


def _unended(file: str, opened: tuple[str, str, int], at: int) -> Fault:
    _, shown, start = opened
    return _fault(
        file,
        at - 1,
        Text(
            f"第 {start + 1} 行的 {shown}Begin 没有 {shown}End，文件可能被截断",
            f"{shown}Begin of line {start + 1} has no {shown}End; the file may be cut off",
        ),
    )


def _fault(file: str, at: int | None, words: Text) -> Fault:
    return Fault(words, file=file, row=None if at is None else at + 1)
