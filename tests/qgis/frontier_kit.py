"""A frontier result made by hand, as the job writes it: two counties, and layers of points, lines and areas."""

import json
from pathlib import Path

EAST, WEST, NONE, ALL = "990101", "990102", "none", "all"
NAMES = {EAST: "海岳县", WEST: "云屏区", NONE: "", ALL: ""}
RULES = {
    # id: Chinese and English name, class, network, unit, target, status
    "T.village": ("行政村通5G的比例", "Villages with 5G", "village", "5G", "item", 95.0, "verified"),
    "T.hamlet": ("自然村通5G的比例", "Settlements with 5G", "settlement", "5G", "item", 95.0, "by_analogy"),
    "T.road": ("沿边公路5G覆盖的比例", "Border roads with 5G", "border_road", "5G", "km", 95.0, "by_analogy"),
    "T.sea": ("领海5G覆盖的比例", "Territorial sea with 5G", "territorial_sea", "5G", "km²", 95.0, "unverified"),
    "T.fibre": ("县城通千兆光网的比例", "Towns with fibre", "county_town", "gigabit_fibre", "item", 100.0, "verified"),
}
# rule, id, county, state, reason, place or none
ITEMS = (
    ("T.village", "v1", EAST, "met", None, (106.10, 22.10)),
    ("T.village", "v2", EAST, "not_met", "planned", (106.20, 22.10)),
    ("T.village", "v3", EAST, "not_met", "no_station_in_range", None),
    ("T.village", "v4", EAST, "cannot_tell", "no_data", (106.30, 22.10)),
    ("T.village", "v5", WEST, "met", None, (106.40, 22.20)),
    ("T.village", "v6", WEST, "cannot_tell", "no_place", None),
    ("T.village", "v7", NONE, "not_met", "no_station_in_range", (106.90, 22.20)),
    ("T.hamlet", "s1", EAST, "met", None, (106.11, 22.11)),
    ("T.hamlet", "s2", WEST, "not_met", "behind_terrain", (106.41, 22.21)),
)
# county, state, structure, km
ROADS = (
    (EAST, "met", "open", 3.0),
    (EAST, "not_met", "open", 1.25),
    (EAST, "not_met", None, 0.75),
    (EAST, "cannot_tell", "tunnel", 0.4),
    (WEST, "cannot_tell", "bridge", 0.5),
)
SEA = (("territorial", "met", 1, 12.5), ("territorial", "not_met", 1, 7.5))
# rule, county: in scope, met, not met, cannot tell, ratio, shortfall, at most, status; counted by hand from the above
SCORES = (
    ("T.village", EAST, 4, 1, 2, 1, 33.33, 2, 3, "short"),
    ("T.village", WEST, 2, 1, 0, 1, 100.0, 0, 1, "cannot_tell"),
    ("T.village", NONE, 1, 0, 1, 0, 0.0, 1, 1, "short"),
    ("T.village", ALL, 7, 2, 3, 2, 40.0, 3, 5, "short"),
    ("T.road", EAST, 5.0, 3.0, 2.0, 0.0, 60.0, 1.75, 1.75, "short"),
    ("T.road", WEST, 0.5, 0.0, 0.0, 0.5, None, 0.0, 0.475, "cannot_tell"),
    ("T.road", ALL, 5.5, 3.0, 2.0, 0.5, 60.0, 1.725, 2.225, "short"),
    ("T.hamlet", EAST, 1, 1, 0, 0, 100.0, 0, 0, "met"),
    ("T.hamlet", WEST, 1, 0, 1, 0, 0.0, 1, 1, "short"),
    ("T.hamlet", ALL, 2, 1, 1, 0, 50.0, 1, 1, "short"),
    ("T.sea", ALL, 20.0, 12.5, 7.5, 0.0, 62.5, 6.5, 6.5, "short"),
    ("T.fibre", ALL, None, None, None, None, None, None, None, "cannot_tell"),
)
NUMBERS = ("in_scope", "met", "not_met", "cannot_tell", "ratio_percent", "shortfall", "shortfall_at_most")


