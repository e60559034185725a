"""The sample county compared with itself: on two days, and with stations taken away."""

from pathlib import Path

import pyogrio
import pytest
from xinji_planner.engine.executor import run_job

STATES = ("met", "not_met", "cannot_tell")
FIELDS = ("rule_id", "item_id")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("两期")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    return folder


@pytest.fixture(scope="module")
def years(home):
    """One workspace on two days, scored and compared in one run."""
    workspace = str(home / "海岳县.gpkg")
    given = {"earlier": workspace, "later": workspace, "earlier_as_of": "2023-12-31", "pack": "frontier-2027"}
    return run_job("frontier_comparison", given, home / "两年")


def items(folder):
    """The states of one side as the scoreboard wrote them, by plain Python."""
    rows = pyogrio.read_dataframe(Path(folder) / "result.gpkg", layer="frontier_item", read_geometry=False)
    return {(row.rule_id, row.item_id): (row.county_code, row.state) for row in rows.itertuples()}


def held_to_plain_counts(run, before, after):
    changed = pyogrio.read_dataframe(run.outputs["frontier_change"], layer="frontier_change")
    found = {(row.rule_id, row.item_id): (row.before, row.after) for row in changed.itertuples()}
    expected = {}
    for key in {**before, **after}:
        ends = tuple(side.get(key, (None, "absent"))[1] for side in (before, after))
        if ends[0] != ends[1]:
            expected[key] = ends
    assert found == expected and len(changed) == len(expected)
    for row in run.summary["comparison"]:
        if row["unit"] != "item":
            continue
        for side, end in ((before, "before"), (after, "after")):
            own = [
                state
                for (rule, _), (county, state) in side.items()
                if rule == row["rule_id"] and row["county_code"] in (county, "all")
            ]
            for state in STATES:
                assert row[f"{state}_{end}"] == own.count(state), (row["rule_id"], row["county_code"])
        assert row["met_after"] == row["met_before"] + row["newly_met"] + row["judged_met"] + row["in_met"] - (
            row["newly_lost"] + row["unjudged_met"] + row["out_met"]
        )


def test_two_days_of_one_workspace_add_up_item_by_item(years):
    before, after = (items(years.outputs[f"{name}_result"]) for name in ("earlier", "later"))
    assert len(before) > 500 and before.keys() == after.keys()
    held_to_plain_counts(years, before, after)
    assert years.summary["newly_met"] > 100 and years.summary["came_in"] == years.summary["left"] == 0
    assert years.summary["basis_differs"] == []


def test_lengths_of_border_roads_lead_from_the_one_day_to_the_other(years):
    rows = [row for row in years.summary["comparison"] if row["unit"] == "km"]
    assert rows and sum(row["newly_met"] for row in rows if row["county_code"] == "all") > 1
    for row in rows:
        change = (
            row["newly_met"]
            + row["judged_met"]
            + row["in_met"]
            - (row["newly_lost"] + row["unjudged_met"] + row["out_met"])
        )
        assert row["met_after"] == pytest.approx(row["met_before"] + change, abs=0.01)
    assert "变化的路段" in Path(years.outputs["report"]).read_text(encoding="utf-8")


def test_going_back_in_time_is_said_to_miss_what_was_retired_since(years):
    assert "其后已退网的基站" in Path(years.outputs["report"]).read_text(encoding="utf-8")


def test_both_scoreboards_stay_in_the_result_and_compare_to_the_same(years, home):
    stated = {name: years.outputs[f"{name}_result"] for name in ("earlier", "later")}
    again = run_job("frontier_comparison", stated, home / "再比")
    assert again.summary == years.summary
    for name in ("comparison", "changed_items", "frontier_change"):
        assert Path(again.outputs[name]).read_bytes() == Path(years.outputs[name]).read_bytes()


def test_stations_taken_away_lose_items_and_win_none(years, home):
    workspace = home / "海岳县.gpkg"
    stations = pyogrio.read_dataframe(workspace, layer="base_stations")
    fewer = home / "较少基站.gpkg"
    stations.iloc[[row for row in range(len(stations)) if row % 4]].to_file(fewer, layer="base_stations")
    given = {"workspace": str(workspace), "pack": "frontier-2027", "base_stations": str(fewer)}
    later = run_job("frontier_scoreboard", given, home / "少")
    whole = years.outputs["later_result"]
    run = run_job("frontier_comparison", {"earlier": whole, "later": later.folder}, home / "拆站")
    held_to_plain_counts(run, items(whole), items(later.folder))
    assert run.summary["newly_lost"] > 20
    assert run.summary["newly_met"] == run.summary["came_in"] == run.summary["left"] == 0
