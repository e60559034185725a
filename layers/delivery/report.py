"""The check report of a delivery package: a page to read, a table to work through, and the list of fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from ...text import Text
from ..html_report import Section, write_report
from ..spec import LayerSpec
from ..specs import SPECS
from ..store.results import write_table
from ..zones import DeliveryCrs
from .checks import CheckedLayer
from .findings import LEVELS, RULES, Finding, by_level
from .package import WrittenFile
from .writing.writers import FORMAT_NAMES

LISTED = 200  # findings of one rule on the page; the table has them all
_TITLE = Text("成果包检查报告", "Check report of the delivery package")


def write_check_report(
    path: Path,
    crs: DeliveryCrs,
    checked: Mapping[str, CheckedLayer],
    written: Sequence[WrittenFile],
    findings: Sequence[Finding],
    more: Sequence[Section] = (),
) -> None:
    """Write the page: the package at a glance, its files, the findings by rule, and what others add to it."""
    write_report(path, _TITLE, [_overview(crs, checked, written, findings), _files(written), *_rules(findings), *more])


def _overview(
    crs: DeliveryCrs,
    checked: Mapping[str, CheckedLayer],
    written: Sequence[WrittenFile],
    findings: Sequence[Finding],
) -> Section:
    levels = by_level(findings)
    sentences = [
        Text("坐标系：{name}，{code}。坐标为东、北顺序。", "CRS: {name}, {code}. Coordinates are east, north.").filled(
            name=crs.name, code=crs.code
        ),
        Text(
            "错误 {error} 条，警告 {warning} 条，提示 {note} 条。",
            "Errors: {error}; warnings: {warning}; notes: {note}.",
        ).filled(**levels),
    ]
    if crs.zone is not None:
        sentences.insert(
            1,
            (
                Text(
                    "投影带由数据确定：{total} 个要素中，中心在第 {zone} 带内的有 {inside} 个。",
                    "The zone follows from the data. Features with their centre in zone {zone}: {inside} of {total}.",
                )
                if crs.from_data
                else Text(
                    "投影带由用户指定：{total} 个要素中，中心在第 {zone} 带内的有 {inside} 个。",
                    "The zone was stated by the user. Features with their centre in zone {zone}: {inside} of {total}.",
                )
            ).filled(total=crs.zone.total, inside=crs.zone.inside, zone=crs.zone.number),
        )
    cautions = [
        Text(
            "本包只按下列规则检查，不表示符合任何国家、行业或地方数据标准；报送前请与接收单位核对其数据规范。",
            "Only the rules below were checked. That says nothing about any national, trade or local data standard: "
            "ask the receiving bureau for its own before handing in.",
        )
    ]
    if any(file.format == "geojson" for file in written):
        cautions.append(
            Text(
                "GeoJSON 国际规范（RFC 7946）只允许 WGS 84；"
                "本包为 CGCS2000 坐标，用 crs 成员注明坐标系，GIS 软件可正确读取。",
                "RFC 7946 allows WGS 84 only; these GeoJSON files hold CGCS2000 coordinates and name their CRS in a "
                "“crs” member, which GIS programs read.",
            )
        )
    rows = [
        (layer.table.spec.label, name, layer.features_in, len(layer.table), layer.left_out)
        for name, layer in checked.items()
    ]
    rows.append(
        (
            Text("合计", "Total"),
            "",
            sum(layer.features_in for layer in checked.values()),
            sum(len(layer.table) for layer in checked.values()),
            sum(layer.left_out for layer in checked.values()),
        )
    )
    return Section(
        Text("概况", "At a glance"),
        sentences,
        cautions,
        (
            Text("图层", "Layer"),
            Text("表名", "Table"),
            Text("工作区要素数", "Features in the workspace"),
            Text("交付要素数", "Handed in"),
            Text("未交付", "Left out"),
        ),
        rows,
    )


def _files(written: Sequence[WrittenFile]) -> Section:
    return Section(
        Text("文件", "Files"),
        [
            Text(
                "要素数从写好的文件中读回。Shapefile 字段名用拼音缩写，对照见 fields.csv；文字编码 UTF-8。",
                "Counts are read back from the files. Shapefile fields have pinyin names (fields.csv); text is UTF-8.",
            )
        ],
        (),
        (Text("图层", "Layer"), Text("格式", "Format"), Text("文件", "File"), Text("要素数", "Features")),
        [(SPECS[file.layer].label, FORMAT_NAMES[file.format], file.path.name, file.features) for file in written],
    )


def _rules(findings: Sequence[Finding]) -> list[Section]:
    sections = []
    for rule, group in groupby(sorted(findings, key=lambda item: item.rule), key=lambda item: item.rule):
        listed = list(group)
        sentences = []
        if len(listed) > LISTED:
            sentences.append(
                Text(
                    "共 {n} 条，此处列前 {m} 条，全部见 check_report.csv。",
                    "The first {m} of {n} are here, all of them in check_report.csv.",
                ).filled(n=len(listed), m=LISTED)
            )
        rows = [
            (_layer_label(item), LEVELS[item.level], item.key, item.feature, item.message, item.remedy)
            for item in listed[:LISTED]
        ]
        sections.append(
            Section(
                Text(f"{rule} {RULES[rule].zh}：{len(listed)} 条", f"{rule} {RULES[rule].en}: {len(listed)}"),
                sentences,
                (),
                (
                    Text("图层", "Layer"),
                    Text("级别", "Level"),
                    Text("关键字段", "Key"),
                    Text("唯一标识", "UUID"),
                    Text("问题", "Finding"),
                    Text("处理办法", "What to do"),
                ),
                rows,
            )
        )
    met = [rule for rule in RULES if rule not in {item.rule for item in findings}]
    sections.append(
        Section(
            Text("未发现问题的规则", "Rules without findings"),
            [],
            [],
            (Text("规则", "Rule"), Text("内容", "What it asks")),
            [(rule, RULES[rule]) for rule in met],
        )
    )
    return sections


def _layer_label(item: Finding) -> Text:
    return SPECS[item.layer].label if item.layer in SPECS else Text("全部", "All")


def write_check_table(path: Path, findings: Sequence[Finding]) -> None:
    """Write every finding as a CSV row, errors first."""
    order = list(LEVELS)
    ranked = sorted(findings, key=lambda item: order.index(item.level))
    write_table(
        path,
        {
            "rule": [item.rule for item in ranked],
            "level": [item.level for item in ranked],
            "layer": [item.layer for item in ranked],
            "feature": [item.feature for item in ranked],
            "key": [item.key for item in ranked],
            "message_zh": [item.message.zh for item in ranked],
            "message_en": [item.message.en for item in ranked],
            "remedy_zh": [item.remedy.zh for item in ranked],
            "remedy_en": [item.remedy.en for item in ranked],
        },
    )


def write_field_table(path: Path, specs: Sequence[LayerSpec]) -> None:
    """Write what every delivered field is called, means and may hold."""
    rows = [(spec, field) for spec in specs for field in spec.fields]
    write_table(
        path,
        {
            "layer": [spec.name for spec, _ in rows],
            "layer_label": [spec.label.zh for spec, _ in rows],
            "field": [field.name for _, field in rows],
            "shapefile_field": [field.pinyin for _, field in rows],
            "label_zh": [field.label.zh for _, field in rows],
            "label_en": [field.label.en for _, field in rows],
            "kind": [field.kind.value for _, field in rows],
            "unit": [field.unit for _, field in rows],
            "required": [int(field.always_required) for _, field in rows],
            "codes": ["; ".join(f"{code.value}={code.label.zh}" for code in field.codes) for _, field in rows],
        },
    )
