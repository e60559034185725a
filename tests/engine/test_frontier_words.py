"""The words of a scoreboard, which the window says without the engine, are those of its statuses."""

from xinji_planner.analysis import scoreboard
from xinji_planner.jobs.frontier.words import COUNTY_WORDS, STATUS_LABELS, STATUS_MARKS


def test_every_status_has_a_word_and_a_mark_of_its_own():
    known = {scoreboard.MET, scoreboard.SHORT, scoreboard.OPEN, scoreboard.NONE_LISTED, scoreboard.NO_TARGET}
    assert set(STATUS_LABELS) == set(STATUS_MARKS) == known
    verdicts = (scoreboard.MET, scoreboard.SHORT, scoreboard.OPEN)
    assert (
        len({STATUS_MARKS[status] for status in verdicts}) == len({STATUS_LABELS[status] for status in verdicts}) == 3
    )


def test_the_rows_that_are_no_county_have_words():
    assert set(COUNTY_WORDS) == {scoreboard.ALL_COUNTIES, scoreboard.NO_COUNTY}
