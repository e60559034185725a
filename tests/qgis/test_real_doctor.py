"""The import dialog with the real engine: a spoiled file, a recipe for the next one, and a table of a real PostGIS."""

import json
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGINE = Path(os.environ.get("XINJI_ENGINE_PYTHON") or ROOT / ".venv" / "bin" / "python")
HEADINGS = "站号,运营商,制式,状态,经度（WGS84）,纬度（WGS84）,天线挂高"
SERVER = """
from xinji_planner.tests.engine.postgres_kit import PASSWORD, USER, started
for running in started():
    with running.admin() as admin:
        words = PASSWORD.replace("'", "''")
        admin.execute(f"CREATE ROLE {USER} LOGIN PASSWORD '{words}'")
        admin.execute("CREATE DATABASE plan")
    with running.admin("plan") as admin:
        admin.execute('''
            CREATE EXTENSION postgis;
            CREATE TABLE public."基 站" (id serial PRIMARY KEY, "站号" text, "运营商" text, "制式" text, "状态" text,
              geom geometry(Point, 4490));
            INSERT INTO public."基 站" VALUES (1, 'B1', '移动', '5G', '在网', 'SRID=4490;POINT(100.1 25.1)'),
              (2, 'B2', '电信', '5G', '在网', 'SRID=4490;POINT(100.2 25.2)');
            GRANT SELECT ON ALL TABLES IN SCHEMA public TO planner;
        ''')
    print(running.port, USER, PASSWORD, sep="\\t", flush=True)
    sys.stdin.read()
"""


def spoiled(path, name="A"):
    """Write twelve stations: one with swapped axes, one with a word for a height."""
    rows = [f"{name}{n},移动,5G,在网,{106 + n / 100:.5f},{22.5 + n / 100:.5f},{20 + n}" for n in range(10)]
    rows += [f"{name}10,移动,5G,在网,22.55123,106.05123,30", f"{name}11,移动,5G,在网,106.02511,22.51177,约三十"]
    path.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="gb18030")
    return path


@pytest.fixture
def dialog(iface, real_engine, language, tmp_path):
    from xinji_planner.ui import settings
    from xinji_planner.ui.actions import Actions

    language("en")
    settings.set_workspace("")
    actions = Actions(iface)
    actions.dock.set_workspace(str(tmp_path / "新 工作区.gpkg"))
    yield actions.import_data()
    actions.close()


def finish(dialog, wait):
    wait(lambda: not dialog.queue.is_busy(), seconds=90)


def kind_of(dialog, code):
    view = dialog.form.findings
    place = next(i for i, group in enumerate(view._groups) if group.kind.code == code)
    return view.tree.topLevelItem(place)


def rows_of(workspace):
    with sqlite3.connect(workspace) as connection:
        return connection.execute("SELECT count(*) FROM base_stations").fetchone()[0]


def test_a_spoiled_file_is_examined_treated_and_imported_and_its_recipe_does_the_same_next_month(
    dialog, wait, tmp_path, monkeypatch
):
    from qgis.PyQt.QtWidgets import QFileDialog

    dialog.add([spoiled(tmp_path / "移动.csv")])
    finish(dialog, wait)
    item = dialog.sources.files[0]
    assert "Rows: 12 = 11 written + 1 set aside + 0 merged" in dialog.form.findings.outcome.text()
    swapped = kind_of(dialog, "swapped")
    assert swapped.text(1) == "12" and swapped.text(3).startswith("22.55123")
    assert "106.05123, 22.55123" in swapped.text(4)
    box = dialog.form.findings.tree.itemWidget(swapped, 5)
    box.setCurrentIndex(box.findData("apply"))
    box.activated.emit(box.currentIndex())
    kept = tmp_path / "移动.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(kept), ""))
    dialog.form.findings.save.click()
    finish(dialog, wait)
    assert "Rows: 12 = 12 written + 0 set aside" in dialog.form.findings.outcome.text()
    dialog.one.click()
    finish(dialog, wait)
    assert item.summary["rows_out"] == 12 and rows_of(dialog.workspace.filePath()) == 12

    dialog.add([spoiled(tmp_path / "移动_下月.csv", "B")])
    dialog.sources.list.setCurrentRow(1)
    finish(dialog, wait)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(kept), ""))
    dialog.form.findings.open.click()
    finish(dialog, wait)
    dialog.one.click()
    finish(dialog, wait)
    assert dialog.sources.files[1].summary["rows_out"] == 12, dialog.sources.list.item(1).text()
    assert rows_of(dialog.workspace.filePath()) == 24


