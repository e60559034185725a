"""A profile as tables that can be shown and edited: one page a layer, a list of codes or a table of the file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ....text import NOTHING, Text, same
from ...specs import SPECS
from .page_values import code_words, expression_words, field_words, said
from .page_words import GROUPS, KEYS, PARTS, SECTION_TITLES
from .schema import CHECK, DOMAIN, FIELD, INTAKE, LAYER, SECTIONS, OneOf, Test, are_texts

Path = tuple[Any, ...]  # keys and places that lead to an entry of the file
_TABLES = ("field", "from", "values", "where")  # entries of a table that have a page of their own


class Cell(NamedTuple):
    """One entry: where it stands, its value as text ("" for none), in words, and what may stand there.

    `path` is empty for a cell that cannot be changed; `choices` are words of the file with what they mean.
    """

    path: Path
    text: str
    shown: Text
    choices: tuple[tuple[str, Text], ...] = ()
    expected: Text = NOTHING


class Page(NamedTuple):
    """One table.

    Attributes
    ----------
    rows : list of (Path, list of Cell)
        The path of a row is that of what goes when the row is taken out; empty for a row that stays.
    new : Path
        Of the list that a new row is put into; empty where there are no new rows.
    blank : mapping
        The new row.
    """

    group: Text
    title: Text
    columns: tuple[Text, ...]
    rows: list[tuple[Path, list[Cell]]]
    new: Path = ()
    blank: Mapping[str, Any] = {}


def pages_of(content: Mapping[str, Any]) -> list[Page]:
    """Give the pages of a profile, in the order in which they are shown.

    Parameters
    ----------
    content : mapping
        The TOML file as it was read; entries of the wrong kind are shown as far as they can be.
    """
    pages = [_list(GROUPS["layers"], GROUPS["layers"], content, ("layer",), LAYER, {})]
    codes = tuple(_mapping(content.get("domain")))
    for at, layer in enumerate(_tables(content.get("layer"))):
        title = same(f"{layer.get('name', '')} {layer.get('alias', '')}".strip())
        path: Path = ("layer", at)
        pages.append(_list(GROUPS["fields"], title, layer, (*path, "field"), FIELD, _FIELD, codes))
        pages.append(_values(title, layer, path))
    for key in ("header", "footer"):
        pages.append(_list(GROUPS["shared"], PARTS[key], content, (key,), FIELD, _FIELD, codes))
    pages.append(_list(GROUPS["checks"], GROUPS["checks"], content, ("check",), CHECK, _CHECK))
    for name, domain in _mapping(content.get("domain")).items():
        pages.append(_codes(str(name), _mapping(domain)))
    pages += [_section(key, _mapping(content.get(key))) for key in SECTIONS]
    return pages


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping)


_FIELD = {"name": "NEW", "alias": "新字段", "type": "Char", "length": 50, "need": "O", "status": "unverified"}
_CHECK = {"id": "4601", "zh": "新检查", "en": "New check", "level": 2, "status": "unverified"}


def text_of(value: Any) -> str:
    """Give a value as text: lists and tables as JSON, nothing as an empty text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def value_of(text: str, test: Test | None) -> Any:
    """Give the value that a text stands for: the first reading that the test of its entry lets pass.

    A text that no reading of lets pass stays a text, for the check of the profile to tell; an empty one is None, which
    takes the entry out.
    """
    text = text.strip()
    if not text:
        return None
    readings: list[Any] = [text]
    try:
        readings.append(json.loads(text))
    except ValueError:
        pass
    readings.append([part for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()])
    readings[-1] = [part.strip() for part in readings[-1]]
    return next((value for value in readings if test is None or test(value)), text)


def test_of(path: Sequence[Any]) -> Test | None:
    """Give the test of the entry that a path leads to; None where anything may stand there."""
    *_, key = path
    if path[0] == "layer" and path[-2] in ("values", "where"):
        return are_texts if path[-2] == "where" else _is_mapping
    if path[0] == "domain":
        return None if "values" in path else _known(DOMAIN, key)
    table = {"header": FIELD, "footer": FIELD, "check": CHECK, "layer": LAYER}.get(str(path[0]), {})
    if path[0] == "layer" and "field" in path:
        table = FIELD
    if path[0] == "layer" and "from" in path:
        table = INTAKE
    return _known(SECTIONS.get(str(path[0]), table), key)


def _known(table: Mapping[str, tuple[Test, Text]], key: Any) -> Test | None:
    found = table.get(f"{key}!") or table.get(str(key))
    return found[0] if found else None


