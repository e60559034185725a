"""Two frontier scoreboards compared: changes on the ground, changes of rule, and sums that hold."""

import json
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError
from xinji_planner.tests.engine.comparing_kit import RULE, cited, item, made_result

BEFORE = [
    item("a", "not_met"),
    item("b", "met"),
    item("c", "cannot_tell"),
    item("d", "met"),
    item("e", "met", county="530002"),
    item("f", "met", name="旧名村"),
]
AFTER = [
    item("a", "met"),
    item("b", "not_met"),
    item("c", "met"),
    item("d", "cannot_tell"),
    item("g", "not_met", county="530002"),
    item("f", "met", name="新名村"),
]


def compare(folder, before=BEFORE, after=AFTER, *, first=None, second=None):
    earlier = made_result(folder / "前期", before, day="2024-12-31", **(first or {}))
    later = made_result(folder / "后期", after, **(second or {}))
    return run_job("frontier_comparison", {"earlier": earlier, "later": later}, folder / "比较")


def layer(run):
    return pyogrio.read_dataframe(run.outputs["frontier_change"], layer="frontier_change")


def page(run):
    return Path(run.outputs["report"]).read_text(encoding="utf-8")


def test_every_change_is_a_feature_with_its_kind_and_the_table_adds_up(tmp_path):
    run = compare(tmp_path)
    changed = layer(run).set_index("item_id")
    assert changed["change"].to_dict() == {
        "a": "newly_met",
        "b": "newly_lost",
        "c": "newly_judged",
        "d": "no_longer_judged",
        "e": "left",
        "g": "came_in",
    }
    assert changed.loc["e", "after"] == "absent" and changed.loc["e", "why"] == "listed"
    assert not changed.geometry.isna().any() and changed["doubt"].isna().all()
    whole = next(row for row in run.summary["comparison"] if row["county_code"] == "all")
    assert (whole["met_before"], whole["met_after"], whole["met_difference"]) == (4, 3, -1)
    assert (whole["newly_met"], whole["judged_met"], whole["newly_lost"]) == (1, 1, 1)
    assert (whole["unjudged_met"], whole["out_met"], whole["in_met"]) == (1, 1, 0)
    table = pd.read_csv(run.outputs["comparison"], dtype=str, encoding="utf-8-sig")
    told = table[table["县名称"] == "合计"].iloc[0]
    assert [told[name] for name in ("前期达到", "＋新达到", "－不再计入（原达到）", "后期达到")] == ["4", "1", "1", "3"]
    assert (run.summary["renamed"], run.summary["moved"], run.summary["items"]) == (1, 0, 7)
    assert "旧名村→新名村" in page(run)
    listed = pd.read_csv(run.outputs["changed_items"], dtype=str, encoding="utf-8-sig")
    assert listed["编号"].tolist() == layer(run)["item_id"].tolist()


def test_a_county_that_comes_into_scope_is_no_new_entry_of_the_list(tmp_path):
    after = [*BEFORE, item("x", "met"), item("y", "met", county="530002")]
    before = [row for row in BEFORE if row["county_code"] == "530001"]
    run = compare(tmp_path, before, after, first={"counties": ("530001",)})
    why = layer(run).set_index("item_id")["why"].to_dict()
    assert why == {"x": "listed", "e": "scope", "y": "scope"}


def test_what_lies_in_no_county_comes_in_with_a_scope_without_bounds(tmp_path):
    abroad = item("x", "cannot_tell", county="none")
    codes = ("530001", "530002", "none")
    bounded = {"parameters": {"scope": "530001,530002"}}
    run = compare(tmp_path / "有", BEFORE, [*BEFORE, abroad], first=bounded, second={"counties": codes})
    assert layer(run)["why"].tolist() == ["scope"]
    run = compare(tmp_path / "无", BEFORE, [*BEFORE, abroad], second={"counties": codes})
    assert layer(run)["why"].tolist() == ["listed"]


def test_an_item_under_a_new_code_is_not_matched_and_the_reader_is_told(tmp_path):
    run = compare(tmp_path, [item("a", "met", name="河边村")], [item("z", "met", name="河边村")])
    assert (run.summary["left"], run.summary["came_in"]) == (1, 1)
    assert "河边村（a→z）" in page(run)


