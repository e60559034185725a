"""A newer edition of a file meets what planners did since: three states of each value, and who is who."""

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.layers.reading.identity import row_keys, row_uuids
from xinji_planner.layers.reading.replacing import compare
from xinji_planner.layers.spec import Kind
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.store import digests, undoing
from xinji_planner.layers.table import LayerTable
from xinji_planner.tests.engine.undo_kit import edit, empty_workspace, state

STATIONS = SPECS["base_stations"]
VILLAGES = SPECS["villages"]
BASE = (("S1", "东山", "CMCC", 2600.0), ("S2", "西山", "CMCC", 700.0), ("S3", "南山", "CTCC", 3500.0))


@pytest.fixture
def workspace(tmp_path):
    return empty_workspace(tmp_path / "规划 工作区.gpkg")


def stations(*rows, source="a.csv"):
    """Rows of id, name, operator, band and, where it is not the usual one, longitude."""
    frame = pd.DataFrame({item.name: pd.Series([None] * len(rows), dtype=object) for item in STATIONS.fields})
    for at, name in enumerate(("station_id", "name", "operator", "band_mhz")):
        frame[name] = [row[at] for row in rows]
    frame["technology"], frame["source_file"] = "5G", source
    frame["source_row"] = pd.array(range(2, len(rows) + 2), "Int64")
    for item in STATIONS.fields:
        if item.kind is Kind.REAL:
            frame[item.name] = frame[item.name].astype("float64")
    frame["uuid"] = row_uuids(STATIONS, row_keys(STATIONS, frame)) if rows else []
    places = [shapely.Point(row[4] if len(row) > 4 else 100 + at / 10, 25) for at, row in enumerate(rows)]
    return LayerTable(STATIONS, frame, np.array(places, dtype=object))


def bring(workspace, table, keep_edits=True, source="a.csv", forget=()):
    """Import as the job does: compare with what is there, write."""
    earlier = workspace.earlier(table.spec, source)
    found = compare(earlier.table, table, earlier.digests, keep_edits)
    assert found.added + found.changed + found.unchanged == len(table)
    assert found.changed + found.unchanged + found.removed + found.kept == found.before == len(earlier.table)
    workspace.replace_rows(found.table, history={"source_file": source}, stated=found.stated, forget=forget)
    assert len(workspace.rows_of(table.spec, source)) == len(table) + found.kept
    return found


def rows(workspace, *names, layer="base_stations"):
    table = workspace.read(layer, list(names))
    frame = table.columns.astype(object).where(table.columns.notna(), None)
    return [tuple(row) for row in frame.itertuples(index=False)]


def lines(found):
    return [tuple(row)[2:] for row in found.frame.itertuples(index=False)]


def fids(workspace, layer="base_stations"):
    return pyogrio.read_dataframe(workspace.path, layer=layer, fid_as_index=True).index.tolist()


def test_a_newer_edition_says_what_is_new_changed_gone_and_the_same(workspace):
    first = bring(workspace, stations(*BASE))
    assert (first.added, first.before, len(first.frame)) == (3, 0, 0)
    found = bring(workspace, stations(BASE[0], ("S2", "西山改", "CMCC", 700.0), ("S9", "新站", "CBN", 700.0, 110)))
    assert found.words().zh == "新增 1 行、变更 1 行、删除 1 行、未变 1 行"
    assert [line[:2] for line in lines(found)] == [("changed", "name"), ("removed", "")]
    assert fids(workspace) == [1, 2, 4]


def test_rows_that_only_moved_in_the_file_are_unchanged_but_their_number_is_written(workspace):
    bring(workspace, stations(*BASE))
    found = bring(workspace, stations(*[(*row, 100 + at / 10) for at, row in reversed(list(enumerate(BASE)))]))
    assert (found.unchanged, found.changed, len(found.frame)) == (3, 0, 0)
    assert rows(workspace, "station_id", "source_row") == [("S1", 4), ("S2", 3), ("S3", 2)]
    assert fids(workspace) == [1, 2, 3]


