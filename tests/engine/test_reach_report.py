"""What a village reach report makes of what cannot be told: a target met, missed, or neither."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xinji_planner.jobs.reach.report import (
    by_county,
    counts,
    meets_target,
    rate_sentence,
    table_words,
    target_sentence,
)


def villages(reached, not_reached, cannot_tell, county="532699"):
    verdict = ["reached"] * reached + ["not_reached"] * not_reached + ["cannot_tell"] * cannot_tell
    table = pd.DataFrame({"verdict": verdict, "verdict_after_plan": verdict, "borderline": 0})
    return table.assign(county_code=county, county_name="测试县")


def summary(*numbers, target=80.0):
    counted = counts(villages(*numbers))
    return {
        **counted,
        "technology": "5G",
        "target_percent": target,
        "meets_target": meets_target(counted, target),
    }


def test_all_judged_villages_reached_is_no_target_met_while_most_cannot_be_told():
    found = summary(14, 0, 52)
    assert found["rate_percent"] == 100.0
    assert (found["rate_low_percent"], found["rate_high_percent"]) == (21.21, 100.0)
    assert found["meets_target"] is None
    said = target_sentence(found)
    assert "无法判定" in said.zh and "已达到" not in said.zh and "met" not in said.en
    assert "21.21%–100%" in rate_sentence(found).zh and "21.21 to 100 %" in rate_sentence(found).en


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.sampled_from([50.0, 80.0, 100.0, 33.3]))
def test_a_target_is_met_or_missed_only_if_no_open_village_could_change_it(reached, missed, untold, target):
    every = reached + missed + untold
    met = meets_target(counts(villages(reached, missed, untold)), target)
    possible = {100 * (reached + some) >= target * every for some in range(untold + 1)}
    if not every:
        assert met is None
    elif len(possible) == 1:
        assert met is possible.pop()
    else:
        assert met is None


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((9, 1, 0), "已达到，高 10.00 个百分点"),
        ((1, 1, 0), "未达到，低 30.00 个百分点"),
        ((9, 0, 1), "已达到，即使无法判定的 1 个村都未通达，也高 10.00 个百分点"),
        ((4, 5, 1), "未达到，即使无法判定的 1 个村全部通达，也低 30.00 个百分点"),
    ],
)
def test_the_sentence_on_the_target_says_what_it_holds_against(numbers, words):
    assert words in target_sentence(summary(*numbers)).zh


def test_every_county_has_its_own_range_and_its_own_word():
    table = by_county(pd.concat([villages(1, 0, 1, "1"), villages(9, 1, 0, "2"), villages(0, 0, 1, "3")]), {}, 80.0)
    assert table["meets_target"].tolist() == [None, True, None]
    assert table["rate_low_percent"].tolist() == [50.0, 90.0, 0.0]
    assert table["rate_high_percent"].tolist() == [100.0, 90.0, 100.0]
    assert table_words(table, 80.0)["meets_target"].tolist() == ["无法判定", "是", "无法判定"]
    assert set(table_words(by_county(villages(1, 1, 0), {}, None), None)["meets_target"]) == {""}


def test_without_anything_open_no_range_is_printed():
    assert "–" not in rate_sentence(summary(9, 1, 0)).zh
