"""The files of line coverage: layers of states and gaps, and tables in Chinese."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ...engine.context import RunContext
from ...layers.store.results import write_layer, write_table
from ..frontier.labels import county_words
from ..shared.rules import CAUTION_LABELS, cautioned
from .runs import Drawn
from .words import CLASS_LABELS, LABELS, STATUS_LABELS, TOTAL

_LEVELS = {"total": "合计", "class": "按类型", "county": "按县", "road": "按道路", "road_county": "按道路分县"}


def write_results(context: RunContext, states: Drawn, gaps: Drawn) -> None:
    """Write the layers ``road_state`` and, where there are any, ``road_gap``."""
    for name, drawn in (("road_state", states), ("road_gap", gaps)):
        if len(drawn.rows) or name == "road_state":
            path = context.output(name, "result.gpkg")
            write_layer(path, name, drawn.rows, drawn.shapes, "MultiLineString", aliases=LABELS)


def write_scores(context: RunContext, scores: Mapping[str, pd.DataFrame]) -> None:
    """Write the lengths by class and county, and those by road, as tables in Chinese."""
    for name, levels in (("line_score", ("total", "class", "county")), ("road_score", ("road", "road_county"))):
        parts = [scores[level].assign(level=_LEVELS[level]) for level in levels]
        keys = [key for key in ("level", "route", "name", "road_class", "county_code", "county_name")
                if any(key in part for part in parts)]  # fmt: skip
        rows = pd.concat(parts, ignore_index=True)
        rows = rows[[*keys, *(key for key in scores["total"].columns)]]
        told = cautioned(_in_words(rows), context.rules)
        write_table(context.output(name, f"{name}.csv"), told, LABELS | CAUTION_LABELS)


def _in_words(rows: pd.DataFrame) -> pd.DataFrame:
    said = rows.assign(status=rows["status"].map({key: label.zh for key, label in STATUS_LABELS.items()}))
    if "road_class" in said:
        said["road_class"] = said["road_class"].map({key: label.zh for key, label in CLASS_LABELS.items()})
        if "level" in said:
            said.loc[said["level"] == _LEVELS["total"], "road_class"] = TOTAL.zh
    if "county_code" in said:
        known = said["county_code"].notna()
        said.loc[known, "county_name"] = [
            county_words(code, name).zh
            for code, name in zip(said.loc[known, "county_code"], said.loc[known, "county_name"])
        ]
        said["county_code"] = said["county_code"].where(
            said["county_code"].str[:1].str.isdigit().fillna(False).astype(bool)
        )
    return said
