"""The house of two processes: who may import what, held by reading every file."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("analysis", "engine", "jobs", "layers", "rules", "ui")
HEAVY = {
    *("geopandas", "shapely", "rasterio", "networkx", "pandas", "numpy", "pyogrio", "pyproj", "pyarrow", "scipy"),
    *("numba", "openpyxl", "fiona"),
}
DESKTOP = ("qgis", "PyQt5", "PyQt6", "osgeo", "processing")

# What QGIS imports: the declarations and the client, besides plugin.py and ui/.
QGIS_SIDE = [
    *("text.py", "errors.py", "processes.py", "__init__.py", "plugin.py"),
    *("jobs/declaration.py", "jobs/registry.py", "jobs/common.py"),
    *("layers/spec.py", "layers/codes.py"),
    *("engine/client.py", "engine/process.py", "engine/protocol.py", "engine/environment.py", "engine/run_folder.py"),
    *(f"engine/setting_up/{name}.py" for name in ("setup", "installer", "pythons", "lockfile", "interpreter")),
]

# May the left import the right? Their own folder, text, errors, processes and the standard library are open to all.
ALLOWED = {
    "analysis": set(),
    "rules": set(),
    "layers": {"rules"},
    "jobs": {"analysis", "layers", "rules", "engine"},
    "engine": {"jobs", "layers", "rules"},
    "ui": {"engine", "jobs", "layers"},
}


def files():
    listed = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return [*sorted(ROOT.glob("*.py")), *listed]


def imports(path, *, only_at_import=False):
    """Give what a file imports as absolute names; names inside the package start with a dot."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = path.relative_to(ROOT).parts[:-1]
    late = {
        id(node)
        for part in ast.walk(tree)
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)) or _is_type_checking(part)
        for node in ast.walk(part)
    }
    for node in ast.walk(tree):
        if only_at_import and id(node) in late:
            continue
        if isinstance(node, ast.Import):
            for item in node.names:
                yield item.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) - node.level + 1]
            module = [*base, *(node.module.split(".") if node.module else [])]
            for item in node.names:
                yield "." + ".".join([*module, item.name])


def _is_type_checking(node):
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def top(name):
    return name.split(".")[0]


def relative(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", files(), ids=relative)
def test_only_the_window_knows_qgis(path):
    if path == ROOT / "plugin.py" or "ui" in path.relative_to(ROOT).parts[:1]:
        return
    assert not [name for name in imports(path) if top(name) in DESKTOP]


@pytest.mark.parametrize("path", [ROOT / "plugin.py", *sorted((ROOT / "ui").rglob("*.py"))], ids=relative)
def test_the_window_knows_no_engine_library(path):
    assert not [name for name in imports(path) if top(name) in HEAVY]


@pytest.mark.parametrize("path", [ROOT / "plugin.py", *sorted((ROOT / "ui").rglob("*.py"))], ids=relative)
def test_qt_comes_only_through_qgis(path):
    assert not [name for name in imports(path) if top(name) in ("PyQt5", "PyQt6", "sip")]
    words = path.read_text(encoding="utf-8")
    for trap in (".exec_(", "setStyleSheet", "Qt.Checked", "Qt.Unchecked", "QRegExp", "QtWebKit", "Qgis.WkbType"):
        assert trap not in words


@pytest.mark.parametrize("path", files(), ids=relative)
def test_imports_run_one_way(path):
    parts = path.relative_to(ROOT).parts
    if len(parts) == 1:
        return
    folder = parts[0]
    inside = {name[1:].split(".")[0] for name in imports(path) if name.startswith(".")}
    inside &= set(FOLDERS)
    assert inside - {folder} <= ALLOWED[folder], f"{folder} may not import {inside - {folder} - ALLOWED[folder]}"


@pytest.mark.parametrize("path", files(), ids=relative)
def test_nothing_but_the_plugin_imports_the_window(path):
    if path == ROOT / "plugin.py" or path.relative_to(ROOT).parts[0] == "ui":
        return
    assert not [name for name in imports(path) if name.startswith((".ui", ".plugin")) and path != ROOT / "__init__.py"]


@pytest.mark.parametrize("path", sorted((ROOT / "ui").rglob("*.py")), ids=relative)
def test_the_window_reads_the_layers_only_as_specs_and_kinds_of_findings(path):
    """The rest of `layers` needs the engine's libraries."""
    known = (".layers.spec", ".layers.codes", ".layers.findings.kind", ".layers.findings.catalogue")
    known += (".layers.sources.dsn",)  # how the address of a database is written
    known += (".layers.delivery.checking.rules",)  # the kinds of findings of a package
    for name in imports(path):
        if name.startswith(".layers"):
            assert name.startswith(known), name


@pytest.mark.parametrize("path", sorted((ROOT / "analysis").rglob("*.py")), ids=relative)
def test_an_analysis_reads_and_writes_no_file(path):
    assert not {top(name) for name in imports(path)} & {
        *("pathlib", "io", "shutil", "tempfile", "sqlite3", "csv", "json", "pyogrio", "rasterio", "fiona"),
        *("openpyxl", "geopandas", "subprocess", "socket", "urllib"),
    }
    calls = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _opens_a_file(node.func)
    ]
    assert not calls


def _opens_a_file(function):
    if isinstance(function, ast.Name):
        return function.id == "open"
    is_of_os = isinstance(function.value, ast.Name) and function.value.id == "os" if _is_attribute(function) else False
    return is_of_os and function.attr not in ("cpu_count", "sched_getaffinity", "environ")


def _is_attribute(node):
    return isinstance(node, ast.Attribute)


@pytest.mark.parametrize("path", sorted((ROOT / "jobs").glob("*.py")), ids=relative)
def test_a_job_file_loads_without_the_engines_libraries(path):
    if path.name.startswith("_") and path.name != "__init__.py":
        return  # helpers of `run`, loaded inside it
    assert not [name for name in imports(path, only_at_import=True) if top(name) in HEAVY]


def test_qgis_can_load_every_declaration_with_a_bare_python():
    """No site packages at all, as on a QGIS that ships none."""
    code = (
        "import sys, runpy; sys.argv = ['x'];"
        f"sys.path.insert(0, {str(ROOT / 'engine')!r}); import package; package.register();"
        "from xinji_planner.jobs import registry; from xinji_planner.layers.specs import SPECS;"
        "from xinji_planner.engine import client; from xinji_planner.engine.setting_up import interpreter, setup;"
        "print(len(registry.jobs()), len(SPECS));"
        f"print(sorted(name for name in sys.modules if name.split('.')[0] in {sorted(HEAVY)!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False, env={**os.environ}
    )
    assert done.returncode == 0, done.stderr
    counts, heavy = done.stdout.splitlines()
    assert int(counts.split()[0]) >= 5 and int(counts.split()[1]) == 16
    assert heavy == "[]"


@pytest.mark.parametrize("name", QGIS_SIDE)
def test_what_qgis_loads_is_written_for_python_3_9(name):
    ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 9))
    assert "from __future__ import annotations" in (ROOT / name).read_text(encoding="utf-8") or name == "__init__.py"


@pytest.mark.parametrize("path", sorted((ROOT / "ui").rglob("*.py")), ids=relative)
def test_the_window_is_written_for_python_3_9(path):
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))


def test_the_plugin_object_is_short():
    assert len((ROOT / "plugin.py").read_text(encoding="utf-8").splitlines()) < 150
