"""Write the reference pages from the declarations: ``docs/jobs.md`` and ``docs/layers.md``, in both languages."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def _register() -> None:
    spec = importlib.util.spec_from_file_location("xinji_bootstrap", ROOT / "engine" / "package.py")
    assert spec and spec.loader
    bootstrap = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bootstrap)
    bootstrap.register(ROOT)


_register()

from xinji_planner.jobs.declaration import Job, Parameter  # noqa: E402
from xinji_planner.jobs.registry import jobs  # noqa: E402
from xinji_planner.layers.spec import Field, LayerSpec  # noqa: E402
from xinji_planner.layers.specs import SPECS  # noqa: E402

NOTE = "<!-- Written by docs/generate.py from the declarations: change those, then run ./dev docs. -->\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _limits(parameter: Parameter) -> str:
    parts = []
    if parameter.choices:
        parts.append(", ".join(f"`{choice.value}`" for choice in parameter.choices))
    if parameter.minimum is not None or parameter.maximum is not None:
        low = "" if parameter.minimum is None else f"{parameter.minimum:g}"
        high = "" if parameter.maximum is None else f"{parameter.maximum:g}"
        parts.append(f"{low}…{high} {parameter.unit}".strip())
    if parameter.default is not None:
        parts.append(f"= `{parameter.default}`")
    return "; ".join(parts)


def job_page(job: Job) -> str:
    """Describe one job: what it answers, its parameters, its outputs and the keys of its summary."""
    lines = [f"## `{job.name}` · {job.label.zh} · {job.label.en}", "", job.help.zh, "", job.help.en, ""]
    lines += ["| 参数 parameter | 类型 type | 说明 help |", "|---|---|---|"]
    for parameter in job.parameters:
        required = " **必填 required**" if parameter.required else ""
        limits = _limits(parameter)
        lines.append(
            f"| `{parameter.option}` {parameter.label.zh} · {_cell(parameter.label.en)}{required} "
            f"| {parameter.kind.value}{'; ' + _cell(limits) if limits else ''} "
            f"| {_cell(parameter.help.zh)} {_cell(parameter.help.en)} |"
        )
    lines += ["", "| 输出 output | 类型 type | 名称 |", "|---|---|---|"]
    lines += [f"| `{out.name}` | {out.kind.value} | {out.label.zh} · {out.label.en} |" for out in job.outputs]
    if job.summary_keys:
        lines += ["", "摘要 summary: " + ", ".join(f"`{key}`" for key in job.summary_keys)]
    return "\n".join(lines)


def _field_row(field: Field) -> str:
    codes = "<br>".join(f"`{code.value}` {code.label.zh} · {code.label.en}" for code in field.codes)
    required = " **必填**" if field.required else ""
    aliases = "、".join(field.aliases)
    unit = f" ({field.unit})" if field.unit else ""
    return (
        f"| `{field.name}`{required} | `{field.pinyin}` | {field.label.zh} · {field.label.en} "
        f"| {field.kind.value}{unit} | {_cell(aliases)} | {codes} |"
    )


def layer_page(spec: LayerSpec) -> str:
    """Describe one layer of the workspace: fields, units, code lists and the headings that are recognised."""
    lines = [f"## `{spec.name}` · {spec.label.zh} · {spec.label.en}", ""]
    place = "必须有坐标 · coordinates required" if spec.geometry_required else "可无坐标 · may lack coordinates"
    lines += [f"{spec.geometry.value}, EPSG:4490. {place}. key: {', '.join(f'`{key}`' for key in spec.key)}.", ""]
    lines += [
        "| 字段 field | 拼音 | 名称 label | 类型 type | 识别的表头 headings | 代码 codes |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_field_row(field) for field in spec.fields]
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """Give the text of both pages by file name."""
    of_jobs = "\n\n".join(job_page(job) for job in jobs().values())
    of_layers = "\n\n".join(layer_page(spec) for spec in SPECS.values())
    return {
        "jobs.md": f"# 作业 · Jobs\n\n{NOTE}\n{of_jobs}\n",
        "layers.md": f"# 图层 · Layers\n\n{NOTE}\n{of_layers}\n",
    }


def main() -> None:
    """Write both pages beside this file."""
    for name, text in pages().items():
        (Path(__file__).parent / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")


if __name__ == "__main__":
    main()
