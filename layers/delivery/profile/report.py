"""The report of a delivery by a profile: what is handed in, what is not and why, what nobody has verified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from ....text import Text
from ...html_report import Cell, Noted, Section, write_report
from ...zones import DeliveryCrs
from ..checking.outcome import Checked
from ..checking.report import parts_for_delivery
from ..delivered import CHANGE_LABELS, Change
from ..findings import LEVELS, RULES, Finding, by_level
from ..mapping import Mapped, workspace_label
from ..package import WrittenFile
from ..sources import Source
from ..unfounded import unfounded_layers, unfounded_sections
from ..writing.writers import FORMAT_NAMES
from .model import STATUS_LABELS, Profile

LISTED = 200
OWN_RULES = {
    "TEXT": Text("取值符合字段的类型和长度", "Values fit the type and length of their field"),
    "F03": Text("文字可用规定的编码写出", "Text can be written in the encoding asked for"),
    "F04": Text("格式能存下规格的全部要求", "The format holds all that the profile asks for"),
    "F06": Text("VCT 的写法无疑问", "Nothing is open about the VCT"),
    "F05": Text("规格要求的格式均已写出", "All formats of the profile are written"),
    "META": Text("元数据各项已填", "The metadata are filled"),
    "D01": Text("坐标基准可靠", "The datum is reliable"),
    "P01": Text("工作区图层在规格中有去处", "Layers of the workspace have a place in the profile"),
}
_RUN_CHECKS = ("2201", "2203", "3101", "3102", "3104", "3105", "4601", "4701", "BSM", "XZQDM", "MULTI")


@dataclass
class Account:
    """Everything that the report tells; `systems` are the CRS of the sets of files, mostly one."""

    profile: Profile
    systems: Sequence[DeliveryCrs]
    package: str
    mapped: Mapped
    files: Sequence[WrittenFile]
    findings: Sequence[Finding]
    sources: Sequence[Source]
    changes: Sequence[Change] | None
    not_taken: Mapping[str, int] = field(default_factory=dict)
    checked: Checked | None = None
    conflicts: Sequence[Section] = ()


def rule_name(profile: Profile, rule: str) -> Text:
    """Give what a rule asks: of the profile, of the package's own, or of the workspace's checks."""
    check = profile.check(rule)
    return check.name if check else OWN_RULES.get(rule) or RULES.get(rule) or Text(rule, rule)


def write_profile_report(path: Path, account: Account) -> None:
    """Write the page; what the check of the written files tells as well is told there alone."""
    account = replace(account, findings=_told_once(account))
    sections = [
        _overview(account),
        _layers(account),
        _workspace(account),
        _left_out(account),
        *_changes(account),
        *_findings(account),
        *(parts_for_delivery(account.checked) if account.checked else [_checks(account)]),
        *account.conflicts,
        _sources(account),
        _files(account),
        *unfounded_sections(account.profile),
    ]
    write_report(path, Text("成果包检查报告", "Check report of the delivery package"), sections)


def _overview(account: Account) -> Section:
    profile = account.profile
    levels = by_level(account.findings)
    vertical = profile.crs["vertical"]
    rows: list[list[Cell]] = [
        [
            Text("成果规格", "Profile"),
            Text(f"{profile.title.zh}（{profile.name}）", f"{profile.title.en} ({profile.name})"),
        ],
        [Text("成果包", "Package"), account.package],
        [
            Text("坐标系", "CRS"),
            Text(
                "；".join([*(f"{crs.name.zh}，{crs.code}" for crs in account.systems), "坐标按东、北顺序"]),
                "; ".join([*(f"{crs.name.en}, {crs.code}" for crs in account.systems), "east before north"]),
            ),
        ],
        [
            Text("高程基准", "Heights"),
            Text(
                f"{vertical}；图形为二维，不含高程", f"{vertical} (1985 national height datum); shapes have no heights"
            )
            if vertical
            else Text("未规定", "not stated"),
        ],
        [
            Text("检查结果", "Findings"),
            Text(
                f"错误 {levels['error']} 条，警告 {levels['warning']} 条，提示 {levels['note']} 条",
                f"{levels['error']} errors, {levels['warning']} warnings, {levels['note']} notes",
            ),
        ],
    ]
    counts = Counter(layer.standing.status for layer in profile.layers)
    fields = Counter(item.standing.status for layer in profile.layers for item in layer.fields)
    told = [
        Text(
            "本报告不表示成果符合任何数据标准：规格中的条目多来自公开转录，标准原文未读到。",
            "This report claims no conformance with any standard: most entries of the profile come from public "
            "transcriptions; the standards themselves were not read.",
        ),
        Text(
            "规格中未核实或属建议的：图层 {layers} 个中的 {open_layers} 个，字段 {fields} 个中的 {open_fields} 个；"
            "没有要素代码的图层 {codeless} 个。清单见文末，报送前请与接收单位核对，或用其空模板核对（check_profile）。",
            "Not verified, or only proposed: {open_layers} of {layers} layers, {open_fields} of {fields} fields; "
            "layers without a feature code: {codeless}. See the list at the end: ask the bureau, or hold the profile "
            "against its empty template (check_profile).",
        ).filled(
            layers=len(profile.layers),
            open_layers=counts["unverified"] + counts["proposal"],
            fields=sum(fields.values()),
            open_fields=fields["unverified"] + fields["proposal"],
            codeless=len(unfounded_layers(profile)),
        ),
    ]
    return Section(Text("概况", "At a glance"), (), told, (), rows)


def _layers(account: Account) -> Section:
    rows: list[list[Cell]] = []
    for target in account.mapped.targets:
        origin = Counter(target.workspace)
        words = Text(
            "、".join(f"{workspace_label(name).zh} {n}" for name, n in origin.items()) or "—",
            ", ".join(f"{workspace_label(name).en} {n}" for name, n in origin.items()) or "—",
        )
        rows.append(
            [
                target.layer.name,
                target.layer.alias,
                target.layer.ysdm or Text("未获得", "not obtained"),
                len(target),
                words,
                STATUS_LABELS[target.layer.standing.status],
            ]
        )
    return Section(
        Text("交付的图层", "Layers handed in"),
        [
            Text(
                "跨行政区的线和面，行政区代码取所占部分最大的行政区。",
                "A line or polygon in several administrative units has the code of the one that holds most of it.",
            )
        ],
        (),
        (
            Text("图层", "Layer"),
            Text("名称", "Name"),
            Text("要素代码", "Feature code"),
            Text("要素数", "Features"),
            Text("来自工作区", "From the workspace"),
            Text("图层名状态", "Status of the name"),
        ),
        rows,
    )


def _workspace(account: Account) -> Section:
    mapped = account.mapped
    rows: list[list[Cell]] = [
        [workspace_label(name), count, mapped.rows_out[name], count - mapped.rows_out[name]]
        for name, count in mapped.rows_in.items()
    ]
    totals = sum(mapped.rows_in.values()), sum(mapped.rows_out.values())
    rows.append([Text("合计", "Total"), *totals, totals[0] - totals[1]])
    notes = [
        Text(
            "同一要素可进入几个图层，多部件图形按规格拆分，因此图层要素数之和可大于交付要素数。",
            "A feature may be in several layers, and multi-part shapes are split as the profile says: the layers "
            "together may hold more features than are handed in.",
        )
    ]
    if account.not_taken:
        zh = "、".join(f"{workspace_label(name).zh} {n}" for name, n in account.not_taken.items())
        en = ", ".join(f"{workspace_label(name).en} {n}" for name, n in account.not_taken.items())
        notes.append(
            Text(
                f"本规格不收的工作区图层及要素数：{zh}。",
                f"Layers that the profile does not take, and their features: {en}.",
            )
        )
    return Section(
        Text("要素去向", "Where the features went"),
        [],
        (),
        (
            Text("工作区图层", "Workspace layer"),
            Text("要素数", "Features"),
            Text("交付", "Handed in"),
            Text("未交付", "Left out"),
        ),
        rows,
        notes=notes,
    )


def _left_out(account: Account) -> Section:
    counted = Counter((item.layer, item.reason) for item in account.mapped.left_out)
    rows: list[list[Cell]] = [[workspace_label(layer), reason, n] for (layer, reason), n in counted.items()]
    return Section(
        Text("未交付的原因", "Why features were left out"),
        [Text("逐个要素见 left_out.csv。", "Feature by feature in left_out.csv.")]
        if rows
        else [Text("全部要素均已交付。", "Every feature is handed in.")],
        (),
        (Text("工作区图层", "Workspace layer"), Text("原因", "Reason"), Text("要素数", "Features")) if rows else (),
        rows,
    )


def _changes(account: Account) -> list[Section]:
    if account.changes is None:
        return []
    counted = Counter(item.kind for item in account.changes)
    sentence = Text(
        "新增 {added} 个，变更 {changed} 个，删除 {removed} 个；其余要素及其标识码与上次相同。",
        "Added {added}, changed {changed}, removed {removed}; the others and their numbers are as before.",
    ).filled(**{kind: counted[kind] for kind in CHANGE_LABELS})
    rows: list[list[Cell]] = [
        [CHANGE_LABELS[item.kind], item.feature.layer, item.feature.bsm, item.what, item.feature.uuid]
        for item in account.changes[:LISTED]
    ]
    more = [Text(f"此处列前 {LISTED} 条，全部见 changes.csv。", f"The first {LISTED}; all in changes.csv.")]
    return [
        Section(
            Text("与上次成果的差异", "Since the earlier package"),
            [sentence, *(more if len(account.changes) > LISTED else [])],
            (),
            (
                Text("差异", "Difference"),
                Text("图层", "Layer"),
                Text("标识码", "Number"),
                Text("内容", "What"),
                Text("唯一标识", "UUID"),
            )
            if rows
            else (),
            rows,
        )
    ]


def _told_once(account: Account) -> list[Finding]:
    """Leave out findings on a feature, or on a whole layer, that the same rule has in the written files, too."""
    read_back = account.checked.found if account.checked is not None else []
    told = {(item.rule, item.layer, item.bsm) for item in read_back if item.bsm or not (item.feature or item.unlisted)}
    return [item for item in account.findings if (item.rule, item.layer, item.key) not in told or _is_nameless(item)]


def _is_nameless(item: Finding) -> bool:
    return bool(item.feature) and not item.key


def _findings(account: Account) -> list[Section]:
    sections = []
    order = list(LEVELS)
    grave = sorted(account.findings, key=lambda item: (order.index(item.level), item.rule))
    for (level, rule), group in groupby(grave, key=lambda item: (item.level, item.rule)):
        listed = list(group)
        name = rule_name(account.profile, rule)
        more = Text(
            f"共 {len(listed)} 条，此处列前 {LISTED} 条，全部见 check_report.csv。",
            f"The first {LISTED} of {len(listed)} are here, all of them in check_report.csv.",
        )
        rows: list[list[Cell]] = [
            [Noted(_layer_label(item), whole=True), item.key or item.feature, item.message, item.remedy]
            for item in listed[:LISTED]
        ]
        sections.append(
            Section(
                Text(
                    f"{LEVELS[level].zh} · {rule} {name.zh}：{len(listed)} 条",
                    f"{LEVELS[level].en} · {rule} {name.en}: {len(listed)}",
                ),
                [more] if len(listed) > LISTED else [],
                (),
                (
                    Text("图层", "Layer"),
                    Text("要素", "Feature"),
                    Text("问题", "Finding"),
                    Text("处理办法", "What to do"),
                ),
                rows,
            )
        )
    return sections


def _layer_label(item: Finding) -> Text:
    return workspace_label(item.layer) if item.layer else Text("全部", "All")


def _checks(account: Account) -> Section:
    found = Counter(item.rule for item in account.findings)
    rows: list[list[Cell]] = [
        [
            check.id,
            check.name,
            "" if check.threshold is None else f"{check.threshold:g} {check.unit}",
            (found[check.id] if check.id in _RUN_CHECKS else Text("未检查", "not run")),
            STATUS_LABELS[check.standing.status],
        ]
        for check in account.profile.checks
    ]
    return Section(
        Text("规格所列的检查", "Checks that the profile lists"),
        [],
        [
            Text(
                "接收单位的其他检查（图层间套合、压盖、空隙、悬挂、接边等）本次未做。",
                "Other checks of a bureau (overlap and gaps, dangles, edges, agreement between layers) were not run.",
            )
        ],
        (
            Text("规则", "Rule"),
            Text("内容", "What it asks"),
            Text("阈值", "Threshold"),
            Text("问题数", "Findings"),
            Text("状态", "Status"),
        ),
        rows,
    )


def _sources(account: Account) -> Section:
    rows: list[list[Cell]] = [
        [workspace_label(item.layer), item.file or Text("手工绘制", "drawn by hand"), item.rows, item.words]
        for item in account.sources
    ]
    return Section(
        Text("数据来源与坐标基准", "Sources and their datum"),
        [
            Text(
                "成果坐标均为 CGCS2000；GCJ-02、BD-09 数据只有经指定转换后才会进入工作区，转换记录如下。",
                "All coordinates handed in are CGCS2000; GCJ-02 and BD-09 data enter the workspace only by a "
                "conversion on order, listed here.",
            )
        ],
        (),
        (
            Text("图层", "Layer"),
            Text("来源文件", "File"),
            Text("要素数", "Features"),
            Text("坐标基准", "Datum"),
        ),
        rows,
    )


def _files(account: Account) -> Section:
    rows: list[list[Cell]] = [
        [item.layer, FORMAT_NAMES[item.format], item.path.name, item.features] for item in account.files
    ]
    return Section(
        Text("文件", "Files"),
        [Text("要素数从写好的文件中读回。", "Counts are read back from the files.")],
        (),
        (Text("图层", "Layer"), Text("格式", "Format"), Text("文件", "File"), Text("要素数", "Features")),
        rows,
    )
