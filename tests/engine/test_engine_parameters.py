"""What a planner states is checked against the declaration, and every fault is told at once."""

import pytest
from xinji_planner.engine.parameters import checked, split_layer, unknown_job
from xinji_planner.errors import Fault, ParameterError
from xinji_planner.jobs.declaration import Choice, Job, Parameter, ParameterKind
from xinji_planner.text import Text, same


def _parameter(name, kind, **facts):
    return Parameter(name, ParameterKind(kind), Text(f"{name} 中文", name), same("help"), **facts)


COLOURS = tuple(Choice(value, same(value)) for value in ("red", "green", "5G"))
JOB = Job(
    "mix",
    Text("混合", "Mix"),
    same("help"),
    "data",
    (
        _parameter("source", "source"),
        _parameter("workspace", "workspace"),
        _parameter("target", "workspace_target"),
        _parameter("layer", "layer"),
        _parameter("count", "integer", minimum=1, maximum=9),
        _parameter("radius_m", "real", unit="m", minimum=1, maximum=100_000),
        _parameter("name", "text"),
        _parameter("colour", "choice", choices=COLOURS, default="red"),
        _parameter("colours", "choices", choices=COLOURS),
        _parameter("datum", "choice_or_text", choices=COLOURS),
        _parameter("day", "date"),
        _parameter("exact", "flag"),
    ),
    (),
)


def _one(name, value):
    return checked(JOB, {name: value})[name]


def _fault(name, value):
    with pytest.raises(ParameterError) as caught:
        checked(JOB, {name: value})
    (fault,) = caught.value.faults
    assert fault.field == name
    assert fault.message.zh
    assert fault.message.zh in caught.value.message.zh
    return fault


def test_every_declared_parameter_has_a_value_and_what_is_not_stated_has_none():
    values = checked(JOB, {"name": "", "day": None, "colours": []})
    assert list(values) == [parameter.name for parameter in JOB.parameters]
    assert {name: value for name, value in values.items() if value is not None} == {"colour": "red"}


@pytest.mark.parametrize(
    ("name", "stated", "value"),
    [
        ("count", "7", 7),
        ("count", 7.0, 7),
        ("radius_m", "2000.5", 2000.5),
        ("radius_m", 1, 1.0),
        ("name", "  甲 ", "甲"),
        ("colour", "5g", "5G"),
        ("colours", "green, red", ("red", "green")),
        ("colours", "green，5g", ("green", "5G")),
        ("colours", ["green", "5g,red"], ("red", "green", "5G")),
        ("colours", ["5G", "red"], ("red", "5G")),
        ("datum", "GREEN", "green"),
        ("datum", "EPSG:4527", "EPSG:4527"),
        ("day", "2025-12-31", "2025-12-31"),
        ("exact", "true", True),
        ("exact", False, False),
        ("exact", "否", False),
    ],
)
def test_text_and_json_values_become_what_the_job_needs(name, stated, value):
    got = _one(name, stated)
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    ("name", "stated", "words"),
    [
        ("count", "10", "1 to 9"),
        ("count", "2.5", "a whole number"),
        ("count", True, "a whole number"),
        ("count", [1], "a whole number"),
        ("radius_m", "0", "from 1 to 100000 m, not “0”"),
        ("radius_m", "nan", "a number"),
        ("radius_m", "1e999", "a number"),
        ("radius_m", "2km", "not “2km”"),
        ("colour", "blue", "red, green, 5G"),
        ("colours", "red,blue", "red, green, 5G"),
        ("day", "2025-02-30", "YYYY-MM-DD"),
        ("day", "20250101", "YYYY-MM-DD"),
        ("exact", "perhaps", "true or false"),
        ("name", {"a": 1}, "text"),
        ("source", "/no/such/file", "existing file"),
        ("source", "a\0b", "existing file"),
        ("workspace", "/", "existing planning workspace"),
        ("colour", "", "one of red, green, 5G"),
        ("colour", "  ", "one of red, green, 5G"),
        ("target", "w.shp", ".gpkg"),
        ("target", "/no/such/folder/w.gpkg", "folder that exists"),
        ("layer", "/no/such/file.gpkg|layername=a", "existing file"),
        ("layer", "/a.gpkg|layerid=0", "layername"),
        ("layer", "/a.gpkg|layername=a|subset=x", "layername"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(name, stated, words):
    assert words in _fault(name, stated).message.en


def test_a_folder_in_the_place_of_a_workspace_is_called_a_folder(tmp_path):
    folder = tmp_path / "某县.gpkg"
    folder.mkdir()
    for name in ("workspace", "target"):
        assert "a folder, not a file" in _fault(name, str(folder)).remedy.en


def test_an_empty_list_of_choices_means_nothing_stated_unless_there_is_a_default():
    job = Job(
        "j", same("j"), same(""), "data", (_parameter("formats", "choices", choices=COLOURS, default=("red",)),), ()
    )
    assert _one("colours", "") is None
    assert checked(job, {"formats": []})["formats"] == ("red",)
    for empty in ("", " , ", ["", " "]):
        with pytest.raises(ParameterError, match="--formats must be one of red"):
            checked(job, {"formats": empty})


def test_bounds_are_told_with_their_unit_in_both_languages():
    message = _fault("radius_m", -5).message
    assert message.zh == "radius_m 中文（--radius-m）应为 1 至 100000 m 之间的数，实际为“-5”。"
    assert message.en == "--radius-m must be a number from 1 to 100000 m, not “-5”."


def test_a_near_miss_gets_a_suggestion():
    assert "--radius-m" in _fault("radus_m", 5).remedy.zh
    assert "green" in _fault("colour", "gren").remedy.en
    assert "village_reach" in unknown_job("vilage_reach", ["village_reach", "coverage_gap"]).remedy.en
    assert "coverage_gap" in unknown_job("xyz", ["village_reach", "coverage_gap"]).remedy.en


def test_all_faults_are_told_at_once():
    with pytest.raises(ParameterError) as caught:
        checked(JOB, {"count": "x", "radius_m": -1, "colour": "blue", "nonsense": 1, "name": "fine"})
    assert [fault.field for fault in caught.value.faults] == ["nonsense", "count", "radius_m", "colour"]


def test_a_required_parameter_that_is_missing_is_named():
    job = Job("j", same("j"), same(""), "data", (_parameter("source", "source", required=True),), ())
    with pytest.raises(ParameterError, match="--source must be stated"):
        checked(job, {"source": " "})


def test_paths_with_blanks_and_chinese_are_taken_as_they_are(tmp_path):
    path = tmp_path / "某县 数据.gpkg"
    path.write_text("", encoding="utf-8")
    assert _one("source", str(path)) == path
    assert _one("workspace", str(path)) == path
    assert _one("target", str(tmp_path / "新 工作区.gpkg")) == tmp_path / "新 工作区.gpkg"
    assert _one("layer", f"{path}|layername=村 庄") == f"{path}|layername=村 庄"
    assert split_layer(f"{path}|layername=村 庄") == (path, "村 庄")
    assert split_layer(str(path)) == (path, "")


def test_the_jobs_own_check_is_asked_once_the_single_values_are_right():
    def hook(parameters):
        return [Fault(Text("两者不能同时", "not both"))] if parameters["count"] == 3 else []

    assert checked(JOB, {"count": 2}, hook)["count"] == 2
    with pytest.raises(ParameterError, match="not both"):
        checked(JOB, {"count": 3}, hook)
