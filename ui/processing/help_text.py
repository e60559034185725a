"""The help of an algorithm, from the job's declaration."""

from __future__ import annotations

from html import escape

from ...jobs.declaration import Job, Parameter
from ...text import Text
from ..language import tr


def _bounds(parameter: Parameter) -> str:
    if parameter.minimum is None and parameter.maximum is None:
        return ""
    low = "" if parameter.minimum is None else f"{parameter.minimum:g}"
    high = "" if parameter.maximum is None else f"{parameter.maximum:g}"
    return f" [{low} … {high}{' ' + parameter.unit if parameter.unit else ''}]"


def _parameter(parameter: Parameter) -> str:
    need = "" if parameter.required or parameter.default is not None else tr(Text("（可选）", " (optional)"))
    line = f"<b>{escape(tr(parameter.label))}</b>{need}{_bounds(parameter)}: {escape(tr(parameter.help))}"
    if parameter.choices:
        listed = ", ".join(
            choice.value if choice.label.en == choice.value else f"{choice.value} = {tr(choice.label)}"
            for choice in parameter.choices
        )
        line += f"<br><i>{escape(listed)}</i>"
    return f"<p>{line}</p>"


def of(job: Job) -> str:
    """Give the help of a job: what it answers, its parameters with units and bounds, its outputs and figures."""
    parts = [f"<p>{escape(tr(job.help))}</p>", f"<h2>{tr(Text('参数', 'Parameters'))}</h2>"]
    parts += map(_parameter, job.parameters)
    parts.append(f"<h2>{tr(Text('输出', 'Outputs'))}</h2>")
    parts += [f"<p><b>{escape(tr(output.label))}</b></p>" for output in job.outputs]
    if job.summary_keys:
        heading = tr(Text("汇总数字（模型中可用）", "Figures (for use in models)"))
        parts.append(f"<p>{heading}: {', '.join('SUMMARY_' + key.upper() for key in job.summary_keys)}</p>")
    return "".join(parts)
