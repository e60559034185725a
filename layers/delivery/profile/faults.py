"""What a delivery profile must look like: all faults of a file at once, each with its entry and what was expected."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ....errors import Fault
from ....text import Text, same
from ...spec import Kind, LayerSpec
from ...specs import SPECS
from ..expressions import COMPUTED, KINDS, PLACE, fields_in
from .schema import (
    CHECK,
    DOMAIN,
    FIELD,
    FILLED,
    FITS,
    FORMAT,
    FOUNDED,
    INTAKE,
    LAYER,
    LISTS,
    PACKAGE_PLACES,
    REAL,
    SECTIONS,
    SHP_NAME_BYTES,
    TABLE,
    TEXTS,
    TEXTUAL,
    UNKNOWN,
    Entry,
    Test,
    are_texts,
    is_count,
    is_filled,
    is_number,
    is_text,
    one_of,
    some_of,
)


class _Teller:
    """Collects faults."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.faults: list[Fault] = []

    def __call__(self, place: str, value: Any, expected: Text, what: Text | None = None) -> None:
        found = what or (Text("缺少", "missing") if value is None else same(repr(value)))
        self.faults.append(
            Fault(
                Text("{place}：{found}，应为{expected}。", "{place}: {found}; expected {expected}.").filled(
                    place=place, found=found, expected=expected
                ),
                file=self._file,
                field=place,
                value="" if value is None else str(value),
            )
        )

    def entries(self, place: str, entry: Any, known: Mapping[str, tuple[Test, Text]]) -> bool:
        """Check one table; tell whether it is sound."""
        if not isinstance(entry, Mapping):
            self(place, entry, TABLE[1])
            return False
        before = len(self.faults)
        rules = {key.rstrip("!"): rule for key, rule in known.items()}
        for key in sorted(set(entry) - set(rules)):
            self(f"{place} · {key}", entry[key], one_of(tuple(rules))[1], UNKNOWN)
        for key, (test, expected) in known.items():
            name = key.rstrip("!")
            if name not in entry:
                if key.endswith("!"):
                    self(f"{place} · {name}", None, expected)
            elif not test(entry[name]):
                self(f"{place} · {name}", entry[name], expected)
        if entry.get("status") in FOUNDED and not is_filled(entry.get("source")):
            self(
                f"{place} · source",
                entry.get("source"),
                Text("“已核实”须写明的出处", "the source, which “verified” needs"),
            )
        return len(self.faults) == before

    def tables(self, place: str, value: Any) -> list[Any]:
        """Give an array of tables; what is none is a fault."""
        if isinstance(value, list):
            return value
        self(place, value, Text(f"若干 [[{place}]]", f"tables [[{place}]]"))
        return []


def faults_of_profile(content: Entry, file: str) -> list[Fault]:
    """Find everything that is wrong with a profile.

    Parameters
    ----------
    content : mapping
        The TOML file as it was read.
    file : str
        Its name, for the faults.
    """
    tell = _Teller(file)
    for key in sorted(set(content) - {"format", "domain", *SECTIONS, *LISTS}):
        tell(key, content[key], one_of(("format", "domain", *SECTIONS, *LISTS))[1], UNKNOWN)
    if content.get("format") != FORMAT:
        tell(
            "format", content.get("format"), Text(f"{FORMAT}（本软件认识的版本）", f"{FORMAT}, the version known here")
        )
    if "profile" not in content:
        tell("profile", None, Text("一个表 [profile]", "a table [profile]"))
    sound = {key: tell.entries(key, content[key], SECTIONS[key]) for key in SECTIONS if key in content}
    domains = _domains(tell, content.get("domain", {}))
    for number, entry in enumerate(tell.tables("check", content.get("check", [])), start=1):
        tell.entries(_place("check", entry, number, "id"), entry, CHECK)
    if sound.get("names", True):
        _check_package_name(tell, content.get("names", {}).get("package", ""))
    shared = [item for key in ("header", "footer") for item in _fields(tell, content.get(key, []), key, domains)]
    _layers(tell, content, shared, domains)
    return tell.faults


def _place(kind: str, entry: Any, number: int, key: str = "name") -> str:
    name = entry.get(key) if isinstance(entry, Mapping) else None
    return f"{kind} {name}" if is_filled(name) else f"[[{kind}]] {number}"


def _domains(tell: _Teller, tables: Any) -> dict[str, Any]:
    if not isinstance(tables, Mapping):
        tell("domain", tables, TABLE[1])
        return {}
    for name, entry in tables.items():
        if tell.entries(f"domain {name}", entry, DOMAIN):
            values = entry["values"]
            if not values or not all(is_filled(word) for word in values.values()):
                tell(f"domain {name} · values", values, Text("代码 = 文字，至少一个", "code = words, at least one"))
    return {name: entry.get("values", {}) for name, entry in tables.items() if isinstance(entry, Mapping)}


