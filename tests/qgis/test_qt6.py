"""The window is written so that Qt 6 takes it: every enum value is named through its enum."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = [ROOT / "plugin.py", *sorted((ROOT / "ui").rglob("*.py"))]
# QGIS keeps these without a scope in every version.
UNSCOPED_FOR_EVER = {"QgsFields.OriginProvider"}


def bare_values(tree):
    """Give what looks like `QClass.Value` and is neither called nor the scope of anything."""
    inner = {
        id(child)
        for node in ast.walk(tree)
        for child in (
            [node.value] if isinstance(node, ast.Attribute) else [node.func] if isinstance(node, ast.Call) else []
        )
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and id(node) not in inner
            and isinstance(node.value, ast.Name)
            and node.value.id.startswith(("Q", "Qgs"))
            and node.attr[:1].isupper()
            and not node.attr.isupper()  # constants such as QGIS_VERSION
        ):
            yield f"{node.value.id}.{node.attr}", node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_enum_value_stands_without_its_enum(path):
    found = dict(bare_values(ast.parse(path.read_text(encoding="utf-8"))))
    aliases = {name for name in found if name in UNSCOPED_FOR_EVER or _is_an_enum(name)}
    assert not {name: line for name, line in found.items() if name not in aliases}


def _is_an_enum(name):
    """Tell whether `QClass.Name` is the enum itself, as in ``kinds = QgsProcessingParameterNumber.Type``."""
    import qgis.core
    import qgis.gui
    from qgis.PyQt import QtCore, QtGui, QtWidgets

    owner, _, attribute = name.partition(".")
    for module in (qgis.core, qgis.gui, QtCore, QtGui, QtWidgets):
        if hasattr(module, owner):
            return isinstance(getattr(getattr(module, owner), attribute, None), type)
    return False