def test_an_edit_stays_while_the_file_says_the_same_and_is_told_each_time(workspace):
    bring(workspace, stations(*BASE))
    edit(workspace, "UPDATE base_stations SET name = '现场改名', remark = '核实' WHERE station_id = 'S1'")
    newer = stations(("S1", "东山", "CMCC", 2600.0, 100.5), *BASE[1:])
    for changed in (1, 0):
        found = bring(workspace, newer)
        assert (found.changed, found.edited, found.conflicts) == (changed, 1, 0)
        assert {line[:2] for line in lines(found)} >= {("edited", "name"), ("edited", "remark")}
        assert "1 行在 QGIS 中改过" in found.notices("a.csv")[0].zh
    assert rows(workspace, "name", "remark")[0] == ("现场改名", "核实")
    assert workspace.read("base_stations").geometry[0].x == 100.5


def test_where_both_changed_the_edit_stays_as_a_conflict_and_only_that_once(workspace):
    bring(workspace, stations(*BASE))
    edit(workspace, "UPDATE base_stations SET name = '现场改名' WHERE station_id = 'S1'")
    newer = stations(("S1", "东山新", "CMCC", 2600.0), *BASE[1:])
    found = bring(workspace, newer)
    assert (found.changed, found.edited, found.conflicts) == (0, 1, 1)
    assert lines(found) == [("conflict", "name", "现场改名", "东山新")]
    assert "已保留人工修改" in found.notices("a.csv")[0].zh
    found = bring(workspace, newer)
    assert lines(found) == [("edited", "name", "现场改名", "东山新")]
    assert rows(workspace, "name")[0] == ("现场改名",)


def test_an_edit_that_the_file_took_over_is_no_edit_any_more(workspace):
    bring(workspace, stations(*BASE))
    edit(workspace, "UPDATE base_stations SET name = '东山新' WHERE station_id = 'S1'")
    assert bring(workspace, stations(("S1", "东山新", "CMCC", 2600.0), *BASE[1:])).edited == 0
    found = bring(workspace, stations(("S1", "东山三", "CMCC", 2600.0), *BASE[1:]))
    assert lines(found) == [("changed", "name", "东山新", "东山三")]


def test_a_moved_point_stays_where_the_planner_put_it(workspace):
    bring(workspace, stations(*BASE))
    blob = "(SELECT geom FROM base_stations WHERE station_id = 'S3')"
    edit(workspace, f"UPDATE base_stations SET geom = {blob} WHERE station_id = 'S1'")
    found = bring(workspace, stations(*BASE))
    assert lines(found) == [("edited", "geometry", "POINT (100.2 25)", "POINT (100 25)")]
    assert workspace.read("base_stations").geometry[0].x == 100.2


def test_the_planner_may_have_the_file_win(workspace):
    bring(workspace, stations(*BASE))
    edit(workspace, "UPDATE base_stations SET name = '现场改名' WHERE station_id = 'S1'")
    edit(workspace, "UPDATE base_stations SET name = '改' WHERE station_id = 'S3'")
    found = bring(workspace, stations(*BASE[:2]), keep_edits=False)
    assert (found.changed, found.edited, found.removed, found.kept) == (1, 1, 1, 0)
    assert rows(workspace, "name") == [("东山",), ("西山",)]


def test_rows_that_left_the_file_stay_if_a_planner_edited_or_copied_them_and_go_otherwise(workspace):
    bring(workspace, stations(*BASE))
    edit(workspace, "UPDATE base_stations SET remark = '保留' WHERE station_id = 'S2'")
    columns = ", ".join(item.name for item in STATIONS.fields)
    edit(
        workspace,
        f"INSERT INTO base_stations (geom, {columns}) SELECT geom, {columns} FROM base_stations WHERE fid = 1",
    )
    found = bring(workspace, stations(BASE[0]))
    assert (found.kept, found.removed, found.unchanged) == (2, 1, 1)
    assert sorted(line[0] for line in lines(found)) == ["kept", "kept", "removed"]
    assert rows(workspace, "station_id", "remark") == [("S1", None), ("S2", "保留"), ("S1", None)]
    assert fids(workspace) == [1, 2, 4]
    assert bring(workspace, stations(BASE[0])).kept == 2


