"""*Set up engine*: offline from wheels that the test makes itself, resumable, and clear about what is missing."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from xinji_planner.engine.setting_up import bundle, installer, interpreter, lockfile, pythons, setup
from xinji_planner.engine.setting_up.setup import set_up
from xinji_planner.errors import Cancelled, SetupError


def _wheel(folder: Path, name: str, version: str) -> Path:
    """Write the smallest wheel there can be: one module that knows its version."""
    about = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip('=')},{len(text)}\n"
        for path, text in files.items()
    )
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**files, f"{about}/RECORD": record + f"{about}/RECORD,,\n"}.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return wheel


def _lock(path: Path, *wheels: Path) -> Path:
    """Write a lock file as uv does, with a requirement that is for another Python."""
    text = "ghost==9 ; python_full_version < '3' \\\n    --hash=sha256:" + "0" * 64 + "\n    # via nobody\n"
    for wheel in wheels:
        name, version = wheel.name.split("-")[:2]
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        text += f"{name.replace('_', '-')}=={version} \\\n    --hash=sha256:{'1' * 64} \\\n    --hash=sha256:{digest}\n"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """An environment in a folder with blanks and Chinese, made once and filled by each test in its own way."""
    folder = tmp_path_factory.mktemp("配置 文件夹") / "xinji-engine"
    set_up(folder, python=sys.executable, lock=_lock(folder.parent / "empty.lock"), imports=["json"], needed_bytes=0)
    return folder


@pytest.fixture(autouse=True)
def _pip_of_its_own(monkeypatch, tmp_path):
    """No index and no folder of this machine's own takes part."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")


def _fill(environment, lock, wheels, **more):
    heard = []
    options = {"imports": ["tiny_a", "tiny_b"], "needed_bytes": 0, **more}
    set_up(environment, wheels=wheels, lock=lock, progress=lambda *said: heard.append(said), **options)
    return heard


def _says(environment, code):
    python = lockfile.environment_python(environment)
    return subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_an_interrupted_set_up_names_the_missing_wheel_and_goes_on_where_it_stopped(environment, tmp_path, monkeypatch):
    asked = []
    install = setup._install

    def watched(interpreter, requirement, *rest):
        asked.append(requirement.pin)
        install(interpreter, requirement, *rest)

    monkeypatch.setattr(setup, "_install", watched)
    wheels = tmp_path / "离线 包"
    a, b = _wheel(wheels, "tiny_a", "1.0"), _wheel(wheels, "tiny_b", "1.0")
    lock = _lock(tmp_path / "one.lock", a, b)
    b.rename(tmp_path / b.name)
    with pytest.raises(SetupError) as caught:
        _fill(environment, lock, wheels)
    assert f"{wheels}" in caught.value.message.zh
    assert "tiny-b==1.0" in caught.value.message.zh
    with pytest.raises(interpreter.EngineError, match="not finished"):
        interpreter.find(environment=environment, environ={}, root=tmp_path, lock=lock)

    (tmp_path / b.name).rename(b)
    a.unlink()  # what is installed already is not asked for again
    asked.clear()
    heard = _fill(environment, lock, wheels)
    assert [fraction for fraction, _ in heard] == sorted(fraction for fraction, _ in heard)
    assert heard[-1][0] == 1
    assert asked == ["tiny-b==1.0"]
    assert any("tiny-b==1.0" in doing.en and "3 of 3" in doing.en for _, doing in heard)
    found = interpreter.find(environment=environment, environ={}, root=tmp_path, lock=lock)
    assert found.origin is interpreter.PROFILE

    newer = _lock(tmp_path / "two.lock", _wheel(wheels, "tiny_a", "1.0"), _wheel(wheels, "tiny_b", "2.0"))
    with pytest.raises(interpreter.EngineError, match="out of date"):
        interpreter.find(environment=environment, environ={}, root=tmp_path, lock=newer)
    (wheels / "tiny_a-1.0-py3-none-any.whl").unlink()
    _fill(environment, newer, wheels)
    assert asked == ["tiny-b==1.0", "tiny-b==2.0"]
    assert _says(environment, "import tiny_a, tiny_b; print(tiny_a.VERSION, tiny_b.VERSION)") == "1.0 2.0"


def test_a_wheel_that_was_tampered_with_is_not_installed(environment, tmp_path):
    good = _wheel(tmp_path / "good", "tiny_c", "1.0")
    lock = _lock(tmp_path / "c.lock", good)
    shutil.copy(_wheel(tmp_path / "bad", "tiny_a", "1.0"), tmp_path / "bad" / good.name)
    with pytest.raises(SetupError, match="does not match its hash"):
        _fill(environment, lock, tmp_path / "bad")


def test_without_network_the_folder_of_wheels_is_offered(environment, tmp_path, monkeypatch):
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    lock = _lock(tmp_path / "d.lock", _wheel(tmp_path, "tiny_d", "1.0"))
    with pytest.raises(SetupError, match="no network") as caught:
        _fill(environment, lock, None)
    assert "./dev bundle" in caught.value.remedy.zh


