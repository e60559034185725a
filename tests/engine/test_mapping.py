import pytest
from xinji_planner.errors import InputError
from xinji_planner.layers.reading.headings import datum_in, match, place
from xinji_planner.layers.reading.mapping import check_complete, choose_pair, propose
from xinji_planner.layers.specs import SPECS

STATION, VILLAGE = SPECS["base_stations"], SPECS["villages"]


def fields(headings, spec=STATION, **options):
    mapping = propose(headings, spec, **options)
    return {name: headings[column] for name, column in mapping.fields.items()}


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("基站编号", "station_id"),
        (" 基 站 编 号 ", "station_id"),
        ("基站\n编号", "station_id"),
        ("【基站编号】", "station_id"),
        ("Site ID", "station_id"),
        ("站址编码", "site_id"),
        ("JZBH", "station_id"),
        ("天线挂高(m)", "antenna_height_m"),
        ("天线挂高（米）", "antenna_height_m"),
        ("频段（GHz）", "band_mhz"),
        ("频段GHz", "band_mhz"),
        ("ＥＩＲＰ", "eirp_dbm"),
        ("运营商*", "operator"),
        ("代维单位", None),
    ],
)
def test_a_heading_is_matched_in_any_spelling(heading, name):
    found = fields([heading])
    assert list(found) == ([name] if name else [])


def test_a_heading_of_two_meanings_serves_the_required_field_where_nothing_else_does():
    assert fields(["Site ID"]) == {"station_id": "Site ID"}
    assert fields(["Site ID", "基站编号"]) == {"station_id": "基站编号", "site_id": "Site ID"}


def test_the_unit_of_a_heading_is_kept():
    assert propose(["频段(GHz)"], STATION).units == {"band_mhz": "ghz"}
    assert match("人口（万人）", VILLAGE.field("population")) == (0, "万人")


def test_the_clearest_heading_wins_and_the_other_is_left_and_listed():
    headings = ["ID", "基站编号", "名称", "基站名称"]
    assert fields(headings) == {"station_id": "基站编号", "name": "基站名称"}
    assert propose(headings, STATION).unmapped() == ["ID", "名称"]


def test_an_empty_column_does_not_win_over_a_filled_one():
    assert fields(["基站编号", "站号"], empty=[True, False])["station_id"] == "站号"


@pytest.mark.parametrize(
    ("heading", "axis", "datum"),
    [
        ("经度", "lon", ""),
        ("东经", "lon", ""),
        ("GPS纬度", "lat", ""),
        ("LAT", "lat", ""),
        ("lng_gcj02", "lon", "gcj02"),
        ("纬度（WG84）", "lat", "wgs84"),
        ("经度84", "lon", "wgs84"),
        ("WGS-84经度", "lon", "wgs84"),
        ("X坐标(CGCS2000)", "lon", "cgcs2000"),
        ("经度(国家2000)", "lon", "cgcs2000"),
        ("高德经度", "lon", "gcj02"),
        ("腾讯纬度", "lat", "gcj02"),
        ("火星坐标经度", "lon", "gcj02"),
        ("百度经度", "lon", "bd09"),
        ("纬度_BD09", "lat", "bd09"),
    ],
)
def test_a_coordinate_heading_tells_axis_and_datum(heading, axis, datum):
    found = place(heading)
    assert (found.axis, found.datum) == (axis, datum)


@pytest.mark.parametrize("heading", ["起点经度", "终点纬度", "方位角", "年份", "2000年人口", ""])
def test_other_headings_are_no_coordinates(heading):
    assert place(heading) is None


def test_the_pair_with_the_stated_datum_is_taken():
    mapping = propose(["经度", "纬度", "经度_GCJ02", "纬度_GCJ02", "经度_WGS84", "纬度_WGS84"], STATION)
    assert len(mapping.pairs) == 3
    assert choose_pair(mapping, "auto").datum == "wgs84"
    assert choose_pair(mapping, "cgcs2000").datum == "wgs84"
    assert choose_pair(mapping, "gcj02").datum == "gcj02"
    assert choose_pair(mapping, "bd09").datum == ""


def test_axes_of_different_datums_are_not_paired():
    assert propose(["经度_GCJ02", "纬度_WGS84"], STATION).pairs == ()


def test_the_mapping_file_overrides_leaves_out_and_names_coordinates():
    headings = ["基站编号", "旧编号", "X", "Y", "经度", "纬度"]
    told = {"旧编号": "station_id", "基站编号": None, "X": "lon", "Y": "lat"}
    mapping = propose(headings, STATION, told)
    assert mapping.as_json(mapping.pairs[0]) == {"旧编号": "station_id", "X": "lon", "Y": "lat"}
    assert mapping.pair_is_chosen


@pytest.mark.parametrize(
    "told",
    [
        {"没有": "name"},
        {"基站编号": "nosuch"},
        {"基站编号": "name", "站名": "name"},
        {"=1": "lon"},
        {"基站编号": "uuid"},
    ],
)
def test_a_mapping_that_cannot_be_followed_is_refused(told):
    with pytest.raises(InputError) as refusal:
        propose(["基站编号", "站名"], STATION, told)
    assert refusal.value.faults


def test_every_missing_required_field_is_told_at_once_with_the_headings_known():
    headings = ["甲", *(f"列{number}" for number in range(50))]
    with pytest.raises(InputError) as refusal:
        check_complete(propose(headings, STATION), STATION, "a.csv")
    assert [fault.field for fault in refusal.value.faults] == ["station_id", "operator", "technology", "status"]
    assert "站点编号" in refusal.value.faults[0].remedy.zh
    assert "共 51 列" in refusal.value.message.zh
    assert '"甲": "station_id"' in refusal.value.remedy.en


def test_a_file_name_is_only_a_hint():
    assert datum_in("阿里行政村_GCJ02_GBK") == "gcj02"
    assert datum_in("边界_WGS84") == "wgs84"
    assert datum_in("2000年人口") == ""


def test_no_two_fields_of_a_layer_share_their_own_names():
    for spec in SPECS.values():
        for item in spec.fields[1:-2]:
            assert fields([item.label.zh], spec) == {item.name: item.label.zh}, spec.name
