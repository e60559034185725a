"""What a verdict on the datum leads to: findings, a stop with the way on, or a notice on the planner's own order."""

import numpy as np
import pyproj
import pytest
import shapely
from xinji_planner.errors import InputError
from xinji_planner.layers.doctor.datum.weighing import datum_findings
from xinji_planner.layers.doctor.references import References, read_references
from xinji_planner.layers.findings.treatments import Treatments
from xinji_planner.layers.reading.evidence import decide
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.store.workspace import Workspace, create
from xinji_planner.layers.table import LayerTable
from xinji_planner.tests.engine.datum_kit import (
    counties,
    known_points,
    mapped,
    verdict_of,
    village_table,
    villages,
    written,
)

CODES, LON, LAT = villages()
KNOWN = counties()


def judged(raw, stated="auto", known=KNOWN):
    """Give verdict, decision or refusal, and the codes of the findings with their severity."""
    verdict = verdict_of(raw, known, stated=stated)
    try:
        outcome, decision = (decide(raw, mapped(raw), stated, SPECS["villages"], verdict),) * 2
    except InputError as refusal:
        outcome, decision = refusal, None
    found = {block.code: block.grave for block in datum_findings(verdict, decision)}
    return verdict, outcome, found


def labelled(kind, label=""):
    return village_table(CODES, *written(LON, LAT, kind), label=label)


def layer(kind, crs):
    raw = village_table(CODES, *written(LON, LAT, kind))
    raw.geometry = shapely.points(*(cells.astype(float) for cells in raw.cells[2:4]))
    raw.headings[2:4] = ["a", "b"]
    raw.crs = None if crs is None else pyproj.CRS(crs)
    return raw


def test_true_coordinates_without_a_label_go_on_and_say_on_what_evidence():
    for raw in (labelled("wgs84"), layer("wgs84", 4326), layer("wgs84", None)):
        verdict, decision, found = judged(raw)
        assert decision.datum == "wgs84"
        assert decision.why == verdict.why
        assert "34 行能区分两种基准，位置相近的合并后折合 33 票：都支持" in decision.notices[0].zh
        assert found == {"datum_confirmed": "informs"}


@pytest.mark.parametrize("kind", ["gcj02", "bd09"])
def test_a_shifted_datum_stops_with_the_evidence_and_is_converted_only_on_the_planners_order(kind):
    for raw in (labelled(kind), layer(kind, 4326)):
        verdict, refusal, found = judged(raw)
        assert verdict.why.zh in refusal.message.zh
        assert verdict.why.en in refusal.message.en
        assert f"--datum {kind}" in refusal.remedy.zh
        assert found == {f"datum_{kind}": "blocks"}
        _, decision, found = judged(raw, kind)
        assert decision.datum == kind
        assert not any("不符" in notice.zh for notice in decision.notices)
        assert found == {"datum_confirmed": "informs"}


@pytest.mark.parametrize("raw", [labelled("gcj02", "(WGS84)"), layer("gcj02", 4490)], ids=["heading", "crs"])
def test_a_label_that_the_evidence_contradicts_stops_unless_the_planner_says_otherwise(raw):
    verdict, refusal, found = judged(raw)
    assert verdict.contradicts_label
    assert "矛盾" in refusal.message.zh
    assert "--datum gcj02" in refusal.remedy.zh
    assert f"--datum {verdict.labelled}" in refusal.remedy.en
    assert found == {"datum_contradiction": "blocks", "datum_gcj02": "blocks"}
    _, decision, found = judged(raw, "wgs84")
    assert decision.datum == "wgs84"
    assert verdict.why.zh in decision.notices[0].zh
    assert found == {"datum_contradiction": "warns"}


def test_a_heading_of_gcj02_over_true_coordinates_is_a_contradiction_too():
    _, refusal, found = judged(labelled("wgs84", "(GCJ02)"))
    assert "--datum wgs84" in refusal.remedy.zh
    assert found == {"datum_contradiction": "blocks"}


