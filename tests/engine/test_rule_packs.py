"""Rule packs: all faults at once and said plainly; a planner's own pack changes single rules, with reasons."""

import tomllib

import pytest
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError
from xinji_planner.jobs.frontier.words import SERVICE_LABELS, SUBJECT_LABELS
from xinji_planner.jobs.shared.pack_parameters import FRONTIER_PACKS
from xinji_planner.jobs.shared.rule_words import change_words, value_words
from xinji_planner.jobs.shared.rules import rule_section
from xinji_planner.rules.own import changed_pack, shipped_packs, stated_pack
from xinji_planner.rules.pack import PACKS, load
from xinji_planner.rules.validation import SERVICES, SUBJECTS

SOUND = """
[[rule]]
id = "X.share"
zh = "甲"
en = "a"
value = 90
unit = "%"
comparison = ">="
document = "某文件"
date = "2025-03"
valid_from = "2025"
valid_to = "2027-12-31"
status = "verified"
note = ""
"""


def written(folder, text, name="own.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder, text):
    with pytest.raises(InputError) as caught:
        stated_pack(str(written(folder, text)))
    assert caught.value.remedy.zh and caught.value.remedy.en
    return {fault.field: fault for fault in caught.value.faults}


@pytest.mark.parametrize("name", shipped_packs())
def test_every_shipped_pack_is_sound_and_bears_the_name_of_its_file(name):
    pack = load(name)
    content = tomllib.loads((PACKS / f"{name}.toml").read_text(encoding="utf-8"))
    assert content["pack"]["id"] == name and pack.title.zh and pack.title.en
    for rule in pack.rules.values():
        assert rule.pack == name and not rule.own_pack
        words = value_words(rule.value, rule.unit)
        assert not any(letter > "\u2e7f" for letter in words.en), (rule.id, words.en)


def test_the_ten_packs_of_the_plan_are_there():
    expected = {
        *("plan-14", "frontier-2025", "frontier-2027", "signal-upgrade-2024", "signal-upgrade-2025"),
        *("universal-service-4g", "compute-2023", "compute-2024", "compute-2027", "gigabit-city"),
    }
    assert expected <= set(shipped_packs())
    for choice in FRONTIER_PACKS:
        assert load(choice.value).title == choice.label
    assert set(SUBJECTS) == set(SUBJECT_LABELS) and set(SERVICES) == set(SERVICE_LABELS)


@pytest.mark.parametrize(
    ("pack", "rule", "value"),
    [
        ("plan-14", "N01.stations_per_10k", 26),
        ("plan-14", "N01.village_5g", 80),
        ("signal-upgrade-2024", "N15.reach_rate", 90),
        ("signal-upgrade-2025", "N15.downlink", 220),
        ("compute-2023", "N18.latency_ratio", 1.5),
        ("compute-2024", "N19.hubs_ms", 20),
        ("compute-2027", "N20.circle", 70),
        ("gigabit-city", "N29.home_cover", 80),
        ("universal-service-4g", "N07.distance", 5000),
    ],
)
def test_numbers_are_those_of_the_documents(pack, rule, value):
    assert load(pack).rule(rule).value == value


def test_all_faults_of_a_pack_come_at_once_each_with_rule_and_entry(tmp_path):
    head = '[[rule]]\nzh = "乙"\nen = "b"\n'
    found = faults(
        tmp_path,
        SOUND
        + SOUND  # twice the same id
        + head
        + 'id = "Y"\nvalue = "much"\nunit = "km"\ncomparison = ">="\nstatus = "unverified"\n'
        + head
        + 'id = "Z"\nvalue = 120\nunit = "%"\ncomparison = ">="\nstatus = "unverified"\n'
        + 'valid_from = "2025-02-30x"\ncolour = "red"\n'
        + head
        + 'id = "W"\nvalue = 1\nunit = ""\ncomparison = "~"\nstatus = "sure"\n'
        + head.replace('en = "b"', "")
        + 'id = "V"\nvalue = ["a", "a"]\nunit = "kind"\ncomparison = "all"\nstatus = "verified"\n',
    )
    assert set(found) == {
        *("X.share · id", "Y · value", "Z · value", "Z · valid_from", "Z · colour", "W · comparison", "W · status"),
        *("V · en", "V · value", "V · document"),
    }
    assert found["Y · value"].value == "much" and found["Y · value"].file == "own.toml"
    assert "数字" in found["Y · value"].message.zh and "a number" in found["Y · value"].message.en


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("value = 90", "value = true", "value"),
        ("value = 90", "value = nan", "value"),
        ("value = 90", "value = 101", "value"),
        ("value = 90", "value = [1]", "value"),
        ('valid_to = "2027-12-31"', 'valid_to = "2024"', "valid_to"),
        ('date = "2025-03"', 'date = "2025-13"', "date"),
        ('document = "某文件"', 'document = ""', "document"),
        ('id = "X.share"', 'id = "X.share"\nsubject = "village"', "service"),
        ('id = "X.share"', 'id = "X.share"\nsubject = "moon"\nservice = "5G"', "subject"),
        ('id = "X.share"', 'id = "X.share"\nnote = 3', None),
    ],
)
def test_each_entry_is_held_to_what_it_must_be(tmp_path, old, new, field):
    text = SOUND.replace(old, new) if field else SOUND.replace('note = ""', "note = 3")
    assert set(faults(tmp_path, text)) == {f"X.share · {field or 'note'}"}


