"""How a planner writes ids, and pairs of them. Standard library only."""

from __future__ import annotations


def ids_in(stated: str | None) -> list[str]:
    """Split a list of ids, each once."""
    named = (stated or "").replace("，", ",").replace("、", ",").split(",")
    return list(dict.fromkeys(part.strip() for part in named if part.strip()))


def pairs_in(stated: str | None) -> list[list[str]]:
    """Split pairs (``GL001,GL002; N01,GL003``) into their ids."""
    groups = (stated or "").replace("；", ";").replace("\n", ";").split(";")
    return [ids_in(group) for group in groups if group.strip()]
