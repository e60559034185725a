"""Metres: north before east, a wrong zone number, a .prj of another zone; and degrees that only look like metres."""

import geopandas
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from xinji_planner.errors import InputError
from xinji_planner.layers.datum import degrees_power, metres_turned, zone_hint
from xinji_planner.layers.doctor.diagnosis import Known, Orders, examine
from xinji_planner.layers.doctor.references import References
from xinji_planner.layers.findings.treatments import Treatments
from xinji_planner.layers.sources.read import read_source
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.zones import number_of, with_number, zone_key
from xinji_planner.tests.engine.datum_kit import (
    as_text,
    counties,
    known_points,
    table,
    verdict_of,
    village_table,
    written,
)
from xinji_planner.tests.engine.datum_kit import villages as some_villages

COUNT = 60
CODES, LON, LAT = some_villages(COUNT)
# No station stands in a village; only the region is the same.
VILLAGES = References(points=(known_points("villages", CODES, LON[::-1] + 0.03, LAT + 0.02),))
NOTHING_KNOWN = References()
SWAP, HOLD = Treatments({"swapped": "apply"}), Treatments({"wrong_zone": "keep"})


def stations(x, y, heads=("X", "Y")):
    """Give a list of stations that names no village and no county."""
    cells = {
        "基站编号": [f"B{at:04d}" for at in range(len(x))],
        "基站名称": [f"站{at}" for at in range(len(x))],
        "运营商": ["移动"] * len(x),
        "制式": ["5G"] * len(x),
        "状态": ["在网"] * len(x),
    }
    return table([*cells, *heads], [*map(as_text, cells.values()), as_text(x), as_text(y)], "站.csv")


def north_first(zone="EPSG:4546"):
    east, north = written(LON, LAT, zone)
    return stations(north, east)


def numbered(number):
    """Give villages in zone 37 with some number before their eastings."""
    east, north = written(LON, LAT, "EPSG:4546")
    return village_table(CODES, as_text(f"{number}{float(x):09.2f}" for x in east), north)


def looked_at(
    raw, known=NOTHING_KNOWN, kind="base_stations", datum="auto", columns=None, treatments=None, strict=False
):
    orders = Orders(datum, columns, treatments or Treatments())
    return examine(raw, SPECS[kind], Known(known), orders, strict=strict)


def places(found):
    shapes = found.converted.table.geometry
    return shapely.get_x(shapes), shapely.get_y(shapes)


def in_place(found):
    lon, lat = places(found)
    return len(lon) == COUNT and np.allclose(lon, LON, atol=1e-6) and np.allclose(lat, LAT, atol=1e-6)


def codes(found):
    return {block.code: block.grave for block in found.findings if block.grave != "informs"}


@pytest.mark.parametrize("zone", ["EPSG:4546", "EPSG:4525", "EPSG:4508"])
def test_north_before_east_is_refused_in_every_workspace_and_exchanged_on_order(zone):
    for known in (NOTHING_KNOWN, VILLAGES):
        with pytest.raises(InputError, match="颠倒") as refusal:
            looked_at(north_first(zone), known, datum=zone, strict=True)
        assert '{"X": "lat", "Y": "lon"}' in refusal.value.remedy.zh
        assert "swapped=apply" in refusal.value.remedy.zh
        found = looked_at(north_first(zone), known, datum=zone, treatments=SWAP, strict=True)
        assert in_place(found)
        assert codes(found)["swapped_file"] == "warns"
        assert found.findings.counts()["swapped"] == COUNT
        assert set(found.converted.changes["original"]) >= {
            f"{north}, {east}" for east, north in zip(*written(LON, LAT, zone))
        }
        mapped = looked_at(north_first(zone), known, datum=zone, columns={"X": "lat", "Y": "lon"}, strict=True)
        assert in_place(mapped)
        assert not {"swapped", "swapped_file"} & set(codes(mapped))


def test_north_before_east_is_named_by_a_diagnosis_that_examines_the_rows_where_they_belong():
    found = looked_at(north_first())
    assert codes(found)["swapped_file"] == "blocks"
    assert "--datum EPSG:n" in found.refusals[0].remedy.en
    found = looked_at(north_first(), datum="EPSG:4546")
    assert codes(found) == {"swapped_file": "blocks"}
    assert in_place(found)
    found = looked_at(north_first(), VILLAGES)
    assert "--datum EPSG:4546" in found.refusals[0].remedy.zh
    assert in_place(found)


def test_rows_of_a_village_list_with_north_first_lie_in_their_counties_under_diagnosis():
    east, north = written(LON, LAT, "EPSG:4546")
    found = looked_at(village_table(CODES, north, east), counties(), "villages")
    assert found.verdict.decision == "swapped_EPSG:4546"
    assert found.converted.rows_out == COUNT
    assert codes(found) == {"swapped_file": "blocks"}


