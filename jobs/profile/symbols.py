"""What the symbols of ITU-R P.1812 mean: unit and words, in the order of the calculation. Standard library only."""

from __future__ import annotations

from ...text import Text

SYMBOLS: dict[str, tuple[str, Text]] = {
    "d": ("km", Text("路径长度", "Length of the path")),
    "phi": ("°", Text("路径中点纬度", "Latitude of the middle of the path")),
    "hts": ("m", Text("发射天线海拔高度", "Transmitting antenna above sea level")),
    "hrs": ("m", Text("接收天线海拔高度", "Receiving antenna above sea level")),
    "ae": ("km", Text("等效地球半径中值", "Median effective Earth radius")),
    "a_beta": ("km", Text("β0 时间对应的等效地球半径", "Effective Earth radius for β0 of the time")),
    "omega": ("", Text("海面路径占比 ω", "Part of the path over sea, ω")),
    "dtm": ("km", Text("最长连续陆地段（内陆与沿海）", "Longest unbroken land section, inland and coastal")),
    "dlm": ("km", Text("最长连续内陆段", "Longest unbroken inland section")),
    "dct": (
        "km",
        Text("发射端至海岸的陆地距离（无海岸取 500）", "Land from the transmitter to the coast (500 without one)"),
    ),
    "dcr": (
        "km",
        Text("接收端至海岸的陆地距离（无海岸取 500）", "Land from the receiver to the coast (500 without one)"),
    ),
    "beta0": ("%", Text("波导出现的时间概率 β0", "Part of the time with ducting, β0")),
    "d_lt": (
        "km",
        Text(
            "发射端至其视界的距离（视距路径为至主要障碍）",
            "Transmitter to its horizon (clear path: to the main obstruction)",
        ),
    ),
    "d_lr": (
        "km",
        Text(
            "接收端至其视界的距离（视距路径为至主要障碍）",
            "Receiver to its horizon (clear path: to the main obstruction)",
        ),
    ),
    "theta_t": ("mrad", Text("发射端视界仰角", "Horizon elevation at the transmitter")),
    "theta_r": ("mrad", Text("接收端视界仰角", "Horizon elevation at the receiver")),
    "theta": ("mrad", Text("路径角距离 θ", "Angular distance of the path, θ")),
    "hst": ("m", Text("发射端光滑地面高度（拟合值）", "Smooth surface under the transmitter, as fitted")),
    "hsr": ("m", Text("接收端光滑地面高度（拟合值）", "Smooth surface under the receiver, as fitted")),
    "hst_rough": (
        "m",
        Text("发射端光滑地面高度（不高于地面，用于波导）", "The same, not above the ground, for ducting: transmitter"),
    ),
    "hsr_rough": (
        "m",
        Text("接收端光滑地面高度（不高于地面，用于波导）", "The same, not above the ground, for ducting: receiver"),
    ),
    "hstd": ("m", Text("发射端光滑地面高度（用于绕射）", "Smooth surface for diffraction under the transmitter")),
    "hsrd": ("m", Text("接收端光滑地面高度（用于绕射）", "Smooth surface for diffraction under the receiver")),
    "hts_above": ("m", Text("发射天线高出绕射光滑地面", "Transmitting antenna above that surface")),
    "hrs_above": ("m", Text("接收天线高出绕射光滑地面", "Receiving antenna above that surface")),
    "hte": ("m", Text("发射天线有效高度（波导模型）", "Effective height of the transmitter, for ducting")),
    "hre": ("m", Text("接收天线有效高度（波导模型）", "Effective height of the receiver, for ducting")),
    "hm": ("m", Text("地形粗糙度", "Terrain roughness")),
    "nu_max": (
        "",
        Text("主要障碍的绕射参数 ν（大于 0 即遮挡视线）", "ν of the main obstacle (above 0 it cuts the ray)"),
    ),
    "Fi": ("", Text("时间百分比插值系数", "Interpolation factor for time")),
    "Fj": ("", Text("角距离插值系数", "Interpolation factor for angular distance")),
    "Fk": ("", Text("路径长度插值系数", "Interpolation factor for path length")),
    "Lbfs": ("dB", Text("自由空间损耗", "Free-space loss")),
    "Lb0p": ("dB", Text("p% 时间不超过的视距损耗", "Line-of-sight loss not exceeded for p % of time")),
    "Lb0b": ("dB", Text("β0 时间不超过的视距损耗", "Line-of-sight loss not exceeded for β0 of the time")),
    "Lbulla_50": ("dB", Text("实际路径 Bullington 绕射损耗（中值）", "Bullington loss of the actual path, median")),
    "Lbulls_50": ("dB", Text("光滑路径 Bullington 绕射损耗（中值）", "Bullington loss of the smooth path, median")),
    "Ldsph_50": ("dB", Text("球面地球绕射损耗（中值）", "Spherical-Earth diffraction loss, median")),
    "Lbulla_b": ("dB", Text("实际路径 Bullington 绕射损耗（β0）", "Bullington loss of the actual path, at β0")),
    "Lbulls_b": ("dB", Text("光滑路径 Bullington 绕射损耗（β0）", "Bullington loss of the smooth path, at β0")),
    "Ldsph_b": ("dB", Text("球面地球绕射损耗（β0）", "Spherical-Earth diffraction loss, at β0")),
    "Ld50": ("dB", Text("绕射损耗中值", "Median diffraction loss")),
    "Ldb": ("dB", Text("β0 时间不超过的绕射损耗", "Diffraction loss not exceeded for β0 of the time")),
    "Ldp": ("dB", Text("p% 时间不超过的绕射损耗", "Diffraction loss not exceeded for p % of time")),
    "Lbd50": ("dB", Text("含绕射的传输损耗中值", "Median basic transmission loss with diffraction")),
    "Lbd": ("dB", Text("p% 时间不超过的含绕射传输损耗", "Basic transmission loss with diffraction for p % of time")),
    "Lminb0p": (
        "dB",
        Text("视距与海上子路径绕射的名义最小损耗", "Notional minimum loss: line of sight and over-sea diffraction"),
    ),
    "Lba": ("dB", Text("波导与层反射损耗", "Loss by ducting and layer reflection")),
    "Lminbap": ("dB", Text("视距与超视距增强的名义最小损耗", "Notional minimum loss: line of sight and enhancements")),
    "Lbda": ("dB", Text("绕射与增强合成的名义损耗", "Notional loss: diffraction and enhancements")),
    "Lbam": ("dB", Text("计入角距离修正后的合成损耗", "The same, modified by angular distance")),
    "Lbs": ("dB", Text("对流层散射损耗", "Loss by troposcatter")),
    "Lbc": ("dB", Text("p% 时间、50% 地点不超过的损耗", "Loss not exceeded for p % of time and 50 % of locations")),
    "sigma_L": ("dB", Text("地点变化标准差", "Standard deviation of the location variability")),
    "Lloc": ("dB", Text("地点变化与建筑物穿透附加损耗", "Allowance for location and building entry")),
    "Lb": (
        "dB",
        Text("p% 时间、pL% 地点不超过的基本传输损耗", "Basic transmission loss for p % of time and pL % of locations"),
    ),
    "Ep": ("dB(µV/m)", Text("1 kW 有效辐射功率（e.r.p.）的场强", "Field strength for 1 kW effective radiated power")),
}

# What a path has on the map.
MARKS = {
    "tx": Text("发射端", "Transmitter"),
    "rx": Text("接收端", "Receiver"),
    "obstacle": Text("主要障碍", "Main obstacle"),
}
