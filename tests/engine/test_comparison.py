"""Two scoreboards held against each other: every change has its name, and the sums lead from before to after."""

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.comparison import (
    ABSENT,
    CHANGES,
    FLOWS,
    STATES,
    UNCHANGED,
    change_of,
    check_ledger,
    ledger,
    match_items,
    moved,
)
from xinji_planner.analysis.comparison_pieces import match_pieces, unmatched_roads
from xinji_planner.analysis.scoreboard import ALL_COUNTIES

RULES, COUNTIES = ("N12.village_5g", "N12.island_5g"), ("530001", "530002", "none")
COLUMNS = ["rule_id", "item_id", "county_code", "state"]


def table(*rows):
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def compared(before, after):
    pairs = match_items(before, after)
    return pairs, ledger(pairs, before, after).set_index(["rule_id", "county_code"])


def test_every_pair_of_states_has_one_name():
    told = {
        pair: change_of(*pair) for pair in itertools.product((*STATES, ABSENT), repeat=2) if pair != (ABSENT, ABSENT)
    }
    assert told["not_met", "met"] == "newly_met" and told["met", "not_met"] == "newly_lost"
    assert told["cannot_tell", "met"] == told["cannot_tell", "not_met"] == "newly_judged"
    assert told["met", "cannot_tell"] == told["not_met", "cannot_tell"] == "no_longer_judged"
    assert {told[ABSENT, state] for state in STATES} == {"came_in"}
    assert {told[state, ABSENT] for state in STATES} == {"left"}
    assert {told[state, state] for state in STATES} == {UNCHANGED}
    assert set(told.values()) == set(CHANGES)
    assert {(flow.before, flow.after) for flow in FLOWS} == {pair for pair in told if pair[0] != pair[1]}
    for pair in ((ABSENT, ABSENT), ("met", "reached")):
        with pytest.raises(ValueError, match="no change"):
            change_of(*pair)


def test_a_year_of_one_county_counted_by_hand():
    rule = RULES[0]
    before = table(
        (rule, "a", "530001", "met"),
        (rule, "b", "530001", "not_met"),
        (rule, "c", "530001", "cannot_tell"),
        (rule, "d", "530001", "met"),
        (rule, "e", "530001", "met"),
        (rule, "f", "530002", "met"),
    )
    after = table(
        (rule, "b", "530001", "met"),
        (rule, "a", "530001", "met"),
        (rule, "c", "530001", "met"),
        (rule, "d", "530001", "cannot_tell"),
        (rule, "e", "530001", "not_met"),
        (rule, "g", "530001", "met"),
    )
    pairs, found = compared(before, after)
    assert dict(zip(pairs["item_id"], pairs["change"])) == {
        "a": "unchanged",
        "b": "newly_met",
        "c": "newly_judged",
        "d": "no_longer_judged",
        "e": "newly_lost",
        "f": "left",
        "g": "came_in",
    }
    row = found.loc[rule, "530001"]
    assert (row["met_before"], row["met_after"]) == (3, 4)
    assert (row["newly_met"], row["judged_met"], row["in_met"]) == (1, 1, 1)
    assert (row["newly_lost"], row["unjudged_met"], row["out_met"]) == (1, 1, 0)
    whole = found.loc[rule, ALL_COUNTIES]
    assert (whole["met_before"], whole["out_met"], whole["met_after"]) == (4, 1, 4)


def test_an_item_in_another_county_leaves_the_one_and_comes_into_the_other_but_stays_in_all():
    before, after = table((RULES[0], "a", "530001", "not_met")), table((RULES[0], "a", "530002", "met"))
    pairs, found = compared(before, after)
    assert moved(pairs).tolist() == [True] and pairs["change"].tolist() == ["newly_met"]
    west, east, whole = (found.loc[RULES[0], code] for code in ("530001", "530002", ALL_COUNTIES))
    assert (west["out_not_met"], west["moved_out"], east["in_met"], east["moved_in"]) == (1, 1, 1, 1)
    assert (whole["newly_met"], whole["in_met"], whole["out_not_met"]) == (1, 0, 0)


def test_rows_with_one_id_are_paired_in_their_order_and_none_is_lost():
    before = table((RULES[0], "a", "530001", "met"), (RULES[0], "a", "530001", "not_met"))
    pairs, found = compared(before, table((RULES[0], "a", "530001", "met")))
    assert pairs["change"].tolist() == ["unchanged", "left"]
    assert found.loc[(RULES[0], "530001"), "met_after"] == 1


def test_two_empty_scoreboards_have_an_empty_ledger():
    pairs = match_items(table(), table())
    assert len(pairs) == 0 and len(ledger(pairs, table(), table())) == 0


items = st.dictionaries(
    st.tuples(st.sampled_from(RULES), st.sampled_from("abcdefgh")),
    st.tuples(st.sampled_from(COUNTIES), st.sampled_from(STATES)),
)


def as_table(side):
    return table(*((rule, item, county, state) for (rule, item), (county, state) in side.items()))


@settings(max_examples=30, deadline=None)
@given(items, items)
def test_the_ledger_equals_what_an_obvious_count_finds(before, after):
    _, found = compared(as_table(before), as_table(after))
    for rule in {rule for rule, _ in {**before, **after}}:
        for county in (*COUNTIES, ALL_COUNTIES):
            sides = [
                {item: state for (r, item), (c, state) in side.items() if r == rule and county in (c, ALL_COUNTIES)}
                for side in (before, after)
            ]
            if (rule, county) not in found.index:
                assert not sides[0] and not sides[1]
                continue
            row = found.loc[rule, county]
            for flow in FLOWS:
                expected = sum(
                    (sides[0].get(item, ABSENT), sides[1].get(item, ABSENT)) == (flow.before, flow.after)
                    for item in {**sides[0], **sides[1]}
                )
                assert row[flow.name] == expected, flow
            assert row["met_after"] == row["met_before"] + row["newly_met"] + row["judged_met"] + row["in_met"] - (
                row["newly_lost"] + row["unjudged_met"] + row["out_met"]
            )
            assert row["met_before"] == list(sides[0].values()).count("met")
            assert row["met_after"] == list(sides[1].values()).count("met")


