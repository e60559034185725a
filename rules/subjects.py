"""What rules of a scoreboard count, and what it must have. Standard library only."""

from __future__ import annotations

# Of signal upgrade (〔2023〕257号), in the order of the notice.
SCENES = (
    *("government_centre", "tourism", "medical", "university", "transport_hub", "metro", "road_rail_waterway"),
    *("mall", "housing", "office_building", "township_village"),
)
# Classes made of several scenes: all of them, and those that a gigabit city counts (MIIT notices on gigabit cities).
JOINED = {
    "key_place": SCENES,
    "city_key_place": ("medical", "university", "tourism", "transport_hub"),
}
LINES = ("railway", "highway", "metro_line")
NATIONAL = ("key_place", *LINES)  # may be held against a count of the whole country, not a share
STATISTIC = "statistic"  # no layer tells it
SUBJECTS = (
    *("county_town", "township", "village", "settlement", "rural_school", "border_school", "border_institution"),
    *("island", "border_road", "inland_sea", "territorial_sea"),
    *SCENES,
    *JOINED,
    *LINES,
    STATISTIC,
)
SERVICES = ("5G", "4G", "mobile", "broadband", "gigabit_fibre")


def classes_of(subject: str) -> tuple[str, ...]:
    """Give the classes that a subject of a rule is made of."""
    return JOINED.get(subject, (subject,))
