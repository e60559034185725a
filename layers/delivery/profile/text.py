"""A profile as TOML again: the same content gives the same bytes, and reading them gives the content."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEAD = (
    "# 成果规格，由新基规划按规格窗口中的修改或空模板核对结果写出；原文件的注释不保留。",
    "# Delivery profile, written after changes in the window or a comparison with a template; comments are not kept.",
)


def as_toml(content: Mapping[str, Any]) -> str:
    """Write a profile.

    Parameters
    ----------
    content : mapping
        As `profile_file.read_content` gives it.
    """
    lines = [*_HEAD, *(f"{_key(key)} = {_value(item)}" for key, item in content.items() if not _is_part(item))]
    for key, item in content.items():
        if _is_part(item):
            lines += _part((key,), item)
    return "\n".join(lines) + "\n"


def _is_part(item: Any) -> bool:
    return isinstance(item, Mapping) or _is_list_of_tables(item)


def _is_list_of_tables(item: Any) -> bool:
    return isinstance(item, list) and bool(item) and all(isinstance(entry, Mapping) for entry in item)


def _part(path: tuple[str, ...], item: Any) -> list[str]:
    name = ".".join(map(_key, path))
    if _is_list_of_tables(item):
        return [line for entry in item for line in ("", f"[[{name}]]", *_entries(path, entry))]
    if path == ("domain",):
        return [
            line
            for key, entry in item.items()
            for line in ("", f"[{name}.{_key(key)}]", *_entries((*path, key), entry))
        ]
    return ["", f"[{name}]", *_entries(path, item)]


def _entries(path: tuple[str, ...], entry: Mapping[str, Any]) -> list[str]:
    """Give the lines of a table; tables inside it are written inline, lists of tables behind it."""
    lines = [f"{_key(key)} = {_value(item)}" for key, item in entry.items() if not _is_list_of_tables(item)]
    for key, item in entry.items():
        if _is_list_of_tables(item):
            lines += _part((*path, key), item)
    return lines


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def _value(item: Any) -> str:
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, str):
        return json.dumps(item, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(item, Mapping):
        return (
            "{ " + ", ".join(f"{_key(key)} = {_value(value)}" for key, value in item.items()) + " }" if item else "{}"
        )
    if isinstance(item, list):
        return "[" + ", ".join(map(_value, item)) + "]"
    if isinstance(item, float) and not math.isfinite(item):
        raise ValueError(f"{item} has no place in a profile")
    return repr(item) if isinstance(item, (int, float)) else json.dumps(str(item), ensure_ascii=False)
