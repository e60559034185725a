"""The terrain of the radio benchmarks: one degree at one second, made up or read."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

SIDE = 3601
WEST, NORTH, PIXEL = 86.0, 28.0, 1 / 3600
FREQUENCY_GHZ, HEIGHT_M, RANGE_M = 2.6, 30.0, 10_000.0


def make_heights(seed: int = 4) -> np.ndarray:
    """Make a fractal of 2,500 m mean and 700 m standard deviation whose slopes are those of mountains."""
    rng = np.random.default_rng(seed)
    north, east = np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None]
    wave = np.hypot(north, east)
    power = np.maximum(wave, 1 / 1500) ** -2.2 * np.exp(-((8 * wave) ** 2))
    height = np.fft.irfft2(power * np.exp(2j * np.pi * rng.random(power.shape)), s=(SIDE, SIDE))
    return (2500 + 700 * height / height.std()).astype(np.float32)


def read_heights(path: Path) -> np.ndarray:
    """Read a .hgt tile and refine it to one second."""
    raw = np.fromfile(path, dtype=">i2")
    side = math.isqrt(raw.size)
    height = raw.reshape(side, side).astype(np.float32)
    height[height == -32768] = np.nan
    at = np.linspace(0, side - 1, SIDE)
    low = np.minimum(at.astype(int), side - 2)
    part = (at - low).astype(np.float32)
    height = height[low] * (1 - part)[:, None] + height[low + 1] * part[:, None]
    return height[:, low] * (1 - part) + height[:, low + 1] * part