@settings(max_examples=30, deadline=None)
@given(items, items)
def test_no_pair_is_lost_and_going_back_undoes_every_change(before, after):
    there = match_items(as_table(before), as_table(after))
    back = match_items(as_table(after), as_table(before))
    assert len(there) == len({**before, **after})
    assert there["state_before"].tolist() == back["state_after"].tolist()
    reverse = {"newly_met": "newly_lost", "newly_judged": "no_longer_judged", "came_in": "left"}
    reverse |= {new: old for old, new in reverse.items()} | {UNCHANGED: UNCHANGED}
    assert back["change"].tolist() == [reverse[change] for change in there["change"]]


@pytest.mark.parametrize("column", ["met_before", "newly_met", "in_cannot_tell", "not_met_after"])
def test_a_ledger_that_does_not_add_up_is_refused(column):
    before, after = table((RULES[0], "a", "530001", "not_met")), table((RULES[0], "a", "530001", "met"))
    found = ledger(match_items(before, after), before, after)
    check_ledger(found)
    found.loc[0, column] += 1
    with pytest.raises(ArithmeticError, match=r"N12\.village_5g"):
        check_ledger(found)


def test_amounts_are_added_up_in_place_of_rows():
    before = table((RULES[0], "a", "530001", "not_met"), (RULES[0], "b", "530001", "met")).assign(km=[2.5, 1.0])
    after = table((RULES[0], "a", "530001", "met"), (RULES[0], "b", "530001", "met")).assign(km=[2.5, 1.0])
    pairs = match_items(before, after)
    row = ledger(pairs.assign(km=pairs["km_after"]), before, after, "km").iloc[-1]
    assert (row["met_before"], row["newly_met"], row["met_after"]) == (1.0, 2.5, 3.5)


def test_items_of_an_unknown_state_or_without_a_column_are_refused():
    good = table((RULES[0], "a", "530001", "met"))
    with pytest.raises(ValueError, match="reached"):
        match_items(good.assign(state="reached"), good)
    with pytest.raises(ValueError, match="county_code"):
        match_items(good, good.drop(columns="county_code"))


PIECES = ["rule_id", "item_id", "county_code", "state", "from_km", "to_km"]
ROAD = "N12.border_road"


def road(*pieces, name="G219"):
    rows = [(ROAD, name, county, state, start, end) for county, state, start, end in pieces]
    return pd.DataFrame(rows, columns=PIECES).assign(km=lambda rows: rows["to_km"] - rows["from_km"])


def test_stretches_of_a_road_are_cut_at_each_others_ends():
    before = road(("530001", "not_met", 0.0, 6.0), ("530001", "met", 6.0, 8.0), ("530002", "cannot_tell", 8.0, 10.0))
    after = road(("530001", "not_met", 0.0, 4.0), ("530001", "met", 4.0, 8.0), ("530002", "met", 8.0, 10.0))
    pairs = match_pieces(before, after)
    assert pairs[["from_km", "to_km", "change"]].to_numpy().tolist() == [
        [0.0, 4.0, "unchanged"],
        [4.0, 6.0, "newly_met"],
        [6.0, 8.0, "unchanged"],
        [8.0, 10.0, "newly_judged"],
    ]
    found = ledger(pairs, before, after, "km").set_index("county_code")
    assert (found.loc["530001", "newly_met"], found.loc["530002", "judged_met"]) == (2.0, 2.0)
    assert (found.loc[ALL_COUNTIES, "met_before"], found.loc[ALL_COUNTIES, "met_after"]) == (2.0, 6.0)


def test_a_road_that_was_drawn_anew_leaves_and_comes_in_as_a_whole():
    before, after = road(("530001", "met", 0.0, 10.0)), road(("530001", "met", 0.0, 10.4))
    pairs = match_pieces(before, after)
    assert pairs["change"].tolist() == ["left", "came_in"]
    assert unmatched_roads(before, after) == ["G219"] and unmatched_roads(before, before) == []
    assert pairs["km"].tolist() == pytest.approx([10.0, 10.4])


cuts = st.lists(st.integers(1, 99), min_size=0, max_size=6, unique=True).map(lambda ends: [0, *sorted(ends), 100])


@settings(max_examples=30, deadline=None)
@given(cuts, cuts, st.data())
def test_lengths_that_changed_equal_a_walk_by_steps(first, second, data):
    sides, walked = [], []
    for ends in (first, second):
        told = data.draw(
            st.lists(
                st.tuples(st.sampled_from(COUNTIES), st.sampled_from(STATES)),
                min_size=len(ends) - 1,
                max_size=len(ends) - 1,
            )
        )
        sides.append(road(*((*said, float(a), float(b)) for said, a, b in zip(told, ends, ends[1:]))))
        walked.append([said for said, a, b in zip(told, ends, ends[1:]) for _ in range(a, b)])
    pairs = match_pieces(*sides)
    found = ledger(pairs, *sides, "km").set_index("county_code").loc[ALL_COUNTIES]
    for flow in FLOWS:
        steps = sum((old, new) == (flow.before, flow.after) for (_, old), (_, new) in zip(*walked))
        assert found[flow.name] == pytest.approx(steps)
    assert pairs["km"].sum() == pytest.approx(100)
