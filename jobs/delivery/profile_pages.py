"""The report on a delivery profile: what it says, how well each entry is founded, and how a template agrees."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from ...layers.delivery.bsm import as_csv
from ...layers.delivery.profile.model import STATUS_LABELS, Profile, TargetLayer
from ...layers.delivery.template import AGREES, RESULTS, Comparison
from ...layers.delivery.unfounded import type_words, unfounded_layers, unfounded_sections
from ...layers.html_report import Cell, Section, write_report
from ...layers.specs import SPECS
from ...text import NOTHING, Text, languages
from ..delivery_package import COORDINATE_SYSTEMS

_GEOMETRIES = {"point": Text("点", "point"), "line": Text("线", "line"), "polygon": Text("面", "polygon")}


def write_page(path: Path, profile: Profile, comparison: Comparison | None) -> None:
    """Write the page."""
    sections = [_overview(profile, comparison)]
    if comparison is not None:
        sections.append(_comparison(comparison))
    sections += [_layer(layer) for layer in profile.layers]
    sections += [_domains(profile)] if profile.domains else []
    sections += [_checks(profile)] if profile.checks else []
    sections += unfounded_sections(profile)
    write_report(path, Text(f"成果规格：{profile.title.zh}", f"Delivery profile: {profile.title.en}"), sections)


def _overview(profile: Profile, comparison: Comparison | None) -> Section:
    fields = Counter(item.standing.status for layer in profile.layers for item in layer.fields)
    spread = Text(
        "、".join(f"{label.zh} {fields[key]}" for key, label in STATUS_LABELS.items()),
        ", ".join(f"{fields[key]} {label.en}" for key, label in STATUS_LABELS.items()),
    )
    rows: list[list[Cell]] = [
        [Text("名称", "Name"), profile.name],
        [Text("依据", "Source"), profile.standing.source or "—"],
        [Text("说明", "Note"), languages(profile.standing.note)],
        [Text("格式", "Formats"), ", ".join(profile.formats)],
        [Text("坐标系", "CRS"), _systems(profile)],
        [Text("高程基准", "Heights"), profile.crs["vertical"] or Text("未规定", "not stated")],
        [Text("图层、字段", "Layers, fields"), f"{len(profile.layers)}, {sum(fields.values())}"],
        [Text("字段状态", "Status of the fields"), spread],
        [Text("没有要素代码的图层", "Layers without a feature code"), str(len(unfounded_layers(profile)))],
    ]
    if profile.of_workspace:
        rows.append([Text("图层", "Layers"), Text("与工作区相同", "those of the workspace")])
    if comparison is not None:
        agree = comparison.count(AGREES)
        rows.append(
            [
                Text("与模板比较", "Against the template"),
                Text(
                    f"图层和字段共 {len(comparison.items)} 个，一致 {agree} 个",
                    f"{agree} of {len(comparison.items)} layers and fields agree",
                ),
            ]
        )
    caution = Text(
        "本规格结构无误，不表示符合任何数据标准；“已核实”指已在所列来源中读到，来源多为公开转录，不是标准原文。",
        "The profile is sound in form. That claims no conformance with any standard: “verified” means read in the source "
        "named, which is mostly a public transcription.",
    )
    return Section(Text("概况", "At a glance"), (), [caution], (), rows)


def _systems(profile: Profile) -> Text:
    labels = {choice.value: choice.label for choice in COORDINATE_SYSTEMS}
    first = labels[profile.crs["default"]]
    others = [labels[value] for value in profile.crs["choices"] if value != profile.crs["default"]]
    return Text(
        first.zh + (f"；也可用{'、'.join(item.zh for item in others)}" if others else ""),
        first.en + (f"; also {', '.join(item.en for item in others)}" if others else ""),
    )


def _comparison(comparison: Comparison) -> Section:
    rows: list[list[Cell]] = [
        [
            item.layer,
            item.field or Text("（图层）", "(layer)"),
            RESULTS[item.result],
            item.of_profile,
            item.of_template,
            item.note,
        ]
        for item in comparison.items
        if item.result != AGREES or item.note != NOTHING
    ]
    systems = Counter(comparison.crs.values())
    words = ", ".join(f"{name or '—'} × {count}" for name, count in systems.items())
    sentences = [
        Text(f"模板的坐标系：{words or '—'}。", f"CRS of the template: {words or '—'}."),
        Text(
            "下表只列不一致和有说明的；全部见 comparison.csv。必填与否、代码表、要素代码从空模板中看不出，仍需核对。",
            "Only what differs or needs a word is listed; all of it in comparison.csv. A template does not tell what is "
            "mandatory, the code lists or the feature codes.",
        ),
    ]
    full = Text(
        f"模板中已有 {comparison.features} 个要素，不是空库；请确认它来自接收单位，而不是自己写出的成果。",
        f"The template holds {comparison.features} features: make sure that it is the bureau's and not a package of your own.",
    )
    return Section(
        Text("与空模板比较", "Against the template"),
        sentences,
        [full] if comparison.features else (),
        (
            Text("图层", "Layer"),
            Text("字段", "Field"),
            Text("结果", "Result"),
            Text("规格", "Profile"),
            Text("模板", "Template"),
            Text("说明", "Note"),
        )
        if rows
        else (),
        rows,
    )


def _layer(layer: TargetLayer) -> Section:
    takes = Text(
        "、".join(dict.fromkeys(SPECS[item.workspace].label.zh for item in layer.intakes)),
        ", ".join(dict.fromkeys(SPECS[item.workspace].label.en for item in layer.intakes)),
    )
    sentence = Text(
        "{geometry}；要素代码 {ysdm}；取自 {takes}；图层名{status}。",
        "{geometry}; feature code {ysdm}; taken from {takes}; name {status}.",
    ).filled(
        geometry=_GEOMETRIES[layer.geometry],
        ysdm=layer.ysdm or Text("未获得", "not obtained"),
        takes=takes,
        status=STATUS_LABELS[layer.standing.status],
    )
    rows: list[list[Cell]] = [
        [
            item.name,
            item.alias,
            type_words(item),
            item.need,
            item.domain,
            STATUS_LABELS[item.standing.status],
            languages(item.standing.note),
        ]
        for item in layer.fields
    ]
    return Section(
        Text(f"{layer.name} {layer.alias}", f"{layer.name} {layer.alias}"),
        [sentence],
        (),
        (
            Text("字段", "Field"),
            Text("名称", "Name"),
            Text("类型", "Type"),
            Text("约束", "Need"),
            Text("代码表", "Codes"),
            Text("状态", "Status"),
            Text("说明", "Note"),
        ),
        rows,
    )


def _domains(profile: Profile) -> Section:
    rows: list[list[Cell]] = [
        [name, code, words, STATUS_LABELS[domain.standing.status]]
        for name, domain in profile.domains.items()
        for code, words in domain.values.items()
    ]
    headings = (Text("代码表", "List"), Text("代码", "Code"), Text("含义", "Meaning"), Text("状态", "Status"))
    return Section(Text("代码表", "Code lists"), (), (), headings, rows)


def _checks(profile: Profile) -> Section:
    rows: list[list[Cell]] = [
        [
            check.id,
            check.name,
            check.level,
            "" if check.threshold is None else f"{check.threshold:g} {check.unit}",
            STATUS_LABELS[check.standing.status],
            check.standing.source,
        ]
        for check in profile.checks
    ]
    headings = (
        Text("规则", "Rule"),
        Text("内容", "What it asks"),
        Text("级别", "Level"),
        Text("阈值", "Threshold"),
        Text("状态", "Status"),
        Text("依据", "Source"),
    )
    return Section(Text("检查", "Checks"), (), (), headings, rows)


def write_comparison(path: Path, comparison: Comparison) -> None:
    """Write the whole comparison as CSV."""
    rows = [
        (item.layer, item.field, item.result, item.of_profile, item.of_template, item.note.zh)
        for item in comparison.items
    ]
    path.write_bytes(as_csv(("layer", "field", "result", "profile", "template", "note"), rows))