def test_a_sound_pack_of_ones_own_is_read_and_owes_nothing_to_a_shipped_one(tmp_path):
    rule = stated_pack(str(written(tmp_path, SOUND))).rule("X.share")
    assert (rule.value, rule.own_pack, rule.pack) == (90, "own", "")
    assert rule.valid_on("2025-01-01") and rule.valid_on("2027-12-31") and not rule.valid_on("2024-12-31")


def test_a_year_or_month_is_in_force_to_its_last_day(tmp_path):
    rule = stated_pack(str(written(tmp_path, SOUND.replace("2027-12-31", "2026-06")))).rule("X.share")
    assert rule.valid_on("2026-06-30") and not rule.valid_on("2026-07-01")


CHANGE = '[pack]\nbase = "frontier-2027"\n[[rule]]\nid = "N12.village_5g"\nvalue = 90\nreason = "山区县"\n'


def test_a_change_keeps_the_rest_of_the_rule_and_is_cited_with_its_reason(tmp_path):
    pack = stated_pack(str(written(tmp_path, CHANGE)))
    rule, before = pack.rule("N12.village_5g"), load("frontier-2027").rule("N12.village_5g")
    assert (rule.value, rule.replaced, rule.reason, rule.own_pack) == (90, 95, "山区县", "own")
    assert (rule.name, rule.unit, rule.valid_to, rule.pack) == (before.name, before.unit, before.valid_to, before.pack)
    assert (rule.status, rule.document) == ("unverified", "")  # the document does not say 90
    assert pack.rule("N12.island_5g") == load("frontier-2027").rule("N12.island_5g")
    words = change_words(rule.cited())
    assert "95 %" in words.zh and "90 %" in words.zh and "山区县" in words.zh and "山区县" in words.en
    assert words in rule_section([rule.cited()]).cautions


def test_a_change_without_a_reason_or_of_nothing_is_refused(tmp_path):
    assert set(faults(tmp_path, CHANGE.replace('reason = "山区县"', ""))) == {"N12.village_5g · reason"}
    assert set(faults(tmp_path, CHANGE.replace("山区县", "  "))) == {"N12.village_5g · reason"}
    assert set(faults(tmp_path, CHANGE.replace("value = 90\n", ""))) == {"N12.village_5g · value"}
    assert set(faults(tmp_path, CHANGE.replace("value = 90", "value = 900"))) == {"N12.village_5g · value"}
    assert set(faults(tmp_path, CHANGE.replace("frontier-2027", "frontier-2028"))) == {"pack · base"}
    assert "N12.vilage_5g · zh" in faults(tmp_path, CHANGE.replace("N12.village_5g", "N12.vilage_5g"))  # no such rule


def test_a_folder_of_own_packs_changes_only_what_it_names_and_nothing_twice(tmp_path):
    written(tmp_path, CHANGE, "甲.toml")
    written(tmp_path, SOUND, "乙.toml")
    assert changed_pack("frontier-2027", tmp_path).rule("N12.village_5g").value == 90
    assert changed_pack("frontier-2025", tmp_path) == load("frontier-2025")
    written(tmp_path, CHANGE, "丙.toml")
    with pytest.raises(InputError, match=r"N12\.village_5g"):
        changed_pack("frontier-2027", tmp_path)
    with pytest.raises(InputError, match="no folder"):
        changed_pack("frontier-2027", tmp_path / "none")


def test_the_check_lists_a_pack_or_refuses_it_with_every_fault(tmp_path):
    run = run_job("check_pack", {"pack": str(written(tmp_path, CHANGE))}, tmp_path / "sound")
    assert run.summary["changed"] == 1 and run.summary["rules"] == len(load("frontier-2027").rules)
    page = (tmp_path / "sound" / "report.html").read_text(encoding="utf-8")
    assert "山区县" in page and "N12.island_5g" in page and "≥ 90 %" in page
    with pytest.raises(InputError) as caught:
        broken = SOUND.replace("90", '"x"').replace("verified", "sure")
        run_job("check_pack", {"pack": str(written(tmp_path, broken))}, tmp_path / "broken")
    assert len(caught.value.faults) == 2
    page = (tmp_path / "broken-refused.html").read_text(encoding="utf-8")
    assert "X.share · value" in page and "X.share · status" in page
