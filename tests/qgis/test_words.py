"""Every word that a planner sees exists in Chinese and in English, by one mechanism."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = [ROOT / "plugin.py", *sorted((ROOT / "ui").rglob("*.py"))]
CHINESE = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2,}")
SHOWS = {
    *("setText", "setWindowTitle", "setToolTip", "setPlaceholderText", "setTitle", "setStatusTip", "setWhatsThis"),
    *("addTab", "addRow", "addItem", "addButton", "setLabelText", "setDialogTitle", "setFilter", "setHelp"),
    *("pushInfo", "pushWarning", "reportError", "setProgressText", "setHeaderLabels", "setHorizontalHeaderLabels"),
    *("QLabel", "QPushButton", "QAction", "QMenu", "QRadioButton", "QGroupBox", "QCheckBox"),
    *("success", "info", "getExistingDirectory", "getOpenFileNames", "getSaveFileName"),
}


def parents(tree):
    known = {}
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            known[child] = node
    return known


def name_of(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def literals(path):
    """Give every string constant that is no docstring, with the names of the calls around it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    above = parents(tree)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        if isinstance(above.get(node), ast.Expr):
            continue
        calls, at = [], node
        while at in above:
            at = above[at]
            if isinstance(at, ast.Call):
                calls.append(name_of(at))
            if isinstance(at, (ast.FunctionDef, ast.ClassDef)):
                break
        yield node, calls


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_chinese_stands_only_in_bilingual_texts(path):
    loose = [
        (node.lineno, node.value)
        for node, calls in literals(path)
        if CHINESE.search(node.value) and "Text" not in calls
    ]
    assert not loose


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_widget_shows_is_never_bare_english(path):
    loose = [
        (node.lineno, node.value)
        for node, calls in literals(path)
        if calls and calls[0] in SHOWS and ENGLISH.search(node.value) and "Text" not in calls
    ]
    assert not loose


def texts():
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and name_of(node) == "Text"
                and len(node.args) == 2
                and all(isinstance(item, ast.Constant) for item in node.args)
            ):
                yield path.name, node.lineno, node.args[0].value, node.args[1].value


def test_no_text_lacks_a_language():
    same_in_both = {"QGIS"}
    for name, line, zh, en in texts():
        where = f"{name}:{line}"
        assert bool(zh) == bool(en), where
        if ENGLISH.search(re.sub(r"\{\w*\}|\*\.\w+", "", en)) and zh not in same_in_both and zh != en:
            assert CHINESE.search(zh), where
        assert not CHINESE.search(en), where
        assert sorted(re.findall(r"\{(\w*)\}", zh)) == sorted(re.findall(r"\{(\w*)\}", en)), where


@pytest.mark.parametrize(
    ("flag", "name", "expected"),
    [
        (True, "zh-Hans", "zh"),
        (True, "zh_CN", "zh"),
        (True, "zh", "zh"),
        (True, "en_US", "en"),
        (True, "fr", "en"),
    ],
)
def test_the_language_is_the_one_set_in_qgis(qgis_app, flag, name, expected):
    from qgis.core import QgsSettings
    from xinji_planner.ui.language import current

    QgsSettings().setValue("locale/overrideFlag", flag)
    QgsSettings().setValue("locale/userLocale", name)
    assert current() == expected


def test_without_an_override_the_locale_of_the_system_counts(qgis_app):
    from qgis.core import QgsSettings
    from qgis.PyQt.QtCore import QLocale
    from xinji_planner.ui.language import current

    QgsSettings().setValue("locale/overrideFlag", False)
    QgsSettings().setValue("locale/userLocale", "en_US")
    before = QLocale()
    QLocale.setDefault(QLocale("zh_CN"))
    try:
        assert current() == "zh"
    finally:
        QLocale.setDefault(before)


def test_options_of_the_command_line_become_labels_in_the_window(language):
    from xinji_planner.ui.language import in_window

    language("zh-Hans")
    assert in_window("请用 --datum 指明") == "请用 “坐标基准” 指明"
    assert in_window("源文件（--source）应为文件") == "源文件应为文件"
    language("en")
    assert in_window("--source must be a file") == "“Source file” must be a file"


@pytest.mark.parametrize(
    ("locale", "said", "shown"),
    [
        ("zh-Hans", "请加 --datum bd09，将转换", "请将“坐标基准”设为“BD-09（转换为 CGCS2000）”，将转换"),
        ("zh-Hans", "请查明，用 --datum EPSG:n 指明，例如", "请查明，将“坐标基准”设为“EPSG:n”，例如"),
        ("zh-Hans", "或改用 --crs 4490。", "或将“坐标系”设为“CGCS2000 经纬度”。"),
        ("en", "say --datum gcj02; it", "set “Datum” to “GCJ-02 (converted to CGCS2000)”; it"),
        ("en", "Try --encoding UTF-16, or", "Set “Encoding” to “UTF-16”, or"),
        ("en", "state it with --datum: wgs84, gcj02", "state it with “Datum”: WGS 84, GCJ-02"),
        ("en", "Use --datum to take", "Use “Datum” to take"),
    ],
)
def test_values_of_options_read_as_they_stand_in_the_window(language, locale, said, shown):
    from xinji_planner.ui.language import in_window

    language(locale)
    assert in_window(said) == shown
