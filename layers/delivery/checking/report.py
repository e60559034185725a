"""What a check found, written out: a page for the planner, the bureau's error records as CSV, and layers to zoom to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from ....text import NOTHING, Text, languages
from ...html_report import Cell, Marked, Noted, Section, write_report
from ...store.results import write_layer, write_table
from ..profile.model import STATUS_LABELS
from .found import BETWEEN_FILES, Found
from .outcome import Checked
from .rules import ALIASES, LEVEL_MARKS, LEVELS, RULES

NOT_LISTED = Text("成果规格没有列出这项检查。", "The profile does not list this check.")
SHOWN = 50
_SOUND, _OPEN = "#1e8449", "#5d6d7e"
_RECORD = {
    "rule": Text("规则编号", "Rule"),
    "description_zh": Text("错误描述", "Description"),
    "kind_zh": Text("错误类型", "Type"),
    "layer": Text("涉及图层", "Layer"),
    "feature": Text("要素ID", "Feature"),
    "bsm": Text("要素BSM", "BSM"),
    "level": Text("错误级别", "Level"),
    "remedy_zh": Text("处理办法", "What to do"),
    "file": Text("文件", "File"),
    "value": Text("现值", "Value"),
    "description_en": Text("Description", "Description"),
    "kind_en": Text("Type", "Type"),
    "remedy_en": Text("What to do", "What to do"),
}
CAUTION = Text(
    "本检查不代表接收单位的正式质检，通过检查不等于符合任何标准。数字编号的规则取自三调检查软件，是否用于国空规划成果未核实；"
    "字母编号的规则和标明“建议”的级别、阈值由本软件拟定，可在成果规格中修改。",
    "This is not the bureau's own inspection, and passing it is no conformance with any standard. Rules with numbers "
    "are those of a land survey checker, unverified for plans; rules with letters, and levels and thresholds marked as "
    "proposals, are this software's own and can be changed in the profile.",
)


def write_page(path: Path, checked: Checked) -> None:
    """Write the page."""
    name = checked.package.name
    write_report(path, Text(f"成果包检查：{name}", f"Check of a package: {name}"), sections(checked))


def parts_for_delivery(checked: Checked) -> list[Section]:
    """Give what the page of a delivery says of the check of its files."""
    head = Section(
        Text("检查写好的成果包", "Check of the package as written"),
        [
            Text(
                f"以下从写好的文件中读回检查，与“检查成果包”（check_package）相同：{checked.total} 个问题。",
                f"Read back from the files and checked as check_package does. Found: {checked.total}.",
            )
        ],
        [CAUTION],
    )
    return [head, _rules(checked), *_by_layer(checked), _not_run(checked)]


def sections(checked: Checked) -> list[Section]:
    """Give the parts of the page."""
    return [_overview(checked), _rules(checked), *_by_layer(checked), _not_run(checked), _files(checked)]


def _overview(checked: Checked) -> Section:
    package, profile = checked.package, checked.profile
    levels = checked.by_level
    total = checked.total
    verdict = (
        Text("未发现问题；未检查的项目见下。", "Nothing was found; see below for what was not checked.")
        if not total
        else Text(f"发现 {total} 个问题。", f"Found: {total}.")
    )
    rows: list[list[Cell]] = [
        [Text("成果规格", "Profile"), profile.title],
        [Text("规格状态", "Status of the profile"), STATUS_LABELS[profile.standing.status]],
        [Text("图层", "Layers"), len(package.layers)],
        [Text("要素（各格式合计）", "Features, all formats"), sum(map(len, package.layers))],
        [Text("已运行的规则", "Rules run"), len(checked.run_rules)],
        [Text("无法判断的规则", "Rules that cannot be told"), len(checked.not_run_rules)],
    ]
    rows[4:4] = [[LEVELS[int(key)], count] for key, count in levels.items()]
    return Section(Text("概况", "At a glance"), [verdict], [CAUTION], (), rows)


def _rules(checked: Checked) -> Section:
    counts = checked.counts
    partly = {item.rule for item in checked.not_run if item.layer}
    rows: list[list[Cell]] = []
    for rule in checked.asked:
        known, check = RULES[rule], checked.profile.check(rule)
        level = checked.level(rule)
        standing = check.standing if check else None
        threshold: Cell = ""
        if check is not None and check.threshold is not None:
            unit = languages(check.unit)
            threshold = Text(f"{check.threshold:g} {unit.zh}", f"{check.threshold:g} {unit.en}")
        rows.append(
            [
                Noted(Text(rule, rule), NOTHING, whole=True),
                Noted(check.name if check else known.name, known.means),
                LEVELS[level],
                threshold,
                _outcome(checked, rule, counts, partly),
                known.remedy,
                Noted(
                    STATUS_LABELS[standing.status] if standing else Text("本软件", "this software"),
                    known.founded_on if standing is None or not standing.source else languages(standing.source),
                ),
            ]
        )
    off = [rule for rule in RULES if rule not in checked.asked]
    notes = (
        [Text(f"{NOT_LISTED.zh}：{'、'.join(off)}", f"Not listed in the profile and not run: {', '.join(off)}.")]
        if off
        else []
    )
    return Section(
        Text("按规则汇总", "By rule"),
        (),
        (),
        (
            Text("规则", "Rule"),
            Text("内容和含义", "What it asks"),
            Text("级别", "Level"),
            Text("阈值", "Threshold"),
            Text("结果", "Outcome"),
            Text("处理办法", "How to mend"),
            Text("依据和状态", "Source and status"),
        ),
        rows,
        notes=notes,
    )


def _outcome(checked: Checked, rule: str, counts: Counter[str], partly: set[str]) -> Cell:
    if counts[rule]:
        gravest = min(checked.level_of(item) for item in checked.found if item.rule == rule)
        mark, colour = LEVEL_MARKS[gravest]
        return Marked(Text(f"{counts[rule]} 个问题", f"found: {counts[rule]}"), mark, colour)
    if rule in checked.not_run_rules:
        return Marked(Text("无法判断", "cannot tell"), "?", _OPEN)
    rest = Text("部分无法判断，见下", "in part it cannot be told, see below") if rule in partly else NOTHING
    return Marked(Text("未发现问题", "nothing found"), "✓", _SOUND, rest)


def _by_layer(checked: Checked) -> list[Section]:
    order = {rule: place for place, rule in enumerate(RULES)}
    ordered = sorted(
        checked.found, key=lambda item: (item.layer != "", item.layer, checked.level_of(item), order[item.rule])
    )
    alias = {target.name: target.alias for target in checked.profile.layers}
    made = []
    for layer, group in groupby(ordered, key=lambda item: item.layer):
        items = list(group)
        counted: Counter[str] = Counter()
        for item in items:
            counted[item.rule] += item.count
        cut_short = {item.rule for item in items if item.unlisted}
        title = (
            Text(f"{layer} {alias.get(layer, '')}".strip(), layer) if layer else Text("整个成果包", "The whole package")
        )
        shown = [item for rule in counted for item in islice((one for one in items if one.rule == rule), SHOWN)]
        more = [
            Text(
                f"{rule} 共 {count} 个，此处列前 {SHOWN} 个，{'更多' if rule in cut_short else '全部'}见 check.csv。",
                f"{rule}: the first {SHOWN} of {count} are here, {'more' if rule in cut_short else 'all'} of them in "
                "check.csv.",
            )
            for rule, count in counted.items()
            if count > SHOWN
        ]
        made.append(
            Section(
                Text(f"{title.zh}：{counted.total()} 个问题", f"{title.en}: found {counted.total()}"),
                more,
                (),
                (
                    Text("级别", "Level"),
                    Text("规则", "Rule"),
                    Text("要素", "Feature"),
                    Text("问题", "Finding"),
                    Text("处理办法", "What to do"),
                    Text("文件", "File"),
                ),
                [_row(checked, item) for item in shown],
            )
        )
    return made


def _row(checked: Checked, item: Found) -> list[Cell]:
    level = checked.level_of(item)
    mark, colour = LEVEL_MARKS[level]
    who: Cell = Text("整个图层", "whole layer") if item.layer and not item.feature else item.feature
    if item.bsm:
        who = Noted(Text(item.bsm, item.bsm), Text(f"要素 {item.feature}", f"feature {item.feature}"), whole=True)
    return [
        Marked(Text(f"{level} 级", f"{level}"), mark, colour),
        Noted(Text(item.rule, item.rule), whole=True),
        who,
        item.message,
        item.remedy,
        item.file,
    ]


def _not_run(checked: Checked) -> Section:
    rows: list[list[Cell]] = [
        [item.rule, RULES[item.rule].name, _layers(item.layer), item.reason] for item in checked.not_run
    ]
    rows += [[rule, RULES[rule].name, Text("全部", "all"), NOT_LISTED] for rule in RULES if rule not in checked.asked]
    fixed = [
        Text(
            "还未检查：条件必选（C）字段的条件、图层间的套合与接边、与历史批次的重叠、业务逻辑。",
            "Also not checked: the conditions of conditional (C) fields, agreement and edges between layers, overlap "
            "with earlier batches, theme logic.",
        )
    ]
    return Section(
        Text("未检查或无法判断的项目", "What was not checked or cannot be told"),
        [Text("以下各项不能算通过。", "None of these counts as passed.")],
        (),
        (Text("规则", "Rule"), Text("内容", "What it asks"), Text("图层", "Layer"), Text("原因", "Why"))
        if rows
        else (),
        rows,
        notes=fixed,
    )


def _layers(names: str) -> Text:
    return Text(names, names.replace(BETWEEN_FILES, ", ")) if names else Text("全部", "all")


def _files(checked: Checked) -> Section:
    rows: list[list[Cell]] = [
        [
            item.name,
            item.format.upper() if item.format else Text("—", "—"),
            item.layers if item.format else None,
            item.features if item.format else None,
            item.note,
        ]
        for item in checked.package.files
    ]
    headings = (
        Text("文件", "File"),
        Text("格式", "Format"),
        Text("图层", "Layers"),
        Text("要素", "Features"),
        Text("说明", "Note"),
    )
    return Section(Text("成果包中的文件", "Files of the package"), (), (), headings if rows else (), rows)


def write_records(path: Path, checked: Checked) -> None:
    """Write every finding in the form of a bureau's error records."""
    cells: dict[str, Callable[[Found], Any]] = {
        "rule": lambda item: item.rule,
        "description_zh": lambda item: item.message.zh,
        "kind_zh": lambda item: RULES[item.rule].kind.zh,
        "layer": lambda item: item.layer,
        "feature": lambda item: item.feature,
        "bsm": lambda item: item.bsm,
        "level": checked.level_of,
        "remedy_zh": lambda item: item.remedy.zh,
        "file": lambda item: item.file,
        "value": lambda item: item.value,
        "description_en": lambda item: item.message.en,
        "kind_en": lambda item: RULES[item.rule].kind.en,
        "remedy_en": lambda item: item.remedy.en,
    }
    columns = {name: [cells[name](item) for item in checked.found] for name in _RECORD}
    write_table(path, columns, _RECORD)


