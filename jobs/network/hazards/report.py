"""The table and the report page of hazard exposure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from ....layers.html_report import Cell, Marked, Noted, Section, write_report
from ....text import Text, same
from ...shared.rules import plain, rule_section
from ..read import Trunk
from .exposed import Exposed, people_of
from .layers import Hazards
from .words import FACILITY_LABELS, HAZARD_LABELS, LABELS, MEASURE_LABELS, MEASURE_MARKS, MISSING, NO_GRADE

_SHOWN = 200


def said_table(sums: pd.DataFrame) -> pd.DataFrame:
    """Put the codes of the sums into the words of the table."""
    return sums.assign(
        hazard=[HAZARD_LABELS[code].zh for code in sums["hazard"]],
        grade=[plain(grade) or NO_GRADE.zh for grade in sums["grade"]],
        facility=[FACILITY_LABELS[code].zh for code in sums["facility"]],
    )


def write_hazards_report(
    path: Path,
    trunk: Trunk,
    found: Exposed,
    sums: pd.DataFrame,
    layers: dict[str, Hazards],
    said: Sequence[Text],
    width_m: float,
    classes: Sequence[str],
    rules: Sequence[dict[str, Any]],
) -> None:
    """Write the report: the sums by class, what lacks measures, the cables and the sites."""
    cables, sites = found.cables, found.sites
    verdict = Text(
        f"处于灾害区的光缆 {cables['facility_id'].nunique():,} 条，共 {found.total_km:,.3f} km（重叠处只计一次）；设施 "
        f"{sites.drop_duplicates(['facility', 'facility_id']).shape[0]:,} 个；区内行政村人口 {people_of(found):,} 人。",
        f"{cables['facility_id'].nunique():,} cables lie in hazard areas, {found.total_km:,.3f} km in all (each place once); "
        f"{sites.drop_duplicates(['facility', 'facility_id']).shape[0]:,} sites; {people_of(found):,} people live in villages inside.",
    )
    how = Text(
        "长度为叠加后的椭球面长度；分等级列出时，重叠处在各等级中各计一次。节点的受影响人口为挂在该节点上的行政村人口，行政村的为本村人口，两者不可相加。",
        "Lengths are geodesic, of the overlay; by class, what overlaps counts in each. The people of a node are those of the villages that hang "
        "on it, those of a village its own: the two must not be added.",
    )
    if any((shapely.get_dimensions(layer.shapes) == 1).any() for layer in layers.values()):
        how = Text(
            f"{how.zh}线状灾害（如断裂）两侧各 {width_m:g} m 以内计为处于灾害区。",
            f"{how.en} What lies within {width_m:g} m of a hazard drawn as a line, such as a fault, counts as exposed to it.",
        )
    sections = [
        Section(
            Text("结论", "Verdict"),
            [verdict, how, *trunk.sentences, *said],
            [*trunk.cautions, *_cautions(layers, classes)],
        ),
        Section(
            Text("按灾害等级", "By class"),
            headings=[LABELS[key] for key in sums.columns],
            rows=[[_cell(row, key) for key in sums.columns] for row in sums.to_dict("records")],
        ),
    ]
    if any(layer.measure_column for layer in layers.values()):
        sections.append(_missing(found))
    keys: tuple[str, ...] = ("hazard", "grade", "name", "length_km", "share_percent", "crossings", "measures", "areas")
    sections.append(
        _listed(FACILITY_LABELS["cable"], cables.sort_values("length_km", ascending=False, kind="stable"), keys)
    )
    keys = ("hazard", "grade", "name", "people", "mw", "measures", "areas")
    for kind in ("node", "cluster", "station", "village"):
        own = sites[sites["facility"] == kind]
        if len(own):
            sections.append(_listed(FACILITY_LABELS[kind], own, keys))
    write_report(path, Text("灾害暴露报告", "Hazard exposure"), [*sections, rule_section(rules)])


def _cautions(layers: dict[str, Hazards], stated: Sequence[str]) -> list[Text]:
    made = []
    for code, layer in layers.items():
        label = HAZARD_LABELS[code]
        open_ = sum(grade is None for grade in layer.grade)
        if not layer.grade_column:
            made.append(
                Text(
                    f"{label.zh}：{layer.file} 没有等级列，等级无法判定。",
                    f"{label.en}: {layer.file} has no column of classes; the class cannot be told.",
                )
            )
        elif stated and layer.grade_column not in stated:
            made.append(
                Text(
                    f"{label.zh}：{layer.file} 没有指定的等级列，改按“{layer.grade_column}”列。",
                    f"{label.en}: {layer.file} has none of the columns named for the class; “{layer.grade_column}” was used.",
                )
            )
        if layer.grade_column and open_:
            made.append(
                Text(
                    f"{label.zh}：{layer.file} 有 {open_:,} 处等级为空，列为等级不明。",
                    f"{label.en}: the class of {open_:,} areas in {layer.file} is empty; it is told as unknown.",
                )
            )
        if not layer.measure_column:
            made.append(
                Text(
                    f"{label.zh}：{layer.file} 没有指定的防护措施列，是否缺措施无法判定。",
                    f"{label.en}: {layer.file} has no column of measures that was named; whether they are missing cannot be told.",
                )
            )
        if layer.set_aside:
            made.append(
                Text(
                    f"{label.zh}：{layer.file} 有 {layer.set_aside:,} 行没有面或线，未参与计算。",
                    f"{label.en}: {layer.set_aside:,} rows of {layer.file} have no area or line and are not used.",
                )
            )
    return made


def _missing(found: Exposed) -> Section:
    both = pd.concat([found.cables, found.sites], ignore_index=True)
    some = both[both["measures"] == MISSING]
    keys = ("hazard", "grade", "facility", "name", "areas")
    words = Text(
        f"{len(some):,} 项处于灾害区而没有防护措施的记录。",
        f"{len(some):,} lie in a hazard area without measures on record.",
    )
    return _listed(Text("缺防护措施", "Measures missing"), some, keys, [words])


def _listed(heading: Text, table: pd.DataFrame, keys: Sequence[str], sentences: Sequence[Text] = ()) -> Section:
    more = Text(f"此处列出前 {_SHOWN} 项，全部见图层。", f"The first {_SHOWN}; the layer has all.")
    return Section(
        heading,
        sentences,
        headings=[LABELS[key] for key in keys] if len(table) else (),
        rows=[[_cell(row, key) for key in keys] for row in table.head(_SHOWN).to_dict("records")],
        notes=[more] if len(table) > _SHOWN else (),
    )


def _cell(row: dict[str, Any], key: str) -> Cell:
    value = plain(row[key])
    if key == "hazard":
        return Noted(HAZARD_LABELS[value], whole=True)
    if key == "grade":
        return NO_GRADE if value is None else same(str(value))
    if key == "facility":
        return Noted(FACILITY_LABELS[value], whole=True)
    if key == "measures":
        return Marked(MEASURE_LABELS[value], *MEASURE_MARKS[value])
    if key == "name":
        return same(str(value or row["facility_id"]))
    return value
