"""No file is borne out by rows that were moved to fit it, directly, in part, or through others."""

import json
from pathlib import Path

import numpy as np
import pytest
from xinji_planner.layers.doctor.datum.circles import owing
from xinji_planner.layers.doctor.datum.standing import Basis, bases_in
from xinji_planner.layers.doctor.datum.taking import basis_of
from xinji_planner.layers.doctor.references import Points, References
from xinji_planner.layers.reading.datum_decision import Decision
from xinji_planner.layers.store.workspace import Workspace
from xinji_planner.text import NOTHING

from .datum_kit import as_text, counties, table, verdict_of, villages, written
from .import_kit import do_import
from .test_diagnose import examine

RECEIVED = Path(__file__).resolve().parents[2] / "sample_data" / "received"
UNITS, TELECOM, MOBILE, UNICOM = "行政区划.shp", "电信_4G5G站点清单.xlsx", "移动_无线基站台账.csv", "联通基站.shp"
STATED = Basis("file", "cgcs2000")
A, B, C = "电信.csv", "移动.csv", "联通.csv"
OPERATORS = {A: ("电信", "CTCC"), B: ("移动", "CMCC"), C: ("联通", "CUCC")}
_, LON, LAT = villages(300)


# --- a workspace that grows as imports make it grow -----------------------------------------------------------


def near(seed, metres=8.0):
    """Give the masts as another operator would have measured them."""
    off = np.random.default_rng(seed).normal(0, metres / 111_200, (2, len(LON)))
    return LON + off[0], LAT + off[1]


def stations(name, kind="wgs84", label=""):
    operator, x_y = OPERATORS[name][0], written(*near(len(name) + ord(name[0])), kind)
    words = (as_text([word] * len(LON)) for word in (operator, "5G", "在网"))
    headings = ["基站编号", "运营商", "制式", "状态", f"经度{label}", f"纬度{label}"]
    return table(headings, [as_text(f"{operator}{at:05d}" for at in range(len(LON))), *words, *x_y], name)


def in_workspace(name):
    lon, lat = near(len(name) + ord(name[0]))
    blank = as_text([""] * len(lon))
    return Points("base_stations", lon, lat, blank, blank, (), as_text([name] * len(lon)),
                  as_text([OPERATORS[name][1]] * len(lon)))  # fmt: skip


def held(name):
    return "base_stations", name


def known(bases, *names, units=False):
    points = tuple(in_workspace(name) for name in names)
    if not units:
        return References(points=points, bases=bases)
    there = counties()
    return References(there.unit_codes, there.unit_names, there.units, points, unit_sources=as_text(["县界.shp"] * 16),
                      bases={("admin_units", "县界.shp"): STATED, **bases})  # fmt: skip


def judged(name, there, kind="wgs84", label=""):
    return verdict_of(stations(name, kind, label), there, "base_stations")


def imported(name, there):
    """Give the verdict on a file in GCJ-02, and what is known of the workspace once it was converted on order."""
    verdict = judged(name, there, "gcj02")
    return verdict, {**there.bases, held(name): basis_of(Decision("gcj02", NOTHING), verdict, "gcj02")}


def left_out(verdict):
    return {item.held[1]: item.why.zh for item in verdict.kin}


def test_a_file_that_was_converted_to_fit_another_does_not_confirm_it():
    first, bases = imported(B, known({held(A): STATED}, A))
    assert first.decision == "gcj02"
    assert bases[held(B)].word_of == ((*held(A), 300),)
    again = judged(A, known(bases, B))
    assert (again.decision, again.grounds) == ("", ())
    assert left_out(again) == {B: "坐标是依据本文件（或同源数据）转换来的"}
    assert "converted on the word of this file" in again.details.en


def test_nor_does_it_confirm_a_newer_edition_even_once_the_older_rows_are_gone():
    _, bases = imported(B, known({held(A): STATED}, A))
    newer = stations(A)
    newer.path = Path("电信202701.csv")
    assert verdict_of(newer, known(bases, B), "base_stations").decision == ""
    ids = [in_workspace(A), in_workspace(B)]
    assert verdict_of(newer, References(points=tuple(ids), bases=bases), "base_stations").decision == ""


def test_nor_does_a_third_that_was_converted_to_fit_the_second():
    _, bases = imported(B, known({held(A): STATED}, A))
    _, bases = imported(C, known(bases, B))
    bases[held(C)] = Basis(**{**vars(bases[held(C)]), "verdict": "for", "likelihood": 0.999})
    assert bases[held(C)].word_of == ((*held(B), 300),)
    assert judged(A, known(bases, C)).decision == ""
    assert set(owing({A}, set(), bases)) == {held(B), held(C)}
    assert set(owing({B}, set(), bases)) == {held(C)}


