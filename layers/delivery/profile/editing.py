"""Changes of a profile: each names an entry of the file, and what is to stand there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from ....errors import InputError
from ....text import Text
from .pages import test_of, value_of


def changed(content: Mapping[str, Any], changes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Give a profile with changes; `content` stays as it is.

    Parameters
    ----------
    content : mapping
        The TOML file as it was read.
    changes : sequence of mapping
        One after the other. Each has ``path`` (keys and places that lead to an entry) and one of ``set`` (the new value
        as text; empty takes the entry out), ``add`` (a new row: a table for a list, ``{code: words}`` for a table of
        codes) and ``remove`` (true).

    Raises
    ------
    InputError
        A path leads nowhere: the file is no longer the one that the changes were made for.
    """
    made: dict[str, Any] = deepcopy(dict(content))
    for change in changes:
        _apply(made, change)
    return made


def _apply(content: dict[str, Any], change: Mapping[str, Any]) -> None:
    path = list(change["path"])
    try:
        holder: Any = content
        for step in path[:-1]:
            if isinstance(holder, dict) and step not in holder and ("add" in change or "set" in change):
                holder[step] = {}
            holder = holder[step]
        key = path[-1]
        if "add" in change:
            _add(holder, key, change["add"])
        elif change.get("remove"):
            del holder[key]
        else:
            value = value_of(str(change["set"]), test_of(path))
            if value is None:
                holder.pop(key, None)
            else:
                holder[key] = value
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        place = " · ".join(map(str, path))
        raise InputError(
            Text(f"成果规格中没有“{place}”，修改未保存。", f"The profile has no entry {place}; nothing was saved."),
            Text("请重新打开该规格后再改。", "Open the profile again and change it then."),
        ) from error


def _add(holder: Any, key: Any, entry: Mapping[str, Any]) -> None:
    known = holder.setdefault(key, {} if key == "values" else [])
    if isinstance(known, dict):
        known.update({str(code): str(words) for code, words in entry.items()})
    else:
        known.append(dict(entry))
