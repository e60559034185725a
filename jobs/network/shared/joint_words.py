"""The words of joint building. Declarations run without pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ....layers.codes import OPERATORS, STATUSES
from ....text import Text
from .words import LABELS as SHARED_LABELS

if TYPE_CHECKING:
    import pandas as pd

    from .joint import Joint

KIND_LABELS = {
    "joint_build": Text("可同沟共建", "Could be one trench"),
    "use_existing": Text("可利用已有管道", "Could use ducts that stand"),
    "side_by_side": Text("并行", "Side by side"),
}
LABELS = {
    **SHARED_LABELS,
    "kind": Text("类别", "Kind"),
    "operator_a": Text("甲权属单位", "Owner of A"),
    "status_a": Text("甲建设状态", "Status of A"),
    "year_a": Text("甲年份", "Year of A"),
    "operator_b": Text("乙权属单位", "Owner of B"),
    "status_b": Text("乙建设状态", "Status of B"),
    "year_b": Text("乙年份", "Year of B"),
    "saved_km": Text("可省沟长（km）", "Digging saved (km)"),
    "saved_cost": Text("可省造价（万元）", "Cost saved (10,000 yuan)"),
    "pairs": Text("对数", "Pairs"),
    "ground_km": Text("共走廊（km，同一路段只计一次）", "Corridor (km, each place once)"),
}
_OPERATORS = {code.value: code.label for code in OPERATORS}
_STATUSES = {code.value: code.label for code in STATUSES}


def in_words(pairs: pd.DataFrame) -> pd.DataFrame:
    """Put labels in the place of codes."""
    said = pairs.astype(object)
    said["kind"] = [KIND_LABELS[kind] for kind in pairs["kind"]]
    for side in "ab":
        said[f"operator_{side}"] = [_listed(value) for value in pairs[f"operator_{side}"]]
        said[f"status_{side}"] = [_STATUSES.get(value) for value in pairs[f"status_{side}"]]
    return said


def totals_table(found: Joint, cost_per_km: float | None) -> pd.DataFrame:
    """Give one row a kind of pair, what they come to on the ground."""
    import pandas as pd

    rows = [
        {
            "kind": KIND_LABELS[kind].zh,
            **total._asdict(),
            "saved_cost": None if cost_per_km is None else round(total.saved_km * cost_per_km, 2),
        }
        for kind, total in found.totals.items()
    ]
    return pd.DataFrame(rows)


def _listed(value: Any) -> Text | None:
    if not isinstance(value, str):
        return None
    labels = [_OPERATORS.get(code, Text(code, code)) for code in value.split(";")]
    return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))
