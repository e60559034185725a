"""One rounding for every number that a planner reads."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from xinji_planner.jobs.frontier.maps import class_map
from xinji_planner.jobs.frontier.report_layers import Drawn, ReportLayers, nothing
from xinji_planner.jobs.frontier.score_cells import amount, shortfall_cell
from xinji_planner.jobs.frontier.stretch_tables import road_gaps
from xinji_planner.layers.html_report import Section, write_report
from xinji_planner.text import Text, figure


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (42.855, "42.86"),
        (22.145, "22.15"),
        (8.355, "8.36"),
        (0.1 + 0.2 + 42.555, "42.86"),
        (1234.5, "1,234.50"),
        (-0.001, "0.00"),
        (np.float64(2.675), "2.68"),
    ],
)
def test_halves_are_rounded_up_as_on_paper(value, said):
    assert figure(value, 2) == said


def test_what_is_missing_is_never_written_as_nothing():
    assert figure(0.0004, 2, up=True) == "0.01" and figure(0.0, 2, up=True) == "0.00"
    row = {"shortfall": 0.001, "shortfall_at_most": 0.001, "unit": "km"}
    assert shortfall_cell(row).words.zh.startswith("0.01")


@given(st.integers(-(10**9), 10**9))
def test_a_number_of_three_decimals_is_rounded_by_its_decimals(thousandths):
    exact = Decimal(thousandths) / 1000
    shown = Decimal(figure(float(exact), 2).replace(",", ""))
    assert abs(shown - exact) <= Decimal("0.005")


def test_table_legend_and_list_of_gaps_say_the_same_kilometres(tmp_path):
    # Two stretches that make 42.855 km: as a float the sum lies below it.
    km = [20.71, 22.145]
    rows = pd.DataFrame({"state": ["not_met"] * 2, "length_km": km, "rule_id": "R", "structure": "open"})
    shapes = np.array([shapely.LineString([(107.2, 21.6 + k / 10), (107.8, 21.6 + k / 10)]) for k in range(2)])
    county = Drawn(
        pd.DataFrame({"county_code": ["450681"], "county_name": ["东兴市"], "in_scope": ["in"]}),
        np.array([shapely.box(107.0, 21.5, 108.0, 22.0)]),
    )
    bare, none = np.empty(0, dtype=object), nothing()
    layers = ReportLayers(none, county, Drawn(rows, shapes), none, bare, bare, none.rows, none.rows)
    drawn = class_map("R", layers, Text("来源", "Source")).zh
    gaps = rows.assign(
        route="G1", name="路", road_id="a", county_codes="450681", from_km=0.0, to_km=1.0, reason="no_data"
    )
    said = road_gaps(gaps, {})[0].sentences[0].zh
    write_report(
        tmp_path / "r.html", Text("题", "T"), [Section(Text("表", "t"), headings=[Text("达", "m")], rows=[[42.855]])]
    )
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert amount(sum(km), "km") == amount(42.855, "km") == "42.86"
    for text in (drawn, said, page):
        assert "42.86" in text and "42.85" not in text.replace("42.855", "")