@pytest.mark.parametrize(
    ("second", "touched"),
    [
        ({"parameters": {"radius_m": 3000}}, {"a", "b", "c"}),  # judged by distance on either side
        ({"rules": [cited("N06", 2, "village_reach", "operator")]}, {"a", "b", "c", "d", "e", "g"}),
        ({"rules": [cited("measured.level_5g", -100, "village_reach", "dBm")]}, set()),
        ({"parameters": {"scope": "derived"}}, {"e", "g"}),
        ({"rule_packs": {"frontier-2027": "a" * 64, "signal_radius": "c" * 64}}, {"a", "b", "c", "d"}),
    ],
)
def test_changes_that_another_rule_or_parameter_may_have_made_are_marked_one_by_one(tmp_path, second, touched):
    packs = {"frontier-2027": "a" * 64, "signal_radius": "b" * 64}
    rules = [cited("N06", 1, "village_reach", "operator"), cited("measured.level_5g", -105, "village_reach", "dBm")]
    changed = [rule["id"] for rule in second.get("rules", [])]
    second = {"rule_packs": packs, **second}
    second["rules"] = [*second.get("rules", []), *(rule for rule in rules if rule["id"] not in changed)]
    run = compare(tmp_path, first={"rules": rules, "rule_packs": packs}, second=second)
    found = layer(run)
    if "radius_m" in second.get("parameters", {}):
        touched = touched | {"d"}  # judged by distance before
    assert set(found.loc[found["doubt"] == "rule", "item_id"]) == touched
    assert run.summary["changes_in_doubt"] == len(touched) and run.summary["basis_differs"]
    assert "两期口径的不同" in page(run)


def test_another_target_changes_no_item_but_is_told(tmp_path):
    run = compare(tmp_path, first={"target": 90}, second={"target": 95})
    assert run.summary["changes_in_doubt"] == 0 and len(run.summary["basis_differs"]) == 1
    assert "目标值不同" in page(run)


def test_an_own_pack_that_changes_a_rule_is_named_with_its_reason(tmp_path):
    own = cited("N06", 2, "village_reach", "operator", own_pack="本省口径", reason="省里要求", replaced=1)
    run = compare(tmp_path, first={"rules": [cited("N06", 1, "village_reach", "operator")]}, second={"rules": [own]})
    assert "本省口径：省里要求" in page(run)


def test_other_evidence_than_before_is_told_apart(tmp_path):
    run = compare(tmp_path, BEFORE, [item("a", "met", evidence="measured"), *AFTER[1:]])
    assert layer(run).set_index("item_id")["doubt"].to_dict()["a"] == "evidence"


def test_an_indicator_that_asks_another_service_leaves_no_change_unmarked(tmp_path):
    run = compare(tmp_path, BEFORE, [{**row, "subject": "settlement"} for row in AFTER])
    assert set(layer(run)["doubt"]) == {"rule"}


def test_packs_without_a_common_indicator_are_refused(tmp_path):
    with pytest.raises(InputError, match="no indicator in common"):
        compare(tmp_path, BEFORE, [{**row, "rule_id": "N11.village_broadband"} for row in AFTER])


def test_an_indicator_of_one_side_alone_is_told_and_not_compared(tmp_path):
    run = compare(tmp_path, BEFORE, [*AFTER, item("h", "met", rule="N12.island_5g", subject="island")])
    assert set(layer(run)["rule_id"]) == {RULE} and run.summary["indicators"] == 1
    assert "指标N12.island_5g" in page(run)


def test_sides_that_were_swapped_are_noticed(tmp_path):
    run = compare(tmp_path, first={}, second={"parameters": {"as_of": "2023-12-31"}})
    assert "请核对两期是否选反" in page(run)


def test_what_is_no_scoreboard_is_refused_with_a_way_out(tmp_path):
    good = made_result(tmp_path / "好", BEFORE)
    (tmp_path / "空").mkdir()
    with pytest.raises(InputError, match="no result folder"):
        run_job("frontier_comparison", {"earlier": str(tmp_path / "空"), "later": good}, tmp_path / "r")
    other = made_result(tmp_path / "别的", BEFORE, job="village_reach")
    with pytest.raises(InputError, match="another job"):
        run_job("frontier_comparison", {"earlier": other, "later": good}, tmp_path / "r")
    for stated in ({"later": good}, {"later": str(tmp_path / "别的"), "later_as_of": "2024-01-01"}):
        with pytest.raises(ParameterError):
            run_job("frontier_comparison", {"earlier": good, **stated}, tmp_path / "r")