def test_a_row_that_a_planner_deleted_is_known_as_its_sources_but_not_one_that_a_run_took_out(workspace):
    bring(workspace, stations(*BASE))
    bring(workspace, stations(("T1", "他", "CBN", 700.0), source="b.csv"), source="b.csv")
    bring(workspace, stations(*BASE[1:]))
    edit(workspace, "DELETE FROM base_stations WHERE station_id IN ('S2', 'T1')")
    assert [workspace.deleted(STATIONS, name).fids for name in ("a.csv", "b.csv", "c.csv")] == [[2], [4], []]
    assert workspace.deleted(VILLAGES, "a.csv").fids == []


def test_a_row_that_was_brought_back_is_forgotten_as_deleted_until_the_run_is_undone(workspace, monkeypatch):
    bring(workspace, stations(*BASE))
    edit(workspace, "DELETE FROM base_stations WHERE station_id = 'S2'")
    with monkeypatch.context() as patch:
        patch.setattr(undoing, "KEPT_BYTES", 1)  # the ids of a run are known longer than its undo data
        bring(workspace, stations(*BASE[::2]))
    before = state(workspace, "base_stations")
    found = bring(workspace, stations(*BASE), forget=workspace.deleted(STATIONS, "a.csv").fids)
    assert found.added == 1
    assert workspace.deleted(STATIONS, "a.csv").fids == []
    after = state(workspace, "base_stations")
    done = workspace.undo()
    assert state(workspace, "base_stations") == before
    assert workspace.deleted(STATIONS, "a.csv").fids == [2]
    workspace.undo(done.sequence)
    assert state(workspace, "base_stations") == after
    workspace.undo()
    assert state(workspace, "base_stations") == before
    workspace.undo()
    with pytest.raises(undoing.UndoRefusedError, match="没有撤销数据"):
        workspace.undo(1)


def test_a_row_set_aside_keeps_every_older_row_that_it_may_be_and_no_other_row_takes_its_place(workspace):
    bands = [("S1", "东山", "CMCC", band, 100 + band / 1e5) for band in (700.0, 2600.0)]
    bring(workspace, stations(*bands, BASE[2]))
    earlier = workspace.earlier(STATIONS, "a.csv")

    def left(aside, *new):
        found = compare(earlier.table, stations(*new), earlier.digests, aside=stations(aside))
        assert found.changed + found.unchanged + found.removed + found.kept == found.before
        return found.aside, found.kept, found.removed, found.rekeyed

    assert left(bands[0], BASE[2]) == (1, 1, 1, 0), "its own key"
    assert left(("S1", "东山", "CMCC", None), BASE[2]) == (2, 2, 0, 0), "a key with a hole"
    assert left(("S1", "东山", None, None), BASE[2]) == (2, 2, 0, 0), "no operator"
    assert left((None, "东山", "CMCC", None, 100.026), BASE[2]) == (1, 1, 1, 0), "name and place"
    assert left((None, None, None, None), BASE[2]) == (0, 0, 2, 0), "nothing to know it by"
    assert left(bands[0], ("S1", "东山", "CMCC", 4900.0), bands[1], BASE[2]) == (1, 1, 0, 0), "not the new band's"


