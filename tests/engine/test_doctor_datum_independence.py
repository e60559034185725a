"""A verdict on the datum rests on independent rows, says on which, and is never surer than they are."""

import numpy as np
import pandas as pd
import pytest
import shapely
from xinji_planner.layers.doctor.datum.circles import owing
from xinji_planner.layers.doctor.datum.limits import doubted, most_lead, share
from xinji_planner.layers.doctor.datum.standing import Basis, bases_in, doubt, standing_words
from xinji_planner.layers.doctor.datum.taking import basis_of
from xinji_planner.layers.doctor.references import Points, References, read_references
from xinji_planner.layers.reading.datum_decision import Decision
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.store.workspace import create
from xinji_planner.layers.table import LayerTable
from xinji_planner.tests.engine.datum_kit import (
    as_text,
    counties,
    mapped,
    table,
    verdict_of,
    village_table,
    villages,
    written,
)
from xinji_planner.tests.engine.import_kit import do_import
from xinji_planner.text import NOTHING

DECLARED = Basis("file", "cgcs2000")


def points(layer, lon, lat, source, codes=None, keys=(), operator=""):
    blank = as_text([""] * len(lon))
    return Points(layer, lon, lat, blank if codes is None else codes, blank, keys, as_text([source] * len(lon)),
                  as_text([operator] * len(lon)))  # fmt: skip


def apart(lon, lat, metres=30.0, seed=1):
    """Give the places as somebody else would have surveyed them."""
    off = np.random.default_rng(seed).normal(0, metres / 111_200, (2, len(lon)))
    return lon + off[0], lat + off[1]


def stations(x, y, operator="移动", name="移动.csv", prefix="S"):
    count = len(x)
    words = (as_text([word] * count) for word in (operator, "5G", "在网"))
    headings = ["基站编号", "运营商", "制式", "状态", "经度", "纬度"]
    return table(headings, [as_text(f"{prefix}{at:05d}" for at in range(count)), *words, x, y], name)


@pytest.mark.parametrize("kind", ["wgs84", "gcj02", "bd09", "swapped_wgs84"])
def test_a_copy_under_another_name_confirms_nothing(kind):
    codes, lon, lat = villages(200, margin=0.3)
    known = References(points=(points("villages", lon, lat, "村庄.csv", codes),))
    verdict = verdict_of(village_table(codes, *written(lon, lat, kind), name="另一份.csv"), known)
    assert verdict.decision == ""
    assert verdict.swapped == kind.startswith("swapped")  # which China's extent tells
    assert [item.held for item in verdict.kin] == [("villages", "村庄.csv")]
    assert verdict.grounds == ()
    assert "“村庄.csv” 200 行" in verdict.details.zh
    assert "可能是副本" in verdict.details.zh
    assert "除不作依据的数据外" in verdict.why.zh or verdict.swapped


def test_a_copy_of_some_of_the_rows_with_others_moved_confirms_nothing_either():
    codes, lon, lat = villages(200, margin=0.3)
    moved_lon, moved_lat = apart(lon, lat, 40)
    half = np.arange(200) % 2 == 0
    known = References(points=(points("villages", np.where(half, lon, moved_lon), np.where(half, lat, moved_lat),
                                      "村庄.csv", codes),))  # fmt: skip
    for kind in ("wgs84", "gcj02"):
        assert verdict_of(village_table(codes, *written(lon, lat, kind), name="别的.csv"), known).decision == ""


def test_a_copy_with_fewer_decimals_is_still_a_copy():
    codes, lon, lat = villages(200, margin=0.3)
    x, y = (as_text(f"{value:.4f}" for value in values) for values in (lon, lat))
    known = References(points=(points("villages", lon, lat, "村庄.csv", codes),))
    assert verdict_of(village_table(codes, x, y, name="别的.csv"), known).decision == ""


