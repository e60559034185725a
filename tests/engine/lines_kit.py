"""Lines for tests: straight ones in metres about a place, and the slow ways that the quick ones are held to."""

from __future__ import annotations

import numpy as np
import pyproj
import shapely

GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)
LON, LAT = 110.0, 35.0
LOCAL = pyproj.Transformer.from_pipeline(
    f"+proj=pipeline +step +inv +proj=aeqd +lat_0={LAT} +lon_0={LON} +a=6378137 +rf=298.257222101 "
    "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


def line(*metres):
    """A line through places given in metres east and north of the test place."""
    return shapely.LineString(np.column_stack(LOCAL.transform(*np.array(metres, float).T)))


def polygon(*metres):
    return shapely.Polygon(line(*metres, metres[0]))


def place(x, y):
    return LOCAL.transform(float(x), float(y))


def walk(geometry, step_m=1.0):
    """Walk along a drawn line by steps of at most a metre: chainage at each end of a step, place of its middle."""
    ends, middles = [0.0], []
    for part in shapely.get_parts(geometry):
        xy = shapely.get_coordinates(part)
        for a, b in zip(xy[:-1], xy[1:]):
            count = max(1, int(np.ceil(1.05 * GEOD.inv(*a, *b)[2] / step_m)))
            share = np.arange(count + 1)[:, None] / count
            way = a + share * (b - a)
            lengths = GEOD.inv(*way[:-1].T, *way[1:].T)[2]
            ends.extend(ends[-1] + np.cumsum(lengths))
            middles.append((way[:-1] + way[1:]) / 2)
    return np.array(ends), np.concatenate(middles)


def geodesic_m(middles, station):
    lon, lat = (np.full(len(middles), value) for value in station[:2])
    return GEOD.inv(*middles.T, lon, lat)[2]
