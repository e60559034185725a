"""Year on year: two frontier scoreboards compared, item by item and by a ledger that adds up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..text import Text
from .declaration import Job, Output, OutputKind, Parameter, ParameterKind
from .frontier_scoreboard import JOB as SCOREBOARD

if TYPE_CHECKING:
    from ..engine.context import RunContext

_SCORED = ("pack", "evidence", "dem", "max_range_km", "scope", "scope_overrides", "radius_m", "own_packs")
_ONLY_WORKSPACE = Text("仅用于工作区。", "For workspaces only.")


def _side(name: str, zh: str, en: str) -> Parameter:
    return Parameter(
        name,
        ParameterKind.SOURCE,
        Text(zh, en),
        Text(
            "“宽带边疆计分”的结果文件夹，一般在工作区旁的“工作区名.runs”中，如 某县.runs/frontier_scoreboard-001；"
            "或规划工作区（.gpkg；按下列参数现场计分，结果一并保存）。",
            "A result folder of “Frontier scoreboard”, as a rule in NAME.runs beside the workspace, such as "
            "county.runs/frontier_scoreboard-001; or a planning workspace (.gpkg), which is scored by the parameters below; that result "
            "is kept, too.",
        ),
        required=True,
        beside=True,
    )


def _day(name: str, zh: str, en: str) -> Parameter:
    asked = SCOREBOARD.parameter("as_of")
    said = Text(asked.help.zh + _ONLY_WORKSPACE.zh, f"{asked.help.en} {_ONLY_WORKSPACE.en}")
    return replace(asked, name=name, label=Text(zh, en), help=said)


def _scored(name: str) -> Parameter:
    asked = SCOREBOARD.parameter(name)
    return replace(asked, help=Text(asked.help.zh + _ONLY_WORKSPACE.zh, f"{asked.help.en} {_ONLY_WORKSPACE.en}"))


JOB = Job(
    name="frontier_comparison",
    label=Text("宽带边疆两期比较", "Compare two frontier scoreboards"),
    help=Text(
        "比较两期宽带边疆计分（如上年与本年）：逐项指出新达到、由达到变为未达到、由无法判定变为可判定（及相反）、新计入和不再计入的对象，"
        "并分指标、分县列出前期达到、增减和后期达到，各行均经核对。对象按编号（行政村为村代码）对应，改名的另行说明。"
        "可直接选两个计分结果，也可选两个工作区，或同一工作区的两个截止日期。两期规则、参数或判定依据不同的，逐条列出，"
        "可能由此引起的变化单独标注：规则的变化不是实地的变化。两期没有相同指标时不予比较。",
        "Compares two frontier scoreboards, such as last year's and this year's: items newly met, lost, newly judged or no longer judged, "
        "come into the count or gone from it, and by indicator and county what was met, what changed and what is met, every row checked. "
        "Items are matched by id (villages by code); other names are told. Takes two results, two workspaces, or one workspace on two "
        "days. Where rules, parameters or evidence differ, each difference is listed and the changes that may come from it are marked: "
        "a change of rule is not a change on the ground. Without an indicator in common nothing is compared.",
    ),
    step="analyse",
    parameters=(
        _side("earlier", "前期", "Earlier"),
        _side("later", "后期", "Later"),
        _day("earlier_as_of", "前期截止日期", "Earlier: as of"),
        _day("later_as_of", "后期截止日期", "Later: as of"),
        *map(_scored, _SCORED),
    ),
    outputs=(
        Output(
            "frontier_change",
            OutputKind.LAYER,
            Text("宽带边疆变化", "Frontier changes"),
            "Point",
            "frontier_change",
            "change",
        ),
        Output("comparison", OutputKind.TABLE, Text("两期比较表", "Comparison by class and county")),
        Output("changed_items", OutputKind.TABLE, Text("变化对象清单", "List of changes")),
        Output("earlier_result", OutputKind.FILE, Text("前期计分结果", "Scoreboard: earlier"), optional=True),
        Output("later_result", OutputKind.FILE, Text("后期计分结果", "Scoreboard: later"), optional=True),
        Output("report", OutputKind.REPORT, Text("比较报告", "Comparison report")),
    ),
    summary_keys=(
        *("earlier", "later", "indicators", "items", "newly_met", "newly_lost", "newly_judged", "no_longer_judged"),
        *("came_in", "left", "unchanged", "renamed", "moved", "basis_differs", "changes_in_doubt", "comparison"),
    ),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a day for a finished result, or one thing compared with itself."""
    stated = {name: parameters.get(name) for name in ("earlier", "later")}
    faults = [
        Fault(
            Text("截止日期只用于工作区；计分结果的日期已定。", "A day is for a workspace; that of a result stands."),
            Text("请删去该日期，或选择工作区。", "Leave the day out, or choose a workspace."),
            field=f"{name}_as_of",
            value=str(parameters[f"{name}_as_of"]),
        )
        for name, path in stated.items()
        if path is not None and Path(path).is_dir() and parameters.get(f"{name}_as_of")
    ]
    places = [Path(path) for path in stated.values() if path is not None]
    one = len(places) == len(stated) and places[0].resolve() == places[1].resolve()
    if not faults and one and parameters.get("earlier_as_of") == parameters.get("later_as_of"):
        faults.append(
            Fault(
                Text("前期和后期是同一份数据。", "Earlier and later are the same."),
                Text("请选择两个不同的结果或工作区，或写明两个截止日期。", "Choose two, or state two days."),
                field="later",
                value=str(stated["later"]),
            )
        )
    return faults


