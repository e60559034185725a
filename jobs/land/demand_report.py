"""The tables and the report of the land demand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ...layers.html_report import Cell, Noted, Section, write_report
from ...rules.pack import Pack
from ...text import Text, figure, same
from ..shared.rules import plain, rule_section
from .demand import Demand, code_label
from .facilities import Facilities
from .known import Known, far_words, lacking_words
from .projects import ARABLE, FARMLAND, KIND_OF, RED_LINE
from .report_unread import unread_section
from .taken import Ground
from .words import (
    BEYOND,
    CLASS_LABELS,
    LABELS,
    LAYER_LABELS,
    NO_COUNTIES,
    NOTE_LABELS,
    REASON_LABELS,
    type_label,
)
from .zone_rows import Zones

_SHOWN = 200
_DC = Text(
    "数据中心独立占地按 {code} 计；1306 只适用于通信生产用房，商业数据中心可能为 0902、1001 或 1101，请与自然资源部门确认。",
    "Data centres on their own plots count as {code}; 1306 is for telecom production premises, a commercial one may be 0902, 1001 or "
    "1101: ask the bureau.",
)
_UNIT = Text(
    "XS_XMKJFW 的面积以公顷计、保留 4 位小数，系推断，请与接收单位确认；空白为无法得出，不是 0。",
    "Areas of XS_XMKJFW are in hectares with 4 decimals, which is inferred: ask the bureau. Empty is unknown and not 0.",
)
Parts = tuple[Facilities, Ground, Zones | None, Known, Demand, pd.DataFrame]


def nowhere(known: Known) -> Text:
    """Say what stands for a county where there is none: beyond all of them, or none are known."""
    return BEYOND if len(known.counties.shapes) else NO_COUNTIES


def said_sums(demand: Demand, known: Known) -> pd.DataFrame:
    """Put the sums into the words of a table."""
    sums = demand.sums
    return sums.assign(
        county=[name or nowhere(known).zh for name in sums["county"]],
        type=[type_label(plain(one) or "").zh for one in sums["type"]],
    )


def said_parcels(demand: Demand, known: Known) -> pd.DataFrame:
    """Put the land of each facility into the words of a table."""
    parcels = demand.parcels
    return parcels.assign(
        **{
            "layer": [LAYER_LABELS[one].zh for one in parcels["layer"]],
            "type": [type_label(plain(one) or "").zh for one in parcels["type"]],
            "class": [CLASS_LABELS[one].zh if plain(one) else "" for one in parcels["class"]],
            "county": [name or nowhere(known).zh for name in parcels["county"]],
            "note": [NOTE_LABELS[one].zh if one else "" for one in parcels["note"]],
        }
    )


def write_demand_report(path: Path, parts: Parts, cautions: Sequence[Text], rules: Sequence[dict[str, Any]]) -> None:
    """Write the report.

    Parameters
    ----------
    parts : tuple
        Facilities, what is taken, control lines (None for none), what is known of them, the demand, the sums of the
        projects.
    """
    facilities, ground, zones, known, demand, projects = parts
    sections = [
        Section(Text("结论", "Verdict"), _verdicts(demand), [*_doubts(demand), *cautions]),
        _by_county(demand, known),
        _all_sums(demand, known),
        _project_section(projects, zones, lacking_of(ground, zones, known)),
        *_unknown_section(ground),
        *unread_section(facilities),
        Section(Text("设施", "Facilities"), facilities.sentences),
        rule_section(rules),
    ]
    write_report(path, Text("用地用海需求报告", "Land demand"), sections)


def _verdicts(demand: Demand) -> list[Text]:
    made = []
    for code, group in demand.parcels.groupby("code", sort=True):
        label, area = code_label(str(code)), float(group["demand_m2"].sum())
        count = len(group[group["demand_m2"] > 0].drop_duplicates(["layer", "feature_id"]))
        made.append(
            Text(
                f"{code} {label.zh}：{figure(area, 2)} m²（{figure(area / 10_000, 4)} 公顷），{count:,} 处。",
                f"{code} {label.en}: {figure(area, 2)} m² ({figure(area / 10_000, 4)} ha); facilities: {count:,}.",
            )
        )
    none = int((demand.parcels["demand_m2"] == 0).sum())
    if none:
        made.append(
            Text(
                f"另有 {none:,} 处依附既有建筑、杆塔或已建成站址，占地 0 m²。",
                f"On existing buildings, masts or sites: {none:,} more, 0 m².",
            )
        )
    if demand.corridors:
        made.append(
            Text(
                f"陆上光缆 {demand.corridors:,} 条，走廊合计 {figure(demand.corridors_m2, 2)} m²；按线路工程不计入建设用地需求。",
                f"Cables on land: {demand.corridors:,}, corridors of {figure(demand.corridors_m2, 2)} m²: as line works "
                "they are in no sum of building land.",
            )
        )
    return made


def _doubts(demand: Demand) -> list[Text]:
    made = []
    unknown = int(demand.parcels["demand_m2"].isna().sum())
    if unknown:
        made.append(
            Text(
                f"{unknown:,} 处的面积未知，不在合计中：合计是下限。",
                f"The area of {unknown:,} is not known and in no sum: the sums are lower bounds.",
            )
        )
    if demand.unlaid:
        made.append(
            Text(
                f"{demand.unlaid:,} 条光缆敷设方式不明，是否用海无法判定。",
                f"The laying of {demand.unlaid:,} cables is not known: whether they take sea cannot be told.",
            )
        )
    plots = demand.parcels[demand.parcels["layer"] == "dc_clusters"]
    if len(plots):
        made.append(_DC.filled(code=plots["code"].iloc[0]))
    sea = demand.parcels[demand.parcels["class"] == "submarine"]
    ashore = float(sea.loc[sea["county"] != "", "demand_m2"].sum())
    if ashore > 0:
        made.append(
            Text(
                f"水下光缆按全长计算用海，其中 {figure(ashore, 2)} m² 在县界内：县界不含海域的，登陆段的陆上部分应扣除。",
                f"Underwater cables count over their whole length, {figure(ashore, 2)} m² of it within the counties: where these hold no "
                "sea, take off what lies on land at the landings.",
            )
        )
    return made


def _county(row: Any, known: Known) -> Cell:
    return Noted(same(row.county), same(row.county_code), whole=True) if row.county else nowhere(known)


def _by_county(demand: Demand, known: Known) -> Section:
    groups = demand.sums.groupby(["code", "county_code", "county"], sort=True, dropna=False)
    sums = groups[["features", "demand_m2", "unknown"]].sum().reset_index()
    rows: list[list[Cell]] = [
        [
            row.code,
            code_label(row.code),
            _county(row, known),
            int(row.features),
            round(float(row.demand_m2), 2),
            figure(row.demand_m2 / 10_000, 4),
            int(row.unknown),
        ]
        for row in sums.itertuples()
    ]
    keys = ("code", "code_name", "county", "features", "demand_m2", "demand_ha", "unknown")
    return Section(
        Text("按代码和县", "By code and county"), headings=[LABELS[key] for key in keys] if rows else (), rows=rows
    )


def _all_sums(demand: Demand, known: Known) -> Section:
    keys = ("code", "county", "year", "type", "features", "none", "demand_m2", "unknown")
    rows: list[list[Cell]] = [
        [
            row.code,
            _county(row, known),
            str(row.year) if plain(row.year) is not None else Text("年份不明", "Year unknown"),
            type_label(row.type) if plain(row.type) else Text("类型不明", "Type unknown"),
            int(row.features),
            int(row.none),
            None if pd.isna(row.demand_m2) else round(float(row.demand_m2), 2),
            int(row.unknown),
        ]
        for row in demand.sums.itertuples()
    ]
    return Section(
        Text("按代码、县、年份和类型", "By code, county, year and type"),
        headings=[LABELS[key] for key in keys] if rows else (),
        rows=rows[:_SHOWN],
    )


def lacking_of(ground: Ground, zones: Zones | None, known: Known) -> list[Text]:
    """Say of which sites and plots the farmland or the red line that they take cannot be told, and so stays empty."""
    if zones is None:
        return []
    own = (ground.table["layer"] != "trunk_cables").to_numpy(bool)
    shapes = ground.shapes[own]
    made = far_words(zones, shapes, known)
    for kind in KIND_OF.values():
        areas = zones.shapes[zones.kind == kind]
        lacking = known.lacking(kind, areas, shapes) if len(areas) else None
        if lacking is not None and lacking.any():
            made.append(lacking_words(kind, lacking, areas, known))
    return made


def _project_section(projects: pd.DataFrame, zones: Zones | None, lacking: Sequence[Text]) -> Section:
    shown = {
        "XMMC": Text("项目名称 XMMC", "Project (XMMC)"),
        "SZXZQDM": Text("行政区代码 SZXZQDM", "Region code (SZXZQDM)"),
        "TDYTDM": Text("土地用途代码 TDYTDM", "Land code (TDYTDM)"),
        "YDMJ": Text("用地面积 YDMJ", "Area (YDMJ)"),
        ARABLE: Text("占用耕地 ZYGDMJ", "Arable land (ZYGDMJ)"),
        FARMLAND: Text("占用永久基本农田 ZYYNMJ", "Basic farmland (ZYYNMJ)"),
        RED_LINE: Text("涉及生态保护红线 SJSTHXMJ", "Red line (SJSTHXMJ)"),
    }
    areas = ("YDMJ", ARABLE, FARMLAND, RED_LINE)
    rows: list[list[Cell]] = [
        [row[key] if key not in areas else _ha(row[key]) for key in shown]
        for row in projects.head(_SHOWN).to_dict("records")
    ]
    total: list[Cell] = [Text("合计", "In all"), None, None]
    total += [_ha(projects[key].astype(float).sum(min_count=1)) for key in areas]
    cautions = list(lacking)
    if zones is None or not {"basic_farmland", "ecological_red_line"} <= set(zones.kinds):
        cautions.append(
            Text(
                "没有永久基本农田或生态保护红线数据，相应的列为空。",
                "There is no basic farmland or no red line: those columns are empty.",
            )
        )
    return Section(
        Text("项目占地（XS_XMKJFW，公顷）", "Project sites (XS_XMKJFW, hectares)"),
        [_UNIT],
        cautions,
        headings=list(shown.values()) if rows else (),
        rows=[*rows, total] if rows else (),
        notes=[Text(f"此处列出前 {_SHOWN} 项，全部见 XS_XMKJFW.csv。", f"The first {_SHOWN}; XS_XMKJFW.csv has all.")]
        if len(projects) > _SHOWN
        else (),
    )


def _ha(value: Any) -> Cell:
    known = plain(value)
    return None if known is None else figure(float(known), 4)


def _unknown_section(ground: Ground) -> list[Section]:
    table = ground.table[(ground.table["reason"] != "").to_numpy(bool)]
    if not len(table):
        return []
    rows: list[list[Cell]] = [
        [
            Noted(same(str(plain(row.name_) or row.feature_id)), same(str(row.feature_id))),
            LAYER_LABELS[row.layer],
            REASON_LABELS[row.reason],
        ]
        for row in table.rename(columns={"name": "name_"}).head(_SHOWN).itertuples()
    ]
    return [
        Section(
            Text("面积未知的设施", "Facilities of unknown area"),
            headings=[LABELS[key] for key in ("name", "layer", "reason")],
            rows=rows,
        )
    ]


def summary_of(facilities: Facilities, demand: Demand, projects: pd.DataFrame, pack: Pack) -> dict[str, Any]:
    """Give the figures of the run."""
    parcels = demand.parcels
    unit = float(pack.rule("land.unit.project").value)

    def taken(field: str) -> float | None:
        total = projects[field].astype(float).sum(min_count=1)
        return None if pd.isna(total) else round(float(total) * unit, 2)

    by_code = parcels.groupby("code", sort=True)["demand_m2"].sum()
    return {
        "facilities": len(parcels[["layer", "feature_id"]].drop_duplicates()),
        "by_code_m2": {str(code): round(float(area), 2) for code, area in by_code.items()},
        "no_land": int((parcels["demand_m2"] == 0).sum()),
        "unknown": int(parcels["demand_m2"].isna().sum()),
        "unread_rows": len(facilities.aside),
        "projects": len(projects),
        "farmland_m2": taken(FARMLAND),
        "red_line_m2": taken(RED_LINE),
    }
