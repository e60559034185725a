"""Name all rows that are taken for one thing, not only the first of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....text import Text

_NAMED = 10


@dataclass(frozen=True)
class Concerned:
    """The rows that findings on pairs are about.

    Attributes
    ----------
    related : list of str, length m
        The other rows of each row's group, the first ten of them.
    groups : list of list of str, length m
        All rows of its group.
    """

    related: list[str]
    groups: list[list[str]]

    def told(self, whys: Sequence[Text]) -> list[Text]:
        """Add all rows to the reasons of groups of more than two."""
        return [_with_all(why, group) if len(group) > 2 else why for why, group in zip(whys, self.groups)]


def all_concerned(at: np.ndarray, twin: np.ndarray, own: Sequence[str], other: Sequence[str]) -> Concerned:
    """Put pairs that share a row together.

    Parameters
    ----------
    at, twin : numpy.ndarray of int64, shape (m,)
        A row, and the earlier one that it is taken for; each of `at` once.
    own, other : sequence of str, length m
        What the two are called.
    """
    first = dict(zip(at.tolist(), twin.tolist()))
    names = dict(zip(twin.tolist(), other)) | dict(zip(at.tolist(), own))
    members: defaultdict[int, list[int]] = defaultdict(list)
    roots = {}
    for row in first:
        root = row
        while root in first:  # every step leads to an earlier row
            root = first[root]
        roots[row] = root
        members[root].append(row)
    related, groups = [], []
    for row in at.tolist():
        group = [roots[row], *sorted(members[roots[row]])]
        others = [names[one] for one in group if one != row]
        related.append(", ".join(others[:_NAMED]) + (" …" if len(others) > _NAMED else ""))
        groups.append([names[one] for one in group])
    return Concerned(related, groups)


def _with_all(why: Text, group: Sequence[str]) -> Text:
    more = len(group) > _NAMED
    zh = "、".join(_zh(row) for row in group[:_NAMED]) + ("等" if more else "")
    en = ", ".join(group[:_NAMED]) + (" and others" if more else "")
    return Text(f"{why.zh}共涉及 {len(group)} 行：{zh}。", f"{why.en} {len(group)} rows in all: {en}.")


def _zh(row: str) -> str:
    return f"第 {row[4:]} 行" if row.startswith("row ") else row
