"""The text of a workbook's cell as a planner would type it."""

from __future__ import annotations

import datetime
import math
from typing import Any

_CERTAIN = 2**53  # whole numbers up to here keep all their digits in a workbook


def value_text(value: Any, *, percent: bool = False) -> str:
    """Give a cell's value: whole numbers without ".0", days as ISO, percentages as shown, yes and no in Chinese."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if percent and isinstance(value, (int, float)):
        return f"{value * 100:.12g}%"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime.datetime):
        whole_day = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)


def number_text(value: float) -> str:
    """Give a number without ".0" where it is whole and all its digits are certain."""
    if math.isnan(value):
        return ""
    return str(int(value)) if abs(value) < _CERTAIN and value.is_integer() else repr(value)