def test_a_library_that_does_not_load_is_reported(environment, tmp_path):
    with pytest.raises(SetupError, match="No module named 'never_there'"):
        _fill(environment, _lock(tmp_path / "e.lock"), None, imports=["never_there"])
    assert lockfile.Stamp(environment).lock == ""


def test_a_set_up_can_be_cancelled_at_once(environment, tmp_path):
    with pytest.raises(Cancelled):
        _fill(environment, _lock(tmp_path / "f.lock"), None, is_cancelled=lambda: True)


def test_too_little_disk_space_is_told_with_the_numbers(tmp_path):
    with pytest.raises(SetupError, match=r"\d GiB free .* 1048576\.0 GiB are needed"):
        set_up(tmp_path / "below" / "engine", needed_bytes=2**50, lock=_lock(tmp_path / "l.lock"))
    assert not (tmp_path / "below").exists()


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine").write_text("", encoding="utf-8")
    with pytest.raises(SetupError, match="not empty"):
        set_up(tmp_path, lock=_lock(tmp_path.parent / "g.lock"), needed_bytes=0)
    with pytest.raises(SetupError, match="does not exist"):
        set_up(tmp_path / "engine", wheels=tmp_path / "none", needed_bytes=0)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def _fake_python(folder: Path, name: str, *facts) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{json.dumps(facts)}'\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_the_first_fitting_python_of_the_path_is_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "python3.13").symlink_to("/bin/false")
    _fake_python(tmp_path, "python3.12", [3, 12], True, False, "/no/venv")
    _fake_python(tmp_path, "python3.11", [3, 11], True, True, "/fits")
    _fake_python(tmp_path, "python3", [3, 14], True, True, "/too/new")
    assert pythons.find_python() == Path("/fits")


def test_a_missing_old_or_incomplete_python_is_told_with_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match=r"no Python 3\.11") as caught:
        pythons.find_python()
    assert caught.value.remedy.zh
    _fake_python(tmp_path, "python3", [3, 9], True, True, "/usr/bin/python3")
    with pytest.raises(SetupError, match=r"found: Python 3\.9 \(/usr/bin/python3\)"):
        pythons.find_python()
    _fake_python(tmp_path, "python3.11", [3, 11], True, False, "/usr/bin/python3.11")
    with pytest.raises(SetupError, match="without venv and pip") as caught:
        pythons.find_python()
    assert "apt install python3-venv" in caught.value.remedy.zh
    with pytest.raises(SetupError, match="no Python that runs"):
        pythons.find_python("/no/python")


def test_the_lock_file_of_the_engine_can_be_read_whole():
    text = lockfile.LOCK.read_text(encoding="utf-8")
    requirements = lockfile.read()
    assert len(requirements) == text.count("==") - text.count("python_full_version ==")
    assert sum(len(item.hashes) for item in requirements) == text.count("--hash=")
    assert {"geopandas", "numba", "shapely"} <= {item.name for item in requirements}


def test_a_lock_file_without_hashes_is_refused(tmp_path):
    (tmp_path / "a.lock").write_text("numpy==2\n", encoding="utf-8")
    with pytest.raises(SetupError, match="no hash"):
        lockfile.read(tmp_path / "a.lock")


def test_a_bundle_holds_the_wheels_the_lock_and_a_page_for_people(tmp_path, monkeypatch):
    source = tmp_path / "source"
    lock = _lock(tmp_path / "h.lock", _wheel(source, "tiny_a", "1.0"), _wheel(source, "tiny_b", "1.0"))
    monkeypatch.setenv("PIP_FIND_LINKS", str(source))
    folder = tmp_path / "离线包"
    count = bundle.make_bundle(folder, platforms=["", "win_amd64"], python_versions=["3.12"], lock=lock)
    assert count == 2
    assert (folder / "requirements.lock").read_bytes() == lock.read_bytes()
    readme = (folder / "README.txt").read_text(encoding="utf-8")
    assert "win_amd64, Python 3.12" in readme
    assert "安装计算引擎" in readme
    (source / "tiny_b-1.0-py3-none-any.whl").unlink()
    with pytest.raises(SetupError, match="cannot be had"):
        bundle.make_bundle(tmp_path / "again", lock=lock)


def test_the_markers_of_another_system_are_judged_for_that_system():
    def applies(marker, platform, version):
        return bundle._applies(lockfile.Requirement("a", "1", marker, ()), platform, version)

    assert applies("python_full_version < '3.12'", "", "3.11")
    assert not applies("python_full_version < '3.12'", "", "3.12")
    assert applies("sys_platform == 'win32'", "win_amd64", "3.12")
    assert not applies("sys_platform == 'win32'", "macosx_11_0_arm64", "3.12")


def test_the_last_words_of_pip_are_its_last_error():
    outcome = installer.Outcome(1, "Looking\nERROR: first\nERROR: No wheel for x\n\nnote: read this\n")
    assert outcome.last_words == "ERROR: No wheel for x"
