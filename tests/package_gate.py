"""Build the plugin-site zip and hold it to the site's rules.

Run as a script it builds ``FOLDER/xinji_planner-VERSION.zip`` and exits 1 if a rule is broken.
"""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "xinji_planner"
LIMIT_BYTES = 25 * 1024 * 1024
REQUIRED = ("name", "description", "about", "version", "qgisMinimumVersion", "author", "email", "tracker", "repository")
MUST_HAVE = (
    ".bandit",
    "__init__.py",
    "metadata.txt",
    "LICENSE",
    "plugin.py",
    "engine/requirements.lock",
    "sample_data/import_plan.toml",
)
REFUSED = re.compile(
    r"(\.pyc|\.pyo|\.so|\.dll|\.exe|\.dylib|\.DS_Store)$|(^|/)(__pycache__|\.git|__MACOSX)(/|$)|\\|^[A-Za-z]:"
)


def version(root: Path = ROOT) -> str:
    """Read the version from metadata.txt, where it stands once."""
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(root / "metadata.txt", encoding="utf-8")
    return metadata["general"]["version"]


def build(folder: Path, root: Path = ROOT) -> Path:
    """Zip the committed files that belong to the plugin under the package's name."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{PACKAGE}-{version(root)}.zip"
    command = [
        "git",
        "-C",
        str(root),
        "archive",
        "--format=zip",
        f"--prefix={PACKAGE}/",
        "-o",
        str(target.resolve()),
        "HEAD",
    ]
    subprocess.run(command, check=True)
    return target


def faults(archive: Path) -> list[str]:
    """List every rule of the plugin site that the zip breaks."""
    found = []
    if archive.stat().st_size > LIMIT_BYTES:
        found.append(f"{archive.stat().st_size} bytes, at most {LIMIT_BYTES} are allowed")
    with zipfile.ZipFile(archive) as package:
        names = package.namelist()
        found += [f"{name} is outside {PACKAGE}/" for name in names if not name.startswith(f"{PACKAGE}/")]
        found += [f"{name} must not be in the zip" for name in names if REFUSED.search(name)]
        found += [f"{name} is missing" for name in MUST_HAVE if f"{PACKAGE}/{name}" not in names]
        found += [
            f"{name} is for developers" for name in names if re.match(rf"{PACKAGE}/(tests|benchmarks|\.ci)/", name)
        ]
        for name in names:
            if name.endswith(".py"):
                found += [f"{name}:{fault}" for fault in _code_faults(package.read(name).decode("utf-8"))]
        metadata = configparser.ConfigParser(interpolation=None)
        metadata.read_string(package.read(f"{PACKAGE}/metadata.txt").decode("utf-8"))
    general = metadata["general"]
    found += [f"metadata.txt lacks {key}" for key in REQUIRED if not general.get(key)]
    if "plugin" in general.get("name", "").lower():
        found.append("the name must not contain the word plugin")
    found += [
        f"metadata.txt: {key} holds HTML"
        for key in ("about", "description", "changelog")
        if re.search(r"<\w+", general.get(key, ""))
    ]
    found += [
        f"{key} is no web address"
        for key in ("tracker", "repository")
        if not general.get(key, "").startswith("https://")
    ]
    return found


def _code_faults(source: str) -> list[str]:
    """List what the site's security scan blocks and no configuration of ours lets pass."""
    lines = source.splitlines()
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assert):
            found.append(f"{node.lineno} assert is gone in optimised code: raise an error (B101)")
        if isinstance(node, ast.keyword) and node.arg == "shell":
            found.append(f"{node.value.lineno} a process is started through a shell (B602)")
        if _swallows_everything(node):
            found.append(f"{node.lineno} every error is swallowed (B110, B112)")
        starts = isinstance(node, ast.Import) and any(item.name == "subprocess" for item in node.names)
        if starts and not re.search(r"# nosec B404  # \w+", lines[node.lineno - 1]):
            found.append(f"{node.lineno} subprocess without “nosec B404” and its reason")
        if _starts_process(node) and not re.search(r"# nosec B603  # \w+", lines[node.lineno - 1]):
            found.append(f"{node.lineno} a process is started without “nosec B603” and its reason")
    return found


def _swallows_everything(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler) or not isinstance(node.body[0], (ast.Pass, ast.Continue)):
        return False
    return node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException"))


def _starts_process(node: ast.AST) -> bool:
    function = node.func if isinstance(node, ast.Call) else None
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "subprocess"
        and function.attr in ("run", "Popen", "call", "check_call", "check_output")
    )


def main(folder: str) -> int:
    """Build, check, say."""
    archive = build(Path(folder))
    broken = faults(archive)
    for fault in broken:
        print(f"✗ {fault}")
    print(f"{archive} ({archive.stat().st_size / 1e6:.2f} MB), {len(broken)} faults")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "dist"))
