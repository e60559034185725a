"""Which sites are tried first on a tile: those that are received best there, not those that could be."""

import numpy as np
from xinji_planner.analysis.radio import Antenna, Propagation, Sector, terrain
from xinji_planner.analysis.radio.candidates import by_scouting, candidates
from xinji_planner.analysis.radio.lanes import cover_of, ground_of, workspace
from xinji_planner.analysis.radio.raster import most_steps, receivers_at
from xinji_planner.analysis.radio.sites import sites_of

RANGE_M = 10_000.0
LON, LAT = 110.02 + np.arange(32) * 3e-4, (29.98 - np.arange(32) * 3e-4)[:, None]


def ridge():
    """A plain with a wall of 300 m from north to south, just west of the receivers."""
    height = np.full((120, 120), 100.0)
    height[:, 20:22] = 400.0
    return terrain(height, 110.0, 30.0, 1 / 1200, 1 / 1200)


def order_of(ground, sectors, lon=LON, lat=LAT):
    model = Propagation()
    sites, there, land = sites_of(sectors, model), receivers_at(*np.broadcast_arrays(lon, lat)), ground_of(ground)
    found = candidates(sites, there, RANGE_M, model.under_free_space_db())
    room = workspace(most_steps(ground, RANGE_M))
    shape = np.broadcast_shapes(lon.shape, lat.shape)
    return found, by_scouting(found, there, shape, sites, land, room, cover_of(land), model.lower())


def test_a_station_behind_a_ridge_is_tried_after_one_that_is_seen_from_farther_away():
    behind, seen = Sector(110.008, 29.975, 20.0, 2.6, 25.0), Sector(110.065, 29.975, 20.0, 2.6, 25.0)
    found, scouted = order_of(ridge(), [behind, seen])
    assert found.site.tolist() == [0, 1]
    assert scouted.site.tolist() == [1, 0]
    assert scouted.scouted == 2


def test_a_station_that_looks_away_is_tried_after_one_that_looks_here():
    away = Sector(110.045, 29.975, 20.0, 2.6, 25.0, Antenna(90.0))
    here = Sector(110.06, 29.975, 20.0, 2.6, 25.0, Antenna(270.0))
    found, scouted = order_of(ridge(), [away, here])
    assert found.site.tolist() == [0, 1]
    assert scouted.site.tolist() == [1, 0]


def test_every_site_stays_with_the_most_that_it_could_give():
    rng = np.random.default_rng(3)
    sectors = [
        Sector(110.01 + rng.uniform(0, 0.07), 29.92 + rng.uniform(0, 0.07), 20.0, 2.6, float(rng.uniform(0, 40)))
        for _ in range(50)
    ]
    found, scouted = order_of(ridge(), sectors)
    assert 2 <= scouted.scouted < len(sectors)
    assert dict(zip(scouted.site.tolist(), scouted.most_dbm.tolist())) == dict(
        zip(found.site.tolist(), found.most_dbm.tolist())
    )
    assert (np.diff(scouted.most_dbm[scouted.scouted :]) <= 0).all()
    assert scouted.most_dbm[scouted.scouted :].max() <= scouted.most_dbm[: scouted.scouted].min()


def test_where_hardly_anyone_is_nothing_is_tried_beforehand():
    behind, seen = Sector(110.008, 29.975, 20.0, 2.6, 25.0), Sector(110.065, 29.975, 20.0, 2.6, 25.0)
    found, scouted = order_of(ridge(), [behind, seen], LON[:4], LAT[:4])
    assert scouted.site.tolist() == found.site.tolist()
    assert scouted.scouted == 0


def test_nothing_is_tried_beforehand_where_no_receiver_has_a_place():
    lon = np.where(np.arange(32) == 0, LON, np.nan)
    behind, seen = Sector(110.008, 29.975, 20.0, 2.6, 25.0), Sector(110.065, 29.975, 20.0, 2.6, 25.0)
    found, scouted = order_of(ridge(), [behind, seen], lon)
    assert scouted.site.tolist() == found.site.tolist()
