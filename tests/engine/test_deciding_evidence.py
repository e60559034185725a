"""What a planner reads first: the one line that decides a datum, who lies outside, and what was chosen otherwise."""

import csv
import math
from pathlib import Path

import pyogrio
import pytest
from xinji_planner.layers.doctor.references import References
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.store.workspace import Workspace

from .datum_kit import counties, known_points, verdict_of, village_table, villages, written
from .import_kit import do_import, write_csv
from .test_diagnose import STATION_HEADINGS, STATIONS, examine

RECEIVED = Path(__file__).resolve().parents[2] / "sample_data" / "received"
TELECOM, MOBILE = "电信_4G5G站点清单.xlsx", "移动_无线基站台账.csv"
UNITS, VILLAGES = "行政区划.shp", "行政村名录.csv"


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """A workspace with the units and one operator's stations of the sample county."""
    folder = tmp_path_factory.mktemp("海岳县")
    workspace = folder / "海岳.gpkg"
    do_import(folder, RECEIVED / UNITS, "admin_units", workspace=workspace)
    do_import(folder, RECEIVED / TELECOM, "base_stations", workspace=workspace)
    return workspace


def test_sites_that_two_operators_share_decide_before_anything_else(county, tmp_path):
    summary, _, _ = examine(tmp_path, RECEIVED / MOBILE, workspace=str(county))
    lead = summary["datum_evidence_lead"]
    assert summary["datum_verdict"] == "gcj02"
    assert lead.zh == (
        f"61 个站与“{TELECOM}”是同一站址（按编号或名称）："
        "按 GCJ-02 全部重合（中位数 0 m），按 WGS 84/CGCS2000 全部错开约 529 m。"
    )
    assert lead.en.startswith("61 sites are those of") and "read as GCJ-02 all coincide" in lead.en


def test_units_that_are_too_coarse_say_so_and_what_would_tell(tmp_path):
    codes, lon, lat = villages(12, margin=0.4)  # none beside an outline
    raw = village_table(codes, *written(lon, lat, "wgs84"))
    verdict = verdict_of(raw, counties())
    assert verdict.decision == "" and verdict.lead.zh == "已导入的区划太粗，不足以区分两种坐标基准。"
    keys = verdict_of(raw, counties(), "key_points")
    assert keys.lead.zh == "已导入的区划太粗，不足以区分两种坐标基准；请先导入行政村。"
    assert "import administrative villages first" in keys.lead.en


def test_where_nothing_was_compared_nothing_decides():
    codes, lon, lat = villages(30)
    assert verdict_of(village_table(codes, *written(lon, lat, "gcj02")), References()).lead.zh == ""


def test_counties_decide_by_how_many_rows_lie_in_their_own():
    codes, lon, lat = villages(800)
    lead = verdict_of(village_table(codes, *written(lon, lat, "gcj02")), counties()).lead
    assert lead.zh.startswith("800 行应在代码所指的区划内：按 GCJ-02 有 800 行在内，按 WGS 84/CGCS2000 只有 ")


def test_distances_decide_by_how_many_rows_speak_for_each_reading_and_a_label_is_said_to_be_borne_out(county, tmp_path):
    workspace = tmp_path / "村.gpkg"
    do_import(tmp_path, RECEIVED / UNITS, "admin_units", workspace=workspace)
    for name, kind in ((VILLAGES, "villages"), ("行政村关键点.xlsx", "key_points")):
        do_import(tmp_path, RECEIVED / name, kind, workspace=workspace)
    summary, _, _ = examine(tmp_path, RECEIVED / TELECOM, workspace=str(workspace))
    assert summary["datum_borne_out"] == "wgs84"
    assert summary["datum_evidence_lead"].zh == (
        "与已知村庄和场所对照：能区分两种基准的 77 行中，49 行支持 WGS 84/CGCS2000，28 行支持 GCJ-02；"
        "计入各行距离后更明确。"
    )
    assert summary["datum_evidence_lead"].en.endswith("28 for GCJ-02; surer with the distances.")
    mobile, _, _ = examine(tmp_path, RECEIVED / MOBILE, workspace=str(workspace))
    lead = mobile["datum_evidence_lead"]
    assert lead.zh.endswith("74 行支持 GCJ-02，30 行支持 WGS 84/CGCS2000；偶然出现的概率低于 1/100,000。")
    assert lead.en.endswith("30 for WGS 84/CGCS2000, by chance less than once in 100,000 times.")
    mobile, _, _ = examine(tmp_path, RECEIVED / MOBILE, workspace=str(county))
    assert mobile["datum_verdict"] == "gcj02" and mobile["datum_borne_out"] == ""