def test_single_rows_with_north_first_are_set_aside_with_the_proposal():
    east, north = written(LON, LAT, "EPSG:4546")
    east[7], north[7] = north[7], east[7]
    found = looked_at(stations(east, north), datum="EPSG:4546", strict=True)
    assert found.converted.rows_out == COUNT - 1
    (block,) = [block for block in found.findings if block.code == "swapped"]
    assert block.at.tolist() == [7]
    assert in_place(looked_at(stations(east, north), datum="EPSG:4546", treatments=SWAP, strict=True))


@given(st.floats(73.5, 135), st.floats(9.2, 53.5), st.booleans())
def test_no_right_pair_of_metres_is_taken_for_an_exchanged_one(lon, lat, prefix):
    zone = max(25, round(lon / 3))
    turn = pyproj.Transformer.from_crs(4490, (4513 if prefix else 4534) + zone - 25, always_xy=True)
    x, y = (np.array([value]) for value in turn.transform(lon, lat))
    assert not metres_turned(x, y).any()
    assert metres_turned(y, x).all()


def test_a_layer_with_north_first_is_refused_and_exchanged_on_order():
    raw = stations(as_text(LON), as_text(LAT), ("a", "b"))
    east, north = written(LON, LAT, "EPSG:4546")
    raw.geometry, raw.crs = shapely.points(north.astype(float), east.astype(float)), pyproj.CRS(4546)
    with pytest.raises(InputError, match="颠倒"):
        looked_at(raw, strict=True)
    assert in_place(looked_at(raw))
    assert in_place(looked_at(raw, treatments=SWAP, strict=True))


def test_a_wrong_zone_number_is_left_out_where_the_evidence_says_so():
    found = looked_at(numbered(38), counties(), "villages")
    assert codes(found)["wrong_zone"] == "blocks"
    assert "zone_not_stated" not in codes(found)
    assert "--datum EPSG:4525" in found.refusals[0].remedy.zh
    assert in_place(found)
    found = looked_at(numbered(38), counties(), "villages", datum="EPSG:4525", strict=True)
    assert in_place(found)
    assert any("带号 38" in notice.zh for notice in found.decision.notices)
    assert codes(found)["wrong_zone"] == "warns"
    with pytest.raises(InputError, match="不符") as refusal:
        looked_at(numbered(38), counties(), "villages", datum="EPSG:4526", strict=True)
    assert "--datum EPSG:4525" in refusal.value.remedy.en


def test_a_wrong_zone_number_is_left_out_without_evidence_only_where_the_planner_insists():
    with pytest.raises(InputError, match="之外") as refusal:
        looked_at(numbered(38), kind="villages", datum="EPSG:4525", strict=True)
    assert "wrong_zone=keep" in refusal.value.remedy.zh
    found = looked_at(numbered(38), kind="villages", datum="EPSG:4525", treatments=HOLD, strict=True)
    assert in_place(found)
    assert codes(found)["wrong_zone"] == "warns"


def test_the_zone_of_the_same_meridian_is_taken_with_its_number_or_without():
    for raw, datum in ((numbered(37), "EPSG:4546"), (numbered(""), "EPSG:4525"), (numbered(19), "EPSG:4525")):
        assert in_place(looked_at(raw, kind="villages", datum=datum, strict=True))


def test_the_same_projection_with_another_number_keeps_its_meridian_and_strip():
    crs = with_number(pyproj.CRS(4525), 38)
    assert (number_of(crs), zone_key(crs)[0]) == (38, 111)
    assert crs.area_of_use.bounds == pyproj.CRS(4525).area_of_use.bounds


def shapefile(folder, crs, said):
    frame = geopandas.GeoDataFrame({"id": [f"B{at}" for at in range(COUNT)]}, geometry=shapely.points(LON, LAT))
    frame = frame.set_crs(4490).to_crs(crs).set_crs(said, allow_override=True)
    folder.mkdir()
    frame.to_file(folder / "站.shp", encoding="utf-8")
    return folder / "站.shp"


def test_a_prj_of_another_zone_than_the_eastings_say_is_a_lie_that_stops_the_import(tmp_path):
    columns = {"id": "station_id", "=移动": "operator", "=5G": "technology", "=现状": "status"}
    raw = read_source(shapefile(tmp_path / "a", 4525, 4526))
    (block,) = [block for block in raw.findings if block.code == "lying_prj"]
    assert block.grave == "blocks"
    assert "37" in block.why[0].zh
    with pytest.raises(InputError, match="矛盾") as refusal:
        looked_at(raw, columns=columns, strict=True)
    assert "--datum EPSG:4525" in refusal.value.remedy.zh
    assert in_place(looked_at(raw, columns=columns, datum="EPSG:4525", strict=True))
    assert "lying_prj" not in read_source(shapefile(tmp_path / "b", 4525, 4525)).findings.counts()