def test_a_right_label_is_confirmed_without_a_warning():
    for raw in (labelled("wgs84", "(WGS84)"), layer("wgs84", 4490), layer("EPSG:4546", 4546), layer("EPSG:4509", 4509),
                layer("EPSG:32649", 32649), layer("EPSG:4546", pyproj.CRS(4546).to_wkt("WKT1_ESRI"))):  # fmt: skip
        _, decision, found = judged(raw)
        assert decision.datum
        assert found == {"datum_confirmed": "informs"}
    _, refusal, found = judged(labelled("gcj02", "(GCJ02)"))
    assert "--datum gcj02" in refusal.remedy.zh
    assert found == {"datum_gcj02": "blocks"}


def test_where_the_evidence_cannot_tell_a_label_stands_and_nothing_is_warned_of():
    inner = villages(8, margin=0.3)
    x, y = written(*inner[1:], "wgs84")
    _, decision, found = judged(village_table(inner[0], x, y, label="(WGS84)"))
    assert decision.datum == "wgs84"
    assert found == {"datum_unknown": "informs"}
    verdict, refusal, found = judged(village_table(inner[0], x, y))
    assert verdict.why.zh in refusal.message.zh
    assert found == {"datum_unknown": "blocks"}
    assert judged(village_table(inner[0], x, y, label="(WGS84)"), known=References())[2] == {}


def test_swapped_axes_stop_with_how_to_exchange_them():
    verdict, refusal, found = judged(labelled("swapped_wgs84", "(CGCS2000)"))
    assert '"lon"' in refusal.remedy.zh
    assert found == {"swapped_file": "blocks"}
    assert verdict.datum == "wgs84"


def test_metres_without_a_stated_zone_stop_with_the_zone_that_fits():
    for kind, code in (("EPSG:4525", "zone_not_stated"), ("EPSG:4546", "no_zone_prefix")):
        _, refusal, found = judged(labelled(kind))
        assert f"--datum {kind}" in refusal.remedy.zh
        assert found == {code: "blocks"}
        assert judged(labelled(kind), kind)[2] == {"datum_confirmed": "informs"}


@pytest.mark.parametrize(("kind", "crs", "code"), [("EPSG:4525", 4526, "wrong_zone"), ("EPSG:4546", 4547, "wrong_zone"),
                                                   ("EPSG:4546", 4525, "no_zone_prefix")])  # fmt: skip
def test_a_layer_in_another_zone_than_it_states_stops_and_the_planner_may_order_the_right_one(kind, crs, code):
    _, refusal, found = judged(layer(kind, crs))
    assert f"--datum {kind}" in refusal.remedy.zh
    assert found == {code: "blocks"}
    _, decision, found = judged(layer(kind, crs), kind)
    assert (decision.datum, decision.crs) == (kind, pyproj.CRS(kind))
    assert found == {"datum_confirmed": "informs"}


def test_a_zone_that_the_planner_states_wrongly_is_refused_and_used_with_a_loud_notice_where_he_holds_to_it():
    _, refusal, _ = judged(labelled("EPSG:4546"), "EPSG:4547")
    assert isinstance(refusal, InputError)
    assert "--datum EPSG:4546" in refusal.remedy.zh
    assert "wrong_zone=keep" in refusal.remedy.en
    raw = labelled("EPSG:4546")
    verdict = verdict_of(raw, KNOWN, stated="EPSG:4547")
    decision = decide(raw, mapped(raw), "EPSG:4547", SPECS["villages"], verdict, Treatments({"wrong_zone": "keep"}))
    assert decision.datum == "EPSG:4547"
    assert "EPSG:4546" in decision.notices[0].zh
    assert datum_findings(verdict, decision).counts() == {"wrong_zone": 1}
    assert datum_findings(verdict, decision).by_severity()["blocks"] == 0


def two_pairs(first, second, labels):
    x, y = written(LON, LAT, second)
    more = {f"经度{labels[1]}": x, f"纬度{labels[1]}": y}
    return village_table(CODES, *written(LON, LAT, first), label=labels[0], **more)


@pytest.mark.parametrize("kind", ["gcj02", "bd09"])
def test_a_pair_that_is_labelled_true_measures_the_other_to_the_metre(kind):
    raw = two_pairs("wgs84", kind, ("(WGS84)", ""))
    verdict, decision, found = judged(raw, known=References())
    (check,) = verdict.pairs
    assert (check.best, check.agrees, check.rows) == (kind, True, 800)
    assert check.residual_m[kind] < 1 < min(metres for name, metres in check.residual_m.items() if name != kind)
    assert decision.pair.datum == "wgs84"
    assert found == {"datum_confirmed": "informs"}
    verdict, _, _ = judged(raw, kind, known=References())  # the other pair, ordered, is measured by the true one
    assert verdict.decision == kind


