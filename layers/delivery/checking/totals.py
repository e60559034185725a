"""How many findings there are in all where not all are listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from .found import BETWEEN_FILES, MOST, Found, cut
from .source import Package

CUT_BEFORE = ("4101", "4201", "4601")  # they have words of their own for what they do not list


class Totals:
    """How many findings of a rule there are on a layer, of which no more than `MOST` are listed."""

    def __init__(self, package: Package) -> None:
        self._format = {layer.file: layer.format for layer in package.layers}
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._files: dict[tuple[str, str], dict[str, None]] = {}
        self._cut: set[tuple[str, str]] = set()

    def add(self, item: Found) -> None:
        """Count a finding, or those that are not listed."""
        if item.rule in CUT_BEFORE or not (item.feature or item.unlisted):
            return
        key = item.rule, item.layer
        self._counts[(*key, self._format.get(item.file, ""))] += item.count
        self._files.setdefault(key, {})[item.file] = None
        if item.unlisted:
            self._cut.add(key)

    def beyond(self, listed: Iterable[Found]) -> list[Found]:
        """Give what stands for the findings not listed, where there are any.

        Copies of a fault in other formats are none; which of those not listed are copies is not looked at: the format
        that has most of them tells how many there are.
        """
        shown = Counter((item.rule, item.layer) for item in listed if item.feature and item.rule not in CUT_BEFORE)
        largest: dict[tuple[str, str], int] = {}
        for (rule, layer, _), count in self._counts.items():
            largest[rule, layer] = max(largest.get((rule, layer), 0), count)
        found = []
        for key in sorted(self._cut | {key for key, count in shown.items() if count > MOST}):
            own = min(shown[key], MOST)
            total = max(shown[key], largest[key])
            if total > own:
                found.append(cut(*key, own, total - own, BETWEEN_FILES.join(self._files[key])))
        return found