def test_the_word_of_county_outlines_beside_it_makes_no_witness_of_a_converted_file():
    county = ("admin_units", "县界.shp")
    for word_of in (((*county, 90), (*held(A), 4)), ((*held(A), 1), (*county, 300))):
        bases = {county: STATED, held(A): STATED, held(B): Basis("order", "gcj02", "for", 0.999, word_of, "", word_of)}
        assert set(owing({A}, set(), bases)) == {held(B)}
        assert judged(A, known(bases, B)).decision == ""


def test_outlines_that_told_nothing_had_no_word_in_a_conversion():
    there = known({held(A): STATED}, A, units=True)
    raw = stations(B, "gcj02")
    raw.headings.append("行政区代码")
    cells = np.array([there.unit_codes[at] for at in _county_of()], dtype=object)
    raw.cells.append(cells)
    verdict = verdict_of(raw, there, "base_stations")
    ground = {item.source: item for item in verdict.grounds}
    assert ground["县界.shp"].rows == 300
    assert 0 < ground["县界.shp"].spoke_for("gcj02") < 100  # those beside an outline
    assert ground[A].spoke_for("gcj02") > 290
    assert ground[A].spoke_for("wgs84") < 10


def _county_of():
    return ((LON - 109.0) // 0.2 + 4 * ((LAT - 28.0) // 0.2)).astype(int)


def test_an_independent_witness_still_counts_beside_one_that_is_not():
    """The third was left where its own label puts it: whatever else spoke for it, nobody moved it to fit."""
    _, bases = imported(B, known({held(A): STATED}, A))
    labelled = judged(C, known(bases, A, B), label="(WGS84)")
    bases[held(C)] = basis_of(Decision("wgs84", NOTHING), labelled, "auto")
    assert (labelled.decision, bases[held(C)].by) == ("wgs84", "file")
    again = judged(A, known(bases, B, C))
    assert again.decision == "wgs84"
    assert [item.source for item in again.grounds] == [C]
    assert list(left_out(again)) == [B]


def test_a_file_that_was_converted_on_the_word_of_others_counts():
    _, bases = imported(B, known({held(C): STATED}, C))
    assert judged(A, known(bases, B)).decision == "wgs84"


@pytest.mark.parametrize(("datum", "label"), [("gcj02", "(GCJ02)"), ("bd09", "(百度)"), ("wgs84", "(CGCS2000)")])
def test_a_file_that_states_its_datum_itself_needed_nobodys_word(datum, label):
    verdict = judged(B, known({held(A): STATED}, A), datum, label)
    assert verdict.decision == datum
    ordered = "cgcs2000" if datum == "wgs84" else datum
    basis = basis_of(Decision(ordered, NOTHING), verdict, ordered)
    assert (basis.by, basis.verdict, basis.word_of) == ("order", "for", ())
    assert judged(A, known({held(B): basis}, B)).decision == "wgs84"


def test_rows_without_a_label_that_the_file_alone_let_through_do_not_confirm_it():
    """They were not moved, but in which datum they and the file both are is what the file told."""
    verdict = judged(B, known({held(A): STATED}, A))
    bases = {held(A): STATED, held(B): basis_of(Decision("wgs84", NOTHING), verdict, "auto")}
    assert bases[held(B)].by == "evidence"
    assert left_out(judged(A, known(bases, B))) == {B: "其基准本身就是据同源数据判定的"}


def test_an_open_verdict_that_leans_is_a_word_too():
    doubtful = {held(A): Basis("order", "wgs84", "against")}
    verdict, bases = imported(B, known(doubtful, A))
    assert verdict.decision == ""
    assert bases[held(B)].word_of == ((*held(A), 300),)
    assert judged(A, known(bases, B)).decision == ""


def test_an_order_against_the_evidence_was_on_nobodys_word():
    verdict = judged(B, known({held(A): STATED}, A), "gcj02")
    basis = basis_of(Decision("bd09", NOTHING), verdict, "bd09")
    assert (basis.verdict, basis.word_of) == ("against", ())


# --- what the history keeps ------------------------------------------------------------------------------------


def note(name, basis=None, datum="gcj02", **more):
    text = None if basis is None else basis if isinstance(basis, str) else basis.as_json()
    return {"layer": "base_stations", "source_file": name, "datum": datum, "datum_basis": text, **more}


def older(basis):
    """Give what a version wrote that did not record on whose word."""
    values = json.loads(basis.as_json())
    del values["word_of"]
    return json.dumps(values)


def test_the_history_keeps_on_whose_word_rows_were_converted():
    basis = Basis("order", "gcj02", "for", 0.999, ((*held(A), 300),), "", ((*held(A), 280),))
    assert bases_in([note(B, basis)]) == {held(B): basis}
    assert json.loads(basis.as_json())["against"] == [[*held(A), 300]]  # as earlier versions read it


def test_of_an_older_record_all_that_it_was_held_against_may_have_spoken():
    basis = Basis("order", "gcj02", "for", 0.999, (("admin_units", "县界.shp", 300), (*held(A), 161)))
    bases = bases_in([note(A, STATED), note(B, older(basis))])
    assert set(owing({A}, set(), bases)) == set(owing({"县界.shp"}, set(), bases)) == {held(B)}
    assert not owing({C}, set(), bases)


@pytest.mark.parametrize("basis", [None, "nonsense", '{"word_of": [1]}', older(Basis("order", "gcj02"))])
def test_where_nothing_is_recorded_what_came_before_may_have_spoken_and_what_came_later_may_not(basis):
    bases = bases_in([note(A, STATED, "cgcs2000"), note(B, basis), note(C, STATED, "cgcs2000")])
    assert owing({A}, set(), bases).keys() == {held(B)}
    assert "没有记录" in owing({A}, set(), bases)[held(B)].zh
    assert not owing({C}, set(), bases)
    assert judged(A, known(bases, B, C)).decision == "wgs84"  # the third still speaks
    assert judged(A, known(bases, B)).decision == ""
    assert judged(C, known(bases, B)).decision == "wgs84"


def test_a_recipe_that_converts_again_with_nothing_to_bear_it_out_keeps_the_first_word():
    spoken = Basis("order", "gcj02", "for", 0.999, ((*held(A), 300),), "", ((*held(A), 300),))
    alone = Basis("order", "gcj02", word_of=())
    assert owing({A}, set(), bases_in([note(B, spoken), note(B, alone)])).keys() == {held(B)}
    assert not owing({A}, set(), bases_in([note(B, spoken, undone_by=2), note(B, alone)]))
    anew = Basis("order", "gcj02", "for", 0.999, ((*held(C), 300),), "", ((*held(C), 300),))
    assert not owing({A}, set(), bases_in([note(B, spoken), note(B, anew)]))


def test_two_files_that_were_converted_on_each_others_word_hang_on_either_and_on_no_third():
    county = ("admin_units", "县界.shp", 9)
    both = {held(B): Basis("order", "gcj02", "for", 0.999, word_of=(county, (*held(C), 5))),
            held(C): Basis("order", "gcj02", "for", 0.999, word_of=((*held(B), 4), county))}  # fmt: skip
    assert not owing({A}, set(), both)
    assert owing({B}, set(), both).keys() == {held(B), held(C)}


# --- the sample county, as a planner goes through it -----------------------------------------------------------


def test_telecoms_list_is_not_proved_by_the_lists_that_were_converted_to_fit_it(tmp_path):
    workspace = tmp_path / "海岳.gpkg"
    for name, kind, datum in ((UNITS, "admin_units", "auto"), (TELECOM, "base_stations", "auto"),
                              (MOBILE, "base_stations", "gcj02"), (UNICOM, "base_stations", "gcj02")):  # fmt: skip
        do_import(tmp_path, RECEIVED / name, kind, workspace=workspace, datum=datum)
    bases = bases_in(Workspace(workspace).history())
    spoke = {source: rows for _, source, rows in bases[held(MOBILE)].word_of}
    assert spoke[f"{TELECOM}|站点清单"] > 60
    assert spoke.get(UNITS, 0) <= 11  # rows beside an outline, of 191 held against it
    summary, _, _ = examine(tmp_path, RECEIVED / TELECOM, workspace=str(workspace))
    assert summary["datum_verdict"] == ""
    assert summary["datum"] == "wgs84"  # by its own label
    assert "移动" not in summary["datum_evidence_lead"].zh
    assert f"“{MOBILE}” 186 行（坐标是依据本文件" in summary["datum_evidence_details"].zh
    mobile, _, _ = examine(tmp_path, RECEIVED / MOBILE, workspace=str(workspace))
    assert mobile["datum_verdict"] == "gcj02"  # on the word of telecom, as before
