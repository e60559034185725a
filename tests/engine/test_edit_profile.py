"""A delivery profile shown as tables, changed, and saved as a planner's own."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError
from xinji_planner.layers.delivery.checking.rules import RULES
from xinji_planner.layers.delivery.expressions import COMPUTED as KNOWN
from xinji_planner.layers.delivery.profile.file import path_of, read_content, read_profile, shipped_profiles
from xinji_planner.layers.delivery.profile.page_words import COMPUTED, KEYS, VALUES
from xinji_planner.layers.delivery.profile.pages import pages_of, text_of, value_of
from xinji_planner.layers.delivery.profile.pages import test_of as rule_of
from xinji_planner.layers.delivery.profile.schema import CHECK, DOMAIN, FIELD, INTAKE, LAYER, SECTIONS, TYPES, OneOf
from xinji_planner.layers.specs import SPECS


def edit(tmp_path, changes=(), profile="municipal", **stated):
    (tmp_path / "改.json").write_text(json.dumps(list(changes)), encoding="utf-8")
    stated = {"profile": profile, "changes": str(tmp_path / "改.json"), **stated}
    run = run_job("edit_profile", stated, tmp_path / f"果{len(list(tmp_path.iterdir()))}")
    return run, json.loads(Path(run.outputs["pages"]).read_text(encoding="utf-8"))


def page(told, group, title):
    return next(
        item for item in told["pages"] if item["group"]["zh"] == group and item["title"]["zh"].startswith(title)
    )


def test_every_entry_that_a_profile_may_have_is_named_in_both_languages():
    tables = (*SECTIONS.values(), DOMAIN, CHECK, FIELD, LAYER, INTAKE)
    keys = {key.rstrip("!") for table in tables for key in table}
    assert keys - {"from"} <= set(KEYS)
    words = {word for table in tables for test, _ in table.values() if isinstance(test, OneOf) for word in test.words}
    codes = {*TYPES, *RULES, *SPECS, "GBK", "UTF-8", "meta_VectorData"}
    assert words - codes <= set(VALUES)
    assert set(KNOWN) == set(COMPUTED)


@pytest.mark.parametrize("name", shipped_profiles())
def test_every_entry_of_a_shipped_profile_is_on_a_page_and_reads_back_as_it_was(name):
    content = read_content(path_of(name))
    seen = {cell.path: cell.text for page in pages_of(content) for _, cells in page.rows for cell in cells if cell.path}

    def leaves(value, path=()):
        if (
            isinstance(value, dict)
            and (not path or path[-2:-1] not in (("values",), ("where",)))
            and path[-1:] != ("value",)
        ):
            for key, item in value.items():
                yield from leaves(item, (*path, key))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for at, item in enumerate(value):
                yield from leaves(item, (*path, at))
        else:
            yield path, value

    for path, value in leaves(content):
        if path == ("format",) or (path[0] == "domain" and len(path) == 3) or path[-1] == "workspace":
            continue  # told in the title or in a column that stays
        assert value_of(seen[path], rule_of(path)) == (value if value != "" else None), path
        assert seen[path] == text_of(value)


def test_a_feature_code_and_a_field_of_the_planners_own_are_saved_and_used(tmp_path):
    own = tmp_path / "本县.toml"
    field = {"name": "ZZBM", "alias": "站址编码", "type": "Char", "length": 20, "need": "O"}
    changes = [
        {"path": ["layer", 0, "ysdm"], "set": "2090020599"},
        {"path": ["layer", 0, "field", 0, "length"], "set": "12"},
        {
            "path": ["layer", 0, "field"],
            "add": field,
        },
        {"path": ["domain", "GHZT", "values"], "add": {"30": "在建"}},
        {"path": ["check", 0], "remove": True},
        {"path": ["crs", "choices"], "set": "zone、4490"},
    ]
    run, told = edit(tmp_path, changes, file=str(own))
    assert told["faults"] == [] and run.summary["saved"] == str(own)
    before, after = read_profile("municipal"), read_profile(str(own))
    layer = after.layers[0]
    assert (layer.ysdm, layer.field("SSDM").length, layer.field("ZZBM").alias) == ("2090020599", 12, "站址编码")
    assert after.domains["GHZT"].values["30"] == "在建"
    assert len(after.checks) == len(before.checks) - 1
    assert after.crs["choices"] == ["zone", "4490"]
    assert [item.name for item in after.layers] == [item.name for item in before.layers]


def test_all_faults_of_a_change_are_told_and_an_unsound_profile_is_not_saved(tmp_path):
    own = tmp_path / "本县.toml"
    changes = [
        {"path": ["layer", 0, "field", 0, "type"], "set": "字符"},
        {"path": ["layer", 0, "field", 1, "length"], "set": "长"},
        {"path": ["geometry", "tolerance_m"], "set": "-1"},
    ]
    _, told = edit(tmp_path, changes)
    places = {fault["place"] for fault in told["faults"]}
    assert {"layer ZDJCSSD · SSDM · type", "layer ZDJCSSD · SSLX · length", "geometry · tolerance_m"} <= places
    assert {"字符", "长"} <= {cell["text"] for _, cells in page(told, "图层字段", "ZDJCSSD")["rows"] for cell in cells}
    with pytest.raises(InputError) as refused:
        edit(tmp_path, changes, file=str(own))
    assert {fault.field for fault in refused.value.faults} == places and not own.exists()


def test_a_change_that_leads_nowhere_is_refused_by_its_place(tmp_path):
    with pytest.raises(InputError, match="layer · 99"):
        edit(tmp_path, [{"path": ["layer", 99, "ysdm"], "set": "1"}])


def test_an_unsound_file_can_be_opened_and_mended(tmp_path):
    own = tmp_path / "坏.toml"
    text = path_of("municipal").read_text(encoding="utf-8").replace('type = "Char"', 'type = "Text"', 1)
    own.write_text(text, encoding="utf-8")
    _, told = edit(tmp_path, profile=str(own))
    assert len(told["faults"]) == 1
    _, told = edit(tmp_path, [{"path": ["header", 0, "type"], "set": "Char"}], str(own), file=str(own))
    assert told["faults"] == []
    assert tomllib.loads(own.read_text(encoding="utf-8")) == read_content(path_of("municipal"))


def test_where_a_value_comes_from_is_said_in_words(tmp_path):
    _, told = edit(tmp_path)
    said = [[cell["shown"]["zh"] for cell in cells] for _, cells in page(told, "字段取值", "ZDJCSSD")["rows"]]
    assert ["干线节点", "只取", "建设状态（status）", "现状、在建、规划"] in said
    assert ["数据中心集群", "填入", "SSLX 设施类型", "固定值：数据中心"] in said
