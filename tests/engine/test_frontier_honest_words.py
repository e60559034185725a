"""A scoreboard's words say no more than its evidence: reasons, cautions, sources, shares of the sea."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
from xinji_planner.analysis.scoreboard import ALL_COUNTIES
from xinji_planner.analysis.village_verdict import NO
from xinji_planner.jobs.frontier.cautions import radius_cautions, reach_cautions, row_caution
from xinji_planner.jobs.frontier.gap_tables import with_technology
from xinji_planner.jobs.frontier.item_states import _reason
from xinji_planner.jobs.frontier.rule_list import rule_list
from xinji_planner.jobs.frontier.score_cells import share_cell, share_words
from xinji_planner.jobs.frontier.services import Basis, Judged
from xinji_planner.jobs.frontier.words import REASON_LABELS
from xinji_planner.jobs.lines.report import _why_distance
from xinji_planner.jobs.shared.rules import rule_section
from xinji_planner.layers.html_report import write_report
from xinji_planner.rules.pack import load
from xinji_planner.rules.status import status_words
from xinji_planner.tests.engine.sea_kit import INLAND_SEA
from xinji_planner.tests.engine.test_frontier_packs import at, post, scored  # noqa: F401 - a fixture
from xinji_planner.tests.engine.test_frontier_seas import layer
from xinji_planner.tests.engine.test_frontier_seas import rows as totals
from xinji_planner.tests.engine.test_frontier_seas import scored as scored_sea
from xinji_planner.text import languages


def unmet(evidence, by_distance="not_reached"):
    rows = pd.DataFrame({"evidence": [evidence], "verdict_by_distance": [by_distance], "deciding_point": [None]})
    state = np.array([NO], dtype=np.int8)
    return _reason([Judged(state, state, rows, np.array([None], dtype=object))], 0, NO, NO)[0]


@pytest.mark.parametrize("evidence", ["simulated", "simulated+distance", "measured+simulated"])
def test_what_simulation_finds_too_weak_is_not_said_to_lie_outside_of_a_radius(evidence):
    assert unmet(evidence) == "weak_simulated" and "电平不足" in REASON_LABELS["weak_simulated"].zh
    assert unmet(evidence, "reached") == "behind_terrain"


def test_only_distance_says_that_no_station_is_in_range():
    assert unmet("distance") == "no_station_in_range" and unmet("measured") == "measured_weak"


def test_the_nearest_station_comes_with_its_technologies_in_layer_list_and_report(scored):  # noqa: F811
    places = [post("A", 277.0, "卫星")]
    _, done = scored("frontier-2027", stations=(("4G", 0.0), ("5G", 50_000.0)), places=places)
    gap = pyogrio.read_dataframe(done.outputs["frontier_gap"], layer="frontier_gap").set_index("item_id").loc["A"]
    assert (gap["nearest_station_id"], gap["nearest_station_technology"]) == ("S0", "4G")
    listed = pd.read_csv(done.outputs["job_list"], encoding="utf-8-sig").set_index("编号")
    assert listed.loc["A", "最近现有基站（不限制式）"] == "S0（4G）"
    assert "277 m S0（4G）" in Path(done.outputs["report"]).read_text(encoding="utf-8")


def test_a_station_of_two_technologies_names_both_and_none_names_none():
    assert with_technology("JZ1", "4G;5G") == "JZ1（4G、5G）"
    assert with_technology("JZ1", None) == "JZ1" and with_technology(None, None) is None


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ("measured+simulated", "达标电平未核实；仿真参数未核实"),
        ("simulated+distance", "达标电平未核实；仿真参数未核实；覆盖半径未核实"),
        ("measured+distance", "达标电平未核实；覆盖半径未核实"),
        ("measured+simulated+distance", "达标电平未核实；仿真参数未核实；覆盖半径未核实"),
        (None, ""),
        (np.nan, ""),
    ],
)
def test_a_row_on_mixed_evidence_names_every_unverified_value_behind_it(evidence, said):
    rule = next(rule for rule in load("frontier-2027").rules.values() if rule.status == "verified")
    unverified = {"signal_radius.5G", "measured.level_5g", "radio.transmitter.5G"}
    assert row_caution(rule, evidence, unverified) == said


def cited(**more):
    nothing = {
        "document": "",
        "clause": "",
        "date": "",
        "unit": "",
        "status": "unverified",
        "zh": "预设",
        "en": "preset",
    }
    return {**nothing, **more}


def test_presets_are_looked_up_in_the_table_that_holds_them():
    presets = [
        cited(id="signal_radius.5G", value="", pack="signal_radius"),
        cited(id="radio.transmitter.5G", value="", pack="radio"),
        cited(id="radio.clutter.worldcover", value="", pack="radio"),
    ]
    said = [row[1].words.zh for row in rule_list(presets).rows]
    assert said == ["见覆盖半径预设", "见“地形仿真的参数与预设”", "见规则包 radio"]


def verdicts(*evidence):
    return pd.DataFrame({"evidence": list(evidence)}, dtype=object)


def roads(**km):
    rows = [(kinds.replace("_", "+"), length) for kinds, length in km.items()]
    return pd.DataFrame(rows, columns=["evidence", "length_km"])


def test_radii_are_cautioned_about_as_far_as_they_decided():
    (said,) = radius_cautions(None, verdicts("simulated", "simulated+distance", "distance", None), roads(distance=2.25))
    assert "逐项判定 4 次中 2 次、沿边道路 2.2 km" in said.zh and "2 of 4 single verdicts" in said.en
    assert radius_cautions(None, verdicts("simulated", None, "measured"), roads(simulated=9.0)) == []


def test_where_radii_decided_everything_the_caution_is_plain():
    (said,) = radius_cautions(1500.0, verdicts("distance", None), roads())
    assert said.zh == "覆盖半径统一取 1500 m（用户指定），不考虑地形。"


def test_a_verified_value_that_only_a_report_tells_of_says_so():
    assert status_words("verified", "2025年目标（据报道转述） / as reported").zh == "已核实（据报道转述，未见原文）"
    assert status_words("verified", "第三条 / article 3").zh == "已核实"
    assert status_words("unverified", "据报道转述").zh == "未核实"


def test_every_rule_that_a_report_lists_stands_in_one_language(tmp_path):
    rules = [rule.cited() for name in ("signal-upgrade-2025", "frontier-2025") for rule in load(name).rules.values()]
    write_report(tmp_path / "r.html", languages("规则 / rules"), [rule_section(rules), rule_list(rules)])
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    for words in re.findall(r'<span lang="zh">([^<]*)</span>', page):
        assert " / " not in words and "as reported" not in words
    assert "已核实（据报道转述，未见原文）" in page


def sea(met, unmet, untold):
    told = met + unmet
    return {
        "unit": "km²", "note": "", "met": met, "not_met": unmet, "cannot_tell": untold, "in_scope": told + untold,
        "ratio_percent": 100 * met / told, "county_code": ALL_COUNTIES,
    }  # fmt: skip


def test_the_share_of_a_sea_is_first_of_the_whole_and_then_of_what_can_be_told():
    row = sea(999.9, 0.1, 1000.0)
    cell = share_cell(row)
    assert cell.words.zh == "49.99 %–99.99 %" and cell.note.zh.startswith("占全部面积；占可判定面积 99.99 %")
    assert share_words(row).zh.startswith("49.99 %–99.99 % 占全部面积")
    assert share_cell(sea(999.9, 0.1, 0.0)).words.zh == "99.99 %"


def test_two_reaches_of_data_are_told_where_a_sea_is_judged_and_land_is_not():
    items = pd.DataFrame(
        {"subject": ["island"] * 3, "item_id": ["甲", "甲", "乙"], "reason": ["no_data", "no_data", None]}
    )
    rule = load("frontier-sea").rule("sea.data_reach").cited()
    basis = Basis({}, {"5G": pd.DataFrame({"speaks": [True], "radius_m": [1500.0]})}, [], [], "", [], np.zeros(0))
    (said,) = reach_cautions([rule], items, basis, by_county=True)
    assert "50 km" in said.zh and "0 km" in said.zh and "1 个对象" in said.zh
    (boxed,) = reach_cautions([rule], items, basis, by_county=False)
    assert "1.5 km" in boxed.zh
    assert not reach_cautions([], items, basis, by_county=True)
    assert not reach_cautions([rule], items[items["item_id"] == "乙"], basis, by_county=True)


def test_a_layer_of_seas_without_limits_is_not_called_missing(tmp_path):
    derived, one = tmp_path / "推算", tmp_path / "内海"
    derived.mkdir()
    one.mkdir()
    run = scored_sea(derived, evidence="distance", areas=[("derived_12nm", INLAND_SEA)])
    assert {totals(run)[f"N12.{kind}_sea"]["note"] for kind in ("inland", "territorial")} == {"no_sea_limits"}
    assert "海域图层没有内海、领海界线" in Path(run.outputs["report"]).read_text(encoding="utf-8")
    assert set(layer(run, "sea_part")["zone"]) == {"derived_12nm"}
    run = scored_sea(one, evidence="distance", areas=[("inland", INLAND_SEA)])
    assert totals(run)["N12.territorial_sea"]["note"] == "no_sea_limits_of_kind"
    assert totals(run)["N12.inland_sea"]["note"] == ""


def test_why_roads_rest_on_distance_adds_up_to_what_they_say_of_it():
    (said,) = _why_distance({"simulated": 80.0, "distance": 2.2, "simulated+distance": 6.3}, 0.9)
    assert "共 8.5 km" in said.zh and "0.9 km" in said.zh
    assert _why_distance({"distance": 2.2}, None) == [] and _why_distance({"simulated": 80.0}, 0.0) == []
