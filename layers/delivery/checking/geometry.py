"""Everything a bureau's checker looks for in the geometry of one layer, by the checks that the profile lists."""

from __future__ import annotations

from collections.abc import Mapping

from ..profile.model import Check, Profile
from .areas import area_checks
from .found import Found
from .frame import frame_of
from .lines import line_checks
from .shapes import curve, empty, kind, multi, sharp, twice, twins_of, valid
from .source import PackageLayer

RULES = ("EMPTY", "KIND", "VALID", "MULTI", "CURVE", "DUP", "4101", "4201", "4601", "4701", "SHARP")
"""The rules that are checked here."""
NEED_A_CRS = ("4601", "4701")


def geometry_checks(layer: PackageLayer, profile: Profile, checks: Mapping[str, Check]) -> list[Found]:
    """Check the geometry of a layer.

    Parameters
    ----------
    layer : PackageLayer
        Overlay, touching and tolerance are judged in its own CRS; what is stated in m² and m is geodesic (flat where
        the layer states no CRS and its coordinates cannot be degrees).
    profile : Profile
        `geometry` has the tolerance (tolerance_deg for a layer in degrees, tolerance_m for others); its layers say
        what kind is wanted, whether areas must tile and lines must join.
    checks : mapping of str to Check
        By rule id; only those of `RULES` that are here are run. 4601, 4701 and SHARP need a threshold (m², m,
        degrees), 4601 and 4701 a layer with a CRS. MULTI being listed means that several parts are forbidden.

    Returns
    -------
    list of Found
        Rule by rule in the order of `RULES`, within a rule in the order of the features. What lies between two
        features is told once: at the later of them, or for a gap at the one with the longest border on it. What is
        told as drawn again (DUP) is not told as overlapping anything: its earlier twin is.
    """
    if layer.crs is None:
        checks = {rule: check for rule, check in checks.items() if rule not in NEED_A_CRS}
    frame = frame_of(layer, profile)
    twins = twins_of(frame) if "DUP" in checks else None
    found: list[Found] = []
    if "EMPTY" in checks:
        found += empty(frame, checks["EMPTY"])
    if "KIND" in checks:
        found += kind(frame, checks["KIND"], profile)
    if "VALID" in checks:
        found += valid(frame, checks["VALID"])
    if "MULTI" in checks:
        found += multi(frame, checks["MULTI"])
    if "CURVE" in checks:
        found += curve(frame, checks["CURVE"])
    if twins is not None:
        found += twice(frame, checks["DUP"], twins)
    found += area_checks(frame, profile, checks, twins)
    found += line_checks(frame, profile, checks, twins)
    if "SHARP" in checks:
        found += sharp(frame, checks["SHARP"])
    order = {rule: k for k, rule in enumerate(RULES)}
    at = {str(name): k for k, name in reversed(list(enumerate(layer.features)))}
    return sorted(found, key=lambda item: (order[item.rule], at.get(item.feature, -1)))
