"""The model of a simulation: what the planner states, and for the rest the rules, which are cited."""

from __future__ import annotations

from ...analysis.radio import Propagation
from ...engine.context import RunContext
from ...errors import InputError
from ...rules.pack import Pack, Rule
from ...text import Text

_URBAN = ("urban", "dense_urban")


def grade_of(context: RunContext) -> str:
    """Give the grade of `Propagation`: TR 38.901 is that of urban or rural macro cells, by the environment."""
    if context["propagation"] != "tr38901":
        return str(context["propagation"])
    return "tr38901_uma" if context["environment"] in _URBAN else "tr38901_rma"


def read_model(context: RunContext, pack: Pack) -> tuple[Propagation, float, list[Rule]]:
    """Give the model, the largest range in metres, and the rules that gave what the planner did not state.

    Raises
    ------
    InputError
        What is stated goes beyond what the model holds for.
    """
    used: list[Rule] = []

    def value(parameter: str, rule_id: str) -> float:
        if context[parameter] is not None:
            return float(context[parameter])
        rule = pack.rule(rule_id)
        used.append(rule)
        return float(rule.value)

    grade = grade_of(context)
    sigma = pack.rule("radio.sigma")
    if context["environment"] != "recommendation":
        sigma = pack.rule(f"radio.sigma.{context['environment']}")
    resolution = pack.rule("radio.resolution")
    used += [sigma, resolution]
    range_id = f"radio.max_range_{grade if grade.startswith('tr38901') else context['technology'].lower()}"
    range_m = 1000 * value("max_range_km", range_id)
    try:
        model = Propagation(
            rx_height_m=value("rx_height_m", "radio.rx_height"),
            time_percent=value("time_percent", "radio.time_percent"),
            location_percent=value("location_percent", "radio.location_percent"),
            delta_n=value("delta_n", "radio.delta_n"),
            n0=value("n0", "radio.n0"),
            sigma_db=None if isinstance(sigma.value, str) else float(sigma.value),
            resolution_m=float(resolution.value),
            building_entry_loss_db=value("building_entry_loss_db", "radio.building_entry_loss"),
            grade=grade,
        )
        model.check_range(range_m)
    except ValueError as error:
        raise InputError(
            Text(
                f"传播模型不能按所填参数计算：{error}",
                f"The propagation model does not hold for what is stated: {error}",
            ),
            Text(
                "请调整“传播模型”“仿真最大距离”或“接收天线高度”。",
                "Change “Propagation model”, “Largest range” or “Receiving antenna height”.",
            ),
        ) from error
    return model, range_m, used
