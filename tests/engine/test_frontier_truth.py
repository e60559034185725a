"""Every class, county and item of every pack that can be scored equals brute force, by distance and over terrain."""

import json
import re
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from xinji_planner.engine.executor import run_job
from xinji_planner.rules.pack import PACKS, load
from xinji_planner.sample_data.frontier_truth import INDICATORS, SIMULATED

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
TRUTH = json.loads((SAMPLE / "truth" / "frontier.json").read_text(encoding="utf-8"))
DEM = SAMPLE / "received" / "高程_约90米.tif"
COUNTS = ("in_scope", "met", "not_met", "cannot_tell", "ratio_percent", "shortfall", "shortfall_at_most", "status")
CASES = [*((pack, False) for pack in INDICATORS), *((pack, True) for pack in SIMULATED)]
NOT_POINTS = ("border_road", "inland_sea", "territorial_sea", "railway", "highway", "metro_line", "statistic")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the sample county, imported."""
    folder = tmp_path_factory.mktemp("计分")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    return folder


@pytest.fixture(scope="module")
def scored(home):
    """Score a pack, over terrain or by distance, without its roads and seas, which have a truth of their own."""
    done = {}

    def run(pack, over_terrain):
        if (pack, over_terrain) not in done:
            given = {"workspace": str(home / "海岳县.gpkg"), "pack": str(_of_points(home, pack))}
            given |= {"dem": str(DEM), "evidence": "auto"} if over_terrain else {}
            done[pack, over_terrain] = run_job("frontier_scoreboard", given, home / f"结果 {len(done)}")
        return done[pack, over_terrain]

    return run


def _of_points(folder, pack):
    head, *rules = re.split(r"(?=^\[\[rule\]\])", (PACKS / f"{pack}.toml").read_text(encoding="utf-8"), flags=re.M)
    kept = [rule for rule in rules if not any(f'subject = "{name}"' in rule for name in NOT_POINTS)]
    path = folder / f"{pack} 点.toml"
    path.write_text(head + "".join(kept), encoding="utf-8")
    return path


def expected(pack, over_terrain):
    return (TRUTH["simulated"] if over_terrain else TRUTH)[pack]


@pytest.mark.parametrize(("pack", "over_terrain"), CASES)
def test_every_class_and_county_is_counted_as_by_brute_force(scored, pack, over_terrain):
    found = {(row["rule_id"], row["county_code"]): row for row in scored(pack, over_terrain).summary["score"]}
    right = expected(pack, over_terrain)
    assert {rule for rule, _ in found} == set(right)
    for rule, counties in right.items():
        for county, counts in counties.items():
            told = {key: found[rule, county][key] for key in COUNTS}
            assert told == {key: counts[key] for key in COUNTS}, (rule, county)


@pytest.mark.parametrize(("pack", "over_terrain"), CASES)
def test_every_item_has_the_state_that_brute_force_found_now_and_with_the_plan(scored, pack, over_terrain):
    run = scored(pack, over_terrain)
    layer = pyogrio.read_dataframe(run.outputs["frontier_item"], layer="frontier_item")
    table = pd.read_csv(SAMPLE / "truth" / f"frontier_items{'_simulated' if over_terrain else ''}.csv", dtype=str)
    right = table[(table["pack"] == pack) & (table["rule_id"] != "N15.places")]  # a sum of what the others list
    key = ["rule_id", "item_id", "county_code", "state"]
    assert sorted(layer[key].itertuples(index=False, name=None)) == sorted(
        right[key].itertuples(index=False, name=None)
    )
    lifted = right[(right["state"] != "met") & (right["after_plan"] == "met")]
    planned = layer[layer["reason"] == "planned"]
    assert set(zip(planned["rule_id"], planned["item_id"])) == set(zip(lifted["rule_id"], lifted["item_id"]))


@pytest.mark.parametrize(("pack", "over_terrain"), CASES)
def test_layers_and_table_of_one_run_agree(scored, pack, over_terrain):
    run = scored(pack, over_terrain)
    path = run.outputs["frontier_item"]
    items, table, gaps = (
        pyogrio.read_dataframe(path, layer=name) for name in ("frontier_item", "frontier_score", "frontier_gap")
    )
    assert items["reason"].isna().equals(items["state"] == "met")
    assert items["county_name"].isna().equals(items["county_code"] == "none")
    counted = items.groupby(["rule_id", "county_code", "state"]).size()
    totals = items.groupby(["rule_id", "state"]).size()
    for row in table.itertuples():
        for state in ("met", "not_met", "cannot_tell") if row.rule_id != "N15.places" else ():
            there = totals if row.county_code == "all" else counted
            at = (row.rule_id, state) if row.county_code == "all" else (row.rule_id, row.county_code, state)
            assert getattr(row, state) == there.get(at, 0)
    missed = items[items["state"] != "met"]
    assert sorted(zip(gaps["rule_id"], gaps["item_id"], gaps["reason"])) == sorted(
        zip(missed["rule_id"], missed["item_id"], missed["reason"])
    )


@pytest.mark.parametrize("pack", INDICATORS)
def test_the_packs_ask_what_was_written_by_hand(pack):
    asked = {
        (rule.id, rule.subject, rule.service, None if rule.comparison == "report" or rule.unit != "%" else rule.value)
        for rule in load(pack).rules.values()
        if rule.subject and rule.subject not in NOT_POINTS
    }
    assert asked == set(INDICATORS[pack])
