"""Judge a correction of coordinates on its result, before it is accepted.

A row whose axes are exchanged or whose decimal point is put back stands somewhere else than before, and may be wrong
there, too: a copy of another row, a place of two decimals, a village in another county. What the checks would say of
the corrected row is said with the proposal. A row that seems to be a copy of another says how far from it the row
would stand. Stations and readings of one content are copies only beyond `likeness.APART_M` (2,000 m) from each other,
which is more than a site's size and what two decimals of a degree leave: nearer ones are cells of a mast. The distances
are those of the checks themselves; that one, `FAR_M`, and the shares below, are choices of this project, in no
standard.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from ...text import NOTHING, Text
from ..reading.importing import Doubting
from ..reading.judging import Caution, Doubt, Proposal
from ..reading.mapping import Mapping as Columns
from ..reading.misplaced import home
from ..reading.plausible import in_china
from ..reading.suspicious import coarse_decimals, decimals_told
from ..sources.raw_table import RawTable
from ..spec import Geometry, LayerSpec
from ..table import LayerTable
from .identity.columns import lon_lat, other_rows, texts
from .identity.counties import county_findings, metres_outside
from .identity.names import stem_of_village
from .identity.near import near_duplicates
from .likeness import APART_M, equal_rows, metres_to_nearest, with_distance
from .references import References

FAR_M = 5000.0  # outside every loaded unit by more: in the sea, or in the wrong county
_MOSTLY = 0.9  # share of the file's rows that have to lie inside the loaded units for that
_SAMPLE = 200
_NEIGHBOURS_DEG = 0.02  # more than twice `near.VILLAGE_M`, the widest distance of two rows for one thing
_NAMED = 5
_OUTSIDE = ("code_outside", "code_near_outside")
_EQUAL = Text("与{rows}只有编号和坐标不同", "but for key and coordinates it says the same as {rows}")
_SAME_NAME = Text("与{rows}同乡镇、同名", "of the same town and name as {rows}")
_ALIKE = Text("疑似与{rows}是同一对象", "perhaps the same thing as {rows}")
_CELLS = ("base_stations", "measurements")  # their rows on one site may share everything but the number
_Said = defaultdict[int, list[Text]]


def doubting(
    raw: RawTable, columns: Columns, spec: LayerSpec, layers: Mapping[str, LayerTable], references: References
) -> Doubting | None:
    """Give what judges the corrections of a file of points; None for lines and areas.

    Parameters
    ----------
    raw, columns, spec
        The file, and which of its columns is which field.
    layers : mapping of str to LayerTable
        The workspace's rows of other sources, by layer.
    references : References
    """
    if spec.geometry not in (Geometry.POINT, Geometry.ANY):
        return None

    def of(frame: pd.DataFrame) -> Doubt:
        return _Judge(raw, columns, spec, frame, layers, references).doubts

    return of


@dataclass
class _Judge:
    raw: RawTable
    columns: Columns
    spec: LayerSpec
    frame: pd.DataFrame
    layers: Mapping[str, LayerTable]
    references: References
    _placed: dict[int, tuple[float, float]] = field(default_factory=dict)
    _twins: set[int] = field(default_factory=set)  # rows that would repeat one that stands where it should

    def doubts(self, proposal: Proposal) -> Sequence[Caution]:
        """Say of every row of a proposal what speaks against its result."""
        said: _Said = defaultdict(list)
        others = proposal.others()
        for at, place in self._placed.items():  # corrected for another reason; it may be the same thing
            others[at] = place
        others[proposal.at] = np.nan
        # Of rows that are all wrong in their places none is the duplicate: setting each aside would lose the thing.
        sound = set(np.flatnonzero(in_china(*others.T)).tolist()) - set(self._placed)
        self._near(proposal, others, self._copies(proposal, others, sound, said), sound, said)
        _coarse(proposal, self._twins, said)
        self._outside(proposal, others, said)
        self._placed |= {int(at): tuple(place) for at, place in zip(proposal.at, proposal.places)}
        return [
            Caution(_joined(said[int(at)]) if int(at) in said else NOTHING, int(at) in self._twins)
            for at in proposal.at
        ]

    def _rows(self, positions: Iterable[int]) -> Text:
        numbers = [int(number) for number in self.raw.rows[sorted(set(positions))]]
        shown = [str(number) for number in numbers[:_NAMED]]
        more = len(numbers) > _NAMED
        zh = f"第 {'、'.join(shown)} 行" + (f"等 {len(numbers)} 行" if more else "")
        en = f"row{'s' * (len(numbers) > 1)} {', '.join(shown)}" + (f" and others ({len(numbers)})" if more else "")
        return Text(zh, en)

    def _copies(self, proposal: Proposal, others: np.ndarray, sound: set[int], said: _Said) -> dict[int, set[int]]:
        """Tell which rows say the same as another but for key and coordinates, wherever they stand, and give those."""
        equal = equal_rows(self.raw, self.columns, self.spec, proposal.at)
        alike = dict(equal)
        if self.spec.name == "villages":
            stems = [stem_of_village(name) for name in self._texts("village_name")]
            towns = [code[:9] for code in self._texts("village_code")]
            groups: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
            for at, key in enumerate(zip(towns, stems)):
                if all(key):
                    groups[key].add(at)
            for at in proposal.at.tolist():
                alike[at] = alike.get(at, set()) | (groups.get((towns[at], stems[at]), set()) - {at})
        keys = self._texts(self.spec.key[0] if self.spec.key else "")
        alike = {at: {row for row in rows if keys[row] != keys[at]} for at, rows in alike.items()}
        known: dict[int, set[int]] = {}
        for at, place in zip(proposal.at.tolist(), proposal.places):
            rows = alike.get(at, set())
            # A row that is wrong in its own place tells nothing while there is one that is not.
            named = rows & sound & equal.get(at, set()) or rows & sound
            metres = metres_to_nearest(place, others[sorted(named)])
            if not rows or (self.spec.name in _CELLS and not metres > APART_M):
                continue  # a cell of that mast
            told = _EQUAL if (named or rows) <= equal.get(at, set()) else _SAME_NAME
            words = told.filled(rows=self._rows(named or rows))
            said[at].append(with_distance(words, metres, len(named)))
            known[at] = rows
            if named:
                self._twins.add(at)
        return known

    def _texts(self, name: str) -> np.ndarray:
        return texts(LayerTable(self.spec, self.frame, np.full(len(self.raw), None, dtype=object)), name)

    def _table(self, at: np.ndarray, places: np.ndarray | None = None) -> LayerTable:
        columns = self.frame.iloc[at].reset_index(drop=True).assign(source_row=self.raw.rows[at])
        shapes = np.full(len(at), None, dtype=object)
        if places is not None:
            there = np.isfinite(places).all(axis=1)
            shapes[there] = shapely.points(places[there])
        return LayerTable(self.spec, columns, shapes)

    def _near(
        self,
        proposal: Proposal,
        others: np.ndarray,
        known: Mapping[int, set[int]],
        sound: set[int],
        said: _Said,
    ) -> None:
        """Look for the same thing where a row would stand, apart from what is known."""
        near = _beside(proposal.places, others)
        rows = np.sort(np.r_[near, proposal.at])
        places = others[rows]
        places[np.searchsorted(rows, proposal.at)] = proposal.places
        table = self._table(rows, places)
        placed = int(np.isfinite(others).all(axis=1).sum()) + len(proposal.at)
        held = {name: layer for name, layer in self.layers.items() if name == self.spec.name}
        at_number = dict(zip(self.raw.rows[rows].tolist(), rows.tolist()))
        ours = set(proposal.at.tolist())
        twins: defaultdict[int, set[int]] = defaultdict(set)
        places_of = dict(zip(proposal.at.tolist(), proposal.places))
        for block in near_duplicates(table, rows, held, placed=placed):
            for row, related in zip(block.at if block.at is not None else (), block.related):
                for words in str(related).split(", "):
                    if not words.startswith("row "):
                        if row in ours:
                            self._twins.add(int(row))
                            told = Text(f"疑似与已导入的 {words} 是同一对象", f"perhaps the same thing as {words}")
                            metres = self._metres_to_held(places_of[int(row)], words)
                            said[int(row)].append(with_distance(told, metres, 1))
                        continue
                    other = at_number.get(int(words[4:]), -1)
                    for one, twin in ((int(row), other), (other, int(row))):
                        if one in ours and twin >= 0:
                            twins[one].add(twin)
        for one, rows_of in twins.items():
            if not (new := rows_of - known.get(one, set())):
                continue
            named = new & sound
            if named:
                self._twins.add(one)
            metres = metres_to_nearest(places_of[one], others[sorted(named)])
            said[one].append(with_distance(_ALIKE.filled(rows=self._rows(named or new)), metres, len(named)))

    def _metres_to_held(self, place: np.ndarray, words: str) -> float:
        """Give the distance to a row of the workspace that `near_duplicates` named."""
        held = self.layers[self.spec.name]
        places = np.column_stack(lon_lat(held))
        near = _beside(place[None, :], places)
        named = [at for at, name in zip(near.tolist(), other_rows(held, near)) if name == words]
        return metres_to_nearest(place, places[named])

    def _outside(self, proposal: Proposal, others: np.ndarray, said: _Said) -> None:
        """Tell which rows would lie outside their county, all loaded units, or the extent of the file."""
        told = set()
        if self.spec.name == "villages":
            for block in county_findings(self._table(proposal.at, proposal.places), proposal.at, self.layers):
                for index, at in enumerate(block.at if block.code in _OUTSIDE and block.at is not None else ()):
                    why = block.why[index if len(block.why) > 1 else 0]
                    told.add(int(at))
                    if block.grave != "informs":  # not for an island off its coast
                        said[int(at)].append(Text(why.zh.rstrip("。"), why.en.rstrip(".")))
        for at, metres in self._far_out(proposal, others):
            if at not in told:
                far = f"{metres / 1000:.1f} km"
                zh, en = f"位于已导入的行政区之外 {far}", f"{far} outside every region that is loaded"
                said[at].append(Text(zh, en))
        box = home(others[:, 0], others[:, 1])
        if box is None:
            return
        west, south, east, north = box
        lon, lat = proposal.places.T
        beyond = (lon < west) | (lon > east) | (lat < south) | (lat > north)
        rows = proposal.at
        for at in rows[beyond].tolist():
            said[at].append(Text("不在其余各行所在的范围内", "beyond the extent of the other rows"))

    def _far_out(self, proposal: Proposal, others: np.ndarray) -> list[tuple[int, float]]:
        units = self.references.units
        there = others[np.isfinite(others).all(axis=1)]
        if not len(units) or not len(there):
            return []
        tree = shapely.STRtree(units)
        sample = there[:: max(1, len(there) // _SAMPLE)]
        inside = np.unique(tree.query(shapely.points(sample), predicate="intersects")[0])
        if len(inside) < _MOSTLY * len(sample):
            return []
        out = np.ones(len(proposal.at), dtype=bool)
        out[np.unique(tree.query(shapely.points(proposal.places), predicate="intersects")[0])] = False
        lon, lat = proposal.places[out].T
        if not len(lon):
            return []
        metres = np.min([metres_outside(unit, lon, lat) for unit in units], axis=0)
        rows = proposal.at
        return [(int(at), float(far)) for at, far in zip(rows[out], metres) if far > FAR_M]


def _beside(places: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Give the positions of the other rows near any of some places."""
    there = np.flatnonzero(np.isfinite(others).all(axis=1))
    known = np.isfinite(places).all(axis=1)
    if not len(there) or not known.any():
        return np.zeros(0, dtype=np.int64)
    slim = np.cos(np.radians(places[known, 1].mean()))
    scale = np.array([slim, 1.0])
    metres, _ = cKDTree(places[known] * scale).query(others[there] * scale, distance_upper_bound=_NEIGHBOURS_DEG)
    return there[np.isfinite(metres)]


def _coarse(proposal: Proposal, twins: set[int], said: _Said) -> None:
    """Tell which rows have few decimals; of a twin the distance from the other row says more."""
    if (np.abs(proposal.coordinates) > 180).any():
        return  # metres
    standing = np.delete(proposal.standing, proposal.at, axis=0)
    standing = standing[in_china(*standing.T)]
    for at, count in zip(proposal.at.tolist(), coarse_decimals(proposal.coordinates, standing).tolist()):
        if count >= 0 and at not in twins:
            said[at].append(decimals_told(count))


def _joined(cautions: Sequence[Text]) -> Text:
    return Text("；".join(words.zh for words in cautions), "; ".join(words.en for words in cautions))
