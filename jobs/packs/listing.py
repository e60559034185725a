"""Rule packs as plain rows, one a rule and one a number of a preset, for the list of the pack editor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...errors import InputError
from ...rules.own import base_of, changed_pack, own_files, shipped_packs
from ...rules.own_writer import PREFIX
from ...rules.pack import Pack, Rule, load, pack_of, read_toml
from ...rules.preset_changes import FIELDS, KEYS, field_label, item_id, key_of
from ...text import Text
from ..shared.packs import check_kinds
from ..shared.rule_words import value_words
from ..shared.rules import comparison_words

_NOTHING_OWN: dict[str, Any] = {"own_pack": "", "reason": "", "replaced": None, "replaced_words": None}
_NO_SOURCE = {"document": "", "clause": "", "date": "", "valid_from": "", "valid_to": ""}


def list_packs(folder: Path | None) -> list[dict[str, Any]]:
    """Give all packs: the shipped ones as they hold with the changes of a folder, then the files of that folder.

    A file that is not sound has ``faults`` and no rows; a shipped pack whose changes cannot be read stands there as it
    was shipped, with the same faults.
    """
    return [
        *(_shipped(name, folder) for name in shipped_packs()),
        *(_own(path) for path in (own_files(folder) if folder is not None and folder.is_dir() else ())),
    ]


def _shipped(name: str, folder: Path | None) -> dict[str, Any]:
    faults: list[Text] = []
    try:
        pack = changed_pack(name, folder if folder is not None and folder.is_dir() else None)
        check_kinds(pack)
    except InputError as error:
        pack, faults = load(name), [Text(error.in_language("zh"), error.in_language("en"))]
    return _described(pack, "", faults, load(name)) | {"own": False, "base": ""}


def _own(path: Path) -> dict[str, Any]:
    about = {"own": True, "editor": path.name.startswith(PREFIX), "base": ""}
    try:
        content = read_toml(path)
        base = base_of(content, path)
        about["base"] = base
        pack = pack_of(content, path, path.stem, own=True, base=load(base) if base else None)
        check_kinds(pack)
    except InputError as error:
        title = {"name": path.stem, "file": str(path), "zh": path.stem, "en": path.stem}
        said = [fault.message for fault in error.faults] or [error.message]
        return {**title, "rows": [], "faults": [*said, error.remedy], **about}
    described = _described(pack, str(path), [], load(base) if base else None)
    if base:  # only what it changes; the rest stands with the shipped pack
        described["rows"] = [row for row in described["rows"] if row["own_pack"]]
        described["zh"] = described["en"] = path.stem
        if about["editor"]:
            shipped = load(base).title
            described |= {"zh": f"修改：{shipped.zh}", "en": f"Changes: {shipped.en}"}
    return described | about


def _described(pack: Pack, file: str, faults: list[Text], shipped: Pack | None) -> dict[str, Any]:
    rules = [_rule_row(rule, shipped.rules.get(rule.id) if shipped else None) for rule in pack.rules.values()]
    return {
        "name": pack.name,
        "file": file,
        "zh": pack.title.zh,
        "en": pack.title.en,
        "rows": [*rules, *_preset_rows(pack)],
        "faults": faults,
    }


def _rule_row(rule: Rule, shipped: Rule | None) -> dict[str, Any]:
    words = comparison_words(rule)
    own = dict(_NOTHING_OWN)
    if rule.own_pack and shipped is not None:
        own = {
            "own_pack": rule.own_pack,
            "reason": rule.reason,
            "replaced": shipped.value,
            "replaced_words": value_words(shipped.value, shipped.unit),
        }
    elif rule.own_pack:
        own |= {"own_pack": rule.own_pack, "reason": rule.reason}
    return {
        "item": rule.id,
        "field": "",
        "zh": rule.name.zh,
        "en": rule.name.en,
        "value": rule.value,
        "unit": rule.unit,
        "comparison": rule.comparison,
        "words": words,
        "value_words": value_words(rule.value, rule.unit),
        "status": rule.status,
        "document": rule.document,
        "clause": rule.clause,
        "date": rule.date,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "note": rule.note,
        "is_change": shipped is not None and bool(rule.own_pack),
        **own,
    }


def _preset_rows(pack: Pack) -> list[dict[str, Any]]:
    changes = {(item_id(change.table, change.key), change.field): change for change in pack.changes}
    rows = []
    for table in KEYS:
        for entry in pack.entries.get(table, []):
            item = item_id(table, key_of(table, entry))
            for field, (_, unit) in FIELDS[table].items():
                label, change = field_label(table, entry, field), changes.get((item, field))
                own = dict(_NOTHING_OWN)
                if change is not None:
                    own |= {"own_pack": change.own_pack, "reason": change.reason, "replaced": change.replaced}
                    before = None if change.replaced is None else value_words(change.replaced, unit)
                    own |= {"replaced_words": before}
                words = value_words(entry[field], unit)
                rows.append(
                    {
                        "item": item,
                        "field": field,
                        "zh": label.zh,
                        "en": label.en,
                        "value": entry[field],
                        "unit": unit,
                        "comparison": "",
                        "words": words,
                        "value_words": words,
                        "status": str(entry.get("status", "unverified")),
                        **_NO_SOURCE,
                        "note": str(entry.get("note", "")),
                        "is_change": change is not None,
                        **own,
                    }
                )
    return rows
