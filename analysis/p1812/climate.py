"""The atmosphere over a path: effective Earth radius and how often ducts occur (eq. 2 to 7)."""

from __future__ import annotations

import math

EARTH_KM = 6371.0
DUCT_EARTH_KM = 3 * EARTH_KM  # a_β, eq. 7b: k = 3 for β0 of the time


def median_earth_radius_km(delta_n: float) -> float:
    """Give the median effective Earth radius a_e (eq. 6, 7a) for a refractivity lapse of `delta_n` N-units/km."""
    return EARTH_KM * 157.0 / (157.0 - delta_n)


def inland_exposure(longest_inland_km: float) -> float:
    """Give τ (eq. 3), the climatic weight of the longest inland section."""
    return -math.expm1(-4.12e-4 * longest_inland_km**2.41)


def duct_incidence(latitude_deg: float, longest_land_km: float, longest_inland_km: float) -> float:
    """Give β0 (eq. 2 to 5): the % of time that the refractivity falls by more than 100 N-units/km near the ground."""
    tau = inland_exposure(longest_inland_km)
    land = 10 ** (-longest_land_km / (16 - 6.6 * tau)) + 10 ** (-5 * (0.496 + 0.354 * tau))
    mu1 = min(land**0.2, 1.0)
    latitude = abs(latitude_deg)
    if latitude <= 70:
        return 10 ** (1.67 - 0.015 * latitude) * mu1 * mu1 ** (0.0176 * latitude - 0.935)
    return 4.17 * mu1 * mu1**0.3


def great_circle_km(tx_lat: float, tx_lon: float, rx_lat: float, rx_lon: float) -> float:
    """Give the distance of two places (degrees) on the Recommendation's sphere, in km."""
    north, east = math.radians(rx_lat - tx_lat), math.radians(rx_lon - tx_lon)
    half = math.sin(north / 2) ** 2
    half += math.cos(math.radians(tx_lat)) * math.cos(math.radians(rx_lat)) * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def path_centre_latitude(tx_lat: float, tx_lon: float, rx_lat: float, rx_lon: float, length_km: float) -> float:
    """Give the latitude (degrees) of the point half of `length_km` from the transmitter towards the receiver."""
    start, end, turn = math.radians(tx_lat), math.radians(rx_lat), math.radians(rx_lon - tx_lon)
    east = math.cos(end) * math.sin(turn)
    north = math.cos(start) * math.sin(end) - math.sin(start) * math.cos(end) * math.cos(turn)
    bearing = math.atan2(east, north)
    angle = length_km / 2 / EARTH_KM
    sine = math.sin(start) * math.cos(angle) + math.cos(start) * math.sin(angle) * math.cos(bearing)
    return math.degrees(math.asin(max(-1.0, min(1.0, sine))))