def _check_package_name(tell: _Teller, name: str) -> None:
    left = re.sub("|".join(rf"\{{{word}\}}" for word in PACKAGE_PLACES), "", name)
    if set(left) & set('{}/\\:*?"<>|') or name.strip(". ") != name:
        places = ", ".join(f"{{{word}}}" for word in PACKAGE_PLACES)
        tell(
            "names · package",
            name,
            Text(
                f'文件名，可含 {places}，不含 / \\ : * ? " < > |',
                f'a file name, with {places} and no / \\ : * ? " < > |',
            ),
        )


def _fields(tell: _Teller, entries: Any, place: str, domains: Entry) -> list[Entry]:
    """Check fields; give those that are sound."""
    sound = []
    for number, entry in enumerate(tell.tables(place, entries), start=1):
        name = entry.get("name") if isinstance(entry, Mapping) else None
        where = f"{place} · {name if is_filled(name) else number}"
        if not tell.entries(where, entry, FIELD):
            continue
        sound.append(entry)
        kind = entry["type"]
        if kind == "Char" and not entry.get("length"):
            tell(f"{where} · length", entry.get("length"), Text("字符数", "the number of characters"))
        if entry.get("decimals") and kind not in REAL:
            tell(f"{where} · decimals", entry["decimals"], Text("仅用于 Float、Double", "only for Float and Double"))
        if kind in REAL and entry.get("length") and entry["length"] < entry.get("decimals", 0) + 2:
            tell(f"{where} · length", entry["length"], Text("大于小数位数加 1", "more than the decimals and a point"))
        if entry.get("domain") and entry["domain"] not in domains:
            tell(f"{where} · domain", entry["domain"], Text("[domain] 中的名称", "a name in [domain]"))
        if ("above" in entry or "minimum" in entry) and kind in (*TEXTUAL, "Date"):
            tell(f"{where} · type", kind, Text("有取值下限的数字类型", "a type of numbers, for it has a bound"))
    return sound


def _layers(tell: _Teller, content: Entry, shared: Sequence[Entry], domains: Entry) -> None:
    layers = tell.tables("layer", content.get("layer", []))
    head = content.get("profile", {})
    of_workspace = isinstance(head, Mapping) and head.get("layers") == "workspace"
    if of_workspace and layers:
        tell("layer", len(layers), Text("无（图层取自工作区）", "none, for the layers are those of the workspace"))
    if not of_workspace and not layers:
        tell("layer", None, Text("至少一个 [[layer]]", "at least one [[layer]]"))
    formats = head.get("formats", []) if isinstance(head, Mapping) else []
    bsm = content.get("bsm", {}) if isinstance(content.get("bsm", {}), Mapping) else {}
    seen: set[str] = set()
    for number, entry in enumerate(layers, start=1):
        where = _place("layer", entry, number)
        if not tell.entries(where, entry, LAYER):
            continue
        if entry["name"].upper() in seen:
            tell(f"{where} · name", entry["name"], Text("不重复的图层名", "a name that no other layer has"))
        seen.add(entry["name"].upper())
        if entry.get("status") in FOUNDED and entry.get("ysdm") and len(entry["ysdm"]) != 10:
            tell(f"{where} · ysdm", entry["ysdm"], Text("10 位数字", "ten digits"))
        fields = [
            *(shared if entry.get("header", True) else ()),
            *_fields(tell, entry.get("field", []), where, domains),
        ]
        _check_names(tell, where, fields, "shp" in formats)
        by_name = {field["name"]: field for field in fields}
        _check_bsm(tell, where, entry, by_name, bsm)
        if not entry["from"]:
            tell(f"{where} · from", [], Text("至少一个 [[layer.from]]", "at least one [[layer.from]]"))
        for place, intake in enumerate(entry["from"], start=1):
            _check_intake(tell, f"{where} · from {place}", entry, intake, by_name, domains)


def _check_names(tell: _Teller, where: str, fields: Sequence[Entry], in_shapefiles: bool) -> None:
    seen: set[str] = set()
    for field in fields:
        name = field["name"]
        if name.upper() in seen:
            tell(f"{where} · {name}", name, Text("不重复的字段名", "a name that no other field has"))
        seen.add(name.upper())
        if in_shapefiles and len(name) > SHP_NAME_BYTES:
            tell(f"{where} · {name}", name, Text("最多 10 个字符（Shapefile）", "at most ten characters (Shapefile)"))