@pytest.mark.parametrize("kind", ["wgs84", "gcj02", "bd09"])
def test_a_second_survey_of_the_same_villages_is_independent(kind):
    codes, lon, lat = villages(200, margin=0.3)
    known = References(points=(points("villages", *apart(lon, lat), "民政.csv", codes),),
                       bases={("villages", "民政.csv"): DECLARED})  # fmt: skip
    verdict = verdict_of(village_table(codes, *written(lon, lat, kind), name="移动村.csv"), known)
    assert verdict.decision == kind
    assert [(item.layer, item.source, item.rows) for item in verdict.grounds] == [("villages", "民政.csv", 200)]
    assert "核对依据：行政村“民政.csv”（文件标注 CGCS2000）200 行" in verdict.details.zh
    assert "by Administrative villages “民政.csv” (the file states CGCS2000)" in verdict.details.en


def test_an_edition_whose_name_differs_in_digits_is_left_out_and_the_counties_still_speak():
    codes, lon, lat = villages(800)
    known = counties()
    known = References(known.unit_codes, known.unit_names, known.units,
                       (points("villages", *apart(lon, lat), "行政村202605.csv", codes),),
                       unit_sources=as_text(["县界.shp"] * 16))  # fmt: skip
    verdict = verdict_of(village_table(codes, *written(lon, lat, "gcj02"), name="行政村202606.csv"), known)
    assert verdict.decision == "gcj02"
    assert [item.held for item in verdict.kin] == [("villages", "行政村202605.csv")]
    assert [(item.layer, item.rows) for item in verdict.grounds] == [("admin_units", 800)]


@pytest.mark.parametrize(("operator", "decision"), [("CMCC", ""), ("CTCC", "gcj02")])
def test_masts_of_the_same_operator_bear_out_nothing_and_those_of_another_do(operator, decision):
    _, lon, lat = villages(300)
    known = References(points=(points("base_stations", *apart(lon, lat, 8), "已有.csv", operator=operator),))
    verdict = verdict_of(stations(*written(lon, lat, "gcj02")), known, "base_stations")
    assert verdict.decision == decision
    assert [item.held for item in verdict.kin] == ([("base_stations", "已有.csv")] if operator == "CMCC" else [])


def test_masts_shared_with_another_operator_are_called_co_sited_and_no_copy():
    _, lon, lat = villages(300)
    known = References(points=(points("base_stations", lon, lat, "电信.csv", operator="CTCC"),))
    verdict = verdict_of(stations(*written(lon, lat, "gcj02")), known, "base_stations")
    assert "300 行与基站“电信.csv”同址，不作依据：该文件没有自己标注基准的记录，" in verdict.details.zh
    assert "同址的行会一起错" in verdict.details.zh
    assert "副本" not in verdict.details.zh + verdict.why.zh
    assert "300 rows share places with Base stations “电信.csv”: no evidence, since that file" in verdict.details.en
    bases = {("base_stations", "电信.csv"): Basis("order", "gcj02", "for", 0.99)}
    judged = References(points=known.points, bases=bases)
    again = verdict_of(stations(*written(lon, lat, "gcj02")), judged, "base_stations")
    assert "不作依据：该文件没有自己标注基准，" in again.details.zh


def test_the_verdict_is_said_in_one_short_paragraph_with_what_happens_otherwise():
    codes, lon, lat = villages(200, margin=0.3)
    known = References(points=(points("villages", *apart(lon, lat), "民政.csv", codes),),
                       bases={("villages", "民政.csv"): DECLARED})  # fmt: skip
    why = verdict_of(village_table(codes, *written(lon, lat, "gcj02"), name="移动村.csv"), known).why.zh
    assert why == (
        "GCJ-02，可能性 > 99%：比较了 200 行，其中 200 行能区分两种基准：都支持 GCJ-02，没有一行相反。"
        "如按 WGS 84/CGCS2000 读取，位置将偏约 590 m。"
    )


def test_of_a_list_of_several_operators_only_the_others_rows_count():
    _, lon, lat = villages(300)
    held = points("base_stations", *apart(lon, lat, 8), "汇总.csv")
    held = Points(held.layer, held.lon, held.lat, held.codes, held.names, (), held.sources,
                  as_text(("CMCC", "CTCC", "CUCC")[at % 3] for at in range(300)))  # fmt: skip
    verdict = verdict_of(stations(*written(lon, lat, "gcj02")), References(points=(held,)), "base_stations")
    assert verdict.decision == "gcj02"
    own = References(points=(held.only(held.operators == "CMCC"),))
    assert verdict_of(stations(*written(lon, lat, "gcj02")), own, "base_stations").decision == ""