def test_neighbours_are_no_proof_of_identity():
    """The same names half a kilometre off do not coincide under any datum: no row is called the same site."""
    codes, lon, lat = villages(200, margin=0.3)
    known = References(points=(known_points("villages", codes, lon + 0.004, lat),))
    lead = verdict_of(village_table(codes, *written(lon, lat, "wgs84")), known).lead
    assert "重合" not in lead.zh


def test_the_residual_of_a_handful_of_rows_is_not_told():
    codes, lon, lat = villages(12, margin=0.4)
    details = verdict_of(village_table(codes, *written(lon, lat, "wgs84")), counties()).details
    assert "按两种基准" not in details.zh and "readings differ" not in details.en


# --- another disposition is a change ------------------------------------------------------------------------


def test_a_merge_that_is_chosen_after_the_import_is_told_as_a_change_until_it_is_imported(tmp_path):
    source = write_csv(tmp_path / "站点.csv", [STATION_HEADINGS, *STATIONS, STATIONS[0]])
    done = do_import(tmp_path, source, "base_stations")
    assert (done.summary["rows_set_aside"], done.summary["rows_merged"]) == (1, 0)
    workspace = tmp_path / "规划 工作区.gpkg"
    chosen = {"workspace": str(workspace), "treatments": "exact_duplicate@row 5=apply"}
    assert examine(tmp_path, source, workspace=str(workspace))[0]["rows_rechosen"] == 0
    told = examine(tmp_path, source, **chosen)[0]
    assert (told["rows_unchanged"], told["rows_changed"], told["rows_rechosen"]) == (3, 0, 1)
    do_import(tmp_path, source, "base_stations", workspace=workspace, treatments=chosen["treatments"])
    last = Workspace(workspace).history()[-1]
    assert (last["rows_out"], last["rows_set_aside"], last["rows_merged"]) == (3, 0, 1)
    assert examine(tmp_path, source, **chosen)[0]["rows_rechosen"] == 0
    assert examine(tmp_path, source, workspace=str(workspace))[0]["rows_rechosen"] == 1  # and back again
    everywhere = examine(tmp_path, source, workspace=str(workspace), treatments="exact_duplicate=apply")[0]
    assert everywhere["rows_rechosen"] == 0


def test_an_undone_import_is_compared_with_nothing(tmp_path):
    source = write_csv(tmp_path / "站点.csv", [STATION_HEADINGS, *STATIONS, STATIONS[0]])
    do_import(tmp_path, source, "base_stations")
    workspace = tmp_path / "规划 工作区.gpkg"
    do_import(tmp_path, source, "base_stations", workspace=workspace, treatments="exact_duplicate=apply")
    Workspace(workspace).undo()
    assert examine(tmp_path, source, workspace=str(workspace))[0]["rows_rechosen"] == 0


# --- a place in doubt ---------------------------------------------------------------------------------------


def test_a_village_outside_its_county_is_named_in_words_and_on_the_map(county, tmp_path):
    _, findings, folder = examine(tmp_path, RECEIVED / VILLAGES, "villages", workspace=str(county))
    (line,) = (one for one in findings if one["code"] == "code_outside")
    assert line["why_zh"].startswith("远礁村（望潮镇，990121103215）：距本县（海岳县）34.2 km，距最近的县界 16.1 km（")
    assert line["choices"] == "keep;apply;set_aside"
    points = pyogrio.read_dataframe(folder / "result.gpkg", layer="finding_points")
    assert points.loc[points["code"] == "code_outside", "title"].tolist() == ["远礁村"]


