"""Words of the simulated rasters, for reports and maps alike. Standard library only."""

from __future__ import annotations

from collections.abc import Sequence

from ...text import Text

# From strong to weak; the bounds between them stand in the rule pack rsrp_classes.
CLASS_WORDS = (
    Text("极好", "Very good"),
    Text("好", "Good"),
    Text("中", "Middle"),
    Text("差", "Poor"),
    Text("极差", "Very poor"),
)
# Viridis, bright for strong: readers with any colour vision, and prints in grey, keep the order.
CLASS_COLOURS = ("#fde725", "#5ec962", "#21918c", "#3b528b", "#440154")
STATE_WORDS = {
    1: Text("已覆盖", "Covered"),
    2: Text("空白", "Gap"),
    3: Text("无法判定", "Cannot tell"),
}
STATE_COLOURS = {1: "#0072b2", 2: "#d55e00", 3: "#8a8a8a"}


def class_labels(bounds_dbm: Sequence[float]) -> list[Text]:
    """Give the classes of levels with their bounds in dBm, from strong to weak; each holds its lower bound."""
    shown = [f"{bound:g}".replace("-", "−") for bound in bounds_dbm]
    ranges = [f"≥ {shown[0]}", *(f"{low} … {high}" for high, low in zip(shown, shown[1:])), f"< {shown[-1]}"]
    return [Text(f"{word.zh}（{span}）", f"{word.en} ({span})") for word, span in zip(CLASS_WORDS, ranges)]
