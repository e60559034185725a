"""From several tests to one verdict on the datum, or to none.

The model. Every test gives each row a likelihood under each hypothesis, never more than e³ apart, so that a row that
is wrong in itself (mislocated, coded in another county) cannot decide. Rows and tests are taken as independent where
their weight is 1; tests give less to rows that may share an error. Times the shares before any evidence
(`datum_hypotheses`) this gives the likelihood of each hypothesis.

A likelihood is no better than its model, so a verdict needs more. Against every other hypothesis: a likelihood of 99 %
together, at least 5 rows that speak for it, no more against it than chance allows where a row says either with equal
odds (one-sided, 1 in 30), and a residual smaller by 30 m or more in the rows that differ. Else nothing can be told.

One weaker verdict is allowed, on a shifted datum only, which never converts anything: the file's own name says so, the
evidence agrees (80 %), at least 50 rows could be judged, one or more of them speak for it against true coordinates,
and none against it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import bdtrc  # the binomial survival function, without the second that scipy.stats takes to load

from ....text import NOTHING, Text
from ...reading.datum_decision import LABELS
from ...reading.mapping import TRUE_DATUMS
from ...zones import epsg_zone
from .evidence import Evidence
from .grounds import Ground
from .hypotheses import BD09, GCJ02, SWAPPED, TRUE, Hypothesis
from .kinship import Kin
from .limits import doubted, most_lead
from .pairs import PairCheck
from .vicinity import NEAR_M

CERTAIN = 0.99
LEAST_ROWS = 5
_CHANCE = 1 / 30
_MARGIN_M = 30.0
_SPEAKS = 0.4  # of the natural logarithm: 60 m outside an outline
_SAME_M = 20.0
_BY_NAME = 0.8
_BY_NAME_ROWS = 50
_DEGREE_M = 111_200.0
_NEAR_UNIT_M, _EXPLAINED = 2000.0, 0.5


@dataclass(frozen=True)
class Candidate:
    """One hypothesis and what speaks for it.

    Attributes
    ----------
    name : str
        See `Hypothesis.name`.
    label : Text
    likelihood : float
        0 to 1, all together 1.
    rows_for, rows_against : int
        Rows that speak for it, and against it, compared with the likeliest other one.
    rows_judged : int
        Rows that any test could judge.
    median_residual_m : float
        Of the test that tells most, over the rows in which the two likeliest readings differ (else all); NaN for none.
    share_inside : float
        Share of the rows that lie in the administrative unit that they name; NaN where none names one.
    """

    name: str
    label: Text
    likelihood: float
    rows_for: int
    rows_against: int
    rows_judged: int
    median_residual_m: float
    share_inside: float


@dataclass(frozen=True)
class DatumVerdict:
    """What the evidence says of a file's datum.

    Attributes
    ----------
    hypotheses : tuple of Candidate
        The likeliest first.
    decision : str
        Name of the hypothesis that is clear beyond doubt, "" where the evidence does not separate them.
    why : Text
        What it comes to, how likely it is, and how far off another reading would be.
    labelled : str
        What the file itself says; see `Positions.labelled`.
    swapped : bool
        The axes are exchanged in the file as a whole, even if its datum cannot be told.
    throughout : bool
        The numbers of every single row can only be right with their axes exchanged.
    by_name : bool
        The verdict leans on the file's name; see above.
    before_m, after_m : float
        Median residual with the numbers taken as they stand (as true coordinates; metres: by the zone that the file
        states, else by the next likeliest), and by the likeliest hypothesis; NaN where none was measured.
    shift_m : tuple of float or None
        A constant offset east and north of 30 to 200 m that no hypothesis explains.
    pairs : tuple of PairCheck
    has_prefix : bool or None
        Whether metres begin with a zone number; None for degrees.
    number : int
        That zone number, 0 for none.
    zone, old_datum
        See `Positions`.
    tests : tuple of str
        The kinds of test that could be carried out.
    grounds : tuple of Ground
        What the rows were held against.
    kin : tuple of Kin
        What of the workspace was left out, since it may be of the same origin.
    details : Text
        What it rests on, with all figures.
    helps : tuple of str
        Layers that the workspace does not hold yet and that would tell more.
    lead : Text
        The one line that decides, see `lead`.
    """

    hypotheses: tuple[Candidate, ...]
    decision: str
    why: Text
    labelled: str = ""
    swapped: bool = False
    by_name: bool = False
    before_m: float = float("nan")
    after_m: float = float("nan")
    shift_m: tuple[float, float] | None = None
    shift_why: Text = NOTHING
    pairs: tuple[PairCheck, ...] = ()
    has_prefix: bool | None = None
    zone: tuple[float, bool] | None = None
    old_datum: str = ""
    tests: tuple[str, ...] = ()
    number: int = 0
    throughout: bool = False
    grounds: tuple[Ground, ...] = ()
    kin: tuple[Kin, ...] = ()
    details: Text = NOTHING
    helps: tuple[str, ...] = ()
    lead: Text = NOTHING

    @property
    def is_compared(self) -> bool:
        """Whether the rows were held against anything but China's extent."""
        return any(test != "extent" for test in self.tests)

    @property
    def best(self) -> Candidate | None:
        """The likeliest hypothesis."""
        return self.hypotheses[0] if self.hypotheses else None

    @property
    def datum(self) -> str:
        """What ``--datum`` takes for the decision, once swapped axes are in order; "" for no decision."""
        return self.decision.removeprefix(SWAPPED)

    @property
    def confidence(self) -> float:
        """Likelihood of the likeliest hypothesis."""
        return self.hypotheses[0].likelihood if self.hypotheses else 0.0

    @property
    def contradicts_label(self) -> bool:
        """Whether the decision is another datum or zone than the file states."""
        return bool(self.decision and self.labelled) and not agrees(self.labelled, self.decision, self.zone)

    @property
    def bears_out_label(self) -> bool:
        """Whether the decision is the datum or zone that the file states."""
        return bool(self.decision and self.labelled) and agrees(self.labelled, self.decision, self.zone)

    def is_labelled(self, datum: str) -> bool:
        """Tell whether the file itself states a datum or zone."""
        name = TRUE if datum in TRUE_DATUMS else datum
        return bool(self.labelled) and agrees(self.labelled, name, self.zone)

    def supports(self, datum: str) -> bool:
        """Tell whether the decision is the datum or zone of a statement; a UTM zone counts as true degrees."""
        return agrees(TRUE if self.has_prefix is None and datum not in LABELS else datum, self.decision)

    @property
    def firm(self) -> bool:
        """Whether it rests on more than lying near what is known; a planner's order to the contrary is then a slip."""
        return bool(self.decision) and bool(set(self.tests) - {"extent", "vicinity"})

    def exchanged(self) -> DatumVerdict:
        """Give the verdict on the file with its axes put in order, as the planner has ordered."""
        return replace(self, decision=self.datum, swapped=False, throughout=False)

    def as_json(self) -> dict[str, Any]:
        """Give plain JSON values; a number that is not known is None."""
        return {
            "decision": self.decision,
            "labelled": self.labelled,
            "why": self.why._asdict(),
            "details": self.details._asdict(),
            "before_m": _plain(self.before_m),
            "after_m": _plain(self.after_m),
            "swapped": self.swapped,
            "by_name": self.by_name,
            "shift_m": None if self.shift_m is None else [round(part, 1) for part in self.shift_m],
            "tests": list(self.tests),
            "held_against": [item.as_json() for item in self.grounds],
            "left_out": [{"layer": item.held[0], "source": item.held[1], "rows": item.rows} for item in self.kin],
            "hypotheses": [
                {
                    "name": item.name,
                    "label": item.label._asdict(),
                    "likelihood": round(item.likelihood, 6),
                    "rows_for": item.rows_for,
                    "rows_against": item.rows_against,
                    "rows_judged": item.rows_judged,
                    "median_residual_m": _plain(item.median_residual_m),
                    "share_inside": _plain(item.share_inside, 4),
                }
                for item in self.hypotheses
            ],
        }