def test_an_edition_is_known_by_its_own_ids():
    _, lon, lat = villages(300)
    ids = as_text(f"S{at:05d}" for at in range(300))
    known = References(points=(points("base_stations", *apart(lon, lat, 8), "旧表.csv", keys=(ids,)),))
    raw = stations(*written(lon, lat, "gcj02"))
    assert verdict_of(raw, known, "base_stations").decision == ""
    other = stations(*written(lon, lat, "gcj02"), prefix="X")
    assert verdict_of(other, known, "base_stations").decision == "gcj02"


@pytest.mark.parametrize(("basis", "decision"), [(DECLARED, "gcj02"), (Basis("evidence", "wgs84", "for", 0.999), "")])
def test_a_shared_mast_counts_where_the_other_file_states_its_datum_itself(basis, decision):
    _, lon, lat = villages(300)
    known = References(points=(points("towers_and_poles", lon, lat, "铁塔.csv"),),
                       bases={("towers_and_poles", "铁塔.csv"): basis})  # fmt: skip
    assert verdict_of(stations(*written(lon, lat, "gcj02")), known, "base_stations").decision == decision


def test_what_was_judged_by_a_file_does_not_confirm_that_file():
    codes, lon, lat = villages(300)
    judged = Basis("evidence", "wgs84", "for", 0.999, (("base_stations", "移动.csv", 300),))
    known = References(points=(points("villages", *apart(lon, lat), "村庄.csv", codes),),
                       bases={("villages", "村庄.csv"): judged})  # fmt: skip
    verdict = verdict_of(stations(*written(lon, lat, "wgs84")), known, "base_stations")
    assert verdict.decision == ""
    assert "据同源数据判定" in verdict.details.zh
    other = verdict_of(stations(*written(lon, lat, "wgs84"), "电信", "电信.csv"), known, "base_stations")
    assert other.decision == "wgs84"
    assert "行政村“村庄.csv”（由依据判定为 WGS 84/CGCS2000 ← 基站“移动.csv”" in other.details.zh


def test_a_chain_of_verdicts_grows_less_sure_until_it_cannot_tell():
    codes, lon, lat = villages(300)
    bases = {("villages", "起点.csv"): Basis("order", "wgs84")}
    held, sure = "起点.csv", []
    for name in ("甲.csv", "乙.csv", "丙.csv", "丁.csv"):
        known = References(points=(points("villages", *apart(lon, lat), held, codes),), bases=bases)
        raw = village_table(codes, *written(lon, lat, "wgs84"), name=name)
        verdict = verdict_of(raw, known)
        sure.append((verdict.confidence, verdict.decision))
        decision = Decision("wgs84", NOTHING)
        bases = {**bases, ("villages", name): basis_of(decision, verdict, "auto")}
        held = name
    likelihoods = [likelihood for likelihood, _ in sure]
    assert likelihoods == sorted(likelihoods, reverse=True)
    assert likelihoods[0] > 0.99
    assert [decision for _, decision in sure] == ["wgs84", "wgs84", "", ""]


def test_a_doubtful_start_makes_every_verdict_upon_it_doubtful():
    codes, lon, lat = villages(300)
    for basis in (Basis("evidence", "wgs84", "for", 0.9), Basis("order", "wgs84", "against")):
        known = References(points=(points("villages", *apart(lon, lat), "起点.csv", codes),),
                           bases={("villages", "起点.csv"): basis})  # fmt: skip
        verdict = verdict_of(village_table(codes, *written(lon, lat, "wgs84"), name="别的.csv"), known)
        assert verdict.decision == ""
        assert verdict.confidence <= 0.9


