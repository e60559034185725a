"""The zip for the plugin site, and the pages that follow from the declarations."""

import importlib.util
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


gate = load(ROOT / "tests" / "package_gate.py")


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """The zip of the files as they stand, committed in a copy: the gate must speak of what is here, not of HEAD."""
    if shutil.which("git") is None:
        pytest.fail("git is missing: ./dev test installs it")
    copy = tmp_path_factory.mktemp("release") / "clone"
    ignore = shutil.ignore_patterns(
        ".git", ".venv*", ".cache", "build", "dist", "__pycache__", ".*_cache", ".hypothesis"
    )
    shutil.copytree(ROOT, copy, ignore=ignore)
    git = [
        "git",
        "-C",
        str(copy),
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@example.org",
        "-c",
        "init.defaultBranch=main",
    ]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], check=True, capture_output=True)
    return gate.build(tmp_path_factory.mktemp("dist"), copy)


def test_the_zip_passes_the_rules_of_the_plugin_site(archive):
    assert gate.faults(archive) == []


def test_the_gate_finds_what_the_site_refuses(archive, tmp_path):
    spoiled = tmp_path / "spoiled.zip"
    shutil.copy(archive, spoiled)
    with zipfile.ZipFile(spoiled, "a") as package:
        package.writestr("xinji_planner/engine/fast.so", b"x")
        package.writestr("elsewhere.py", b"x")
        package.writestr("xinji_planner/tests/test_x.py", b"x")
    assert len(gate.faults(spoiled)) == 3


def test_the_gate_finds_what_the_security_scan_of_the_site_blocks():
    for source in (
        "assert x",
        "import subprocess",
        "import subprocess  # nosec B404",
        "subprocess.run(['a'])",
        "f(shell=True)",
        "try:\n    f()\nexcept Exception:\n    pass",
    ):
        assert len(gate._code_faults(source)) == 1, source
    fine = "import subprocess  # nosec B404  # a fixed list\nsubprocess.run([])  # nosec B603  # no shell\n"
    assert gate._code_faults(fine) == []


def test_an_unpacked_zip_runs_jobs(archive, tmp_path):
    with zipfile.ZipFile(archive) as package:
        package.extractall(tmp_path)
    entry = tmp_path / "xinji_planner" / "engine" / "package.py"
    done = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", str(entry), "run"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "village_reach" in done.stdout + done.stderr


def test_the_reference_pages_follow_the_declarations(tmp_path):
    pages = load(ROOT / "docs" / "generate.py")
    for name, text in pages.pages().items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == text, f"{name} is out of date: run ./dev docs"


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_every_file_and_picture_that_the_readme_names_is_there(readme):
    text = (ROOT / readme).read_text(encoding="utf-8")
    named = re.findall(r"\]\(((?!http)[^)#]+)\)", text) + re.findall(r"`(docs/[\w./]+)`", text)
    assert named
    for name in named:
        assert (ROOT / name).exists(), f"{readme} names {name}"


def test_every_command_in_the_readme_is_one_that_dev_knows():
    known = re.findall(r"^  ([a-z]+)\)", (ROOT / "dev").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for readme in ("README.md", "README.zh.md", "CONTRIBUTING.md"):
        text = (ROOT / readme).read_text(encoding="utf-8")
        assert set(re.findall(r"\./dev ([a-z]+)", text)) <= {*known, "help"}
