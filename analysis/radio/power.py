"""From the power of a transmitter to the power of one resource element, which RSRP is measured on.

Units: dBm, dBi, dB, MHz, kHz. The reference signals are taken to have the same power per resource element as all else:
the total power spread evenly over the 12 · N_RB subcarriers of the channel.
"""

from __future__ import annotations

import math

_SUBCARRIERS = 12  # of a resource block

# Channel bandwidth in MHz: N_RB. NR, frequency range 1, by subcarrier spacing in kHz: 3GPP TS 38.101-1 Table 5.3.2-1.
NR_RESOURCE_BLOCKS: dict[int, dict[float, int]] = {
    15: {3: 15, 5: 25, 10: 52, 15: 79, 20: 106, 25: 133, 30: 160, 35: 188, 40: 216, 45: 242, 50: 270},
    30: {
        **{5: 11, 10: 24, 15: 38, 20: 51, 25: 65, 30: 78, 35: 92, 40: 106, 45: 119, 50: 133},
        **{60: 162, 70: 189, 80: 217, 90: 245, 100: 273},
    },
    60: {
        **{10: 11, 15: 18, 20: 24, 25: 31, 30: 38, 35: 44, 40: 51, 45: 58, 50: 65},
        **{60: 79, 70: 93, 80: 107, 90: 121, 100: 135},
    },
}
# 3GPP TS 36.101 Table 5.6-1; the spacing is always 15 kHz.
LTE_RESOURCE_BLOCKS: dict[float, int] = {1.4: 6, 3: 15, 5: 25, 10: 50, 15: 75, 20: 100}


def resource_blocks(technology: str, bandwidth_mhz: float, spacing_khz: int = 15) -> int:
    """Give N_RB of a channel.

    Parameters
    ----------
    technology : str
        "5G" or "4G".
    bandwidth_mhz : float
        Of the channel.
    spacing_khz : int
        Between subcarriers; 15, 30 or 60 for 5G, 15 for 4G.

    Raises
    ------
    ValueError
        The standard has no such channel; the message lists those it has.
    """
    if technology == "4G":
        if spacing_khz != 15:
            raise ValueError(f"4G has a subcarrier spacing of 15 kHz, not {spacing_khz}")
        known = LTE_RESOURCE_BLOCKS
    elif technology == "5G":
        if spacing_khz not in NR_RESOURCE_BLOCKS:
            raise ValueError(f"5G below 6 GHz has a subcarrier spacing of 15, 30 or 60 kHz, not {spacing_khz}")
        known = NR_RESOURCE_BLOCKS[spacing_khz]
    else:
        raise ValueError(f'resource blocks are known for "4G" and "5G", not "{technology}"')
    if bandwidth_mhz not in known:
        widths = ", ".join(f"{width:g}" for width in known)
        raise ValueError(f"{technology} at {spacing_khz} kHz has channels of {widths} MHz, not {bandwidth_mhz:g}")
    return known[bandwidth_mhz]


def eirp_dbm(power_dbm: float, gain_dbi: float, losses_db: float = 0.0) -> float:
    """Give the equivalent isotropically radiated power at boresight: power of the radio + gain - feeder and other."""
    return power_dbm + gain_dbi - losses_db


def per_resource_element_dbm(total_dbm: float, blocks: int) -> float:
    """Give the part of one resource element in the power (or EIRP) of a channel of `blocks` resource blocks."""
    if blocks < 1:
        raise ValueError(f"a channel has at least one resource block, not {blocks}")
    return total_dbm - 10 * math.log10(_SUBCARRIERS * blocks)