def test_thin_evidence_is_visibly_less_likely_and_nothing_is_certain():
    sure = []
    for count in (5, 8, 20, 200):
        codes, lon, lat = villages(count, margin=0.3)
        known = References(points=(points("villages", *apart(lon, lat), "民政.csv", codes),),
                           bases={("villages", "民政.csv"): DECLARED})  # fmt: skip
        verdict = verdict_of(village_table(codes, *written(lon, lat, "gcj02"), name="移动村.csv"), known)
        sure.append(verdict.confidence)
        if count == 200:
            assert "其中 200 行能区分两种基准：都支持" in verdict.why.zh
    assert sure == sorted(sure)
    assert sure[0] < 0.985
    assert sure[-1] <= 0.9991


@pytest.mark.parametrize(
    ("value", "words"), [(1.0, "> 99%"), (0.99, "> 99%"), (0.9849, "98.5%"), (0.71, "71%"), (0.0, "< 1%")]
)
def test_a_likelihood_never_reads_100_percent(value, words):
    assert share(value) == words


def test_rows_weigh_no_more_than_their_number_allows():
    assert np.allclose([np.exp(most_lead(n, 0)) for n in (0, 1, 5, 8)], [1, 3, 63, 511])
    assert most_lead(5, 5) == most_lead(2, 9) == 0
    assert np.isfinite(most_lead(20_000, 0))
    found = doubted(np.array([0.9, 0.06, 0.04]), 0, np.array([0.5, 0.3, 0.2]), 0.1)
    assert np.allclose(found, [0.81, 0.114, 0.076])


def test_the_basis_goes_through_the_history_and_undone_imports_do_not_count():
    basis = Basis("evidence", "wgs84", "for", 0.995, (("admin_units", "县界.shp", 800),))
    note = {"layer": "villages", "source_file": "村.csv", "datum": "wgs84", "datum_basis": basis.as_json()}
    old = {"layer": "roads", "source_file": "路.shp", "datum": "gcj02"}
    unrecorded = Basis("order", "gcj02", word_of=(("villages", "村.csv", 0),))  # what was there before it
    assert bases_in([note, old]) == {("villages", "村.csv"): basis, ("roads", "路.shp"): unrecorded}
    assert bases_in([{**note, "undone_by": 7}]) == {}
    for nonsense in ("{}", "[1]", "x", '{"by": 1}'):
        assert bases_in([{**note, "datum_basis": nonsense}]) == {("villages", "村.csv"): Basis("", "wgs84")}
    assert doubt(("villages", "村.csv"), bases_in([note])) == pytest.approx(0.009)
    assert not owing({"站.csv"}, set(), bases_in([note]))
    assert set(owing({"县界.shp"}, set(), bases_in([note]))) == {("villages", "村.csv")}


def test_what_stands_on_itself_is_told_without_end():
    bases = {("villages", "甲.csv"): Basis("evidence", "wgs84", "for", 0.99, (("villages", "乙.csv", 9),)),
             ("villages", "乙.csv"): Basis("evidence", "wgs84", "for", 0.99, (("villages", "甲.csv", 9),))}  # fmt: skip
    assert ("villages", "甲.csv") in owing(set(), set(), bases)
    assert standing_words(("villages", "甲.csv"), bases).zh.count("乙.csv") == 1


def test_an_import_notes_on_what_the_datum_stands_and_the_next_file_tells_the_chain(tmp_path):
    workspace = create(tmp_path / "区.gpkg")
    known = counties()
    frame = pd.DataFrame({"code": known.unit_codes, "name": known.unit_names}).astype("str")
    frame["source_file"] = "县界.shp"
    note = {"source_file": "县界.shp", "datum": "cgcs2000", "datum_basis": DECLARED.as_json()}
    workspace.replace_rows(LayerTable(SPECS["admin_units"], frame, known.units), history=note)
    codes, lon, lat = villages(800)
    for name, (east, north) in (("甲.csv", (lon, lat)), ("乙.csv", apart(lon, lat))):
        x, y = written(east, north, "wgs84")
        rows = pd.DataFrame({"行政村代码": codes, "行政村名称": codes, "经度": x, "纬度": y})
        rows.to_csv(tmp_path / name, index=False, encoding="utf-8-sig")
    do_import(tmp_path, tmp_path / "甲.csv", "villages", workspace=workspace.path)
    found = read_references(workspace, SPECS["base_stations"], "站.csv")
    basis = found.bases["villages", "甲.csv"]
    assert (basis.by, basis.verdict, basis.against) == ("evidence", "for", (("admin_units", "县界.shp", 800),))
    raw = stations(*written(*apart(lon, lat), "gcj02"), name="站.csv")
    why = verdict_of(raw, found, "base_stations").details.zh
    assert "行政村“甲.csv”（由依据判定为 WGS 84/CGCS2000 ← 行政区“县界.shp”（文件标注 CGCS2000））" in why


