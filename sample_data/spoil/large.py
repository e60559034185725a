"""A station table of a million rows, as the head office of an operator sends it, for the clock."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

HEADINGS = (
    *("基站编号", "基站名称", "运营商", "网络制式", "频段(MHz)", "天线挂高(m)", "方位角", "下倾角", "塔桅类型"),
    *("共享情况", "建设状态", "入网日期", "站址编码", "经度(WGS84)", "纬度(WGS84)"),
)
CELLS_A_SITE = 3
FAULT_SHARE = 0.01


def write_stations(path: Path, count: int, seed: int = 1_000_000) -> Path:
    """Write a CSV of stations, three cells a mast; one row in a hundred has a fault, of six kinds.

    Parameters
    ----------
    path : pathlib.Path
        Where to; UTF-8 with commas.
    count : int
        Number of rows below the headings.
    seed : int
        Same seed, same bytes.
    """
    rng = np.random.default_rng(seed)
    sites = -(-count // CELLS_A_SITE)
    site = np.repeat(np.arange(sites), CELLS_A_SITE)[:count]
    cell = np.arange(count) % CELLS_A_SITE
    lon = np.round(rng.uniform(101.0, 119.0, sites), 6)[site]
    lat = np.round(rng.uniform(24.0, 39.0, sites), 6)[site]
    new = rng.random(sites) < 0.45
    day = np.datetime64("2014-01-01") + rng.integers(0, 4300, sites)
    number = pd.Series(site).astype(str).str.zfill(7)
    columns = {
        "基站编号": "JZ" + number + "-" + pd.Series(cell + 1).astype(str),
        "基站名称": "第" + number + "号站" + pd.Series(cell + 1).astype(str),
        "运营商": rng.choice(np.array(["中国移动", "中国电信", "中国联通"], dtype=object), sites)[site],
        "网络制式": np.where(new[site], "5G", "4G"),
        "频段(MHz)": np.where(
            new[site], rng.choice([700, 2600, 3500], sites)[site], rng.choice([900, 1800], sites)[site]
        ),
        "天线挂高(m)": rng.integers(15, 50, sites)[site],
        "方位角": cell * 120,
        "下倾角": rng.integers(2, 10, count),
        "塔桅类型": rng.choice(np.array(["落地塔", "楼面", "杆站"], dtype=object), sites)[site],
        "共享情况": rng.choice(np.array(["独享", "共享站址"], dtype=object), sites)[site],
        "建设状态": rng.choice(np.array(["现状", "现状", "现状", "在建", "规划"], dtype=object), sites)[site],
        "入网日期": day.astype(str)[site],
        "站址编码": "4401217000" + number,
        "经度(WGS84)": pd.Series(lon).map("{:.6f}".format),
        "纬度(WGS84)": pd.Series(lat).map("{:.6f}".format),
    }
    table = pd.DataFrame(columns, columns=list(HEADINGS)).astype(object)
    _spoil(table, np.flatnonzero(rng.random(count) < FAULT_SHARE))
    table.to_csv(path, index=False, lineterminator="\r\n")
    return path


def _spoil(table: pd.DataFrame, rows: np.ndarray) -> None:
    lon, lat = "经度(WGS84)", "纬度(WGS84)"
    swapped, scaled, words, units, status, copies = (rows[k::6] for k in range(6))
    east = table.loc[swapped, lon].to_numpy()
    table.loc[swapped, lon] = table.loc[swapped, lat].to_numpy()
    table.loc[swapped, lat] = east
    table.loc[scaled, lon] = table.loc[scaled, lon].str.replace(".", "", regex=False)
    table.loc[words, "天线挂高(m)"] = "无"
    table.loc[units, "天线挂高(m)"] = table.loc[units, "天线挂高(m)"].astype(str) + "米"
    table.loc[status, "建设状态"] = "在网"
    copies = copies[copies > 0]
    table.loc[copies] = table.loc[copies - 1].to_numpy()