def _shares(score: np.ndarray) -> np.ndarray:
    found = np.exp(score - score.max())
    total: np.ndarray = found / found.sum()
    return total


def _plain(value: float, places: int = 1) -> float | None:
    return round(float(value), places) if np.isfinite(value) else None


def agrees(labelled: str, name: str, zone: tuple[float, bool] | None = None) -> bool:
    """Tell whether what a file or a planner states is what a hypothesis says.

    Parameters
    ----------
    labelled : str
        "wgs84", "cgcs2000", "gcj02", "bd09", or ``EPSG:n`` or the name of a projection.
    name : str
        See `Hypothesis.name`.
    zone : tuple of float and bool, optional
        `zone_key` of a stated projection, where it is no ``EPSG:n``.
    """
    if name in (TRUE, GCJ02, BD09):
        return labelled == name or (name == TRUE and labelled in TRUE_DATUMS)
    if not name.startswith("EPSG:"):
        return False
    stated = epsg_zone(labelled) if zone is None else zone
    return stated is not None and stated == epsg_zone(name)


class Weighed:
    """The tests together.

    Parameters
    ----------
    ideas : tuple of Hypothesis, H
    tests : list of Evidence
    doubt : float
        The chance that what they were held against is wrong as a whole; see `limits`.
    """

    def __init__(self, ideas: tuple[Hypothesis, ...], tests: list[Evidence], doubt: float = 0.0) -> None:
        self.ideas, self.tests = ideas, tests
        size = len(ideas[0].lon)
        self.speech = np.zeros((len(ideas), size))
        self.weighted = np.zeros((len(ideas), size))
        self.weight = np.zeros(size)
        self.judged = np.zeros(size, dtype=bool)
        for test in tests:
            self.speech[:, test.rows] += test.loglik
            self.weighted[:, test.rows] += test.loglik * test.weight
            self.weight[test.rows] = np.maximum(self.weight[test.rows], test.weight)
            self.judged[test.rows] = True
        priors = np.log([idea.prior for idea in ideas])
        said = self.weighted.sum(axis=1)
        self.best = int(np.argmax(said + priors))
        for other in range(len(ideas)):  # see `limits`: no more than so many rows may weigh
            said[other] = max(said[other], said[self.best] - most_lead(*self.counted(self.best, other)))
        apart = priors + sum(
            ((test.loglik @ test.weight) for test in tests if test.kind in ("extent", "pair")), np.zeros(len(ideas))
        )
        self.likelihood = doubted(_shares(said + priors), self.best, _shares(apart), doubt)

    def witnesses(self, one: int, other: int) -> tuple[np.ndarray, np.ndarray]:
        """Give the rows that speak for one hypothesis against another, and those that speak against it."""
        lead = self.speech[one] - self.speech[other]
        return np.flatnonzero(lead > _SPEAKS), np.flatnonzero(lead < -_SPEAKS)

    def counted(self, one: int, other: int) -> tuple[float, float]:
        """Give how many independent rows speak for one hypothesis against another, and how many against it."""
        yes, no = self.witnesses(one, other)
        return float(self.weight[yes].sum()), float(self.weight[no].sum())

    def beats(self, one: int, other: int) -> bool:
        """Tell whether the rows, apart from the likelihood, put one hypothesis above another."""
        for_, against = self.counted(one, other)
        if for_ < LEAST_ROWS or bdtrc(np.floor(for_) - 1, int(np.floor(for_) + np.ceil(against)), 0.5) > _CHANCE:
            return False
        return any(self._margin(test, one, other) for test in self.tests)

    @staticmethod
    def _margin(test: Evidence, one: int, other: int) -> bool:
        """Tell whether the residual is clearly smaller in the rows of a test that tell two hypotheses apart."""
        lead = test.loglik[one] - test.loglik[other]
        rows = np.abs(lead) > _SPEAKS
        if lead @ test.weight <= 0 or not rows.any():
            return False
        return bool(np.median(test.residual_m[other, rows] - test.residual_m[one, rows]) >= _MARGIN_M)

    def is_same(self, one: int, other: int) -> bool:
        """Tell whether two hypotheses put the rows in the same places, as beyond the range of the shifts."""
        a, b = self.ideas[one], self.ideas[other]
        east = (a.lon - b.lon) * np.cos(np.radians(a.lat))
        return bool(np.nanmedian(np.hypot(east, a.lat - b.lat)) * _DEGREE_M < _SAME_M)

    def decision(self) -> int | None:
        """Give the hypothesis that is clear, None for none."""
        same = [at for at in range(len(self.ideas)) if at == self.best or self.is_same(self.best, at)]
        best = min(same)  # of two that are the same place, the plainer one
        others = [at for at in range(len(self.ideas)) if at not in same]
        if self.likelihood[same].sum() < CERTAIN or not others or not self._may_tell():
            return None
        return best if self._plausible(best) and all(self.beats(best, at) for at in others) else None

    def _may_tell(self) -> bool:
        """Tell whether anything was tested but China's extent, which zones of a projection all fit or miss alike."""
        return epsg_zone(self.ideas[self.best].datum) is None or any(test.kind != "extent" for test in self.tests)

    def _plausible(self, one: int) -> bool:
        """Tell whether a hypothesis explains the rows, and is not only less wrong than the others."""
        region = next((test for test in self.tests if test.kind in ("region", "vicinity")), None)
        near = _NEAR_UNIT_M if region is None or region.kind == "region" else NEAR_M
        return region is None or float(np.mean(region.residual_m[one] < near)) > _EXPLAINED

    def by_name(self, hint: str) -> int | None:
        """Give the shifted datum that the file's name mentions, where all rows that tell anything agree."""
        names = [idea.name for idea in self.ideas]
        best = self.best
        told = max((len(test.rows) for test in self.tests if test.kind != "extent"), default=0)
        if told < _BY_NAME_ROWS:
            return None
        if hint not in (GCJ02, BD09) or names[best] != hint or self.likelihood[best] < _BY_NAME or TRUE not in names:
            return None
        votes = [self.witnesses(best, at) for at in range(len(names)) if at != best]
        yes, no = self.witnesses(best, names.index(TRUE))
        return best if len(yes) and not len(no) and all(2 * len(no) <= len(yes) for yes, no in votes) else None

    def is_swapped(self) -> bool:
        """Tell whether the axes are exchanged, whatever the datum."""
        turned = np.array([idea.is_swapped for idea in self.ideas])
        if not turned.any() or self.likelihood[turned].sum() < CERTAIN:
            return False
        return all(self.beats(self.best, int(at)) for at in np.flatnonzero(~turned))
