"""What keeps the checks of a package quick changes none of their answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.layers.delivery.checking import areas as area_module
from xinji_planner.layers.geometry import areas, strips, unfilled
from xinji_planner.layers.geometry.strands import strands_of
from xinji_planner.tests.engine.test_check_geometry import layer, said

FEW = settings(max_examples=25, deadline=None)
FAR = np.array([38_500_000.0, 3_900_000.0])


def noisy_squares(side, noise, seed, kept=1.0, size=20.0):
    """Squares that would tile the ground, but for noise on every vertex and some that are missing."""
    chance = np.random.default_rng(seed)
    x, y = (size * values.ravel() for values in np.meshgrid(np.arange(side), np.arange(side)))
    corners = np.stack([np.stack([x + size * a, y + size * b], 1) for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))], 1)
    made = shapely.polygons(corners + chance.uniform(-noise, noise, corners.shape))
    return made[chance.random(len(made)) < kept]


def by_place(shapes):
    return shapes[np.lexsort(np.round(shapely.bounds(shapes), 3).T)]


@FEW
@given(st.integers(0, 10_000), st.sampled_from([0.03, 1.0, 9.0]), st.sampled_from([1.0, 0.6]))
def test_gaps_found_block_by_block_are_those_of_all_areas_at_once(seed, noise, kept):
    shapes = noisy_squares(9, noise, seed, kept)
    crowded = np.ones(len(shapes), dtype=bool)
    with pytest.MonkeyPatch.context() as patch:
        whole = by_place(unfilled.unfilled(shapes, crowded))
        patch.setattr(unfilled, "_WHOLE", 1)
        patch.setattr(unfilled, "_BLOCK", 7)
        parts = by_place(unfilled.unfilled(shapes, crowded))
    assert len(whole) == len(parts)
    assert shapely.area(shapely.symmetric_difference(whole, parts)) == pytest.approx(0, abs=1e-6)


@FEW
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.03, 9.0]))
def test_pairs_of_areas_that_overlap_are_those_a_look_at_every_pair_finds(seed, noise):
    shapes = noisy_squares(5, noise, seed)
    large = shapely.box(-5, -5, 45, 45).segmentize(0.5)  # more vertices than the rest: it is the one prepared
    shapes = np.append(shapes, large)
    one, other = areas.overlapping_pairs(shapes)
    slow = [
        (i, j)
        for i in range(len(shapes))
        for j in range(i + 1, len(shapes))
        if shapes[i].intersects(shapes[j]) and not shapes[i].touches(shapes[j])
    ]
    assert list(zip(one.tolist(), other.tolist())) == slow


def test_whoever_asks_only_which_areas_overlap_is_told_of_all_of_them():
    shapes = np.concatenate(
        [np.repeat(shapely.box(0, 0, 10, 10), 200), noisy_squares(4, 0.0, 1), noisy_squares(4, 1.0, 1)]
    )
    one, other = areas.overlapping_pairs(shapes)
    done = np.zeros(len(shapes), dtype=bool)
    taken = 0
    for a, b in areas.pairs_in_turn(shapes, done):
        done[a] = done[b] = True
        taken += len(a)
    assert set(np.flatnonzero(done)) == set(one) | set(other)
    assert taken < len(one)


@FEW
@given(st.integers(0, 10_000))
def test_a_large_area_shares_with_what_it_holds_what_geos_says_to_the_bit(seed):
    chance = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, 2_000, endpoint=False)
    radius = 100 + chance.random(len(angle))
    large = shapely.Polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]) + FAR)
    x, y = chance.uniform(-120, 120, (2, 60)) + FAR[:, None]
    small = shapely.buffer(shapely.points(x, y), chance.uniform(0.5, 15, 60))
    both = np.repeat(large, len(small))
    for one, other in ((both, small), (small, both)):
        found, pair = strips.common_ground(one, other, 1e-4)
        plain, same_pair = strips.wide_parts(shapely.intersection(one, other), 1e-4)
        assert pair.tolist() == same_pair.tolist()
        assert shapely.to_wkb(found).tolist() == shapely.to_wkb(plain).tolist()


def test_more_overlaps_and_gaps_than_can_be_listed_are_cut_with_a_word_of_it(monkeypatch):
    shapes = noisy_squares(6, 0.03, 3)
    everything = said(shapes, "polygon", rules=("4101",), tiles=True)
    gaps = [item for item in everything if "gap" in item.message.en]
    overlaps = [item for item in everything if item not in gaps]
    monkeypatch.setattr(area_module, "MOST", 10)
    some = said(shapes, "polygon", rules=("4101",), tiles=True)
    whole = [item.message.en for item in some if not item.feature]
    assert whole == [
        "Too many overlaps: the first 10 are listed, and not the others.",
        f"There are {len(gaps)} gaps: the largest 10 are listed.",
    ]
    listed = [item for item in some if item.feature]
    assert len(listed) == 20
    texts = {(item.feature, item.message.en) for item in overlaps + gaps}
    assert {(item.feature, item.message.en) for item in listed} <= texts


def test_a_hundred_copies_of_an_area_are_told_as_copies_and_nothing_else():
    shapes = [shapely.box(0, 0, 10, 10)] * 100 + [shapely.box(5, 0, 15, 10)]
    found = said(shapes, "polygon", rules=("DUP", "4101"))
    assert [item.rule for item in found] == ["DUP"] * 99 + ["4101"]
    assert found[-1].feature == "110"


def test_texts_of_a_field_are_made_once_and_say_the_same_for_every_kind_of_value():
    values = ["a", " b ", None, "", "3"]
    mixed = ["a", 2.0, 2.5, None, float("nan"), True, 7, pd.NA, " c"]
    made = layer([shapely.Point(0, 0)] * 5, "point", columns=pd.DataFrame({"F": pd.Series(values, dtype=object)}))
    assert made.texts("F").tolist() == ["a", "b", "", "", "3"]
    assert made.texts("f") is made.texts("F")
    with pytest.raises(ValueError, match="read-only"):
        made.texts("F")[0] = "z"
    more = layer([shapely.Point(0, 0)] * 9, "point", columns=pd.DataFrame({"F": pd.Series(mixed, dtype=object)}))
    assert more.texts("F").tolist() == ["a", "2", "2.5", "", "", "True", "7", "", "c"]


@FEW
@given(st.integers(0, 10_000))
def test_lines_held_against_themselves_alone_keep_their_own_overlaps_and_no_others(seed):
    chance = np.random.default_rng(seed)
    lines = shapely.linestrings(chance.integers(0, 8, (12, 40, 2)).astype(float) + FAR)
    alone = chance.random(12) < 0.5
    whole, some = strands_of(lines, 1e-4), strands_of(lines, 1e-4, alone)
    one, other = whole.overlaps.one, whole.overlaps.other
    kept = (one == other) | ~(alone[one] | alone[other])
    assert some.overlaps.one.tolist() == one[kept].tolist()
    assert some.overlaps.other.tolist() == other[kept].tolist()
    assert shapely.to_wkb(some.overlaps.ground).tolist() == shapely.to_wkb(whole.overlaps.ground[kept]).tolist()
    assert np.array_equal(some.places, whole.places)


def test_hundreds_of_copies_of_a_line_are_told_as_copies_and_not_as_too_much_to_list():
    places = np.cumsum(np.random.default_rng(1).uniform(1, 20, (30, 2)), axis=0)
    found = said([shapely.LineString(places)] * 600, "line", rules=("DUP", "4201"))
    assert {item.rule for item in found} == {"DUP"}
    assert len(found) == 599
