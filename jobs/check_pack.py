"""Check a rule pack and list its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..text import Text, languages
from .declaration import Job, Output, OutputKind, Parameter, ParameterKind
from .shared.pack_parameters import PACK

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="check_pack",
    label=Text("检查规则包", "Check a rule pack"),
    help=Text(
        "检查规则包：逐条核对编号、取值、单位、比较方式、日期和出处，一次列出全部问题；无误时列出各条规则、来源、状态和自定义修改的理由。",
        "Checks a rule pack: ids, values, units, comparisons, dates and sources of all rules, every fault at once. A sound pack is "
        "listed rule by rule with sources, status and the reasons of your own changes.",
    ),
    step="data",
    parameters=(
        Parameter(
            "pack",
            ParameterKind.TEXT,
            PACK.label,
            PACK.help,
            required=True,
        ),
    ),
    outputs=(Output("report", OutputKind.REPORT, Text("规则包清单", "Rules of the pack")),),
    summary_keys=("pack", "rules", "verified", "unverified", "by_analogy", "changed"),
)


def run(context: RunContext) -> dict[str, Any]:
    """Read the pack, which refuses faults, and list its rules."""
    from pathlib import Path

    from ..layers.html_report import Section, write_report
    from ..rules.own import is_file, stated_pack
    from ..rules.status import status_words
    from .shared.packs import check_kinds
    from .shared.rule_words import change_words
    from .shared.rules import comparison_words

    stated = context["pack"]
    if is_file(stated) and Path(stated).is_file():
        context.read("pack", Path(stated))
    pack = stated_pack(stated)
    check_kinds(pack)
    rules = list(pack.rules.values())
    context.rules = [*(rule.cited() for rule in rules), *(change.cited() for change in pack.changes)]
    count = {
        status: sum(rule.status == status for rule in rules) for status in ("verified", "unverified", "by_analogy")
    }
    changed = [rule for rule in context.rules if rule.get("own_pack") and rule["pack"]]
    listing = Section(
        Text("规则", "Rules"),
        [
            Text(
                f"共 {len(rules)} 条：已核实 {count['verified']} 条，未核实 {count['unverified']} 条，类推 {count['by_analogy']} 条；"
                f"其中自定义修改 {len(changed)} 条。",
                f"{len(rules)} rules: {count['verified']} verified, {count['unverified']} unverified, {count['by_analogy']} by analogy; "
                f"{len(changed)} of them are changed by your own pack.",
            )
        ],
        [change_words(rule) for rule in context.rules if rule.get("own_pack")],
        headings=[
            Text("规则", "Rule"),
            Text("含义", "Meaning"),
            Text("取值", "Value"),
            Text("文件", "Document"),
            Text("条款", "Clause"),
            Text("有效期", "Valid"),
            Text("状态", "Status"),
            Text("备注", "Note"),
        ],
        rows=[
            [
                rule.id,
                rule.name,
                comparison_words(rule),
                rule.document,
                languages(rule.clause),
                f"{rule.valid_from or '…'} – {rule.valid_to or '…'}",
                status_words(rule.status, rule.clause),
                languages(rule.note),
            ]
            for rule in rules
        ],
    )
    write_report(context.output("report", "report.html"), pack.title, [listing])
    return {"pack": pack.name, "rules": len(rules), **count, "changed": len(changed)}