def _tables(value: Any) -> list[Mapping[str, Any]]:
    return [item if isinstance(item, Mapping) else {} for item in value] if isinstance(value, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _cell(path: Path, value: Any, rule: tuple[Test, Text], words: Sequence[str] = ()) -> Cell:
    """Make a cell that can be changed."""
    test, expected = rule
    choices = tuple(words) or (test.words if isinstance(test, OneOf) else ())
    return Cell(path, text_of(value), said(value), tuple((word, said(word)) for word in choices), expected)


def _words(words: Text | str) -> Cell:
    """Make a cell that stays."""
    told = same(words) if isinstance(words, str) else words
    return Cell((), told.zh, told)


def _list(
    group: Text,
    title: Text,
    holder: Mapping[str, Any],
    path: Path,
    known: Mapping[str, tuple[Test, Text]],
    blank: Mapping[str, Any],
    codes: Sequence[str] = (),
) -> Page:
    """Make the page of a list of tables."""
    shown = {key.rstrip("!"): rule for key, rule in known.items() if key.rstrip("!") not in _TABLES}
    rows: list[tuple[Path, list[Cell]]] = []
    for at, entry in enumerate(_tables(holder.get(path[-1]))):
        cells = [
            _cell((*path, at, key), entry.get(key), rule, codes if key == "domain" else ())
            for key, rule in shown.items()
        ]
        rows.append(((*path, at), cells))
    columns = tuple(KEYS.get(key, same(key)) for key in shown)
    return Page(group, title, columns, rows, path if blank else (), blank)


def _values(title: Text, layer: Mapping[str, Any], path: Path) -> Page:
    """Make the page that says what a layer takes its rows and values from."""
    aliases = {entry.get("name"): str(entry.get("alias", "")) for entry in _tables(layer.get("field"))}
    rows: list[tuple[Path, list[Cell]]] = []
    for at, intake in enumerate(_tables(layer.get("from"))):
        spec = SPECS.get(str(intake.get("workspace")))
        source = spec.label if spec else same(text_of(intake.get("workspace")))
        for part, rule in (("where", _WORDS), ("values", _EXPRESSION)):
            for field, value in _mapping(intake.get(part)).items():
                place: Path = (*path, "from", at, part, field)
                if part == "values":
                    name = same(f"{field} {aliases.get(field, '')}".strip())
                    cell = _cell(place, value, rule)._replace(shown=expression_words(value, spec))
                else:
                    name = field_words(spec, field)
                    cell = _cell(place, value, rule)._replace(shown=code_words(value, spec, field))
                rows.append((place, [_words(source), _words(PARTS[part]), _words(name), cell]))
    columns = (KEYS["workspace"], KEYS["part"], KEYS["entry"], KEYS["value"])
    return Page(GROUPS["values"], title, columns, rows)


_WORDS = (are_texts, Text("取值的列表，如 existing、planned", "a list of values such as existing, planned"))
_EXPRESSION = (
    _is_mapping,
    Text(
        '取值表达式，如 {"field": "name"}、{"label": "node_class"}、{"constant": "10"}',
        'an expression such as {"field": "name"}, {"label": "node_class"}, {"constant": "10"}',
    ),
)


def _codes(name: str, domain: Mapping[str, Any]) -> Page:
    values = _mapping(domain.get("values"))
    rule = (bool, Text("文字", "words"))
    rows: list[tuple[Path, list[Cell]]] = [
        (
            ("domain", name, "values", code),
            [_words(code), _cell(("domain", name, "values", code), value, rule)],
        )
        for code, value in values.items()
    ]
    title = Text(f"{name} {domain.get('zh', '')}", f"{name} {domain.get('en', '')}")
    return Page(GROUPS["domains"], title, (KEYS["code"], KEYS["meaning"]), rows, ("domain", name, "values"), {"": ""})


def _section(key: str, section: Mapping[str, Any]) -> Page:
    rows: list[tuple[Path, list[Cell]]] = []
    for name, rule in SECTIONS[key].items():
        word = name.rstrip("!")
        cells = [
            _words(KEYS.get(word, same(word))),
            _cell((key, word), section.get(word), rule),
            _words(rule[1]),
        ]
        rows.append(((), cells))
    return Page(GROUPS["sections"], SECTION_TITLES[key], (KEYS["entry"], KEYS["value"], KEYS["expected"]), rows)
