"""How a planner wants a file read: parameters, recipe, treatments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import Fault, InputError, ParameterError
from ...layers.specs import SPECS
from ...text import Text

if TYPE_CHECKING:
    from ...engine.context import RunContext
    from ...layers.doctor.diagnosis import Orders
    from ...layers.findings.treatments import Treatments
    from ...layers.reading.recipe import Recipe
    from ...layers.sources.raw_table import RawTable
    from ...layers.spec import LayerSpec


@dataclass(frozen=True)
class Request:
    """How a planner wants a file read: parameters, and for what they leave open the recipe.

    Attributes
    ----------
    chosen : Treatments
        What the parameters say; `orders` has those of the recipe, too.
    """

    layer: str | None
    encoding: str
    spec: LayerSpec | None
    orders: Orders
    recipe: Recipe | None
    chosen: Treatments


def read_request(context: RunContext) -> Request:
    """Read the recipe and the mapping file, and check every word of the parameters before the work begins."""
    from ...layers.datum import crs_by_code
    from ...layers.doctor.diagnosis import Orders
    from ...layers.findings.treatments import Treatments
    from ...layers.reading.evidence import normalise
    from ...layers.reading.mapping import read_mapping_file
    from ...layers.reading.recipe import read_recipe
    from ...layers.sources.encoding import codec_name

    stated = context.parameters
    recipe = read_recipe(context.read("recipe", Path(stated["recipe"]))) if stated.get("recipe") else None
    columns = read_mapping_file(context.read("mapping", Path(context["mapping"]))) if context["mapping"] else None
    datum, encoding, layer = context["datum"] or "auto", context["encoding"] or "auto", context["layer"] or ""
    treatments = chosen = parse_treatments(stated.get("treatments") or "")
    kind = context["kind"] or ""
    if recipe is not None:
        if kind and kind != recipe.kind:
            raise _other_kind(recipe, kind)
        kind = recipe.kind
        datum = recipe.datum if datum == "auto" else datum
        encoding = recipe.encoding if encoding == "auto" else encoding
        layer = layer or recipe.layer
        columns = dict(recipe.columns) if columns is None else columns
        # What is stated for a kind now holds for each of its rows, whatever the recipe says of them.
        kept = {row: action for row, action in recipe.treatments.by_row.items() if row[0] not in treatments.by_code}
        treatments = Treatments({**recipe.treatments.by_code, **treatments.by_code}, {**kept, **treatments.by_row})
    if normalise(datum).startswith("EPSG:"):
        crs_by_code(normalise(datum))
    if encoding != "auto":
        codec_name(encoding)
    return Request(layer or None, encoding, SPECS.get(kind), Orders(datum, columns, treatments), recipe, chosen)


def read_requested(context: RunContext, source: Path | str, request: Request) -> RawTable:
    """Read a source as it was requested; a recipe that states another encoding than the file's is named.

    Raises
    ------
    InputError
        As `read.read_source`; also where the file is in another encoding than the recipe states.
    """
    from ...layers.reading.recipe import check_headings
    from ...layers.sources.read import read_source

    recipe, stated = request.recipe, context["encoding"] or "auto"
    if recipe is None or stated != "auto" or recipe.encoding == "auto":
        return read_source(source, request.layer, request.encoding, request.spec)
    try:
        raw = read_source(source, request.layer, request.encoding, request.spec)
        check_headings(recipe, raw.headings, raw.name)
    except InputError as fault:
        try:
            other = read_source(source, request.layer, "auto", request.spec)
            check_headings(recipe, other.headings, other.name)
        except InputError:
            raise fault from None
        if other.encoding == recipe.encoding:
            raise
        raise _other_encoding(recipe, Path(context["recipe"]).name, other) from fault
    return raw


def _other_encoding(recipe: Recipe, name: str, raw: RawTable) -> InputError:
    return InputError(
        Text(
            f"{raw.name} 的文字编码是 {raw.encoding}，处理方案 {name}（{recipe.made_from}）写明的是 {recipe.encoding}。",
            f"{raw.name} is in {raw.encoding}, but the recipe {name} ({recipe.made_from}) states {recipe.encoding}.",
        ),
        Text(
            f"请加 --encoding {raw.encoding}，或把处理方案中的 encoding 改为 {raw.encoding}。",
            f"Add --encoding {raw.encoding}, or change the encoding in the recipe to {raw.encoding}.",
        ),
    )


def parse_treatments(words: str) -> Treatments:
    """Read ``code=action,code=action``; ``code@row 12=action`` or ``code@key …=action`` for one row.

    Raises
    ------
    ParameterError
        A part has no such form or contradicts an earlier one, or a code or action is unknown.
    """
    from ...layers.findings.treatments import Treatments

    by_code: dict[str, str] = {}
    by_row: dict[tuple[str, str], str] = {}
    for part in filter(None, (part.strip() for part in words.replace("，", ",").split(","))):
        name, equals, action = part.rpartition("=")
        code, at, row = (word.strip() for word in name.partition("@"))
        found = _ROW.fullmatch(row)
        if not equals or not code or (at and found is None):
            raise _not_understood(part)
        if found is not None:
            one = (code, f"key {found[2].strip()}" if found[2] else f"row {int(found[1])}")
            agrees = by_row.setdefault(one, action.strip()) == action.strip()
        else:
            agrees = by_code.setdefault(code, action.strip()) == action.strip()
        if not agrees:
            raise _not_understood(part)
    return Treatments(by_code, by_row)


_ROW = re.compile(r"(?:row)?\s*(\d+)|key\s+(\S.*)")


def _not_understood(part: str) -> ParameterError:
    return ParameterError(
        Text(
            f"处理方式“{part}”的写法不对，或与前面的矛盾。",
            f"The treatment “{part}” is not understood, or contradicts an earlier one.",
        ),
        Text(
            "请写成“问题=处理”，例如 swapped=apply；只对一行时写 swapped@row 12=apply 或 swapped@key B001=apply。",
            "Write finding=action, such as swapped=apply; for one row swapped@row 12=apply or swapped@key B001=apply.",
        ),
        faults=[Fault(Text("写法不对。", "Not understood."), field="treatments", value=part)],
    )


def _other_kind(recipe: Recipe, kind: str) -> ParameterError:
    told, wanted = SPECS[recipe.kind].label, SPECS[kind].label
    return ParameterError(
        Text(
            f"处理方案用于“{told.zh}”，而所选数据类型是“{wanted.zh}”。",
            f"The recipe is for “{told.en}”, but the kind of data chosen is “{wanted.en}”.",
        ),
        Text("请选择一致的数据类型，或换用别的处理方案。", "Choose the same kind, or another recipe."),
    )