def test_in_a_workspace_without_digests_what_stands_there_counts_as_what_the_file_said(workspace):
    bring(workspace, stations(*BASE))
    edit(workspace, "DELETE FROM xinji_written")
    earlier = workspace.earlier(STATIONS, "a.csv")
    newer = stations(BASE[0], ("S2", None, "CMCC", 700.0))
    unread = {"name": np.array([1])}
    found = compare(earlier.table, newer, earlier.digests, aside=stations(BASE[2]), unread=unread)
    assert lines(found)[0] == ("kept", "name", "西山", "")
    assert (found.unread, found.aside, found.removed) == (1, 1, 0)
    workspace.replace_rows(found.table, history={"source_file": "a.csv"}, stated=found.stated)
    again = bring(workspace, stations(*BASE[:2]))
    assert (again.edited, again.kept, again.removed) == (0, 0, 1), "none of it is taken for an edit"


def test_a_station_whose_band_changed_keeps_its_uuid_and_its_row(workspace):
    bring(workspace, stations(*BASE))
    before = rows(workspace, "uuid")
    found = bring(workspace, stations(("S1", "东山", "CMCC", 4900.0), *BASE[1:]))
    assert (found.rekeyed, found.changed, found.added, found.removed) == (1, 1, 0, 0)
    assert lines(found) == [("changed", "band_mhz", "2600.0", "4900.0")]
    assert rows(workspace, "uuid") == before
    # The next edition has both bands: one is the row that is there, and the other must not bear its UUID.
    bring(workspace, stations(("S1", "东山", "CMCC", 4900.0), *BASE[1:], BASE[0]))
    marks = rows(workspace, "uuid")
    assert marks[:3] == before
    assert len(set(marks)) == 4
    assert bring(workspace, stations(("S1", "东山", "CMCC", 4900.0), *BASE[1:], BASE[0])).unchanged == 4


def test_keys_are_paired_only_where_no_other_row_could_be_meant(workspace):
    bring(workspace, stations(*[("S1", "东山", "CMCC", band, 100) for band in (700.0, 2600.0)]))
    found = bring(workspace, stations(*[("S1", "东山", "CMCC", band, 100) for band in (900.0, 4900.0)]))
    assert (found.rekeyed, found.added, found.removed) == (0, 2, 2)
    other = bring(workspace, stations(("S1", "别处", "CTCC", 900.0, 120)))
    assert (other.rekeyed, other.added, other.removed) == (0, 1, 2)


def test_a_village_with_a_new_code_is_known_by_its_name_and_place(workspace):
    def villages(code, name="甲村"):
        columns = pd.DataFrame({item.name: pd.Series([None], dtype=object) for item in VILLAGES.fields})
        columns["village_code"], columns["village_name"], columns["source_file"] = code, name, "a.csv"
        columns["source_row"] = pd.array([2], "Int64")
        columns["uuid"] = row_uuids(VILLAGES, [code])
        return LayerTable(VILLAGES, columns, np.array([shapely.Point(109, 28)], dtype=object))

    bring(workspace, villages("433101001001"))
    before = rows(workspace, "uuid", layer="villages")
    found = bring(workspace, villages("433101002009"))
    assert lines(found) == [("changed", "village_code", "433101001001", "433101002009")]
    assert rows(workspace, "uuid", layer="villages") == before
    assert bring(workspace, villages("433101003001", "乙村")).rekeyed == 0


def test_a_key_that_a_planner_edited_stays_and_the_row_is_still_the_files(workspace):
    bring(workspace, stations(*BASE))
    edit(workspace, "UPDATE base_stations SET station_id = 'S1-新' WHERE station_id = 'S1'")
    found = bring(workspace, stations(*BASE))
    assert lines(found) == [("edited", "station_id", "S1-新", "S1")]
    assert rows(workspace, "station_id") == [("S1-新",), ("S2",), ("S3",)]


def test_without_any_digest_the_file_wins_as_it_did_before(workspace):
    bring(workspace, stations(*BASE))
    edit(workspace, "DELETE FROM xinji_written")
    edit(workspace, "UPDATE base_stations SET name = '现场改名' WHERE station_id = 'S1'")
    found = bring(workspace, stations(*BASE[:2]))
    assert (found.changed, found.removed, found.kept, found.edited) == (1, 1, 0, 0)


