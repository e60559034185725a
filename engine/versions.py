"""What a result was made with: the plugin's version and those of the libraries. Standard library only."""

from __future__ import annotations

import configparser
import re
from importlib import metadata
from pathlib import Path

from .package import ROOT

REQUIREMENTS = ROOT / "engine" / "requirements.in"
LOCK = ROOT / "engine" / "requirements.lock"


def plugin_version(root: Path = ROOT) -> str:
    """Give the version of ``metadata.txt``, where it is stated once; empty if the file does not say."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(root / "metadata.txt", encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return ""
    return parser.get("general", "version", fallback="")


def packages() -> dict[str, str | None]:
    """Give the installed version of every library that the engine asks for by name, None where it is missing."""
    found: dict[str, str | None] = {}
    for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines():
        match = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line)
        if match:
            try:
                found[match[0]] = metadata.version(match[0])
            except metadata.PackageNotFoundError:
                found[match[0]] = None
    return found
