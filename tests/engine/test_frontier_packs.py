"""What packs and flags decide on a scoreboard: gigabit fibre, thresholds of the scored pack, radii, backhaul."""

import re
from pathlib import Path

import geopandas
import openpyxl
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from xinji_planner.engine.executor import run_job

ORIGIN = (108.0, 22.0)
GEOD = pyproj.Geod(ellps="GRS80")
VILLAGE = "450602100201"


def at(metres):
    """Give the place that lies so many metres east of the stations."""
    lon, lat, _ = GEOD.fwd(*ORIGIN, 90.0, metres)
    return shapely.Point(lon, lat)


def write(folder, name, rows, shapes):
    path = folder / f"{name}.gpkg"
    geopandas.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs=4490).to_file(path, layer=name)
    return str(path)


def squares(count):
    """Give squares beside each other from 0.1 degrees west of the origin on."""
    west, south = ORIGIN[0] - 0.1, ORIGIN[1] - 0.1
    return [shapely.box(west + 0.2 * k, south, west + 0.2 * (k + 1), south + 0.2) for k in range(count)]


@pytest.fixture
def scored(tmp_path):
    """Score layers given as rows with the metres east of the stations."""
    count = iter(range(100))

    def run(pack, stations=(("4G", 0.0),), counties=("450602",), towns=(), own=None, **layers):
        folder = tmp_path / str(next(count))
        folder.mkdir()
        rows = [
            {"station_id": f"S{k}", "operator": "CMCC", "technology": name, "band_mhz": 900, "antenna_height_m": 40,
             "status": "existing"}
            for k, (name, _) in enumerate(stations)
        ]  # fmt: skip
        given = {"base_stations": write(folder, "base_stations", rows, [at(m) for _, m in stations])}
        units = [{"code": code, "name": f"县{code}", "level": "county", "gigabit": None} for code in counties]
        units += [{"code": code, "name": f"乡{code}", "level": "town", "gigabit": flag} for code, flag in towns]
        shapes = [*squares(len(counties)), *squares(len(towns))]
        units = [{**unit, **layers.get("county_rows", {}).get(unit["code"], {})} for unit in units]
        given["admin_units"] = write(folder, "admin_units", units, shapes)
        for name in ("villages", "places"):
            if layers.get(name):
                rows = [{key: value for key, value in row.items() if key != "m"} for row in layers[name]]
                given[name] = write(folder, name, rows, [at(row["m"]) for row in layers[name]])
        if own:
            (folder / "own").mkdir()
            (folder / "own" / "本院.toml").write_text(own, encoding="utf-8")
            given["own_packs"] = str(folder / "own")
        done = run_job("frontier_scoreboard", {"pack": pack, **given}, folder / "r")
        items = pyogrio.read_dataframe(done.outputs["frontier_item"], layer="frontier_item")
        return items.set_index(["rule_id", "item_id"]), done

    return run


def seat(number, m, gigabit=None):
    return {"place_id": number, "name": f"{number}镇人民政府", "kind": "township_seat", "gigabit": gigabit, "m": m}


def test_gigabit_fibre_goes_by_its_flag_and_an_empty_flag_is_never_a_no(scored):
    codes = ("450602", "450603", "450604")
    flags = {"450602": {"gigabit": "是"}, "450603": {"gigabit": "否"}, "450604": {"gigabit": None}}
    items, done = scored("frontier-2025", counties=codes, county_rows=flags)
    own = items.loc["N11.county_town_fibre"]
    assert own["state"].to_dict() == {"450602": "met", "450603": "not_met", "450604": "cannot_tell"}
    assert own["reason"].dropna().to_dict() == {"450603": "no_gigabit", "450604": "gigabit_unknown"}
    row = next(r for r in done.summary["score"] if (r["rule_id"], r["county_code"]) == ("N11.county_town_fibre", "all"))
    assert (row["met"], row["not_met"], row["cannot_tell"], row["ratio_percent"]) == (1, 1, 1, 50.0)


def test_of_a_township_its_seat_speaks_before_its_town(scored):
    towns = (("450602100", "否"), ("450602101", "是"), ("450602102", None))
    places = [seat("A", 0.0, "是"), seat("B", 21000.0), seat("C", 42000.0)]
    items, _ = scored("frontier-2025", counties=("450602", "450603", "450604"), towns=towns, places=places)
    assert items.loc["N11.township_fibre"]["state"].to_dict() == {"A": "met", "B": "met", "C": "cannot_tell"}


def test_a_village_with_gigabit_fibre_has_broadband_without_any_signal(scored):
    villages = [
        {"village_code": VILLAGE, "village_name": "一村", "gigabit": "是", "m": 9000.0},
        {"village_code": "450602100202", "village_name": "二村", "gigabit": "否", "m": 9100.0},
    ]
    items, _ = scored("frontier-2025", stations=(("4G", 0.0), ("5G", 0.0)), villages=villages)
    own = items.loc["N11.village_broadband"]
    # no gigabit does not mean no fibre at all
    assert own["state"].to_dict() == {VILLAGE: "met", "450602100202": "cannot_tell"}