def test_the_last_import_is_undone_from_the_panel(dialog, wait, tmp_path, monkeypatch, iface):
    from qgis.PyQt.QtWidgets import QMessageBox

    dialog.add([spoiled(tmp_path / "移动.csv")])
    finish(dialog, wait)
    dialog.one.click()
    finish(dialog, wait)
    workspace = dialog.workspace.filePath()
    assert rows_of(workspace) == 11
    dock = dialog._actions.dock
    dock.refresh()
    assert dock.undo.isEnabled()
    monkeypatch.setattr(QMessageBox, "exec", lambda _box: 0)
    monkeypatch.setattr(QMessageBox, "clickedButton", lambda box: box.buttons()[0])
    dock.undo.click()
    wait(lambda: rows_of(workspace) == 0, seconds=60)
    wait(lambda: not dock.undo.isEnabled())


@pytest.fixture
def database():
    """A PostgreSQL of this test's own, started by the engine's Python, which has the driver."""
    if not ENGINE.exists():
        pytest.skip("the engine is not set up")
    bootstrap = (
        "import importlib.util, sys; sys.path.insert(0, {root!r});"
        "spec = importlib.util.spec_from_file_location('b', {file!r}); b = importlib.util.module_from_spec(spec);"
        "spec.loader.exec_module(b); b.register()"
    ).format(root=str(ROOT), file=str(ROOT / "engine" / "package.py"))
    process = subprocess.Popen(
        [str(ENGINE), "-c", f"{bootstrap}\n{SERVER}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    try:
        line = process.stdout.readline()
        if not line:
            said = process.communicate()[1]
            if "Skipped" in said or "No module named" in said:
                pytest.skip(said.strip().splitlines()[-1])
            pytest.fail(said)
        yield line.rstrip("\n").split("\t")
    finally:
        if process.poll() is None:
            process.communicate("", timeout=60)


def test_a_table_of_a_real_postgis_comes_in_through_a_connection_of_qgis(dialog, wait, database, tmp_path):
    from qgis.core import QgsDataSourceUri, QgsProviderRegistry
    from xinji_planner.ui.imports.postgis_dialog import PostgisDialog

    port, user, password = database
    metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
    if metadata is None:
        pytest.skip("this QGIS has no PostgreSQL provider")
    uri = QgsDataSourceUri()
    uri.setConnection("127.0.0.1", port, "plan", user, password)
    connection = metadata.createConnection(uri.uri(False), {"saveUsername": True, "savePassword": True})
    metadata.saveConnection(connection, "省库")
    try:
        chooser = PostgisDialog()
        shown = [chooser.list.item(place).text() for place in range(chooser.list.count())]
        assert "public.基 站 (geom)" in shown, (shown, chooser.note.text())
        chooser.list.setCurrentRow(shown.index("public.基 站 (geom)"))
        tables = chooser.tables()
    finally:
        metadata.deleteConnection("省库")
    dialog.looker.add_tables(tables)
    finish(dialog, wait)
    dialog.one.click()
    finish(dialog, wait)
    assert dialog.sources.files[0].summary.get("rows_out") == 2, dialog.sources.list.item(0).text()
    for path in [*tmp_path.rglob("*.json"), *tmp_path.rglob("*.html"), *tmp_path.rglob("*.csv")]:
        assert password not in path.read_text(encoding="utf-8-sig", errors="replace"), path
    record = next(tmp_path.rglob("run.json"))
    assert json.loads(record.read_text(encoding="utf-8"))["summary"]["rows_out"] == 2
