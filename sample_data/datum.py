"""Shift true coordinates to the datums in which operators keep them (the public GCJ-02 and BD-09 formulas)."""

from __future__ import annotations

import math

SEMI_MAJOR_AXIS_M = 6378245.0  # Krasovsky 1940, as the GCJ-02 formula has it
ECCENTRICITY_SQUARED = 0.00669342162296594323
BD09_TWIST = math.pi * 3000.0 / 180.0


def gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Give GCJ-02 longitude and latitude in degrees for a true point (WGS 84 or CGCS2000)."""
    x, y = lon - 105.0, lat - 35.0
    waves = (20 * math.sin(6 * math.pi * x) + 20 * math.sin(2 * math.pi * x)) * 2 / 3
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    north_m += (20 * math.sin(math.pi * y) + 40 * math.sin(math.pi * y / 3)) * 2 / 3
    north_m += (160 * math.sin(math.pi * y / 12) + 320 * math.sin(math.pi * y / 30)) * 2 / 3
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    east_m += (20 * math.sin(math.pi * x) + 40 * math.sin(math.pi * x / 3)) * 2 / 3
    east_m += (150 * math.sin(math.pi * x / 12) + 300 * math.sin(math.pi * x / 30)) * 2 / 3
    phi = math.radians(lat)
    w = 1 - ECCENTRICITY_SQUARED * math.sin(phi) ** 2
    meridian_m = SEMI_MAJOR_AXIS_M * (1 - ECCENTRICITY_SQUARED) / w**1.5
    parallel_m = SEMI_MAJOR_AXIS_M / math.sqrt(w) * math.cos(phi)
    return lon + math.degrees(east_m / parallel_m), lat + math.degrees(north_m / meridian_m)


def bd09(lon: float, lat: float) -> tuple[float, float]:
    """Give BD-09 longitude and latitude in degrees for a true point (WGS 84 or CGCS2000)."""
    x, y = gcj02(lon, lat)
    radius = math.hypot(x, y) + 0.00002 * math.sin(y * BD09_TWIST)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * BD09_TWIST)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006