def change(base, rule, value):
    return f'[pack]\nbase = "{base}"\n\n[[rule]]\nid = "{rule}"\nvalue = {value}\nreason = "本省口径"\n'


@pytest.mark.parametrize("base", ["universal-service-4g", "village_reach"])
def test_villages_are_judged_by_the_thresholds_of_the_scored_pack_and_of_the_planners_own(scored, base):
    villages = [{"village_code": VILLAGE, "village_name": "一村", "m": 5500.0}]
    rule = ("N07.village_4g", VILLAGE)
    items, _ = scored("universal-service-4g", villages=villages)
    assert items.loc[rule, "state"] == "not_met"
    items, done = scored("universal-service-4g", villages=villages, own=change(base, "N07.distance", 6000))
    assert items.loc[rule, "state"] == "met"
    page = Path(done.outputs["report"]).read_text(encoding="utf-8")
    assert "本省口径" in page and "6000" in page.replace(",", "")


def test_an_own_radius_changes_the_scoreboard_and_is_cited(scored):
    villages = [{"village_code": VILLAGE, "village_name": "一村", "m": 5500.0}]
    own = (
        '[pack]\nbase = "signal_radius"\n\n[[radius]]\ntechnology = "4G"\nband_mhz_min = 800\nband_mhz_max = 960\n'
        'antenna_height_min_m = 30\nradius_m = 6000\nreason = "路测拟合"\n'
    )
    items, done = scored("universal-service-4g", villages=villages, own=own)
    assert items.loc[("N07.village_4g", VILLAGE), "state"] == "met"
    assert "路测拟合" in (Path(done.folder) / "run.json").read_text(encoding="utf-8")


def post(number, m, backhaul):
    return {"place_id": number, "name": f"哨所{number}", "kind": "border_institution", "backhaul": backhaul, "m": m}


def test_institutions_are_told_by_backhaul_in_score_layer_and_report_alike(scored):
    places = [
        *(post("A", 100.0, "光纤"), post("B", 9000.0, "光纤"), post("C", 9000.0, "微波")),
        *(post("D", 9000.0, "卫星"), post("E", 9000.0, None), post("F", 100.0, None)),
    ]
    items, done = scored("frontier-2025", stations=(("4G", 0.0), ("5G", 0.0)), places=places)
    rule = "N11.institution_broadband"
    assert items.loc[rule]["state"].to_dict() == {
        **{"A": "met", "B": "met", "C": "not_met"},
        **{"D": "not_met", "E": "cannot_tell", "F": "met"},
    }
    ways = pyogrio.read_dataframe(done.outputs["frontier_item"], layer="frontier_backhaul")
    ways = ways[(ways["rule_id"] == rule) & (ways["county_code"] == "all")].set_index("backhaul")
    told = {way: tuple(row[["in_scope", "met", "not_met", "cannot_tell"]]) for way, row in ways.iterrows()}
    assert told == {
        "fibre": (2, 2, 0, 0),
        "microwave": (1, 0, 1, 0),
        "satellite": (1, 0, 1, 0),
        "not_stated": (2, 1, 0, 1),
    }
    page = Path(done.outputs["report"]).read_text(encoding="utf-8").partition("海岛和边境机构的传输方式</span>")[2]
    for word, way in (("光纤", "fibre"), ("微波", "microwave"), ("卫星", "satellite"), ("未注明", "not_stated")):
        line = next(part for part in page.split("<tr>") if f">{word}<" in part)
        assert tuple(map(int, re.findall(r'<td class="number">(\d+)</td>', line))) == told[way]
    table = pd.read_csv(done.outputs["frontier_score"], encoding="utf-8-sig").set_index(["规则", "县名称"])
    row = table.loc[(rule, "合计")]
    assert [row[f"传输方式：{word}"] for word in ("光纤", "微波", "卫星", "无", "未注明")] == [2, 1, 1, 0, 2]
    assert pd.isna(table.loc[("N11.township_5g", "合计"), "传输方式：光纤"])  # of other classes nothing is said


def test_the_job_list_says_whose_values_nobody_verified_and_opens_as_a_sheet(scored):
    places = [post("A", 9000.0, "卫星"), post("B", 100.0, "光纤")]
    _, done = scored("frontier-2027", stations=(("5G", 0.0),), places=places)
    listed = pd.read_csv(done.outputs["job_list"], encoding="utf-8-sig").set_index("编号")
    assert listed.index.tolist() == ["A"]
    assert listed.loc["A", "规则状态"] == "已核实" and listed.loc["A", "提示"] == "覆盖半径未核实"
    assert listed.loc["A", "距基站（米）"] == pytest.approx(9000.0, abs=0.2)
    book = openpyxl.load_workbook(done.outputs["job_sheet"])
    sheet = book.active
    assert sheet.title == "建设任务清单" and sheet.freeze_panes == "A2" and sheet.auto_filter.ref == sheet.dimensions
    for cells in sheet.iter_cols():
        width = sheet.column_dimensions[cells[0].column_letter].width
        assert width >= min(40, 2 * len(str(cells[0].value)))
