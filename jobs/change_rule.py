"""Change a rule of a shipped pack in the planner's own packs, with its reason, or take the change back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..text import Text
from .declaration import Choice, Job, Parameter, ParameterKind
from .shared.pack_parameters import OWN_PACKS

if TYPE_CHECKING:
    from ..engine.context import RunContext

_STATUSES = (
    Choice("verified", Text("已核实", "Verified")),
    Choice("unverified", Text("未核实", "Unverified")),
    Choice("by_analogy", Text("类推", "By analogy")),
)
_SOURCE = ("document", "clause", "date", "valid_from", "valid_to", "note")


def _text(name: str, label: Text, help_text: Text, *, required: bool = False) -> Parameter:
    return Parameter(name, ParameterKind.TEXT, label, help_text, required=required)


JOB = Job(
    name="change_rule",
    label=Text("修改规则", "Change a rule"),
    help=Text(
        "在自定义规则包文件夹中修改随附规则包的一条规则或一个预设，须写明理由；也可恢复原值。修改写入 edits_规则包名.toml，随附的规则包和手工编写的文件不变。",
        "Changes one rule or preset of a shipped pack in the folder of your own packs, with a required reason, or takes the change back. "
        "It is written to edits_NAME.toml; shipped packs and files that you wrote by hand stay as they are.",
    ),
    step="data",
    parameters=(
        replace(OWN_PACKS, required=True, advanced=False),
        _text(
            "pack",
            Text("随附规则包", "Shipped pack"),
            Text("其名称，如 frontier-2027。", "Its name, such as frontier-2027."),
            required=True,
        ),
        _text(
            "rule",
            Text("规则", "Rule"),
            Text(
                "规则编号，如 N12.village_5g；预设如 radius:5G:690:810:30。",
                "Its id, such as N12.village_5g; a preset such as radius:5G:690:810:30.",
            ),
            required=True,
        ),
        _text(
            "field",
            Text("预设的数值", "Number of the preset"),
            Text("只用于预设，如 radius_m、power_dbm。", "For a preset alone, such as radius_m or power_dbm."),
        ),
        _text(
            "value",
            Text("新的取值", "New value"),
            Text(
                "数字或文字；列表以逗号分隔。留空则取值不变。",
                "A number or a text; items of a list with commas between. Empty: it stays.",
            ),
        ),
        _text(
            "reason",
            Text("修改理由", "Reason"),
            Text("必填；结果和报告会引用。", "Required; results and reports cite it."),
        ),
        Parameter(
            "status",
            ParameterKind.CHOICE,
            Text("状态", "Status"),
            Text(
                "已核实：取值与所写文件逐字一致。留空：取值改变时为未核实。",
                "Verified: the document states the value word for word. Empty: a new value is unverified.",
            ),
            choices=_STATUSES,
        ),
        _text("document", Text("文件", "Document"), Text("新取值的出处。", "The source of the new value.")),
        _text("clause", Text("条款", "Clause"), Text("出处的条款或原文。", "Clause or wording.")),
        _text(
            "date",
            Text("日期", "Date"),
            Text("出处的日期：年、年-月或年-月-日。", "Of the source: a year, month or day."),
        ),
        _text("valid_from", Text("有效期起", "Valid from"), Text("年、年-月或年-月-日。", "A year, month or day.")),
        _text("valid_to", Text("有效期止", "Valid to"), Text("年、年-月或年-月-日。", "A year, month or day.")),
        _text("note", Text("备注", "Note"), Text("可选。", "Optional.")),
        Parameter(
            "revert",
            ParameterKind.FLAG,
            Text("恢复原值", "Take the change back"),
            Text("删去对该规则的修改。", "Takes the change of this rule out again."),
            default=False,
        ),
    ),
    outputs=(),
    summary_keys=("pack", "rule", "value", "replaced", "status", "file"),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a change without a reason."""
    if parameters.get("revert") or str(parameters.get("reason") or "").strip():
        return []
    return [
        Fault(
            Text("没有写明修改理由。", "The change has no reason."),
            Text("请填写“修改理由”（--reason）。", "State the “Reason” (--reason)."),
            field="reason",
        )
    ]


def run(context: RunContext) -> dict[str, Any]:
    """Check the change against the whole pack, then write it."""
    from pathlib import Path

    from ..rules.own import changed_pack, shipped_packs
    from ..rules.own_writer import change, edits_file, revert
    from .packs.changing import described, no_pack, stated_entry
    from .shared.packs import check_kinds

    folder, name, item, field = Path(context["own_packs"]), context["pack"], context["rule"], context["field"] or ""
    if name not in shipped_packs():
        raise no_pack(name)
    if context["revert"]:
        pack = revert(folder, name, item, field)
    else:
        before = changed_pack(name, folder, leave_out=edits_file(folder, name).name)
        entry = stated_entry(context.parameters, before, item, field, _SOURCE)
        pack = change(folder, name, item, field, entry, check_kinds)
    return {"pack": name, "rule": item, **described(pack, item, field), "file": edits_file(folder, name).name}
