"""The latency matrix in the window: what each cell says, and what a click on one shows on the map."""

import json

import pytest

from .frontier_kit import write_table

GOOD = {"ms_kind": "route", "via": "岳城—屏山", "hops": 2, "ring": "city", "direct": 1}
LINKS = (
    # ends, state, figures, line or none
    ("甲", "乙", "met", {**GOOD, "ms": 0.25, "km": 40.0, "stretch_geodesic": 1.2, "stretch_best": 1.1}, True),
    (
        "甲",
        "丙",
        "over",
        {**GOOD, "ms": 1.5, "km": 260.0, "stretch_geodesic": 2.5, "stretch_best": 1.9, "direct": 0},
        True,
    ),
    ("乙", "丙", "no_route", {"ms_kind": "no_route", "ring": "no_route"}, False),
)
NAMES = (*("ms", "km", "stretch_geodesic", "stretch_best"), *("hops", "via", "direct", "ring", "ms_kind"))


@pytest.fixture
def opened(iface, engine, language, tmp_path):
    """Load a result made by hand, as the list of runs does."""
    from xinji_planner.ui import runs
    from xinji_planner.ui.actions import Actions

    language("zh-Hans")
    actions = Actions(iface)
    rows = []
    for number, (one, other, state, said, has_line) in enumerate(LINKS):
        fields = {"from_site": one, "to_site": other, "state": state, **{name: said.get(name) for name in NAMES}}
        line = f"MULTILINESTRING(({106 + number} 22,{106 + number} 23))" if has_line else None
        rows.append((fields, line))
    folder = tmp_path / "run"
    folder.mkdir()
    write_table(folder / "result.gpkg", "cluster_link", "MultiLineString", rows)
    summary = dict.fromkeys(("sites", "links", "met", "split", "over", "no_route", "cannot_tell", "missing_direct"), 1)
    outputs = {"cluster_link": "result.gpkg"}
    run = {"job": "cluster_links", "parameters": {}, "rules": [], "summary": summary, "outputs": outputs}
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")
    actions.load_run(runs.read(folder))
    yield actions.latency
    actions.close()


def shown(act):
    model = act.dock.model
    return [
        [model.data(model.index(row, column)) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def click(act, row, column):
    act.dock.table.clicked.emit(act.dock.model.index(row, column))


def selected(act):
    return [(feature["from_site"], feature["to_site"]) for feature in act._layer().selectedFeatures()]


def test_links_between_clusters_open_as_a_symmetric_matrix_that_marks_every_state(opened):
    assert not opened.dock.isHidden()
    assert list(opened.dock.model.columns) == ["甲", "乙", "丙"]
    assert shown(opened) == [["—", "● 0.250", "▲ 1.500"], ["● 0.250", "—", "✕ —"], ["▲ 1.500", "✕ —", "—"]]


def test_a_cell_can_show_the_ratio_to_either_reading_of_theoretical_latency(opened):
    figure = opened.dock.figure
    figure.setCurrentIndex(figure.findData("stretch_best"))
    assert shown(opened)[0] == ["—", "● 1.10", "▲ 1.90"]
    figure.setCurrentIndex(figure.findData("direct"))
    assert shown(opened)[0] == ["—", "● 直达", "▲ 非直达"]


def test_a_click_on_a_cell_selects_the_route_and_moves_the_map_to_it(opened, iface):
    click(opened, 2, 0)
    assert selected(opened) == [("甲", "丙")]
    assert "途经" in opened.dock.said.text()
    assert iface.mapCanvas().extent().contains(opened._layer().boundingBoxOfSelected())


def test_a_pair_without_a_route_says_so_and_leaves_the_map(opened, iface):
    click(opened, 0, 1)
    before = iface.mapCanvas().extent()
    click(opened, 1, 2)
    assert "网络不连通" in opened.dock.said.text()
    assert iface.mapCanvas().extent() == before


def test_a_click_on_a_heading_sorts_by_that_site_with_the_unknown_last(opened):
    opened.dock.table.horizontalHeader().sectionClicked.emit(2)
    assert list(opened.dock.model.rows) == ["丙", "甲", "乙"]
    click(opened, 1, 1)
    assert selected(opened) == [("甲", "乙")]


def test_the_copied_matrix_says_states_in_words(opened):
    lines = opened.dock.model.lines()
    assert lines[0] == "单向时延（ms）\t甲\t乙\t丙"
    assert lines[1] == "甲\t\t0.250 两种口径均达到\t1.500 两种口径均超出"
