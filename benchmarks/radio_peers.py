"""What others do of the radio benchmark, in the same run: crc-covlib and Py1812 (P.1812), gdal_viewshed (sight).

Each is used if it is installed, and gets a line that says so if it is not: crc-covlib and Py1812 are in no package
registry, both are built or copied from their repositories. All run on one core.
"""

from __future__ import annotations

import importlib.util
import math
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from radio_scene import FREQUENCY_GHZ, HEIGHT_M, NORTH, PIXEL, WEST

LON, LAT = WEST + 0.5, NORTH - 0.5
RX_M = 1.5
METRES = (111_320.0 * math.cos(math.radians(LAT)), 110_852.0)  # of a degree east and north, on the plane for GDAL


def square(radius_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Give the pixels of a square around the mast: longitudes and latitudes, rows from north to south."""
    reach = int(radius_m / 30.8)
    offsets = np.arange(-reach, reach + 1) * PIXEL
    return np.broadcast_arrays(LON + offsets, LAT - offsets[:, None])


def ours(land: Any, radius_m: float, grade: str, frequency_ghz: float = FREQUENCY_GHZ) -> tuple[float, np.ndarray]:
    """Give the CPU seconds of the kernel for the square, the best of five, and its losses."""
    from xinji_planner.analysis.radio import Propagation, path_losses

    lon, lat = square(radius_m)
    asked = {"frequency_ghz": frequency_ghz, "tx_height_m": HEIGHT_M, "max_range_m": 1.5 * radius_m, "threads": 1}
    best = math.inf
    for _ in range(5):
        start = time.process_time()
        found = path_losses(land, LON, LAT, lon, lat, **asked, model=Propagation(grade=grade))
        best = min(best, time.process_time() - start)
    return best, found.loss_db


def crc_covlib(heights: np.ndarray, radius_m: float) -> float:
    """Time ITU-R P.1812 of crc-covlib for the square."""
    from array import array

    from crc_covlib import simulation as covlib

    lon, lat = square(radius_m)
    side = lon.shape[0]
    sim = covlib.Simulation()
    sim.SetTransmitterLocation(LAT, LON)
    sim.SetTransmitterHeight(HEIGHT_M)
    sim.SetTransmitterFrequency(1000 * FREQUENCY_GHZ)
    sim.SetReceiverHeightAboveGround(RX_M)
    sim.SetPropagationModel(covlib.PropagationModel.ITU_R_P_1812)
    sim.SetPrimaryTerrainElevDataSource(covlib.TerrainElevDataSource.TERR_ELEV_CUSTOM)
    rows, columns = heights.shape
    corners = (NORTH - (rows - 1) * PIXEL, WEST, NORTH, WEST + (columns - 1) * PIXEL)
    sim.AddCustomTerrainElevData(*corners, columns, rows, array("f", heights.astype(np.float32).ravel()))
    sim.SetTerrainElevDataSamplingResolution(30)
    sim.SetReceptionAreaCorners(float(lat.min()), float(lon.min()), float(lat.max()), float(lon.max()))
    sim.SetReceptionAreaNumHorizontalPoints(side)
    sim.SetReceptionAreaNumVerticalPoints(side)
    sim.SetResultType(covlib.ResultType.PATH_LOSS_DB)
    start = time.process_time()
    sim.GenerateReceptionAreaResults()
    return time.process_time() - start


def py1812(land: Any, radius_m: float, sample: int = 400) -> tuple[float, float]:
    """Time Py1812 on a sample of the square's profiles; give µs a path and the largest difference in dB."""
    from Py1812 import P1812
    from xinji_planner.analysis.radio import path_losses, profile_between

    lon, lat = (part.ravel() for part in square(radius_m))
    picked = np.random.default_rng(1).choice(lon.size, sample, replace=False)
    asked = {"frequency_ghz": FREQUENCY_GHZ, "tx_height_m": HEIGHT_M, "max_range_m": 1.5 * radius_m}
    loss = path_losses(land, LON, LAT, lon[picked], lat[picked], **asked).loss_db
    spent = worst = 0.0
    for i, k in enumerate(picked):
        path = profile_between(land, LON, LAT, lon[k], lat[k])
        if path is None or path.distance_km[-1] < 0.25:
            continue
        n = path.distance_km.size
        ends = (LAT, lat[k], LON, lon[k])
        start = time.process_time()
        theirs, _ = P1812.bt_loss(
            *(
                FREQUENCY_GHZ,
                50.0,
                path.distance_km,
                path.height_m,
                np.zeros(n),
                np.full(n, 4),
                HEIGHT_M,
                RX_M,
                2,
                *ends,
            ),
            **{"pL": 50, "sigmaL": 0, "DN": 39.25, "N0": 315.0, "dct": 500, "dcr": 500},
        )
        spent += time.process_time() - start
        worst = max(worst, abs(float(theirs) - loss[i]))
    return 1e6 * spent / sample, worst


def viewshed(heights: np.ndarray, radius_m: float) -> tuple[float, np.ndarray]:
    """Time gdal_viewshed for the square on a plane of the same pixels; give its seconds and what it sees."""
    import rasterio
    from rasterio.transform import Affine

    reach = int(radius_m / 30.8)
    middle = heights.shape[0] // 2
    part = heights[middle - reach : middle + reach + 1, middle - reach : middle + reach + 1]
    dx, dy = PIXEL * METRES[0], PIXEL * METRES[1]
    # The system of coordinates gives GDAL the size of the Earth, nothing else.
    plane = Affine(dx, 0, 500_000 - (reach + 0.5) * dx, 0, -dy, 3_000_000 + (reach + 0.5) * dy)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "height.tif", Path(folder) / "seen.tif"
        profile = {"driver": "GTiff", "dtype": "float32", "count": 1, "crs": "EPSG:32645", "transform": plane}
        with rasterio.open(source, "w", height=part.shape[0], width=part.shape[1], **profile) as file:
            file.write(part.astype(np.float32), 1)
        at = ["-ox", "500000", "-oy", "3000000", "-oz", f"{HEIGHT_M}", "-tz", f"{RX_M}", "-md", "0", "-cc", "0.75"]
        best = math.inf
        for _ in range(5):
            start = time.perf_counter()
            subprocess.run(["gdal_viewshed", "-q", *at, str(source), str(target)], check=True, capture_output=True)
            best = min(best, time.perf_counter() - start)
        with rasterio.open(target) as file:
            seen = file.read(1) > 0
    return best, seen


def compare(land: Any, heights: np.ndarray) -> list[str]:
    """Run what is installed; give the lines of the report."""
    lines = [
        "Peers, one core, a square of receivers 30 m apart around one mast; CPU seconds, of gdal_viewshed by the clock",
        "with its start (5 runs, the best). A ratio above 1 is in our favour.",
        "",
        "| peer / ours | half side, km | peer | peer, s | ours | ours, s | same answer |",
        "|---|---|---|---|---|---|---|",
    ]
    missing = []
    if importlib.util.find_spec("crc_covlib"):
        for radius in (2_500.0, 5_000.0):
            theirs, (mine, _) = crc_covlib(heights, radius), ours(land, radius, "p1812")
            lines.append(_line(theirs / mine, radius, "crc-covlib, P.1812", theirs, "P.1812", mine, ""))
    else:
        missing.append("crc-covlib")
    if importlib.util.find_spec("Py1812"):
        for radius in (5_000.0, 10_000.0):
            each, worst = py1812(land, radius)
            mine, loss = ours(land, radius, "p1812")
            theirs = 1e-6 * each * loss.size
            words = f"to {worst:.1e} dB"
            lines.append(_line(theirs / mine, radius, "Py1812 (from a sample)", theirs, "P.1812", mine, words))
    else:
        missing.append("Py1812")
    if shutil.which("gdal_viewshed"):
        for radius in (2_500.0, 5_000.0, 10_000.0):
            theirs, seen = viewshed(heights, radius)
            mine, _ = ours(land, radius, "line_of_sight")
            # At 100 GHz six tenths of the Fresnel zone are a hand's breadth: nearly the sight that GDAL asks for.
            same = np.isfinite(ours(land, radius, "line_of_sight", 100.0)[1]) == seen
            words = f"{100 * same.mean():.1f} % of cells"
            lines.append(_line(theirs / mine, radius, "gdal_viewshed", theirs, "line of sight", mine, words))
    else:
        missing.append("gdal_viewshed")
    if missing:
        lines += ["", f"Not installed where this ran, hence not compared: {', '.join(missing)}."]
    return lines


def _line(ratio: float, radius_m: float, peer: str, theirs: float, what: str, mine: float, same: str) -> str:
    return f"| **{ratio:.2g}** | {radius_m / 1e3:g} | {peer} | {theirs:.3f} | {what} | {mine:.3f} | {same} |"
