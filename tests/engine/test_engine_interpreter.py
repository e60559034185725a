"""The engine's interpreter is found in one order, and what is missing is named."""

import json
import os
import sys
from pathlib import Path

import pytest
from xinji_planner.engine.environment import scrubbed
from xinji_planner.engine.setting_up import interpreter, lockfile
from xinji_planner.errors import EngineError


@pytest.fixture
def places(tmp_path):
    """A lock file, and three environments that all lead to this Python."""
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1 --hash=sha256:00\n", encoding="utf-8")
    for name in ("profile/engine", "clone/.venv", "chosen"):
        python = lockfile.environment_python(tmp_path / name)
        python.parent.mkdir(parents=True)
        _script(python, f'exec "{sys.executable}" "$@"')
    lockfile.Stamp(tmp_path / "profile" / "engine").finish(lock)
    return tmp_path


def _script(path: Path, *lines: str) -> Path:
    path.write_text("#!/bin/sh\n" + "\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def _find(places, **stated):
    environ = {interpreter.VARIABLE: str(stated.pop("variable", ""))}
    return interpreter.find(
        setting=str(stated.pop("setting", "")),
        environment=stated.pop("environment", places / "profile" / "engine"),
        environ=environ,
        root=stated.pop("root", places / "clone"),
        lock=places / "requirements.lock",
    )


def test_the_order_is_setting_then_variable_then_profile_then_clone(places):
    chosen = lockfile.environment_python(places / "chosen")
    found = _find(places, setting=chosen, variable=sys.executable)
    assert (found.path, found.origin) == (chosen, interpreter.SETTING)
    assert found.version == sys.version_info[:2]
    assert _find(places, setting=places / "chosen").path == chosen
    assert _find(places, variable=sys.executable).origin is interpreter.ENVIRONMENT_VARIABLE
    assert _find(places).origin is interpreter.PROFILE
    assert _find(places, environment=None).origin is interpreter.CLONE
    assert _find(places, environment=places / "none").origin is interpreter.CLONE


def test_with_none_of_them_the_error_names_the_steps_and_what_to_press(places):
    with pytest.raises(EngineError) as caught:
        _find(places, environment=places / "none", root=places / "none")
    for words in ("setting", "XINJI_ENGINE_PYTHON", "QGIS profile", ".venv"):
        assert words in caught.value.message.en
    assert "安装计算引擎" in caught.value.remedy.zh
    assert "Set up engine" in caught.value.remedy.en


def test_a_stated_interpreter_that_is_wrong_is_told_instead_of_passed_over(places):
    with pytest.raises(EngineError, match="does not exist: /no/python") as caught:
        _find(places, setting="/no/python")
    assert "setting" in caught.value.remedy.en
    with pytest.raises(EngineError, match="XINJI_ENGINE_PYTHON does not exist"):
        _find(places, variable="/no/python")
    with pytest.raises(EngineError, match="does not run"):
        _find(places, setting=_script(places / "broken", "exit 3"))
    with pytest.raises(EngineError, match=r"Python 3\.9; 3\.11"):
        _find(places, setting=_script(places / "old", "echo 3 9"))


def test_a_set_up_that_was_not_finished_is_named_where_nothing_else_is_there(places):
    lockfile.Stamp(places / "profile" / "engine").begin([])
    assert _find(places).origin is interpreter.CLONE
    with pytest.raises(EngineError, match="not finished"):
        _find(places, root=places / "none")


def test_an_environment_of_another_lock_file_is_stale(places):
    (places / "requirements.lock").write_text("a==2 --hash=sha256:00\n", encoding="utf-8")
    with pytest.raises(EngineError, match="out of date") as caught:
        _find(places)
    assert "更新" in caught.value.remedy.zh


def test_the_child_gets_nothing_of_qgis_python_and_its_libraries(tmp_path):
    given = {
        "PYTHONHOME": "/q", "PYTHONPATH": "/q", "PROJ_LIB": "/q", "PROJ_DATA": "/q", "GDAL_DATA": "/q",
        "GDAL_DRIVER_PATH": "/q", "QGIS_PREFIX_PATH": "/opt/desktop", "QT_PLUGIN_PATH": "/q", "OSGEO4W_ROOT": "C:",
        "O4W_QT_PREFIX": "C:", "DYLD_LIBRARY_PATH": "/Applications/QGIS.app/lib", "LD_PRELOAD": "x.so",
        "LD_LIBRARY_PATH": "/opt/desktop/lib:/opt/python/lib:/usr/lib/qgis", "PATH": "/usr/bin:/opt/desktop/bin",
        "HOME": "/home/张 三", "HTTPS_PROXY": "http://proxy:1", "PIP_INDEX_URL": "http://mirror/simple",
    }  # fmt: skip
    assert scrubbed(given, "linux") == {
        "LD_LIBRARY_PATH": "/opt/python/lib",
        "PATH": "/usr/bin:/opt/desktop/bin",
        "HOME": "/home/张 三",
        "HTTPS_PROXY": "http://proxy:1",
        "PIP_INDEX_URL": "http://mirror/simple",
    }


def test_on_windows_the_folders_of_qgis_leave_the_path():
    path = r"C:\Windows\system32;C:\Program Files\QGIS 3.40.1\bin;C:\OSGeo4W\bin;C:\Python312"
    kept = scrubbed({"Path": path, "osgeo4w_root": r"C:\OSGeo4W", "SYSTEMROOT": r"C:\Windows"}, "win32")
    assert kept == {"Path": r"C:\Windows\system32;C:\Python312", "SYSTEMROOT": r"C:\Windows"}


def test_the_engine_starts_with_a_clean_environment_whatever_qgis_has_set(tmp_path, monkeypatch):
    for name in ("PYTHONHOME", "PROJ_LIB", "GDAL_DATA"):
        monkeypatch.setenv(name, "/nonsense")
    code = "import os, json; print(json.dumps([k for k in os.environ if k.startswith(('PYTHON', 'PROJ', 'GDAL'))]))"
    assert json.loads(interpreter.output_of(sys.executable, code)) == []
    assert os.environ["PYTHONHOME"] == "/nonsense"