@pytest.mark.parametrize(
    ("first", "second", "labels", "words"),
    [
        ("wgs84", "gcj02", ("(WGS84)", "(BD09)"), "BD-09 不符"),
        ("gcj02", "wgs84", ("(WGS84)", "(GCJ02)"), "写反"),
        ("wgs84", "wgs84", ("(WGS84)", "(GCJ02)"), "不符"),
    ],
)
def test_pairs_that_contradict_their_labels_or_each_other_are_warned_of(first, second, labels, words):
    verdict, _, found = judged(two_pairs(first, second, labels), known=References())
    assert found["pair_disagrees"] == "warns"
    assert words in verdict.pairs[0].why.zh


def test_single_rows_in_which_the_pairs_disagree_are_named():
    raw = two_pairs("wgs84", "gcj02", ("(WGS84)", ""))
    raw.cells[4][7] = f"{float(raw.cells[4][7]) + 0.01:.6f}"
    verdict, decision, _ = judged(raw, known=References())
    (block,) = [block for block in datum_findings(verdict, decision) if block.code == "pair_disagrees"]
    assert block.at.tolist() == [7]


def test_an_old_datum_warns_and_is_no_evidence_of_true_coordinates():
    known = References(points=(known_points("villages", CODES, LON, LAT),))
    x, y = written(LON + 70 / 98_000, LAT - 50 / 111_200, "wgs84")
    _, refusal, found = judged(village_table(CODES, x, y), known=known)
    assert isinstance(refusal, InputError)
    assert found == {"old_datum_shift": "warns"}
    _, decision, found = judged(village_table(CODES, x, y, label="(CGCS2000)"), known=known)
    assert decision.datum == "cgcs2000"
    assert found == {"old_datum_shift": "warns"}


def test_verdicts_are_plain_json_and_the_same_every_time():
    first, second = (judged(labelled("gcj02"))[0].as_json() for _ in range(2))
    assert first == second
    assert first["hypotheses"][0]["name"] == "gcj02"
    assert all(isinstance(item["rows_for"], int) for item in first["hypotheses"])


def test_references_are_what_the_workspace_holds_but_for_the_file_itself(tmp_path):
    import pandas as pd

    workspace = create(tmp_path / "区.gpkg")
    for name, columns, shapes in (
        ("admin_units", {"code": KNOWN.unit_codes, "name": KNOWN.unit_names}, KNOWN.units),
        ("villages", {"village_code": CODES, "village_name": CODES}, shapely.points(LON, LAT)),
    ):
        frame = pd.DataFrame({key: pd.Series(list(cells), dtype="str") for key, cells in columns.items()})
        frame["source_file"] = [f"{name}.csv"] * len(frame)
        workspace.replace_rows(LayerTable(SPECS[name], frame, shapes), history={"source_file": f"{name}.csv"})
    found = read_references(Workspace(workspace.path), SPECS["villages"], "别的.csv")
    assert found.unit_codes.tolist() == KNOWN.unit_codes.tolist()
    assert [(item.layer, len(item.lon)) for item in found.points] == [("villages", 800)]
    assert np.allclose(found.bounds(), (109, 28, 109.8, 28.8))
    own = read_references(workspace, SPECS["villages"], "villages.csv")
    assert not own.points
    assert len(own.units) == 16
    assert not read_references(workspace, SPECS["admin_units"], "admin_units.csv").units.size
    assert not References()
    assert verdict_of(labelled("gcj02"), found).decision == "gcj02"


def test_a_datum_against_the_evidence_stops_the_import_only_until_it_is_ordered():
    raw = labelled("gcj02", "(WGS84)")
    known = counties()
    stopped = datum_findings(verdict_of(raw, known), None)
    assert stopped.stopping() == 2
    verdict, decision, _ = judged(raw, "wgs84")
    assert datum_findings(verdict, decision, stated="wgs84").stopping() == 0
