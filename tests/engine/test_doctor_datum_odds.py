"""How a count of rows for and against a datum is made plain to the planner."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xinji_planner.layers.doctor.datum.evidence import Evidence
from xinji_planner.layers.doctor.datum.hypotheses import Hypothesis
from xinji_planner.layers.doctor.datum.odds import chance_of, example_rows, odds_words, too_even_words
from xinji_planner.text import same

WGS = same("WGS 84")


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_chance_of_a_count_is_the_exact_sum_of_the_binomial_tail(yes, no):
    tail = Fraction(sum(comb(yes + no, k) for k in range(yes, yes + no + 1)), 2 ** (yes + no))
    assert chance_of(yes, no) == pytest.approx(float(tail), rel=1e-9)


def test_an_uneven_count_is_told_with_odds_that_are_rounded_down():
    # P(X >= 72 of 103 at equal odds) = 3.2e-5, once in 31,400 times
    assert "偶然出现的概率低于 1/30,000" in odds_words(72, 31, WGS).zh
    assert "72 to 31" in odds_words(72, 31, WGS).en


def test_a_count_that_is_less_sure_than_the_likelihood_says_what_the_likelihood_counts_besides():
    # P(X >= 31 of 46) = 0.0129, once in 78 times: beside a likelihood over 99 % it would read like a contradiction
    said = odds_words(31, 15, WGS)
    assert "低于 1/70。这只数了行数；上面的可能性还计入各行近了多少米" in said.zh
    assert "only counts rows" in said.en
    assert "只数了行数" not in odds_words(72, 31, WGS).zh


def test_a_count_beyond_belief_is_told_as_less_than_one_in_a_million_and_no_more():
    assert "低于 1/1,000,000" in odds_words(1800, 3, WGS).zh


def test_an_even_count_claims_no_odds_and_says_that_it_settles_nothing():
    assert not odds_words(29, 16, WGS).zh
    # P(X >= 29 of 45) = 0.0362, once in 28 times
    assert "每 28 次" in too_even_words(29, 16).zh
    assert not too_even_words(72, 31).zh


def _evidence(kind: str) -> tuple[Evidence, tuple[Hypothesis, ...]]:
    nowhere = np.zeros(3)
    ideas = tuple(
        Hypothesis(name, same(label), nowhere, nowhere, 0.5)
        for name, label in (("gcj02", "GCJ-02"), ("wgs84", "WGS 84"))
    )
    residual = np.array([[100.0, 900.0, 631.0], [600.0, 1000.0, 95.0]])
    return Evidence(kind, same("村庄"), np.arange(3), residual, np.zeros((2, 3)), np.ones(3)), ideas


def test_the_clearest_rows_for_a_datum_and_the_clearest_against_it_are_named_with_both_distances():
    test, ideas = _evidence("dwellings")
    said = example_rows(test, 0, 1, ideas, np.array([12, 40, 93])).zh
    assert "第 12 行按 GCJ-02 为 100 m，按 WGS 84 为 600 m；第 40 行" in said
    assert said.endswith("相反的例子：第 93 行按 GCJ-02 为 631 m，按 WGS 84 为 95 m。")


def test_no_rows_are_named_where_nothing_was_measured_to_a_known_thing():
    test, ideas = _evidence("region")
    assert not example_rows(test, 0, 1, ideas, np.arange(3)).zh
    assert not example_rows(None, 0, 1, ideas, np.arange(3)).zh