def test_a_parameter_of_scoring_that_finished_results_cannot_heed_is_named_and_the_comparison_made(tmp_path):
    given = {"earlier": made_result(tmp_path / "前", BEFORE), "later": made_result(tmp_path / "后", AFTER)}
    (tmp_path / "自定义").mkdir()
    stated = {"scope": "derived", "evidence": "distance", "own_packs": str(tmp_path / "自定义")}
    told = []
    run = run_job("frontier_comparison", {**given, **stated}, tmp_path / "r", send=told.append)
    said = [item["message"]["zh"] for item in told if item["type"] == "notice" and "不起作用" in item["message"]["zh"]]
    assert len(said) == 1 and all(label in said[0] for label in ("范围", "判定依据", "自定义规则包文件夹"))
    assert "规则包，" not in said[0] and said[0] in page(run)


def test_the_defaults_of_a_dialog_are_no_wish_for_finished_results(tmp_path):
    given = {"earlier": made_result(tmp_path / "前", BEFORE), "later": made_result(tmp_path / "后", AFTER)}
    told = []
    stated = {"pack": "frontier-2027", "evidence": "auto", "scope": "", "max_range_km": None}
    run_job("frontier_comparison", {**given, **stated}, tmp_path / "r", send=told.append)
    assert not [item for item in told if item["type"] == "notice" and "不起作用" in item["message"]["zh"]]


def test_nothing_changed_is_an_empty_layer_and_a_table_that_still_adds_up(tmp_path):
    run = compare(tmp_path, BEFORE, BEFORE)
    assert len(layer(run)) == 0 and run.summary["unchanged"] == len(BEFORE)
    whole = next(row for row in run.summary["comparison"] if row["county_code"] == "all")
    assert whole["met_before"] == whole["met_after"] == 4 and whole["met_difference"] == 0


def test_a_class_without_data_on_either_side_changed_by_nobody_knows_how_much(tmp_path):
    unknown = {"unknown": ("N12.island_5g",)}
    run = compare(tmp_path, first=unknown, second=unknown)
    row = next(row for row in run.summary["comparison"] if row["rule_id"] == "N12.island_5g")
    assert row["status_after"] == "cannot_tell"
    for name in ("met_before", "newly_met", "came_in", "met_after", "met_difference"):
        assert row[name] is None, name
    island = item("i", "met", rule="N12.island_5g", subject="island")
    run = compare(tmp_path / "后", BEFORE, [*AFTER, island], first=unknown)
    row = next(row for row in run.summary["comparison"] if row["rule_id"] == "N12.island_5g")
    assert (row["met_before"], row["in_met"], row["met_after"], row["met_difference"]) == (None, 1, 1, None)
    assert "前期没有这些指标所需的资料" in page(run)


def test_a_result_whose_layer_and_table_differ_is_refused(tmp_path):
    spoilt = Path(made_result(tmp_path / "坏", BEFORE))
    rows = pyogrio.read_dataframe(spoilt / "result.gpkg", layer="frontier_item").iloc[1:]
    rows.to_file(spoilt / "result.gpkg", layer="frontier_item")
    good = made_result(tmp_path / "好", AFTER)
    with pytest.raises(InputError, match="differ"):
        run_job("frontier_comparison", {"earlier": str(spoilt), "later": good}, tmp_path / "r")


def test_the_same_two_give_the_same_bytes(tmp_path):
    first = compare(tmp_path)
    given = {"earlier": str(tmp_path / "前期"), "later": str(tmp_path / "后期")}
    second = run_job("frontier_comparison", given, tmp_path / "again")
    for name in ("frontier_change", "comparison", "changed_items", "report"):
        assert Path(first.outputs[name]).read_bytes() == Path(second.outputs[name]).read_bytes(), name
    assert json.loads((tmp_path / "again" / "run.json").read_text(encoding="utf-8"))["inputs"].keys() == {
        "earlier",
        "earlier/run.json",
        "later",
        "later/run.json",
    }


