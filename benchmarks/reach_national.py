"""Village reach at national size, side by side with its peers in one run; see docs/performance.md for results.

``python benchmarks/reach_national.py [--scale 0.01|0.1|1]`` prints a Markdown table. The case is synthetic and seeded:
villages and stations lie around county seats as they do in China, each station has a radius of its own from the bands
3.5, 2.6 and 0.7 GHz. Everything that is compared runs in this process on the same arrays; peak memory is measured in a
fresh process each.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]

VILLAGES, STATIONS, SEATS = 490_000, 4_250_000, 3_000
SEED = 20261120
KM_PER_DEGREE = 111.2
# Where people live: longitude, latitude, spread in degrees, share of the county seats.
REGIONS = np.array(
    [
        (126.0, 45.0, 2.5, 0.09), (115.5, 36.0, 2.2, 0.25), (119.5, 31.0, 1.8, 0.16), (113.0, 28.0, 2.2, 0.15),
        (112.5, 23.5, 1.8, 0.10), (105.0, 30.0, 1.8, 0.13), (103.0, 25.5, 2.0, 0.07), (100.0, 37.0, 6.0, 0.05),
    ]
)  # fmt: skip
# Radius in metres by band (3.5, 2.6, 0.7 GHz), and the share of bands around a seat and in the country.
BANDS_M = np.array([(360.0, 800.0), (800.0, 2500.0), (2500.0, 6000.0)])
URBAN, RURAL = (0.55, 0.35, 0.10), (0.15, 0.45, 0.40)
GOALS = {"any": 40.0, "nearest": 4.0, "memory": 2.0, "whole": 2.0}


class Case(NamedTuple):
    """Villages and stations: degrees, and metres for the radius."""

    village_lon: npt.NDArray[np.float64]
    village_lat: npt.NDArray[np.float64]
    station_lon: npt.NDArray[np.float64]
    station_lat: npt.NDArray[np.float64]
    radius_m: npt.NDArray[np.float64]


def register_package() -> None:
    """Make ``xinji_planner`` importable from this clone, as tests/conftest.py does."""
    spec = importlib.util.spec_from_file_location("xinji_bootstrap", ROOT / "engine" / "package.py")
    assert spec is not None and spec.loader is not None
    bootstrap = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bootstrap)
    bootstrap.register()


def national_case(scale: float, seed: int = SEED) -> Case:
    """Make the case; the number of seats scales too, so that density stays true."""
    rng = np.random.default_rng(seed)
    n, m, k = (max(10, round(size * scale)) for size in (VILLAGES, STATIONS, SEATS))
    region = REGIONS[rng.choice(len(REGIONS), k, p=REGIONS[:, 3])]
    seats = region[:, :2] + rng.normal(size=(k, 2)) * region[:, 2:3]
    people = 1.0 / rng.permutation(np.arange(1, k + 1)) ** 0.7
    people /= people.sum()

    def clipped(places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.clip(places, (73.6, 18.2), (134.7, 53.5))

    # Five villages in six lie in the settled part of a county, the rest far out; half of those have no station near.
    far = np.arange(n) >= n * 5 // 6
    villages = clipped(
        seats[rng.integers(0, k, n)] + rng.normal(size=(n, 2)) * np.where(far, 0.7, 0.18)[:, None]
    )
    served = n * 11 // 12

    urban = rng.random(m) < 0.5
    seat = rng.choice(k, m, p=people)
    city = seats[seat] + rng.normal(size=(m, 2)) * (0.015 + 1.2 * np.sqrt(people[seat] / k**0.5))[:, None]
    # In the country most stations stand near a village, some along roads between the counties' villages.
    offset_km = np.where(rng.random(m) < 0.85, 1.2, 15.0) * rng.exponential(size=m)
    bearing = rng.uniform(0, 2 * np.pi, m)
    step = np.column_stack((np.cos(bearing), np.sin(bearing))) * (offset_km / KM_PER_DEGREE)[:, None]
    country = villages[rng.integers(0, served, m)] + step
    stations = clipped(np.where(urban[:, None], city, country))
    band = np.where(urban, rng.choice(3, m, p=URBAN), rng.choice(3, m, p=RURAL))
    low, high = BANDS_M[band].T
    radius = low + (high - low) * rng.random(m)
    mixed = rng.permutation(n)  # far villages must not stand together at the end
    villages = villages[mixed]
    return Case(*(np.ascontiguousarray(c) for c in (*villages.T, *stations.T, radius)))
