"""Roads, railways and coasts: what stations cover of them, by chainage, and what stays open."""

from .carriageways import second_carriageways
from .counties import NOWHERE, county_stretches
from .cover import Covered, covered_stretches
from .drawn import Lines, cut_lines, draw_lines
from .gaps import GapRuns, gap_runs
from .sampled import by_samples
from .samples import Samples, beside_changes, divided, sample_lines, states_of_levels, stretches_of_samples
from .stretches import Lengths, Overlay, Stretches, covered_or_not, divide, lay_over, lengths_by
from .twice import drawn_twice
from .verdicts import Verdicts, any_verdict, by_distance, filled

__all__ = [
    "NOWHERE",
    "Covered",
    "GapRuns",
    "Lengths",
    "Lines",
    "Overlay",
    "Samples",
    "Stretches",
    "Verdicts",
    "any_verdict",
    "beside_changes",
    "by_distance",
    "by_samples",
    "county_stretches",
    "covered_or_not",
    "covered_stretches",
    "cut_lines",
    "divide",
    "divided",
    "draw_lines",
    "drawn_twice",
    "filled",
    "gap_runs",
    "lay_over",
    "lengths_by",
    "sample_lines",
    "second_carriageways",
    "states_of_levels",
    "stretches_of_samples",
]
