"""What an import asks of a verdict on the datum, whoever weighed the evidence."""

from __future__ import annotations

from typing import Protocol

from ...text import Text


class Verdict(Protocol):
    """What the evidence says of a file's datum, as `doctor.datum.verdict.DatumVerdict`, which builds on this package.

    `datum` and `decision` are "wgs84", "gcj02", "bd09" or ``EPSG:n``, and "" for no decision.
    """

    @property
    def decision(self) -> str:
        """What is clear beyond doubt; other than `datum` where the axes are exchanged."""

    @property
    def datum(self) -> str:
        """What ``--datum`` takes for the decision, once swapped axes are in order."""

    @property
    def why(self) -> Text:
        """What the evidence comes to."""

    @property
    def firm(self) -> bool:
        """Whether it rests on more than lying near what is known."""

    @property
    def tests(self) -> tuple[str, ...]:
        """The kinds of test that could be carried out."""

    @property
    def labelled(self) -> str:
        """What the file itself says, "" for nothing."""

    @property
    def contradicts_label(self) -> bool:
        """Whether the decision is another datum or zone than the file states."""

    @property
    def old_datum(self) -> str:
        """Name of a CRS that the file states on another datum than CGCS2000 or WGS 84, "" for none."""

    @property
    def swapped(self) -> bool:
        """Whether the axes are exchanged in the file as a whole."""

    @property
    def throughout(self) -> bool:
        """Whether the numbers of every single row can only be right with their axes exchanged."""

    @property
    def has_prefix(self) -> bool | None:
        """Whether metres begin with a zone number; None for degrees."""

    @property
    def number(self) -> int:
        """That zone number, 0 for none."""

    def supports(self, datum: str) -> bool:
        """Tell whether the decision is the datum or zone of a statement."""

    def exchanged(self) -> Verdict:
        """Give the verdict on the file with its axes put in order."""
