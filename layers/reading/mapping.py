"""Which source column becomes which field: by alias, or as the planner's mapping file says."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import Fault, InputError
from ...text import Text
from ..cells.fold import fold
from ..spec import BY_ROW, LayerSpec
from .cut_headings import cut_headings
from .headings import LAT, LON, LONLAT, WKT, match, place

TRUE_DATUMS = ("wgs84", "cgcs2000")
_AXES = (LON, LAT, WKT, LONLAT)
_OWN = ("uuid", "source_file", "source_row")
_NUMBERED = re.compile(r"(.*?)\s*#(\d{1,4})")
_CUT_RANK = 1000  # after every heading that is whole


@dataclass(frozen=True)
class Pair:
    """Two columns that hold a position, and the datum that their headings state ("" for none).

    `lon` equals `lat` where one column holds both values in a cell.
    """

    lon: int
    lat: int
    datum: str
    rank: int = 0


@dataclass(frozen=True)
class Mapping:
    """Which column goes where. Columns are given by their position.

    Attributes
    ----------
    headings : tuple of str
    fields : dict of str to int
        Column by field name.
    units : dict of str to str
        Unit that the heading of a number states, by field name.
    constants : dict of str to str
        Text for every row, by field name; ``{row}`` in it stands for the row's number, ``{file}`` for the file's
        name.
    pairs : tuple of Pair
        Every pair of coordinates, clearest heading first.
    wkt : int or None
        Column that holds geometry as well-known text.
    pair_is_chosen : bool
        The planner's mapping file names the coordinate columns.
    """

    headings: tuple[str, ...]
    fields: dict[str, int]
    units: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    pairs: tuple[Pair, ...] = ()
    wkt: int | None = None
    pair_is_chosen: bool = False

    def is_served(self, spec: LayerSpec) -> bool:
        """Tell whether the table itself fills every required field; ids made of row numbers say nothing of a table."""
        return not self.missing(spec) and BY_ROW not in self.constants.values()

    def missing(self, spec: LayerSpec) -> tuple[str, ...]:
        """Give the required fields that no column and no constant fills, nor one that stands for them."""
        filled = {*self.fields, *self.constants}
        return tuple(f.name for f in spec.fields if f.required and not {f.name, f.unless} & filled)

    def as_json(self, pair: Pair | None = None, wkt: bool = False) -> dict[str, str]:
        """Give source heading → field for the columns that are used, in their order; constants as ``"=text"`` → field.

        A heading that stands twice is told apart by its column number ("名称 #4").
        """
        columns = {column: name for name, column in self.fields.items()}
        if pair is not None:
            columns |= {pair.lon: LON, pair.lat: LAT} if pair.lon != pair.lat else {pair.lon: LONLAT}
        if wkt and self.wkt is not None:
            columns[self.wkt] = WKT
        used: dict[str, str] = {}
        for column, name in sorted(columns.items()):
            heading = self.headings[column]
            used[f"{heading} #{column + 1}" if heading in used else heading] = name
        return used | {f"={text}": name for name, text in self.constants.items()}

    def unmapped(self, pair: Pair | None = None, wkt: bool = False) -> list[str]:
        """Give the headings of the columns that are not used, in their order."""
        used = set(self.fields.values()) | ({pair.lon, pair.lat} if pair else set())
        used |= {self.wkt} if wkt and self.wkt is not None else set()
        return [heading for column, heading in enumerate(self.headings) if column not in used]


def read_mapping_file(path: Path) -> dict[str, str | None]:
    """Read a mapping file: ``{"source heading": "field" | "lon" | "lat" | "wkt" | null, "=CMCC": "operator"}``.

    Raises
    ------
    InputError
        There is no such file, or it is not such an object.
    """
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as fault:
        raise InputError(
            Text(f"读不出字段对照文件 {path.name}：{fault}", f"Cannot read the field mapping {path.name}: {fault}"),
            _MAPPING_REMEDY,
        ) from fault
    if not isinstance(content, dict) or not all(value is None or isinstance(value, str) for value in content.values()):
        raise InputError(
            Text(f"字段对照文件 {path.name} 的结构不对。", f"The field mapping {path.name} has the wrong structure."),
            _MAPPING_REMEDY,
        )
    return content


_MAPPING_REMEDY = Text(
    '应为 UTF-8 的 JSON 对象，例如 {"站号": "station_id", "经度": "lon", "=CMCC": "operator", "序号": null}。',
    'It must be a JSON object in UTF-8 such as {"Site": "station_id", "X": "lon", "=CMCC": "operator", "No": null}.',
)


def propose(
    headings: Sequence[str],
    spec: LayerSpec,
    told: dict[str, str | None] | None = None,
    empty: Sequence[bool] = (),
) -> Mapping:
    """Match columns to fields: what the planner told first, then by name, the clearest name first.

    Parameters
    ----------
    headings : sequence of str
        As they stand in the file.
    spec : LayerSpec
        The layer that is wanted.
    told : dict, optional
        Content of a mapping file.
    empty : sequence of bool
        Which columns hold nothing at all; they come last.

    Raises
    ------
    InputError
        The mapping file names a heading, field or constant that is not there.
    """
    told = told or {}
    columns, constants = _told(headings, spec, told)
    fields = {name: column for column, name in columns.items() if name is not None and name not in _AXES}
    units: dict[str, str] = {}
    candidates = []
    for column, heading in enumerate(headings):
        if (column in columns and columns[column] is None) or columns.get(column) in _AXES:
            continue
        for order, item in enumerate(spec.fields):
            found = match(heading, item)
            if column in columns:
                if found is not None and columns[column] == item.name:
                    units[item.name] = found[1]
            elif found is not None and item.name not in fields and item.name not in constants:
                nothing = bool(empty[column]) if column < len(empty) else False
                candidates.append((nothing, found[0], column, order, item.name, found[1]))
    orders = {item.name: order for order, item in enumerate(spec.fields)}
    for column, (name, _) in cut_headings(headings, spec).items():
        if column not in columns and name not in fields and name not in constants:
            candidates.append((False, _CUT_RANK, column, orders[name], name, ""))
    taken = set(columns)
    for _, _, column, _, name, unit in sorted(candidates):
        if column not in taken and name not in fields:
            taken.add(column)
            fields[name] = column
            units[name] = unit
    _serve_required(spec, sorted(candidates), fields, units, constants)
    for item in spec.fields:
        if item.by_row and item.name not in fields and item.name not in constants:
            constants[item.name] = BY_ROW
    pairs, wkt = _positions(headings, columns, taken)
    chosen = any(value in (LON, LAT, LONLAT) for value in told.values())
    return Mapping(tuple(headings), fields, {k: v for k, v in units.items() if v}, constants, pairs, wkt, chosen)


def _serve_required(
    spec: LayerSpec,
    candidates: Sequence[tuple[bool, int, int, int, str, str]],
    fields: dict[str, int],
    units: dict[str, str],
    constants: dict[str, str],
) -> None:
    """Give a required field that got nothing a column that also names it, if an optional field holds that column.

    "Site ID" is the name of the optional site of a station, and in a list without any other number the station's own.
    """
    optional = {item.name for item in spec.fields if not item.required}
    for _, _, column, _, name, unit in candidates:
        if name in optional or name in fields or name in constants:
            continue
        holder = next((other for other, held in fields.items() if held == column), "")
        if holder in optional:
            del fields[holder]
            units.pop(holder, None)
            fields[name], units[name] = column, unit


def _told(
    headings: Sequence[str], spec: LayerSpec, told: dict[str, str | None]
) -> tuple[dict[int, str | None], dict[str, str]]:
    names = [item.name for item in spec.fields if item.name not in _OWN]
    columns: dict[int, str | None] = {}
    constants: dict[str, str] = {}
    faults = []
    for words, name in told.items():
        if name is not None and name not in names and (name not in _AXES or words.startswith("=")):
            faults.append(
                Fault(
                    Text(f"没有字段“{name}”。", f"There is no field “{name}”."),
                    Text(f"可用：{'、'.join(names)}、lon、lat。", f"Known: {', '.join(names)}, lon, lat."),
                    field=name,
                )
            )
        elif words.startswith("=") and name is not None:
            constants[name] = words[1:]
        else:
            at = [c for c, heading in enumerate(headings) if heading.strip() == words.strip()]
            at = at or _numbered(headings, words)
            at = at or [c for c, heading in enumerate(headings) if fold(heading) and fold(heading) == fold(words)]
            if not at:
                faults.append(
                    Fault(
                        Text(f"文件没有列“{words}”。", f"The file has no column “{words}”."),
                        Text("现有列：{found}。", "Its columns: {found}.").filled(found=listed(headings)),
                        field=words,
                    )
                )
            elif name is not None and name in columns.values():
                faults.append(
                    Fault(
                        Text(f"字段“{name}”对应了两列。", f"The field “{name}” is given two columns."),
                        Text("每个字段只保留一列。", "Keep one column a field."),
                        field=name,
                    )
                )
            else:
                columns[at[0]] = name
    if faults:
        first = faults[0].message
        raise InputError(
            Text(f"字段对照文件有误：{first.zh}", f"The field mapping is wrong: {first.en}"),
            faults[0].remedy,
            faults=faults,
        )
    return columns, constants


def _numbered(headings: Sequence[str], words: str) -> list[int]:
    """Give the column that is named by its number ("#3"), or by heading and number ("名称 #4")."""
    found = _NUMBERED.fullmatch(words.strip())
    if found is None or not 1 <= int(found[2]) <= len(headings):
        return []
    column = int(found[2]) - 1
    return [column] if found[1] in ("", headings[column].strip()) else []


def _positions(
    headings: Sequence[str], columns: dict[int, str | None], taken: set[int]
) -> tuple[tuple[Pair, ...], int | None]:
    """Pair the coordinate columns of the same datum, clearest words first."""
    by_axis = {name: column for column, name in columns.items() if name in _AXES}
    wkt: int | None = by_axis.get(WKT)
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for column, heading in enumerate(headings):
        if column in taken:
            continue
        here = place(heading)
        if here is None:
            continue
        if here.axis == WKT:
            wkt = column if wkt is None else wkt
            continue
        axes = found.setdefault(here.datum, {})
        if here.axis not in axes or here.rank < axes[here.axis][0]:
            axes[here.axis] = (here.rank, column)
    if LON in by_axis and LAT in by_axis:
        lon, lat = by_axis[LON], by_axis[LAT]
        stated = [spot.datum if (spot := place(headings[column])) else "" for column in (lon, lat)]
        return (Pair(lon, lat, stated[0] if stated[0] == stated[1] else ""),), wkt
    if LONLAT in by_axis:
        column = by_axis[LONLAT]
        return (Pair(column, column, spot.datum if (spot := place(headings[column])) else ""),), wkt
    pairs = [
        Pair(axes[LON][1], axes[LAT][1], datum, max(axes[LON][0], axes[LAT][0]))
        for datum, axes in found.items()
        if LON in axes and LAT in axes
    ]
    pairs = pairs or [
        Pair(axes[LONLAT][1], axes[LONLAT][1], datum, axes[LONLAT][0])
        for datum, axes in found.items()
        if LONLAT in axes
    ]
    return tuple(sorted(pairs, key=lambda pair: (pair.rank, pair.lon))), wkt


def choose_pair(mapping: Mapping, datum: str) -> Pair | None:
    """Give the pair of coordinate columns to use.

    The pair whose label is the stated datum, else one without a label; with "auto" the one labelled WGS 84 or
    CGCS2000, else the clearest.
    """
    pairs = mapping.pairs
    wanted = TRUE_DATUMS if datum == "auto" else (datum,)
    for fits in (
        lambda pair: pair.datum in wanted,
        lambda pair: datum in TRUE_DATUMS and pair.datum in TRUE_DATUMS,
        lambda pair: pair.datum == "",
        lambda pair: pair is not None,
    ):
        for pair in pairs:
            if fits(pair):
                return pair
    return None


def listed(headings: Sequence[str], most: int = 30) -> Text:
    """Give headings in one line, the first ones of a wide table."""
    found = [heading for heading in headings if heading]
    zh, en = "、".join(found[:most]), ", ".join(found[:most])
    if len(found) > most:
        return Text(f"{zh}……（共 {len(found)} 列）", f"{en}… ({len(found)} columns)")
    return Text(zh, en)


def check_complete(mapping: Mapping, spec: LayerSpec, file: str) -> None:
    """Refuse a file in which a required field has neither a column nor a constant.

    Raises
    ------
    InputError
        One fault a field, with the headings that are there and those that were looked for.
    """
    faults = []
    for name in mapping.missing(spec):
        item = spec.field(name)
        words = [item.label.zh, item.name, item.pinyin, *item.aliases]
        faults.append(
            Fault(
                Text(f"缺少必填字段“{item.label.zh}”的列。", f"No column for the required field “{item.label.en}”."),
                Text(f"可识别的列名：{'、'.join(words)}。", f"Headings that are known: {', '.join(words)}."),
                file=file,
                field=name,
            )
        )
    if not faults:
        return
    labels = [spec.field(fault.field).label for fault in faults]
    found = listed(mapping.headings)
    free = next((Text(heading, heading) for heading in mapping.unmapped() if heading), Text("列名", "heading"))
    example = Text(*(json.dumps({words: faults[0].field}, ensure_ascii=False) for words in free))
    advice = Text(
        "请核对数据类型；或用字段对照文件指明，例如 {example}。",
        "Check the kind of data, or name the columns in a field mapping such as {example}.",
    ).filled(example=example)
    constant = next((fault.field for fault in faults if spec.field(fault.field).codes), "")
    if constant:
        sample = json.dumps({f"={spec.field(constant).codes[0].value}": constant})
        advice = Text(
            advice.zh + f"若整份文件都是同一取值，可写常量，例如 {sample}；不会自动猜测。",
            advice.en + f" Where the whole file has one value, state it as a constant such as {sample}; "
            "nothing is guessed.",
        )
    lacking = [spec.field(fault.field) for fault in faults]
    numbered = next((item.name for item in lacking if item.name in spec.key and not (item.codes or item.digits)), "")
    if numbered:
        advice = Text(
            advice.zh + '没有编号列时，可按行号编号：{"={row}": "' + numbered + '"}。',
            advice.en + ' A list without ids can be numbered by its rows: {"={row}": "' + numbered + '"}.',
        )
    raise InputError(
        Text(
            "{file} 中找不到“{layer}”的必填字段：{labels}。现有列：{found}。",
            "{file} has no column for required fields of “{layer}”: {labels}. Its columns: {found}.",
        ).filled(
            file=file,
            layer=spec.label,
            labels=Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels)),
            found=found,
        ),
        advice,
        faults=faults,
    )