def write_layers(path: Path, checked: Checked) -> list[str]:
    """Write the findings as points, and the lines and areas of those that have one; give the names of the layers."""
    _write(path, "check_issue", checked, list(range(len(checked.found))), list(checked.points), "Point")
    dimensions = [
        -1 if item.place is None or item.place.is_empty else int(shapely.get_dimensions(item.place))
        for item in checked.found
    ]
    written = ["check_issue"]
    for name, dimension, kind in (("check_line", 1, "MultiLineString"), ("check_place", 2, "MultiPolygon")):
        rows = [at for at, own in enumerate(dimensions) if own == dimension]
        places = [_parts(checked.found[at].place, dimension) for at in rows]
        if rows:
            _write(path, name, checked, rows, places, kind)
            written.append(name)
    return written


def _parts(place: Any, dimension: int) -> Any:
    """Give the lines or the areas of a place: what GEOS cuts out may have other parts, too."""
    parts = shapely.get_parts(shapely.force_2d(shapely.get_parts(place)))
    kept = parts[shapely.get_dimensions(parts) == dimension]
    return (shapely.multilinestrings if dimension == 1 else shapely.multipolygons)(kept)


def _write(
    path: Path, name: str, checked: Checked, rows: Sequence[int], places: Sequence[object], geometry_type: str
) -> None:
    items = [checked.found[at] for at in rows]
    columns = {
        "rule": np.array([item.rule for item in items], dtype=object),
        "level": np.array([checked.level_of(item) for item in items], dtype=np.int32),
        "layer": np.array([item.layer for item in items], dtype=object),
        "feature": np.array([item.feature for item in items], dtype=object),
        "bsm": np.array([item.bsm for item in items], dtype=object),
        "file": np.array([item.file for item in items], dtype=object),
        "message_zh": np.array([item.message.zh for item in items], dtype=object),
        "message_en": np.array([item.message.en for item in items], dtype=object),
        "remedy_zh": np.array([item.remedy.zh for item in items], dtype=object),
        "remedy_en": np.array([item.remedy.en for item in items], dtype=object),
    }
    shapes = np.empty(len(places), dtype=object)
    shapes[:] = places
    write_layer(path, name, columns, shapes, geometry_type, "EPSG:4490", ALIASES)
