"""The scoreboard's report says the same numbers as table, layers, maps and job list, in both languages."""

import re
from pathlib import Path

import openpyxl
import pandas as pd
import pyogrio
import pytest
from xinji_planner.engine.executor import run_job
from xinji_planner.jobs.frontier.words import STATE_LABELS, STATUS_LABELS, STATUS_MARKS
from xinji_planner.tests.engine.report_kit import ReportPage

PACKS = ("frontier-2025", "frontier-2027")
COUNTS = ("in_scope", "met", "not_met", "cannot_tell")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("计分报告")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    return folder


@pytest.fixture(scope="module", params=PACKS)
def run(request, home):
    given = {"workspace": str(home / "海岳县.gpkg"), "pack": request.param}
    return run_job("frontier_scoreboard", given, home / request.param)


def layer(run, name):
    return pyogrio.read_dataframe(Path(run.folder) / "result.gpkg", layer=name)


def page(run, language="zh"):
    return ReportPage(Path(run.outputs["report"]), language)


def number(words):
    return None if words == "—" else float(words.replace(",", ""))


def same(shown, true):
    return shown is None if pd.isna(true) else shown == pytest.approx(true, abs=0.005001)


def counted(states):
    return {state: int((states == state).sum()) for state in ("met", "not_met", "cannot_tell")}


def drawn(lines, word=""):
    """Read counts by state off the lines of a legend."""
    found = dict.fromkeys(("met", "not_met", "cannot_tell"), 0.0)
    for state, label in ((state, STATE_LABELS[state].zh) for state in found):
        for line in lines:
            match = re.fullmatch(rf"{word}{label} ([\d,.]+) (个|km|km²)", line)
            if match:
                found[state] = number(match[1])
    return found


def test_the_scoreboard_of_page_one_says_what_the_table_and_the_layer_of_items_say(run):
    table = layer(run, "frontier_score").query("county_code == 'all'")
    items, shown = layer(run, "frontier_item"), page(run).table("scoreboard")
    assert len(shown) == len(table) == run.summary["indicators"]
    for cells, (_, row) in zip(shown, table.iterrows()):
        assert cells[0].split(" | ")[0].rstrip("†‡") == row["rule_name"]
        assert all(same(number(said), row[key]) for said, key in zip(cells[2:6], COUNTS))
        mark = STATUS_MARKS[row["status"]][0]
        assert cells[9] == f"{mark} {STATUS_LABELS[row['status']].zh}"
        if row["unit"] == "item" and row["in_scope"]:
            states = items.loc[items["rule_id"] == row["rule_id"], "state"]
            assert counted(states) == {state: row[state] for state in ("met", "not_met", "cannot_tell")}
        if pd.notna(row["ratio_percent"]):
            share, of = cells[6].split(" | ")
            assert number(share.rstrip(" %")) == pytest.approx(row["ratio_percent"], abs=0.005)
            assert of.startswith(f"{cells[3]} / ")
        if row["rule_status"] != "verified":
            assert "类推" in cells[10] and cells[0].split(" | ")[0].endswith("‡")


def test_tiles_and_matrix_count_the_same_verdicts(run):
    table, shown = layer(run, "frontier_score"), page(run)
    text = Path(run.outputs["report"]).read_text(encoding="utf-8")
    for status, key in (("met", "met"), ("short", "short"), ("cannot_tell", "cannot_tell")):
        mark = STATUS_MARKS[status][0]
        assert f'{mark} {run.summary[key]}</b><span lang="zh">{STATUS_LABELS[status].zh}' in text
    heading, *rows = next(rows for name, rows in shown.tables if name == "counties")
    found = {(row["county_code"], row["rule_name"]): row["status"] for _, row in table.iterrows()}
    codes = [*dict.fromkeys(code for code, _ in found if code != "all"), "all"]
    assert len(rows) == len(codes)
    for code, cells in zip(codes, rows):
        for name, said in zip(heading[1:], cells[1:]):
            status = found.get((code, name.rstrip(" †‡")), "none_listed")
            word = "" if status == "none_listed" else STATUS_LABELS[status].zh
            assert said.split(" | ")[0].strip() == f"{STATUS_MARKS[status][0]} {word}".strip()


def test_a_county_page_says_the_countys_rows_and_gaps(run):
    table, gaps, shown = layer(run, "frontier_score"), layer(run, "frontier_gap"), page(run)
    own = table[(table["county_code"] != "all") & (table["status"] != "none_listed")]
    for code, rows in own.groupby("county_code"):
        parts = [cells for name, cells in shown.tables if name == f"county-{code}"]
        assert len(parts[0]) - 1 == len(rows)
        for cells, (_, row) in zip(parts[0][1:], rows.iterrows()):
            assert cells[0].split(" | ")[0].rstrip("†‡") == row["rule_name"]
            assert all(same(number(said), row[key]) for said, key in zip(cells[2:6], COUNTS))
            assert cells[9].endswith(STATUS_LABELS[row["status"]].zh)
        missed = gaps[gaps["county_code"] == code]
        unmet, untold = ((missed["state"] == state).sum() for state in ("not_met", "cannot_tell"))
        said = [words for name, words in shown.sentences if name == f"county-{code}"]
        assert any(
            words.startswith(f"缺口 {len(missed)} 项：未达到 {unmet} 项，无法判定 {untold} 项。") for words in said
        )
        listed = [cells[0] for cells in parts[1][1:]] if len(missed) else []
        assert listed == missed["rank"].astype(str).head(60).tolist()