def test_a_place_in_doubt_is_left_out_on_order_and_kept_as_text(county, tmp_path):
    workspace = tmp_path / "规划.gpkg"
    workspace.write_bytes(county.read_bytes())
    plain = do_import(tmp_path, RECEIVED / VILLAGES, "villages", workspace=workspace)
    order = "code_outside@row 68=apply"
    done = do_import(tmp_path, RECEIVED / VILLAGES, "villages", workspace=workspace, treatments=order)
    assert done.summary["rows_out"] == plain.summary["rows_out"]
    assert done.summary["rows_without_place"] == plain.summary["rows_without_place"] + 1
    (at,) = [place for place, row in enumerate(done.column("source_row")) if row == 68]
    assert done.table.geometry[at] is None
    with (done.folder / done.outputs["findings"]).open(encoding="utf-8-sig", newline="") as file:
        (line,) = (one for one in csv.DictReader(file) if one["code"] == "code_outside")
    assert line["treatment"] == "apply" and line["treatment_zh"] == "不写坐标"
    kept = Workspace(workspace).originals(SPECS["villages"])
    (original,) = kept.loc[kept["code"] == "code_outside", "original"]
    assert original.startswith("POINT (")


# --- a choice that is taken back ----------------------------------------------------------------------------


def test_a_choice_for_a_kind_holds_for_the_rows_that_the_recipe_names(tmp_path):
    source = write_csv(tmp_path / "站点.csv", [STATION_HEADINGS, *STATIONS, STATIONS[0]])
    recipe = examine(tmp_path, source, treatments="exact_duplicate@row 5=apply")[2] / "recipe.toml"
    done = do_import(tmp_path, source, "base_stations", recipe=recipe, treatments="exact_duplicate=set_aside")
    assert (done.summary["rows_set_aside"], done.summary["rows_merged"]) == (1, 0)
    assert "[[row]]" not in (done.folder / done.outputs["recipe"]).read_text(encoding="utf-8")


def test_a_number_adopted_at_an_earlier_import_is_emptied_on_order_even_after_one_that_said_nothing(tmp_path):
    heads = (*STATION_HEADINGS, "天线挂高")
    rows = [(*STATIONS[0], "约三十"), *((*one, "25") for one in STATIONS[1:])]
    source = write_csv(tmp_path / "站点.csv", [heads, *rows])
    workspace = tmp_path / "规划.gpkg"

    def height(**stated):
        done = do_import(tmp_path, source, "base_stations", workspace=workspace, **stated)
        table = Workspace(workspace).read("base_stations", ("antenna_height_m",))
        return done, table.columns["antenna_height_m"].tolist()[0]

    assert height(treatments="approximate_number=apply")[1] == 30.0
    done, kept = height()
    assert kept == 30.0 and done.summary["values_kept"] == 1
    told = examine(tmp_path, source, workspace=str(workspace), treatments="approximate_number@row 2=keep")[0]
    assert told["rows_changed"] == 1 and told["values_kept"] == 0
    assert math.isnan(height(treatments="approximate_number@row 2=keep")[1])


def test_the_choices_of_the_last_import_of_a_source_are_told_by_its_next_diagnosis(tmp_path):
    source = write_csv(tmp_path / "站点.csv", [STATION_HEADINGS, *STATIONS, STATIONS[0]])
    workspace = tmp_path / "规划.gpkg"
    assert "choices_before" not in examine(tmp_path, source, workspace="")[0]
    do_import(tmp_path, source, "base_stations", workspace=workspace, treatments="exact_duplicate@row 5=apply")
    assert examine(tmp_path, source, workspace=str(workspace))[0]["choices_before"] == {
        "exact_duplicate@row 5": "apply"
    }
