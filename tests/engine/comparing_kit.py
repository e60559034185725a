"""Hand-made results of `frontier_scoreboard`, as small as a comparison reads them."""

import json

import numpy as np
import pandas as pd
from xinji_planner.analysis.scoreboard import ALL_COUNTIES, Target, by_county
from xinji_planner.layers.store.results import write_layer

RULE = "N12.village_5g"
STATES = ("not_met", "cannot_tell", "met")
NAMES = {"530001": "甲县", "530002": "乙县"}


def item(code, state, *, county="530001", name=None, evidence="distance", rule=RULE, subject="village"):
    """One row of the layer of items."""
    return {
        "rule_id": rule,
        "unverified": 0,
        "subject": subject,
        "service": "5G",
        "item_id": code,
        "name": name or f"{code}村",
        "county_code": county,
        "county_name": NAMES.get(county),
        "state": state,
        "reason": None if state == "met" else "no_station_in_range",
        "planned_year": None,
        "people": 100,
        "backhaul": None,
        "evidence": evidence if state != "cannot_tell" else None,
        "lon": 100.0,
        "lat": 25.0,
    }


def cited(rule, value, pack="frontier-2027", unit="%", **more):
    """One rule as run.json cites it."""
    return {
        **{"id": rule, "zh": f"规则{rule}", "en": f"rule {rule}", "value": value, "unit": unit, "status": "verified"},
        **{"document": "文件", "clause": "", "date": "2023", "pack": pack, **more},
    }


def made_result(
    folder, rows, *, day="2025-12-31", counties=tuple(NAMES), rules=(), target=95, parameters=None, unknown=(), **record
):
    """Write a result folder with these items; the table is counted from them."""
    folder.mkdir(parents=True)
    items = pd.DataFrame(rows)
    score = []
    for rule in dict.fromkeys(items["rule_id"]):
        own = items[items["rule_id"] == rule]
        states = np.array([STATES.index(state) for state in own["state"]], dtype=np.int8)
        for row in by_county(states, own["county_code"].to_numpy(object), counties, Target(target)):
            about = {"rule_id": rule, "rule_name": f"指标{rule}", "rule_name_en": f"Indicator {rule}", "unit": "item"}
            about |= {"subject": own["subject"].iloc[0], "service": "5G", "rule_status": "verified", "unverified": 0}
            name = "" if row["county_code"] == ALL_COUNTIES else NAMES.get(row["county_code"], "")
            score.append({**about, "county_name": name, **row})
    for rule in unknown:  # a class on which there are no data
        about = {"rule_id": rule, "rule_name": f"指标{rule}", "rule_name_en": f"Indicator {rule}", "unit": "item"}
        about |= {"subject": "island", "service": "5G", "rule_status": "verified", "unverified": 0, "county_name": ""}
        score.append({**about, "county_code": ALL_COUNTIES, "target_percent": target, "status": "cannot_tell"})
    path = folder / "result.gpkg"
    place = tuple(items[name].to_numpy(float) for name in ("lon", "lat"))
    write_layer(path, "frontier_item", items.drop(columns=["lon", "lat"]), place, "Point")
    write_layer(path, "frontier_score", pd.DataFrame(score), None, "")
    told = {
        "format": "xinji-run",
        "job": "frontier_scoreboard",
        "plugin_version": "0.1.0",
        "parameters": {"pack": "frontier-2027", "evidence": "auto", **(parameters or {})},
        "inputs": {"workspace": {"path": "县.gpkg", "sha256": "0" * 64}},
        "rules": [cited(RULE, target), *rules],
        "rule_packs": {"frontier-2027": "a" * 64},
        "summary": {"data_until": day},
        "outputs": {"frontier_item": "result.gpkg"},
        "files": ["result.gpkg"],
        **record,
    }
    (folder / "run.json").write_text(json.dumps(told), encoding="utf-8")
    return str(folder)