def test_a_prj_one_zone_off_is_told_by_what_lies_in_the_other_and_by_nothing_else(tmp_path):
    columns = {"id": "station_id", "=移动": "operator", "=5G": "technology", "=现状": "status"}
    wrong = read_source(shapefile(tmp_path / "a", 4546, 4547))
    with pytest.raises(InputError, match="矛盾") as refusal:
        looked_at(wrong, VILLAGES, columns=columns, strict=True)
    assert "--datum EPSG:4546" in refusal.value.remedy.zh
    assert codes(looked_at(wrong, VILLAGES, columns=columns))["wrong_zone"] == "blocks"
    found = looked_at(wrong, VILLAGES, columns=columns, datum="EPSG:4547", strict=True)  # the planner's own word
    assert codes(found)["wrong_zone"] == "warns"
    assert in_place(looked_at(wrong, VILLAGES, columns=columns, datum="EPSG:4546", strict=True))
    right = read_source(shapefile(tmp_path / "b", 4546, 4546))
    for known in (NOTHING_KNOWN, VILLAGES, counties()):
        assert not {"warns", "blocks"} & set(codes(looked_at(right, known, columns=columns, strict=True)).values())
    assert looked_at(wrong, columns=columns, strict=True).verdict.decision == ""


def test_a_file_of_a_region_of_which_nothing_is_known_is_accused_of_nothing(tmp_path):
    far = References(points=(known_points("villages", CODES, LON + 1.5, LAT),))
    raw = stations(*written(LON, LAT, "EPSG:4546"))
    found = looked_at(raw, far, datum="EPSG:4546", strict=True)
    assert not {"wrong_zone", "datum_contradiction"} & set(codes(found))


@pytest.mark.parametrize(("prj", "code"), [("GARBAGE", "unreadable_prj"), (None, "no_prj")])
def test_a_prj_that_is_not_understood_is_told_apart_from_none(tmp_path, prj, code):
    path = shapefile(tmp_path / "a", 4490, 4490)
    path.with_suffix(".prj").unlink()
    if prj:
        path.with_suffix(".prj").write_text(prj)
    raw = read_source(path)
    assert {"unreadable_prj", "no_prj"} & set(raw.findings.counts()) == {code}
    words = looked_at(raw).refusals[-1].message.zh
    assert (".prj" in words) == bool(prj)


@pytest.mark.parametrize("power", [6, 7])
def test_degrees_without_their_decimal_point_are_no_metres_and_no_swapped_file(power):
    x, y = (as_text(f"{value * 10**power:.0f}" for value in axis) for axis in (LON, LAT))
    assert degrees_power(x.astype(float), y.astype(float)) == power
    assert zone_hint(x.astype(float), y.astype(float)) == ""
    raw = stations(x, y, ("经度WGS84", "纬度WGS84"))
    found = looked_at(raw)
    assert codes(found) == {"scaled": "blocks"}
    assert in_place(looked_at(raw, treatments=Treatments({"scaled": "apply"}), strict=True))
    bare = looked_at(stations(x, y, ("经度", "纬度")))
    assert "swapped_file" not in codes(bare)
    assert "米" not in bare.refusals[0].message.zh


def test_the_extent_of_china_alone_decides_on_no_zone():
    east, north = written(LON, LAT, "EPSG:4546")
    lonely = References(roads=np.array([shapely.LineString([(109, 28), (109.01, 28)])], dtype=object))
    assert verdict_of(village_table(CODES, east, north), lonely).decision == ""


def pairs(first, second, labels):
    x, y = written(LON, LAT, second)
    more = {f"{labels[1][0]}": x, f"{labels[1][1]}": y}
    raw = village_table(CODES, *written(LON, LAT, first), **more)
    raw.headings[2:4] = labels[0]
    return raw


def test_a_pair_labelled_bd09_that_lies_from_the_other_as_gcj02_does_is_named():
    raw = pairs("gcj02", "wgs84", (("百度经度", "百度纬度"), ("GPS经度", "GPS纬度")))
    (check,) = verdict_of(raw, NOTHING_KNOWN).pairs
    assert not check.agrees
    assert "就是 GCJ-02，而不是所标的 BD-09" in check.why.zh
    assert codes(looked_at(raw, kind="villages"))["pair_disagrees"] == "warns"
    (check,) = verdict_of(
        pairs("bd09", "wgs84", (("百度经度", "百度纬度"), ("GPS经度", "GPS纬度"))), NOTHING_KNOWN
    ).pairs
    assert check.agrees


def test_a_copy_of_a_pair_confirms_nothing():
    raw = pairs("gcj02", "gcj02", (("经度", "纬度"), ("经度(WGS84)", "纬度(WGS84)")))
    found = looked_at(raw, kind="villages")
    assert codes(found)["pair_disagrees"] == "warns"
    assert "datum_confirmed" not in codes(found)
    assert verdict_of(raw, NOTHING_KNOWN, stated="gcj02").decision == ""
    both_true = pairs("wgs84", "wgs84", (("经度(CGCS2000)", "纬度(CGCS2000)"), ("经度(WGS84)", "纬度(WGS84)")))
    assert verdict_of(both_true, NOTHING_KNOWN).pairs == ()