def test_without_a_folder_of_its_own_the_result_stands_among_the_runs_of_the_later_side(tmp_path):
    earlier = made_result(tmp_path / "去年.runs" / "frontier_scoreboard-004", BEFORE, day="2024-12-31")
    later = made_result(tmp_path / "今年.runs" / "frontier_scoreboard-001", AFTER)
    run = run_job("frontier_comparison", {"earlier": earlier, "later": later})
    assert Path(run.folder) == tmp_path / "今年.runs" / "frontier_comparison-001"
    apart = made_result(tmp_path / "交付" / "结果", AFTER)
    run = run_job("frontier_comparison", {"earlier": earlier, "later": apart})
    assert Path(run.folder) == tmp_path / "去年.runs" / "frontier_comparison-001"
    run = run_job("frontier_comparison", {"earlier": later, "later": str(tmp_path / "交付" / "结果")}, tmp_path / "r")
    assert Path(run.folder) == tmp_path / "r"


def test_rules_of_the_sea_touch_the_sea_and_rules_of_roads_the_roads_and_no_item(tmp_path):
    second = [cited("sea.cell", 500, "frontier-sea", "m"), cited("road.sample_step", 25, "frontier-roads", "m")]
    first = [cited("sea.cell", 250, "frontier-sea", "m"), cited("road.sample_step", 50, "frontier-roads", "m")]
    run = compare(tmp_path, first={"rules": first}, second={"rules": second})
    assert run.summary["changes_in_doubt"] == 0
    said = page(run)
    assert "只影响海域" in said and "仿真判定的道路里程" in said


def test_rules_of_the_sea_that_one_side_alone_cites_leave_the_villages_alone(tmp_path):
    packs = {"frontier-2027": "a" * 64, "frontier-sea": "b" * 64}
    sea = [cited("sea.cell", 250, "frontier-sea", "m"), cited("sea.data_reach", 50, "frontier-sea", "km")]
    other = [cited("sea.data_reach", 50, "frontier-sea", "km")]
    run = compare(tmp_path, first={"rules": other, "rule_packs": packs}, second={"rules": sea, "rule_packs": packs})
    assert run.summary["changes_in_doubt"] == 0 and layer(run)["doubt"].isna().all()


def test_elevation_data_of_one_side_alone_are_named_by_their_file_and_touch_what_was_simulated(tmp_path):
    dem = {"dem": {"path": "/某处/高程_约90米.tif", "sha256": "d76fc163" + "0" * 56}}
    after = [item("a", "met", evidence="simulated"), item("b", "not_met"), *AFTER[2:]]
    run = compare(tmp_path, BEFORE, after, second={"inputs": dem})
    told = layer(run).set_index("item_id")["doubt"]
    assert told["a"] == "evidence" and told.drop("a").isna().all()
    assert "6 项变化中有 1 项可能由此引起（规则或参数 0 项，判定依据 1 项）" in page(run)
    assert "高程_约90米.tif" in page(run) and "d76fc163" not in page(run)


def test_what_could_be_judged_only_with_the_elevation_data_of_one_side_is_marked_by_its_evidence(tmp_path):
    dem = {"dem": {"path": "高程.tif", "sha256": "d" * 64}}
    run = compare(
        tmp_path, [item("c", "cannot_tell")], [item("c", "met", evidence="simulated")], second={"inputs": dem}
    )
    assert layer(run)["doubt"].tolist() == ["evidence"]


def test_files_of_one_name_but_another_content_are_told_apart(tmp_path):
    first, second = ({"inputs": {"dem": {"path": "/某处/高程.tif", "sha256": mark * 64}}} for mark in "ab")
    run = compare(tmp_path, first=first, second=second)
    assert "高程.tif（aaaaaaaa）" in page(run) and "高程.tif（bbbbbbbb）" in page(run)


def test_the_page_begins_with_the_days_and_the_evidence_of_both_sides_side_by_side(tmp_path):
    after = [item("a", "met", evidence="simulated"), *AFTER[1:]]
    run = compare(tmp_path, BEFORE, after, first={"parameters": {"as_of": "2024-06-30"}})
    said = page(run)
    top = said[: said.index("指标变化（合计）")]
    assert said.index("比较的两期") < said.index("结论")
    for words in ("2024-06-30", "2025-12-31", "距离推断 5，无依据 1", "地形仿真 1", "逐项判定共 6 次"):
        assert words in top, words
