"""Regions: which province a place lies in, which region that belongs to, and what each region has."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ....engine.context import RunContext
from ....layers import inputs
from ....rules.pack import Pack, Rule
from ....text import Text

_PREFIX = "region."
_LEVELS = ("province", "city", "county", "town")


class Regions(NamedTuple):
    """The regions of the pack, and the provinces that the administrative units show.

    Attributes
    ----------
    rules : list of Rule
        One a region; its value lists codes of provinces.
    codes, shapes : shape (u,)
        Of the administrative units; empty without the layer.
    population : dict
        By province, where it is known.
    cautions : list of Text
    """

    rules: list[Rule]
    codes: npt.NDArray[np.object_]
    shapes: npt.NDArray[np.object_]
    population: dict[str, int]
    cautions: list[Text]

    def provinces_at(self, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> list[str | None]:
        """Give the province of each place, None where no unit holds it."""
        found: list[str | None] = [None] * len(lon)
        there = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        point, unit = shapely.STRtree(self.shapes).query(shapely.points(lon[there], lat[there]), predicate="intersects")
        for at, code in sorted(zip(there[point].tolist(), self.codes[unit].tolist()), reverse=True):
            found[at] = str(code)[:2]
        return found

    def region_of(self, province: str | None) -> Rule | None:
        """Give the region of a province, None where no region lists it."""
        return next((rule for rule in self.rules if province in rule.value), None)


def read_regions(context: RunContext, pack: Pack) -> Regions:
    """Read the regions, and the administrative units if there are any."""
    rules = [rule for rule in pack.rules.values() if rule.id.startswith(_PREFIX)]
    nothing = np.empty(0, dtype=object)
    if not inputs.layer_present(context, "admin_units"):
        caution = Text(
            "没有行政区图层：出入口局所在区域和各区域人口无法判定。",
            "There is no layer of administrative units: the region of a gateway and the people of a region cannot be told.",
        )
        return Regions(rules, nothing, nothing, {}, [caution])
    layer = inputs.read_layer(context, "admin_units", ["code", "level", "population"])
    table = layer.columns
    people = pd.to_numeric(table["population"], errors="coerce")
    province = table["code"].astype(str).str[:2]
    population: dict[str, int] = {}
    for level in _LEVELS:  # the highest level that states people; the levels below are within it
        own = (table["level"] == level) & people.notna()
        for code, sum_ in people[own].groupby(province[own]).sum().items():
            population.setdefault(str(code), int(sum_))
    known = {code for rule in rules for code in rule.value}
    strange = sorted(set(province) - known)
    cautions = []
    if strange:
        cautions.append(
            Text(
                f"行政区代码的前两位 {'、'.join(strange)} 不属于规则包所列的任何区域，其区域无法判定。",
                f"The pack lists no region for the province codes {', '.join(strange)}: their region cannot be told.",
            )
        )
    return Regions(rules, table["code"].astype(str).to_numpy(object), layer.geometry, population, cautions)


def with_regions(table: pd.DataFrame, provinces: list[str | None], regions: Regions) -> pd.DataFrame:
    """Add ``province``, ``region`` and ``region_name`` behind the role."""
    made = table.copy()
    found = [regions.region_of(province) for province in provinces]
    at = list(made.columns).index("role") + 1
    made.insert(at, "province", np.array(provinces, dtype=object))
    made.insert(at + 1, "region", np.array([rule and rule.id.removeprefix(_PREFIX) for rule in found], dtype=object))
    made.insert(at + 2, "region_name", np.array([rule and rule.name.zh for rule in found], dtype=object))
    return made


def balance(gateways: pd.DataFrame, regions: Regions) -> pd.DataFrame:
    """Sum up by region, the unknown one last: gateways, capacity, people, whom they serve."""
    rows = []
    names = [(rule.id.removeprefix(_PREFIX), rule) for rule in regions.rules]
    whole = gateways[gateways["role"] == "gateway"]
    total = float(whole["capacity_gbps"].sum())
    for region, rule in [*names, (None, None)]:
        own = gateways[gateways["region"].isna() if region is None else gateways["region"] == region]
        if rule is None and not len(own):
            continue
        mine = own[own["role"] == "gateway"]
        stated = mine["capacity_gbps"].dropna()
        people = [regions.population[code] for code in rule.value if code in regions.population] if rule else []
        capacity = float(stated.sum()) if len(stated) else None
        population = sum(people) if people else None
        rows.append(
            {
                "region": region,
                "region_name": rule.name.zh if rule else None,
                "gateways": len(mine),
                "gateway_share_percent": round(100 * len(mine) / len(whole), 2) if len(whole) else None,
                "landings": int((own["role"] == "landing").sum()),
                "capacity_gbps": capacity,
                "without_capacity": len(mine) - len(stated),
                "capacity_share_percent": round(100 * capacity / total, 2) if capacity is not None and total else None,
                "population": population,
                "gbps_per_million": round(capacity / population * 1e6, 3)
                if capacity is not None and population
                else None,
                "served_nodes": int(own["served_nodes"].fillna(0).sum()),
                "served_mw": round(float(own["served_mw"].sum()), 6) if own["served_mw"].notna().any() else None,
                "served_people": int(own["served_people"].sum()) if own["served_people"].notna().any() else None,
            }
        )
    types = dict.fromkeys(("population", "served_people"), "Int64")
    return pd.DataFrame(rows, columns=list(BALANCE)).astype(types)


BALANCE = (
    *("region", "region_name", "gateways", "gateway_share_percent", "landings", "capacity_gbps", "without_capacity"),
    *("capacity_share_percent", "population", "gbps_per_million", "served_nodes", "served_mw", "served_people"),
)
