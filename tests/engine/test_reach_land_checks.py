"""Elevation data that cannot be right are named before anybody signs what rests on them."""

import numpy as np
from xinji_planner.analysis.radio import terrain
from xinji_planner.jobs.reach.land_checks import LandChecks

PIXEL = 1 / 1200
WEST, NORTH = 104.0, 23.6


def land(heights):
    return terrain(heights, WEST, NORTH, PIXEL, PIXEL)


def hills():
    return np.random.default_rng(1).uniform(300, 900, (200, 200)).astype(np.float32)


def checks(pairs):
    lon = np.array([WEST + column * PIXEL for _, column in pairs])
    lat = np.array([NORTH - row * PIXEL for row, _ in pairs])
    return LandChecks(lon, lat, [f"K{k}" for k in range(len(pairs))])


PLACES = [(50, 50), (60, 60), (150, 150)]


def said(heights, *, alone=False):
    found = checks(PLACES)
    found.look(None if heights is None else land(heights))
    return [words.zh for words in found.cautions(alone=alone)]


def test_real_land_raises_no_caution():
    assert said(hills()) == []


def test_elevation_data_that_touch_nothing_are_named_with_what_became_of_the_verdicts():
    assert "没有重叠" in said(None)[0] and "按距离推断" in said(None)[0]
    assert "无法判定" in said(None, alone=True)[0]
    assert "没有重叠" in said(np.full((200, 200), np.nan))[0]


def test_one_height_everywhere_is_no_terrain():
    assert "全部是 100 m" in said(np.full((200, 200), 100.0))[0]


def test_a_void_filled_with_zero_is_named_with_its_first_places():
    heights = hills()
    heights[40:70, 40:70] = 0
    words = said(heights)
    assert len(words) == 1 and "3 个基站和关键点中有 2 个" in words[0]
    assert "K0（104.04167, 23.55833）" in words[0] and "K2" not in words[0]


def test_a_lowland_by_the_sea_may_stand_on_zero():
    low = np.random.default_rng(2).integers(0, 12, (200, 200)).astype(np.float32)
    low[40:70, 40:70] = 0
    assert said(low) == []