def test_a_label_and_no_evidence_do_not_read_as_a_contradiction():
    codes, lon, lat = villages(30)
    raw = village_table(codes, *written(lon, lat, "wgs84"), label="(CGCS2000)")
    why = verdict_of(raw, References()).why
    assert why.zh == "文件标注 CGCS2000；工作区中没有可核对的数据，按标注读取。"
    assert "cannot" not in why.en
    assert "does not tell" not in why.en
    assert verdict_of(raw, References(), stated="wgs84").why.zh.endswith("按您指定的读取。")
    assert mapped(raw).pairs[0].datum == "cgcs2000"
    inner = villages(8, margin=0.3)
    open_ = verdict_of(village_table(inner[0], *written(*inner[1:], "wgs84"), label="(CGCS2000)"), counties())
    assert "文件标注 CGCS2000；以上依据不足以证实或否定，按标注读取。" in open_.why.zh
    assert "无法判定" not in open_.why.zh
    shifted = village_table(codes, *written(lon, lat, "gcj02"), label="(GCJ02)")
    assert "按标注读取" not in verdict_of(shifted, References()).why.zh


def test_a_copy_of_county_polygons_confirms_nothing():
    known = counties()
    held = References(known.unit_codes, known.unit_names, known.units, unit_sources=as_text(["县界.shp"] * 16))
    raw = table(["行政区代码", "行政区名称"], [known.unit_codes, known.unit_names], "另一份.geojson")
    raw.geometry = shapely.transform(known.units, lambda xy: xy)
    verdict = verdict_of(raw, held, "admin_units")
    assert verdict.decision == ""
    assert [item.held for item in verdict.kin] == [("admin_units", "县界.shp")]


def test_where_nothing_was_compared_no_likelihood_is_said_and_what_would_help_is_named():
    codes, lon, lat = villages(30)
    x, y = written(lon, lat, "gcj02")
    verdict = verdict_of(stations(x, y), References(), "base_stations")
    assert "可能性" not in verdict.why.zh and "%" not in verdict.why.zh
    assert "未作比较，无法判定坐标基准。导入行政区、行政村、关键点、重点场所后即可核对。" in verdict.why.zh
    assert "likelihood" not in verdict.why.en
    assert verdict.helps == ("admin_units", "villages", "key_points", "places")
    held = verdict_of(stations(x, y), counties(), "base_stations")
    assert held.helps == ("villages", "key_points", "places")
    assert "行政区、" not in held.why.zh
    assert verdict_of(village_table(codes, x, y), References()).helps == ("admin_units",), (
        "villages come before key points"
    )


def test_the_figures_of_a_verdict_name_what_each_of_them_is_of():
    codes, lon, lat = villages(200, margin=0.3)
    known = References(points=(points("villages", *apart(lon, lat), "民政.csv", codes),),
                       bases={("villages", "民政.csv"): DECLARED})  # fmt: skip
    details = verdict_of(village_table(codes, *written(lon, lat, "gcj02"), name="移动村.csv"), known).details.zh
    assert "距离中位数按 GCJ-02 为" in details and "m，按 WGS 84/CGCS2000 为" in details
    few = villages(8, margin=0.3)
    open_ = verdict_of(village_table(few[0], *written(*few[1:], "wgs84")), counties())
    assert "前者" not in open_.why.zh.replace("前两者相比", "") + open_.details.zh
