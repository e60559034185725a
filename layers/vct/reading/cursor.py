"""Walk through the lines of a section, and say what stands where something else was expected."""

from __future__ import annotations

import numpy as np

from ....text import Text
from .frame import Body
from .head import Head

_LARGEST = 1e12
CHORD_ERROR_M, CHORD_ERROR_DEG = 0.001, 1e-8


class Broken(Exception):  # noqa: N818
    """An object does not follow the grammar."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words


class Cursor:
    """A place among the lines of a section.

    Attributes
    ----------
    rows, numbers : list
        See `frame.Body`.
    at : int
        Index of the next line.
    tolerance : float
        How far a chain of chords may be from a curve, in the unit of the coordinates.
    with_z : bool
        The object that is being read has a third coordinate, which is left out.
    """

    def __init__(self, body: Body, head: Head) -> None:
        self.rows, self.numbers, self.at = body.rows, body.numbers, 0
        self.separator, self.north_first, self.factor = head.separator, head.north_first, head.factor
        degrees = head.get("CoordinateSystemType").upper() == "D" or head.get("XYUnit").upper() == "D"
        self.tolerance = CHORD_ERROR_DEG if degrees else CHORD_ERROR_M
        self.with_z = False

    def more(self) -> bool:
        """Tell whether there is another line."""
        return self.at < len(self.rows)

    def peek(self, ahead: int = 0) -> str:
        """Give a line to come, "" beyond the end."""
        return self.rows[self.at + ahead] if self.at + ahead < len(self.rows) else ""

    def take(self, expected: Text) -> str:
        """Give the next line and go on."""
        if self.at >= len(self.rows):
            raise Broken(Text(f"到本节末尾仍缺 {expected.zh}", f"the section ends where {expected.en} was expected"))
        self.at += 1
        return self.rows[self.at - 1]

    def integer(self, expected: Text) -> int:
        """Give the next line as a whole number."""
        row = self.take(expected)
        found = whole(row)
        if found is None:
            self.at -= 1
            raise self.unlike(expected)
        return found

    def count(self, what: Text, least: int = 1) -> int:
        """Give a count that the rest of the section can hold."""
        start = self.at
        found = self.integer(what)
        left = len(self.rows) - self.at
        if not least <= found <= max(left * 64, least):  # ids stand several on a line
            self.at = start
            raise self.unlike(what)
        return found

    def number(self, expected: Text) -> float:
        """Give the next line as a finite number."""
        row = self.take(expected)
        try:
            found = float(row)
        except ValueError:
            found = np.nan
        if not abs(found) < _LARGEST:
            self.at -= 1
            raise self.unlike(expected)
        return found

    def pairs(self, count: int) -> np.ndarray:
        """Give `count` lines of coordinates as east and north, shape (count, 2)."""
        rows = self.rows[self.at : self.at + count]
        expected = Text("坐标“X,Y”", "coordinates “X,Y”")
        if len(rows) < count:
            self.at = len(self.rows)
            raise Broken(
                Text(
                    f"写明 {count} 个点，到本节末尾只有 {len(rows)} 行",
                    f"{count} points are stated, and the section ends after {len(rows)} lines",
                )
            )
        if self.separator != ",":
            rows = [row.replace(self.separator, ",") for row in rows]
        commas = rows[0].count(",")
        if commas not in (1, 2):
            raise self.unlike(expected)
        for ahead, row in enumerate(rows):
            if row.count(",") != commas:
                self.at += ahead
                raise self.unlike(expected)
        try:
            values = np.array([float(value) for value in ",".join(rows).split(",")])
            sound = bool((np.abs(values) < _LARGEST).all())
        except ValueError:
            sound = False
        if not sound:
            self.at += next(ahead for ahead, row in enumerate(rows) if not _finite(row))
            raise self.unlike(expected)
        self.at += count
        values = values.reshape(count, commas + 1)
        self.with_z |= commas == 2
        return (values[:, 1::-1] if self.north_first else values[:, :2]) * self.factor

    def references(self) -> tuple[int, ...]:
        """Give a list of ids, eight or so on a line, after the number of its items or without it."""
        what = Text("所引用对象的标识号", "the ids of the objects that it refers to")
        stated = None
        if "," not in self.peek() and self.peek(1) != "0":
            stated = self.count(Text("引用的项数", "the number of ids"))
        found: list[int] = []
        while (stated is None and self.peek() != "0" and self.more()) or (stated is not None and len(found) < stated):
            row = self.take(what)
            ids = [whole(part.strip()) for part in row.rstrip(",").split(",")]
            if None in ids:
                self.at -= 1
                raise self.unlike(what)
            found += [one for one in ids if one is not None]
        if stated is not None and len(found) != stated:
            raise Broken(
                Text(f"写明引用 {stated} 项，实际 {len(found)} 项", f"{stated} ids are stated, there are {len(found)}")
            )
        if not any(found):
            raise self.unlike(what)
        return tuple(found)

    def end(self) -> None:
        """Pass the 0 that ends an object."""
        if self.take(Text("结束对象的 0", "the 0 that ends the object")) != "0":
            self.at -= 1
            raise self.unlike(Text("结束对象的 0", "the 0 that ends the object"))

    def unlike(self, expected: Text) -> Broken:
        """Give the fault of a line that is not what was expected."""
        if self.at >= len(self.rows):
            return Broken(Text(f"到本节末尾仍缺 {expected.zh}", f"the section ends where {expected.en} was expected"))
        row, number = self.rows[self.at][:60], self.numbers[self.at]
        return Broken(
            Text(
                f"第 {number} 行应为 {expected.zh}，实际为“{row}”",
                f"line {number} should hold {expected.en}, found “{row}”",
            )
        )


def whole(words: str) -> int | None:
    """Give a whole number written in plain digits, None for anything else."""
    digits = words[1:] if words[:1] in ("-", "+") else words
    return int(words) if digits.isdigit() and digits.isascii() and len(digits) < 20 else None


def _finite(row: str) -> bool:
    try:
        return all(abs(float(value)) < _LARGEST for value in row.split(","))
    except ValueError:
        return False