def test_an_import_that_kept_edits_is_undone_with_them(workspace):
    bring(workspace, stations(*BASE))
    edit(workspace, "UPDATE base_stations SET name = '现场改名' WHERE station_id = 'S1'")
    before = state(workspace, "base_stations")
    bring(workspace, stations(("S1", "东山新", "CMCC", 4900.0), ("S9", "新", "CBN", 700.0)))
    after = state(workspace, "base_stations")
    done = workspace.undo()
    assert state(workspace, "base_stations") == before
    workspace.undo(done.sequence)
    assert state(workspace, "base_stations") == after
    workspace.undo()
    assert lines(bring(workspace, stations(*BASE))) == [("edited", "name", "现场改名", "东山")]


def test_an_original_belongs_to_the_row_of_the_file_not_to_one_that_stayed_with_an_old_number(workspace):
    bring(workspace, stations(*BASE))
    edit(workspace, "UPDATE base_stations SET remark = '保留' WHERE station_id = 'S1'")
    earlier = workspace.earlier(STATIONS, "a.csv")
    found = compare(earlier.table, stations(*BASE[1:]), earlier.digests)
    notes = pd.DataFrame([(2, "name", "spaces", " 西山", "西山")], columns=list(workspace.originals(STATIONS))[2:])
    workspace.replace_rows(found.table, history={"source_file": "a.csv"}, stated=found.stated, originals=notes)
    marks = dict(rows(workspace, "station_id", "uuid"))
    assert found.kept == 1
    assert workspace.originals(STATIONS)["uuid"].tolist() == [marks["S2"]]


def test_originals_stand_beside_the_row_and_the_same_ones_are_not_kept_twice(workspace):
    notes = pd.DataFrame(
        [(2, "band_mhz", "unit_in_cell", "2.6G", "2600.0"), (3, "name", "spaces", " 西山", "西山")],
        columns=["source_row", "field", "code", "original", "value"],
    )
    for again in range(2):
        table = stations(*BASE)
        workspace.replace_rows(table, history={"source_file": "a.csv"}, originals=notes)
        kept = workspace.originals(STATIONS)
        assert kept["sequence"].tolist() == [1, 1], again
    assert kept["uuid"].tolist() == table.columns["uuid"].tolist()[:2]
    assert kept["original"].tolist() == ["2.6G", " 西山"]
    notes["original"] = ["2600MHz", " 西山"]
    workspace.replace_rows(stations(*BASE), history={"source_file": "a.csv"}, originals=notes)
    assert workspace.originals(STATIONS)["sequence"].tolist() == [1, 1, 3]
    workspace.undo()
    assert workspace.originals(STATIONS)["original"].tolist() == ["2.6G", " 西山"]
    with pytest.raises(ValueError, match="original"):
        workspace.replace_rows(stations(), history={}, originals=pd.DataFrame({"source_row": [1]}))


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.name)
def test_the_fields_of_a_layer_have_different_marks_in_a_digest(spec):
    names = digests.compared(spec)
    found = np.arange(1, 2 * len(names) + 1, dtype=np.uint32).reshape(2, -1)
    assert (digests.unpack(spec, digests.pack(spec, found)) == found).all()


words = st.one_of(st.none(), st.just(""), st.text(max_size=4))
reals = st.one_of(words, st.floats(allow_nan=False), st.integers(-9, 2**40))  # SQLite lets text into any column


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.tuples(st.lists(words), st.just(False)), st.tuples(st.lists(reals), st.just(True))))
def test_values_hash_alike_only_if_they_are_alike(drawn):
    column, numbers = drawn
    found = digests.column_hashes(column, numbers)
    for at, value in enumerate(column):
        assert (found[at] == 0) == (value is None or value == "")
        assert digests.column_hashes([value], numbers)[0] == found[at], "whatever stands in other rows"
        for other, more in zip(column, found):
            if isinstance(other, str) == isinstance(value, str) and None not in (value, other):
                assert (found[at] == more) == (value == other)