def run(context: RunContext) -> dict[str, Any]:
    """Read or make both scoreboards, match their items, hold the sums against each other, write the result."""
    from ..analysis.comparison import CHANGES
    from ..analysis.scoreboard import ALL_COUNTIES
    from .comparing.accounts import account
    from .comparing.basis import common_rules, differences
    from .comparing.cautions import side_cautions, unheeded
    from .comparing.changes import changed_rows, paired_items, told_apart
    from .comparing.report import basis_cautions, write_comparison_report
    from .comparing.sides import read_side
    from .comparing.stretches import read_stretches, stretch_sections
    from .comparing.tables import write_accounts, write_changes

    earlier = read_side(context, "earlier", _SCORED, 0.0, 0.45)
    later = read_side(context, "later", _SCORED, 0.45, 0.9)
    context.progress(0.9, Text("比较两期", "Comparing the two"))
    rules = common_rules(earlier, later)
    found = differences(earlier, later)
    pairs = paired_items(earlier, later, rules, found)
    stretches = read_stretches(earlier, later, rules)
    counties = {**earlier.counties, **later.counties}
    table = account(pairs, stretches, earlier, later, rules, counties)
    names = later.score.drop_duplicates("rule_id").set_index("rule_id").loc[rules, ["rule_name", "rule_name_en"]]
    changed = changed_rows(pairs, names)
    cautions = [
        *basis_cautions(found, pairs),
        *unheeded(context, _SCORED),
        *side_cautions(context, earlier, later, table),
        *told_apart(pairs),
    ]
    cautions += stretches.cautions()

    context.progress(0.95, Text("写出结果", "Writing the result"))
    context.rules = [rule for rule in later.record["rules"] if rule["id"] in rules]
    write_changes(context, changed)
    write_accounts(context, table)
    report = context.output("report", "report.html")
    more = stretch_sections(stretches, counties)
    write_comparison_report(report, (earlier, later), table, pairs, changed, found, more, context.rules, cautions)
    for caution in cautions:
        context.notice(caution)
    items = pairs.drop_duplicates(["subject", "item_id"])
    return {
        "earlier": earlier.day or None,
        "later": later.day or None,
        "indicators": int((table["county_code"] == ALL_COUNTIES).sum()),
        "items": len(pairs),
        **{change: int((pairs["change"] == change).sum()) for change in CHANGES},
        "renamed": int(items["renamed"].sum()),
        "moved": int(items["moved"].sum()),
        "basis_differs": [item.what._asdict() for item in found],
        "changes_in_doubt": int(pairs["doubt"].notna().sum()),
        "comparison": table.to_dict("records"),
    }