def test_maps_show_every_item_of_a_class_and_say_which_have_no_place(run):
    items, shown = layer(run, "frontier_item"), page(run)
    text = Path(run.outputs["report"]).read_text(encoding="utf-8")
    for rule, rows in items.groupby("rule_id"):
        known = ~(rows.geometry.isna() | rows.geometry.is_empty)
        if not known.any():
            assert f"class-{rule}" not in shown.legends
            continue
        assert drawn(shown.legends[f"class-{rule}"]) == counted(rows["state"])
        missing = f"没有坐标、未上图：{int((~known).sum())} 个"
        assert (missing in shown.notes[f"class-{rule}"]) == bool((~known).any())
        assert f'id="map-{re.sub("[^A-Za-z0-9]+", "-", rule)}-edge"' in text


def test_a_countys_map_shows_each_thing_once_in_its_worst_state(run):
    items, shown = layer(run, "frontier_item"), page(run)
    order = {"not_met": 0, "cannot_tell": 1, "met": 2}
    for code, rows in items[items["county_code"] != "none"].groupby("county_code"):
        worst = rows.assign(order=rows["state"].map(order)).groupby(["subject", "item_id"])["order"].min()
        expected = {state: int((worst == place).sum()) for state, place in order.items()}
        assert drawn(shown.legends[f"county-{code}"]) == expected


def test_the_map_of_roads_adds_up_to_the_scoreboard(run):
    table = layer(run, "frontier_score")
    roads = layer(run, "road_state")
    rule = roads["rule_id"].iloc[0]
    total = table[(table["rule_id"] == rule) & (table["county_code"] == "all")].iloc[0]
    lines = page(run).legends[f"class-{rule}"]
    tunnels = roads.loc[roads["structure"] == "tunnel", "length_km"].sum()
    assert any(line == f"隧道 {tunnels:.2f} km（另计）" for line in lines) == bool(tunnels)
    gaps = layer(run, "road_gap")
    assert gaps["length_km"].sum() == pytest.approx(
        total["not_met"] + total["cannot_tell"], abs=0.001 * (len(roads) + len(gaps))
    )
    said = [words for name, words in page(run).sentences if name == f"class-{rule}"]
    assert any(words.startswith(f"道路缺口 {len(gaps)} 段：未达到 ") for words in said)
    shown = drawn(lines)
    for state, length in shown.items():
        assert length == pytest.approx(total[state], abs=0.005 + 0.001 * len(roads))


def test_the_list_of_gaps_is_that_of_layer_and_job_list(run):
    gaps, shown = layer(run, "frontier_gap"), page(run)
    jobs = pd.read_csv(run.outputs["job_list"], dtype=str, encoding="utf-8-sig")
    sheet = list(openpyxl.load_workbook(run.outputs["job_sheet"]).active.iter_rows(values_only=True))
    assert jobs["编号"].isin(gaps["item_id"]).sum() == len(gaps) and len(sheet) - 1 == len(jobs)
    unmet, untold = ((gaps["state"] == state).sum() for state in ("not_met", "cannot_tell"))
    said = [words for name, words in shown.sentences if name == "gaps"]
    assert said[0].startswith(f"共 {len(gaps)} 项：未达到 {unmet} 项，无法判定 {untold} 项。")
    rows = shown.table("gaps")
    first = gaps.head(len(rows))
    assert len(rows) == min(len(gaps), 60)
    assert [cells[0] for cells in rows] == first["rank"].astype(str).tolist()
    assert [cells[2] for cells in rows] == first["name"].tolist()
    assert [cells[5].split(" ")[1] for cells in rows] == [STATE_LABELS[state].zh for state in first["state"]]


def test_the_rules_stand_with_document_clause_date_and_status(run):
    rows = page(run).table("rules")
    village = next(cells for cells in rows if "village_" in cells[0] and cells[0].count("·"))
    assert "宽带边疆" in village[2] and "目标（据报道转述）" in village[2]
    assert village[3] == "2023" and village[4] == "✓ 已核实 | 据报道转述，未见原文"
    assert any(cells[4].endswith("类推") for cells in rows) and any(cells[4].endswith("未核实") for cells in rows)


def test_english_has_the_same_numbers_and_no_chinese_but_names(run):
    chinese, english = page(run), page(run, "en")
    for (anchor, zh), (other, en) in zip(chinese.tables, english.tables):
        assert anchor == other and [len(cells) for cells in zh] == [len(cells) for cells in en]
    for zh, en in zip(chinese.table("scoreboard"), english.table("scoreboard")):
        assert zh[2:6] == en[2:6] and re.findall(r"[\d.]+", zh[6]) == re.findall(r"[\d.]+", en[6])
        assert not re.search("[\u4e00-\u9fff]", "".join(en))
    for lines in english.legends.values():
        assert not re.search("[\u4e00-\u9fff]", "".join(lines))


def test_the_page_needs_no_network_and_no_script_and_prints_on_a4(run):
    text = Path(run.outputs["report"]).read_text(encoding="utf-8")
    assert not re.search(r"<script|<link|@import|https?://(?!www\.w3\.org/2000/svg)", text)
    assert "size:A4 landscape" in text and "table-header-group" in text
    links = set(re.findall(r'href="#([^"]+)"', text))
    assert links and links <= set(re.findall(r'id="([^"]+)"', text))


def test_in_total_alone_there_are_maps_and_no_county_pages(home):
    given = {"workspace": str(home / "海岳县.gpkg"), "pack": "frontier-2027", "by": "total"}
    run = run_job("frontier_scoreboard", given, home / "合计")
    shown = page(run)
    assert shown.table("scoreboard") and shown.legends
    assert not [name for name, _ in shown.tables if name.startswith("count")]
