"""A row that the planner wants out leaves the layer; one that could not be read stays."""

import pytest
from xinji_planner.layers.store.workspace import Workspace

from .test_reimport_faults import ROWS, TARGET, bring, changed, counts, said
from .undo_kit import edit, state

HEIGHT = {"天线挂高": "若干"}
ORDERS = {"kind": "not_a_number=set_aside", "row": "not_a_number@row 3=set_aside"}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_a_row_set_aside_on_order_leaves_the_layer_and_undo_brings_it_back(tmp_path, order):
    bring(tmp_path, *ROWS)
    before = state(Workspace(tmp_path / TARGET), "base_stations")
    rows = (ROWS[0], changed(ROWS[1], **HEIGHT), ROWS[2])
    done = bring(tmp_path, *rows, treatments=order)
    assert counts(done, "set_aside", "kept", "removed", "unchanged") == [1, 0, 1, 2]
    assert sorted(done.column("station_id")) == ["B001", "B003"]
    assert [(line["what"], line["key"]) for line in done.replaced] == [("taken_out", "B002 / CTCC;CUCC / 5G / 3500")]
    assert "1 行已按您的要求搁置并移出图层" in said(done)
    assert "仍在图层中" not in said(done)
    assert "按您的要求搁置并移出" in done.report
    Workspace(tmp_path / TARGET).undo()
    assert state(Workspace(tmp_path / TARGET), "base_stations") == before


def test_a_recipe_that_sets_rows_aside_takes_them_out_too(tmp_path):
    rows = (ROWS[0], changed(ROWS[1], **HEIGHT), ROWS[2])
    bring(tmp_path, *rows)
    first = bring(tmp_path, *rows, treatments=ORDERS["kind"])
    bring(tmp_path, *ROWS)
    again = bring(tmp_path, *rows, recipe=first.folder / first.outputs["recipe"])
    assert counts(again, "set_aside", "kept", "removed") == [1, 0, 1]


def test_a_row_that_is_unreadable_besides_the_order_stays_and_is_named(tmp_path):
    bring(tmp_path, *ROWS)
    bad = changed(ROWS[1], 状态="割接中", **HEIGHT)
    done = bring(tmp_path, ROWS[0], bad, ROWS[2], treatments=ORDERS["kind"])
    assert counts(done, "set_aside", "kept", "removed") == [1, 1, 0]
    assert "原有 1 行仍在图层中：本次读不出（B002）" in said(done)


def test_leaving_a_row_out_of_doubt_is_no_order_to_take_it_out(tmp_path):
    """Bare status numbers set a row aside by themselves; a recipe states that without anybody's order."""
    bring(tmp_path, *ROWS)
    done = bring(tmp_path, ROWS[0], changed(ROWS[1], 状态="2"), ROWS[2], treatments="numeric_code=set_aside")
    assert counts(done, "set_aside", "kept", "removed") == [1, 1, 0]


def test_taking_out_most_rows_on_order_is_not_mistaken_for_another_file(tmp_path):
    bring(tmp_path, *ROWS)
    rows = (ROWS[0], changed(ROWS[1], **HEIGHT), changed(ROWS[2], **HEIGHT))
    done = bring(tmp_path, *rows, treatments=ORDERS["kind"])
    assert counts(done, "set_aside", "removed") == [2, 2]


def test_a_row_edited_by_hand_outlives_the_order_and_is_told(tmp_path):
    bring(tmp_path, *ROWS)
    edit(Workspace(tmp_path / TARGET), "UPDATE base_stations SET antenna_height_m = 77 WHERE station_id = 'B002'")
    done = bring(tmp_path, ROWS[0], changed(ROWS[1], **HEIGHT), ROWS[2], treatments=ORDERS["kind"])
    assert counts(done, "kept", "removed") == [1, 0]
    assert "在 QGIS 中绘制或改过" in said(done)
