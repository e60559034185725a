"""What in a profile nobody has verified, as sections of a report."""

from __future__ import annotations

from ...text import Text, languages
from ..html_report import Cell, Section
from .profile.model import (
    SECTION_DEFAULTS,
    STATUS_LABELS,
    Profile,
    Standing,
    TargetField,
    TargetLayer,
    section_standing,
)

_SECTION_LABELS = {
    "crs": Text("坐标系和高程", "CRS and heights"),
    "names": Text("命名", "Names"),
    "geometry": Text("多部件和容差", "Multi-part shapes and tolerance"),
    "bsm": Text("标识码", "Feature numbers"),
    "region": Text("行政区代码", "Region codes"),
    "metadata": Text("元数据", "Metadata"),
    "vct": Text("VCT", "VCT"),
    "txt": Text("界址点 TXT", "Coordinates as TXT"),
}


def unfounded_layers(profile: Profile) -> list[TargetLayer]:
    """Give the layers that have a field YSDM and no feature code for it."""
    return [layer for layer in profile.layers if not layer.ysdm and layer.field("YSDM") is not None]


def type_words(field: TargetField) -> str:
    """Give type, length and decimals of a field."""
    if not field.length and not field.decimals:
        return field.type
    inside = f"{field.length or '–'}{f',{field.decimals}' if field.decimals else ''}"
    return f"{field.type}({inside})"


def unfounded_sections(profile: Profile) -> list[Section]:
    """List every entry of a profile that is neither verified nor confirmed by a template."""
    rows: list[list[Cell]] = []
    for key in SECTION_DEFAULTS:
        if key in profile.content:
            _add(rows, _SECTION_LABELS[key], "", section_standing(profile, key))
    for name, domain in profile.domains.items():
        _add(rows, Text(f"代码表 {name} {domain.title.zh}", f"Code list {name} {domain.title.en}"), "", domain.standing)
    for layer in profile.layers:
        _add(rows, Text(f"{layer.name} {layer.alias}", layer.name), "", layer.standing)
        if layer in unfounded_layers(profile):
            missing = Standing(status="unverified", note="要素代码未获得 / the feature code was not obtained")
            _add(rows, Text(f"{layer.name}.YSDM 的取值", f"value of {layer.name}.YSDM"), "", missing)
        for field in layer.fields:
            _add(
                rows,
                Text(f"{layer.name}.{field.name} {field.alias}", f"{layer.name}.{field.name}"),
                type_words(field),
                field.standing,
            )
    for check in profile.checks:
        _add(rows, Text(f"检查 {check.id} {check.name.zh}", f"Check {check.id} {check.name.en}"), "", check.standing)
    if not rows:
        return []
    return [
        Section(
            Text(
                f"规格中未核实的条目：{len(rows)} 个", f"Entries of the profile that nobody has verified: {len(rows)}"
            ),
            [
                Text(
                    '请复制规格文件，按接收单位的规范改正，再以其路径作为 profile；确认过的写 status = "confirmed"。',
                    "Copy the profile, mend it by the bureau's specification and state its path as profile; what was "
                    'confirmed says status = "confirmed".',
                )
            ],
            (),
            (
                Text("条目", "Entry"),
                Text("类型", "Type"),
                Text("状态", "Status"),
                Text("依据", "Source"),
                Text("说明", "Note"),
            ),
            rows,
        )
    ]


def _add(rows: list[list[Cell]], entry: Text, kind: str, standing: Standing) -> None:
    if not standing.is_founded:
        rows.append([entry, kind, STATUS_LABELS[standing.status], standing.source, languages(standing.note)])