def write_result(folder, without=(), changed=None):
    """Write the result, without some of its layers; `changed` replaces rows of the scoreboard by rule and county."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "frontier_scope": ("MultiPolygon", [_scope(*row) for row in ((EAST, "in", 0), (WEST, "to_settle", 1))]),
        "frontier_item": ("Point", [_item(*row) for row in ITEMS]),
        "frontier_gap": ("Point", [_gap(rank, row) for rank, row in enumerate(ITEMS, 1) if row[3] != "met"]),
        "road_state": ("MultiLineString", [_road(number, *row) for number, row in enumerate(ROADS)]),
        "sea_part": ("MultiPolygon", [_sea(number, *row) for number, row in enumerate(SEA)]),
        "frontier_score": ("None", [_score(row, changed or {}) for row in SCORES]),
    }
    for name, (kind, rows) in tables.items():
        if name not in without:
            write_table(folder / "result.gpkg", name, kind, rows)
    (folder / "report.html").write_text("<p>报告</p>", encoding="utf-8")
    (folder / "job_list.xlsx").write_bytes(b"PK")
    outputs = {name: "result.gpkg" for name in tables if name not in (*without, "frontier_score")}
    run = {
        "job": "frontier_scoreboard",
        "parameters": {"pack": "frontier-2027"},
        "rules": [_rule(name, *said) for name, said in RULES.items()],
        "summary": {
            **{"pack": "frontier-2027", "indicators": 5, "met": 0, "short": 4, "cannot_tell": 1},
            **{"gaps": 6, "gaps_not_met": 4, "gaps_cannot_tell": 2},
        },
        "outputs": {**outputs, "job_sheet": "job_list.xlsx", "report": "report.html"},
    }
    (folder / "run.json").write_text(json.dumps(run, ensure_ascii=False), encoding="utf-8")
    return folder


def _rule(name, zh, en, _subject, _service, _unit, target, status):
    return {
        **{"id": name, "zh": zh, "en": en, "value": target, "unit": "%", "status": status, "document": "〔2023〕263号"},
        **{"clause": "目标 / goals", "date": "2023", "pack": "frontier-2027"},
    }


def _scope(code, state, number):
    left = 106.0 + number
    shape = f"MULTIPOLYGON((({left} 22,{left + 1} 22,{left + 1} 23,{left} 23,{left} 22)))"
    said = {
        "county_code": code,
        "county_name": NAMES[code],
        "in_scope": state,
        "reason": "按指定",
        "reason_en": "stated",
    }
    return said, shape


def _item(rule, item, county, state, reason, place):
    said = {
        **{"rule_id": rule, "unverified": int(RULES[rule][6] != "verified"), "subject": RULES[rule][2]},
        **{"service": RULES[rule][3], "item_id": item, "name": f"{item}村", "county_code": county},
        **{"county_name": NAMES[county], "state": state, "reason": reason},
        **{"planned_year": "2027" if reason == "planned" else None, "people": 120, "evidence": "distance"},
    }
    return said, place and f"POINT({place[0]} {place[1]})"


def _gap(rank, row):
    said, place = _item(*row)
    near = {
        "nearest_station_id": "JZ1",
        "nearest_station_m": 5200.4,
        "nearest_cable_id": "GL7",
        "nearest_cable_m": 900.0,
    }
    return {"rank": rank, **said, **near}, place


def _road(number, county, state, structure, length):
    said = {
        **{"rule_id": "T.road", "unverified": 1, "road_id": f"r{number}", "route": "G219", "name": "沿边公路"},
        **{"structure": structure, "county_code": county, "service": "5G", "state": state, "length_km": length},
    }
    return said, f"MULTILINESTRING(({106 + number / 10} 22.5,{106 + number / 10 + 0.05} 22.5))"


def _sea(number, zone, state, legal, area):
    left = 107 + number / 10
    said = {"rule_id": "T.sea", "zone": zone, "legal": legal, "state": state, "area_km2": area}
    return said, f"MULTIPOLYGON((({left} 21,{left + 0.05} 21,{left + 0.05} 21.1,{left} 21)))"


def _score(row, changed):
    rule, county, *numbers, status = row
    zh, en, subject, service, unit, target, rule_status = RULES[rule]
    said = {
        **{"rule_id": rule, "rule_name": zh, "rule_name_en": en, "subject": subject, "service": service, "unit": unit},
        **{"county_code": county, "county_name": NAMES[county], "target_percent": target, "status": status},
        **dict(zip(NUMBERS, numbers)),
        **{"rule_status": rule_status, "note": "no_layer" if numbers[0] is None else ""},
    }
    return {**said, **changed.get((rule, county), {})}, None


def write_table(path, table, kind, rows):
    from qgis.core import (
        QgsCoordinateReferenceSystem,
        QgsCoordinateTransformContext,
        QgsFeature,
        QgsField,
        QgsFields,
        QgsGeometry,
        QgsVectorFileWriter,
        QgsWkbTypes,
    )
    from qgis.PyQt.QtCore import QVariant

    names = list(dict.fromkeys(name for said, _ in rows for name in said))
    kinds = {int: QVariant.Int, float: QVariant.Double, str: QVariant.String}
    fields = QgsFields()
    for name in names:
        values = [said[name] for said, _ in rows if said.get(name) is not None]
        is_number = table == "frontier_score" and name in (*NUMBERS, "target_percent")
        kind_of = float if is_number else type(values[0]) if values else str
        fields.append(QgsField(name, kinds[kind_of]))
    geometry = {"None": "NoGeometry"}.get(kind, kind)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = table
    if path.exists():
        options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    writer = QgsVectorFileWriter.create(
        str(path),
        fields,
        getattr(QgsWkbTypes.Type, geometry),
        QgsCoordinateReferenceSystem("EPSG:4490"),
        QgsCoordinateTransformContext(),
        options,
    )
    for said, shape in rows:
        feature = QgsFeature(fields)
        feature.setAttributes([said.get(name) for name in names])
        if shape:
            feature.setGeometry(QgsGeometry.fromWkt(shape))
        writer.addFeature(feature)
    del writer
