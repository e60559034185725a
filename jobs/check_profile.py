"""Check a delivery profile, list what it says, and hold it against a bureau's empty template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..text import Text
from .declaration import Job, Output, OutputKind, Parameter, ParameterKind
from .delivery_package import PROFILES

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="check_profile",
    label=Text("检查成果规格", "Check a delivery profile"),
    help=Text(
        "检查成果规格：图层、字段、代码表、取值和命名，一次列出全部问题；无误时列出各条目的依据和状态。"
        "给出接收单位的空模板（GDB 或 GPKG）时逐个比较图层和字段，一致的在写出的规格副本中标为“已按模板核对”。",
        "Checks a delivery profile: layers, fields, code lists, values and names, every fault at once. A sound one is listed with "
        "sources and status. Given a bureau's empty template (GDB or GPKG), layers and fields are compared one by one; what "
        "agrees is marked as confirmed in a copy of the profile.",
    ),
    step="deliver",
    parameters=(
        Parameter(
            "profile",
            ParameterKind.CHOICE_OR_TEXT,
            Text("成果规格", "Delivery profile"),
            Text(
                "随附规格的名称，或规格文件（.toml）的路径。",
                "Name of a shipped profile, or path of a profile (.toml).",
            ),
            required=True,
            choices=PROFILES,
        ),
        Parameter(
            "template",
            ParameterKind.SOURCE,
            Text("空模板", "Template"),
            Text(
                "接收单位的空库：FileGDB 文件夹或 GeoPackage 文件。",
                "The bureau's empty database: the folder of a FileGDB, or a GeoPackage.",
            ),
        ),
    ),
    outputs=(
        Output("report", OutputKind.REPORT, Text("规格检查报告", "Report on the profile")),
        Output("confirmed", OutputKind.FILE, Text("核对后的规格", "Profile with what was confirmed"), optional=True),
        Output("comparison", OutputKind.TABLE, Text("模板比较表", "Comparison with the template"), optional=True),
    ),
    summary_keys=("profile", "layers", "fields", "verified", "confirmed", "unverified", "proposal"),
)


def run(context: RunContext) -> dict[str, Any]:
    """Read the profile, which refuses faults; compare it with the template; write the report."""
    from collections import Counter
    from pathlib import Path

    from ..layers.delivery.profile.file import is_file, read_profile
    from ..layers.delivery.profile.model import profile_of
    from ..layers.delivery.profile.text import as_toml
    from ..layers.delivery.template import AGREES, compare, confirmed_content
    from .delivery.profile_pages import write_comparison, write_page

    stated = context["profile"]
    if is_file(stated) and Path(stated).is_file():
        context.read("profile", Path(stated))
    profile = read_profile(stated)
    comparison = None
    summary: dict[str, Any] = {}
    if context["template"]:
        path = Path(context["template"])
        if path.is_file():
            context.read("template", path)
        context.progress(0.3, Text("比较模板", "Comparing with the template"))
        comparison = compare(profile, path)
        content = confirmed_content(profile, comparison, path.name)
        made = context.output("confirmed", f"{profile.name}.toml")
        made.write_text(as_toml(content), encoding="utf-8", newline="\n")
        profile = profile_of(content, profile.name, made)
        write_comparison(context.output("comparison", "comparison.csv"), comparison)
        summary["template"] = {
            "agrees": comparison.count(AGREES),
            "other": len(comparison.items) - comparison.count(AGREES),
        }
    write_page(context.output("report", "report.html"), profile, comparison)
    standings = Counter(item.standing.status for layer in profile.layers for item in layer.fields)
    return {
        "profile": profile.name,
        "layers": len(profile.layers),
        "fields": sum(len(layer.fields) for layer in profile.layers),
        **{status: standings[status] for status in ("verified", "confirmed", "unverified", "proposal")},
        **summary,
    }
