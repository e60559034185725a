"""Recommendation ITU-R P.1812: basic transmission loss of one terrestrial path, 30 MHz to 6 GHz.

Annex 1 of P.1812-8. Equation numbers are those that the validation results of the reference software of ITU-R Study
Group 3 cite; the tests hold every intermediate value to those results. Lengths in km, heights in m, angles in mrad.
"""

from .climate import great_circle_km, path_centre_latitude
from .combine import P1812Result, basic_transmission_loss
from .profile import COASTAL, INLAND, SEA, Link, PathProfile

__all__ = [
    "COASTAL",
    "INLAND",
    "SEA",
    "Link",
    "P1812Result",
    "PathProfile",
    "basic_transmission_loss",
    "great_circle_km",
    "path_centre_latitude",
]
