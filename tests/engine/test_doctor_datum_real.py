"""The datum of two real prefectures' villages, and of relabelled copies, by the real county polygons and town seats."""

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from xinji_planner.layers.datum import gcj02_to_wgs84
from xinji_planner.layers.doctor.references import References
from xinji_planner.tests.engine.datum_kit import as_text, known_points, verdict_of, village_table, written

FILES = {
    "ngari": ("阿里行政村_GCJ02_GBK.csv", "阿里县乡驻地_GCJ02.csv", "阿里县界_GCJ02.geojson", 107),
    "xiangxi": ("湘西行政村_GCJ02_GBK.csv", "湘西县乡驻地_GCJ02.csv", "湘西县界_GCJ02.geojson", 1405),
}
ZONES = {"ngari": ("EPSG:4515", "EPSG:4536"), "xiangxi": ("EPSG:4525", "EPSG:4546")}


class Prefecture:
    """What is known of a prefecture in true coordinates, and its villages."""

    def __init__(self, folder, name):
        villages, seats, counties, self.count = FILES[name]
        self.name, self.file = name, villages
        frame = pd.read_csv(folder / name / villages, encoding="gb18030", dtype=str).dropna(subset="经度")
        self.codes = as_text(frame["行政村代码"])
        self.lon, self.lat = gcj02_to_wgs84(frame["经度"].to_numpy(float), frame["纬度"].to_numpy(float))
        meta, _, shapes, columns = pyogrio.raw.read(folder / name / counties)
        units = shapely.transform(shapely.from_wkb(shapes), lambda xy: np.column_stack(gcj02_to_wgs84(*xy.T)))
        cells = dict(zip(meta["fields"], columns))
        self.counties = References(as_text(cells["行政区代码"]), as_text(cells["行政区名称"]), units)
        seat = pd.read_csv(folder / name / seats, dtype={"code": str})
        places = gcj02_to_wgs84(seat["lng_gcj02"].to_numpy(float), seat["lat_gcj02"].to_numpy(float))
        self.seats = References(points=(known_points("places", as_text(seat["code"]), *places),))
        self.both = References(*(getattr(self.counties, f"unit_{key}") for key in ("codes", "names")), units,
                               self.seats.points)  # fmt: skip

    def verdict(self, kind, known, rows=slice(None), name="村.csv"):
        x, y = written(self.lon[rows], self.lat[rows], kind)
        return verdict_of(village_table(self.codes[rows], x, y, name=name), known)


@pytest.fixture(scope="module", params=sorted(FILES))
def prefecture(request, shared_data):
    return Prefecture(shared_data, request.param)


@pytest.fixture(scope="module")
def xiangxi(shared_data):
    return Prefecture(shared_data, "xiangxi")


def test_the_villages_as_they_are_diagnosed_as_gcj02_with_the_residual_before_and_after(prefecture):
    for known in (prefecture.counties, prefecture.both):
        verdict = prefecture.verdict("gcj02", known, name=prefecture.file)
        assert verdict.decision == "gcj02"
        assert verdict.after_m == 0
        assert verdict.before_m > 100
        assert verdict.best.share_inside == 1
        assert verdict.best.rows_judged == prefecture.count
        # In Ngari one village of 107 tells: it takes the file's name to call it GCJ-02, and the verdict says so.
        assert verdict.by_name == (prefecture.name == "ngari")
        assert (verdict.confidence >= 0.99) == (prefecture.name == "xiangxi")


def test_copies_of_the_villages_in_another_zone_or_order_are_told(prefecture):
    for zone in ZONES[prefecture.name]:
        verdict = prefecture.verdict(zone, prefecture.counties)
        assert verdict.decision == zone
        assert verdict.before_m > 100_000
    assert prefecture.verdict("swapped_wgs84", prefecture.counties).swapped


def test_copies_on_another_datum_are_told_where_villages_lie_near_the_outlines(xiangxi):
    for known in (xiangxi.counties, xiangxi.seats, xiangxi.both):
        for kind in ("wgs84", "gcj02", "bd09", "swapped_wgs84"):
            assert xiangxi.verdict(kind, known, name=xiangxi.file).decision == kind
            assert xiangxi.verdict(kind, known).confidence > 0.99


def test_ngari_copies_cannot_be_told_for_no_village_lies_near_an_outline(shared_data):
    ngari = Prefecture(shared_data, "ngari")
    for kind in ("wgs84", "bd09"):
        verdict = ngari.verdict(kind, ngari.counties, name=ngari.file)
        assert verdict.decision == ""
        assert "无法判定" in verdict.why.zh


def test_no_random_subset_is_told_wrongly(prefecture):
    rng = np.random.default_rng(7)
    told = {}
    for turn in range(18):
        size = min(int(10 ** rng.uniform(1, 3)), prefecture.count)
        rows = np.sort(rng.choice(prefecture.count, size, replace=False))
        known = (prefecture.counties, prefecture.seats, prefecture.both)[turn % 3]
        for kind in ("wgs84", "gcj02", "bd09"):
            decision = prefecture.verdict(kind, known, rows).decision
            assert decision in ("", kind), (kind, size)
            told[kind] = told.get(kind, 0) + bool(decision)
    if prefecture.name == "xiangxi":
        assert min(told.values()) >= 2
