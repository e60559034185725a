"""What tests that plant faults share: a case, the ways to plant one, the run, and the judge of what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import shapely
from xinji_planner.tests.engine import package_kit as kit
from xinji_planner.tests.engine.package_kit import bsm

ALL = tuple(kit.CODES)


@dataclass(frozen=True)
class Case:
    """A planted fault: what must be found (rule, layer, one of these features) and the rules that follow from it."""

    name: str
    plant: Any
    expected: tuple[tuple[str, str, tuple[str, ...]], ...]
    follows: tuple[str, ...] = ()
    form: str = "gpkg"


def find(rule, layer, *features):
    """Tell what must be found; no feature: a finding of the whole layer."""
    return rule, layer, features or ("",)


def numbers(layer, *serials):
    return tuple(bsm(layer, serial) for serial in serials)


def value(layer, serial, **changed):
    return lambda made: made[layer].rows[serial - 1].update(changed)


def shape(layer, serial, new, **changed):
    """Put another geometry; its area or length is written into the row where the layer has the field."""

    def plant(made):
        made[layer].shapes[serial - 1] = new
        if layer == "ZDJCSSM" and isinstance(new, shapely.Geometry) and "YDMJ" not in changed:
            changed["YDMJ"] = round(new.area, 2)
        if layer == "ZDJCSSX" and isinstance(new, shapely.Geometry):
            changed["SSGM"] = round(new.length, 2)
        made[layer].rows[serial - 1].update(changed)

    return plant


def one_more(layer, new, **changed):
    def plant(made):
        serial = len(made[layer].rows) + 1
        given = {"ZDJCSSM": kit.areas_row, "ZDJCSSX": kit.lines_row}.get(layer)
        made[layer].add((given(serial, new) if given else kit.row(layer, serial)) | changed, new)

    return plant


def surroundings(folder):
    """Write the profile, the regions and the planning boundary, and give their paths."""
    return kit.write_profile(folder), *kit.write_regions(folder)


def write(made, folder, form):
    folder.mkdir()
    for one in form.split("+"):
        kit.WRITERS[one](made, folder)
    return folder


def fits(record, rule, layer, features):
    """Tell whether a record is one of what was expected; a * stands for anything."""
    here = not layer or layer in ("*", record.layer)
    return record.rule == rule and here and ("*" in features or record.bsm in features or record.feature in features)


def judge(case, found):
    missed = [item for item in case.expected if not any(fits(one, *item) for one in found)]
    more = [one for one in found if one.rule not in case.follows and not any(fits(one, *i) for i in case.expected)]
    assert not missed, f"not found: {missed}; found: {found}"
    assert not more, f"found besides: {more}"
    assert all(one.feature or one.layer or one.rule in ("FILE", "DATUM") for one in found)


def check_planted(case, around, folder):
    """Plant a fault in a good package, check it, and judge what was found."""
    made = kit.good_package()
    case.plant(made)
    _, found = kit.check(write(made, folder / "p", case.form), around, folder / "o")
    judge(case, found)


def checked(plant, around, folder, form="gpkg"):
    """Plant a fault in a good package; give what was found and the page."""
    made = kit.good_package()
    plant(made)
    _, found = kit.check(write(made, folder / "p", form), around, folder / "o")
    return found, (folder / "o" / "check_report.html").read_text(encoding="utf-8")