def _check_bsm(tell: _Teller, where: str, layer: Entry, fields: Entry, bsm: Entry) -> None:
    name = bsm.get("field", "")
    if not name or name not in fields:
        return
    parts = [bsm.get(key, default) for key, default in (("county", 6), ("layer", 4), ("serial", 8))]
    if not all(map(is_count, parts)):
        return
    if fields[name].get("length", 0) != sum(parts):
        tell(
            f"{where} · {name} · length",
            fields[name].get("length"),
            Text(f"{sum(parts)}（标识码各段之和）", f"{sum(parts)}, the parts of a feature number together"),
        )
    if len(layer.get("bsm_code", "")) != parts[1]:
        tell(f"{where} · bsm_code", layer.get("bsm_code"), Text(f"{parts[1]} 位数字", f"{parts[1]} digits"))


def _check_intake(
    tell: _Teller, where: str, layer: Entry, intake: Any, fields: Mapping[str, Entry], domains: Entry
) -> None:
    if not tell.entries(where, intake, INTAKE):
        return
    spec = SPECS[intake["workspace"]]
    if layer["geometry"] not in FITS.get(spec.geometry, ()):
        tell(
            f"{where} · workspace",
            spec.name,
            Text(f"几何类型为 {layer['geometry']} 的图层", f"a layer of geometry {layer['geometry']}"),
        )
    names = {field.name for field in spec.fields}
    for key, values in intake.get("where", {}).items():
        if key not in names:
            tell(f"{where} · where · {key}", key, Text(f"{spec.name} 的字段", f"a field of {spec.name}"))
            continue
        allowed = [code.value for code in spec.field(key).codes]
        if not are_texts(values):
            tell(f"{where} · where · {key}", values, TEXTS[1])
        elif allowed and not set(values) <= set(allowed):
            tell(f"{where} · where · {key}", values, some_of(allowed)[1])
    stated = {**{name: field.get("value", {}) for name, field in fields.items()}, **intake.get("values", {})}
    for name, expression in stated.items():
        place = f"{where} · {name}"
        if name not in fields:
            tell(place, name, one_of(tuple(fields))[1], Text("图层没有的字段", "a field that the layer does not have"))
        elif expression != {}:
            _check_expression(tell, place, expression, spec, domains.get(fields[name].get("domain", "")))


def _check_expression(tell: _Teller, where: str, expression: Any, spec: LayerSpec, domain: Entry | None) -> None:
    if not isinstance(expression, Mapping) or sum(key in expression for key in KINDS) != 1:
        tell(where, expression, Text(f"{'、'.join(KINDS)} 中恰好一个", f"exactly one of {', '.join(KINDS)}"))
        return
    allowed = {*KINDS, *(("map", "otherwise") if "field" in expression else ())}
    for key in sorted(set(expression) - allowed):
        tell(f"{where} · {key}", expression[key], one_of(sorted(allowed))[1], UNKNOWN)
    kind = next(key for key in KINDS if key in expression)
    value = expression[kind]
    if kind == "constant":
        if not (is_text(value) or is_number(value)):
            tell(f"{where} · constant", value, Text("文字或数字", "a text or a number"))
        elif domain is not None and str(value) not in domain:
            tell(f"{where} · constant", value, one_of(tuple(domain))[1])
        return
    if not is_filled(value):
        tell(f"{where} · {kind}", value, FILLED[1])
        return
    if kind == "computed":
        if value not in COMPUTED:
            tell(f"{where} · computed", value, one_of(COMPUTED)[1])
        return
    if kind == "template" and set(PLACE.sub("", value)) & set("{}"):
        tell(f"{where} · template", value, Text("{字段} 或 {字段:label}", "{field} or {field:label}"))
    names = [field.name for field in spec.fields]
    for name in fields_in(expression):
        if name not in names:
            tell(f"{where} · {kind}", name, Text(f"{spec.name} 的字段", f"a field of {spec.name}"))
    _check_map(tell, where, expression, spec, domain)


def _check_map(tell: _Teller, where: str, expression: Entry, spec: LayerSpec, domain: Entry | None) -> None:
    mapped = expression.get("map")
    if mapped is None:
        if "otherwise" in expression:
            tell(f"{where} · otherwise", expression["otherwise"], Text("与 map 一起使用", "only with a map"))
        return
    if not isinstance(mapped, Mapping) or not mapped:
        tell(f"{where} · map", mapped, Text("值 = 代码的表", "a table of value = code"))
        return
    if expression["field"] in {field.name for field in spec.fields}:
        field = spec.field(expression["field"])
        codes = [code.value for code in field.codes]
        if codes and field.kind is Kind.CODE:
            for key in sorted(set(mapped) - set(codes)):
                tell(f"{where} · map · {key}", key, one_of(codes)[1])
    if domain is not None:
        others = [expression["otherwise"]] if "otherwise" in expression else []
        for value in dict.fromkeys([*mapped.values(), *others]):
            if str(value) not in domain:
                tell(f"{where} · map", value, one_of(tuple(domain))[1])
