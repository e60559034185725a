"""What the choice box of the import dialog says is what the workspace and the recipe hold, by the real engine."""
# ruff: noqa: F811 - fixtures are asked for by the name under which they are imported

import sqlite3
from pathlib import Path

import pytest

from tests.qgis.test_findings import choose
from tests.qgis.test_import_decisions import question  # noqa: F401 - fixture
from tests.qgis.test_real_doctor import dialog, finish, kind_of, spoiled  # noqa: F401 - fixture

HELD = {
    "exact_duplicate": ("SELECT count(*) FROM base_stations", "set_aside"),
    "approximate_number": ("SELECT antenna_height_m FROM base_stations WHERE station_id = 'A11'", "keep"),
    "swapped": ("SELECT count(*) FROM base_stations WHERE station_id = 'A10'", "set_aside"),
}


def held(workspace, code):
    with sqlite3.connect(workspace) as connection:
        (found,) = connection.execute(HELD[code][0]).fetchone()
        (merged,) = connection.execute("SELECT rows_merged FROM xinji_history ORDER BY sequence DESC").fetchone()
    return found, merged


@pytest.mark.parametrize("imported", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("code", HELD)
def test_a_box_that_is_set_back_after_all_suggestions_were_adopted_is_what_the_workspace_holds(
    dialog, wait, tmp_path, question, monkeypatch, code, imported
):
    from xinji_planner.ui.imports import suggestions

    path = spoiled(tmp_path / "移动.csv")
    lines = path.read_text(encoding="gb18030").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="gb18030")
    dialog.add([path])
    finish(dialog, wait)
    (item,) = dialog.sources.files
    workspace = tmp_path / "新 工作区.gpkg"
    question("adopt")
    if imported:
        dialog.one.click()
        finish(dialog, wait)
        assert held(workspace, "approximate_number") == (30.0, 1) and held(workspace, "swapped") == (1, 1)
    else:
        suggestions.adopt(item)
        dialog.examiner.examine(item)
        finish(dialog, wait)
    other = HELD[code][1]
    box = dialog.form.findings.tree.itemWidget(kind_of(dialog, code), 5)
    assert box.currentData() == "apply"
    choose(box, other)
    dialog.one.click()
    finish(dialog, wait)
    found, merged = held(workspace, code)
    wanted = {"exact_duplicate": (12, 0), "approximate_number": (None, 1), "swapped": (0, 1)}
    assert (found, merged) == wanted[code]
    recipe = Path(item.outputs["recipe"]).read_text(encoding="utf-8")
    assert f'{code} = "{other}"' in recipe and "[[row]]" not in recipe
