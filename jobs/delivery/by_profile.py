"""Deliver by a profile: from the layers of the workspace to a folder and an archive that the bureau is handed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from ...engine.context import RunContext
from ...errors import InputError, ParameterError, WorkspaceError
from ...layers.delivery import delivered
from ...layers.delivery.bsm import Register, as_csv, register_path
from ...layers.delivery.checks import CheckedLayer, check_layer
from ...layers.delivery.findings import Finding, by_level
from ...layers.delivery.mapping import Mapped, Setting, Target, map_layers, scheme_of
from ...layers.delivery.profile.model import Profile
from ...layers.delivery.profile.report import Account, write_profile_report
from ...layers.delivery.regions import Regions, county_of, regions_of
from ...layers.delivery.report import write_check_table
from ...layers.delivery.sources import Source, lineage_of, refuse_shifted, sources_of
from ...layers.delivery.target_checks import check_numbers, check_target, fit
from ...layers.specs import SPECS
from ...layers.store.workspace import Workspace, missing_layer_fault
from ...layers.zones import DeliveryCrs
from ...text import Text
from ..land.for_delivery import conflicts_for_delivery, sections_of
from ..shared.packs import cite, read_pack
from .checking import check_written, summary_of_written
from .files import FileSet, joined, set_name, single_targets, write_sets
from .zones import Share, shares_of, wanted_crs

_ALWAYS_OF_WORKSPACE = ("A02", "A03", "A04", "A05", "A06", "G01", "G02", "G03", "G04")


def deliver(context: RunContext, profile: Profile, workspace: Workspace, formats: Sequence[str]) -> dict[str, Any]:
    """Write the package by a profile; errors as the job's."""
    wanted = wanted_crs(context.parameters.get("crs"), profile)
    previous = _previous(context, profile)
    counts = workspace.counts()
    names = _names(context, profile, counts, workspace)
    checked = _checked(context, workspace, names)
    shares, findings = shares_of(wanted, checked, profile)
    setting = _setting(context, workspace, counts, profile, shares[0].crs, checked)
    register = Register(register_path(workspace.path))
    if previous is not None:
        scheme = scheme_of(profile)
        register.remember({item.identity(scheme): item.bsm for item in previous if item.bsm})
    context.progress(0.4, Text("按规格组织图层", "Making the layers of the profile"))
    package = _package_name(profile, setting)
    home = context.folder / package
    mapped, sets = _mapped(shares, setting, register, formats, home)
    findings += [item for layer in checked.values() for item in layer.findings if item.rule in _ALWAYS_OF_WORKSPACE]
    targets = mapped.targets
    if not any(len(target) for target in targets):
        raise _nothing_left(context, mapped, profile)
    context.progress(0.5, Text("检查", "Checking"))
    for one in sets:
        for target in one.targets:
            findings += fit(target, profile)
            findings += check_target(target, one.setting)
    targets = mapped.targets = joined([one.targets for one in sets])
    for target in targets:
        findings += _empty(target, profile)
    findings += check_numbers(targets, profile)
    sources, doubts = _sources(workspace, checked, mapped)
    if not context.parameters.get("keep_shifted"):
        refuse_shifted(sources)
    findings += doubts
    conflicts = conflicts_for_delivery(workspace.path, read_pack(context, "land"))
    if conflicts is not None:
        cite(context, conflicts.rules)
    files, told = write_sets(context, package, sets, checked, formats, lineage_of(sources), conflicts)
    findings += told
    as_written = check_written(context, home, profile, setting.regions)
    features = [item for one in sets for item in _listed(one, profile)]
    delivered.write_list(context.output("delivered", delivered.LIST), features)
    changed = None
    if previous is not None:
        changed = delivered.changes(previous, features)
        delivered.write_changes(context.output("changes", "changes.csv"), changed)
    not_taken = {
        name: count
        for name, count in counts.items()
        if count and name not in mapped.rows_in and _is_asked(context, name)
    }
    context.progress(0.95, Text("写检查报告", "Writing the check report"))
    systems = [one.setting.crs for one in sets]
    account = Account(profile, systems, package, mapped, files, findings, sources, changed, not_taken, as_written)
    account.conflicts = sections_of(conflicts)
    write_profile_report(context.output("check_report", "check_report.html"), account)
    write_check_table(context.output("check_csv", "check_report.csv"), findings)
    _write_left_out(context.output("left_out", "left_out.csv"), mapped)
    _write_fields(context.output("fields", "fields.csv"), targets)
    context.checkpoint()
    register.write()  # last: a run that fails before has given no numbers
    summary = _summary(profile, systems, mapped, targets, findings, formats, package, changed)
    return summary | summary_of_written(as_written)


def _mapped(
    shares: Sequence[Share], setting: Setting, register: Register, formats: Sequence[str], home: Path
) -> tuple[Mapped, list[FileSet]]:
    """Make the layers of every share; give what became of the rows altogether, and the sets of files to write."""
    whole = Mapped([], [])
    sets = []
    for share in shares:
        own = replace(setting, crs=share.crs)
        mapped = map_layers(share.checked, own, register)
        for name, count in mapped.rows_in.items():
            whole.rows_in[name] = whole.rows_in.get(name, 0) + count
            whole.rows_out[name] = whole.rows_out.get(name, 0) + mapped.rows_out[name]
        whole.left_out += mapped.left_out
        targets = [target for target in mapped.targets if len(target) or target.layer.need == "M"]
        if len(shares) > 1 and not any(len(target) for target in targets):
            continue
        place, stem = set_name(home.name, share.zone)
        sets.append(FileSet(home / place, stem, own, targets, single_targets(share, targets, own, register, formats)))
    whole.targets = joined([one.targets for one in sets])
    return whole, sets


def _listed(one: FileSet, profile: Profile) -> list[delivered.Delivered]:
    """List the features of a set, and the parts that are features in some of its formats only."""
    crs = one.setting.crs
    found = delivered.listed(one.targets, profile, crs.code, is_geographic=crs.is_geographic)
    if one.single is one.targets:
        return found
    known = {item.key for item in found}
    more = delivered.listed(one.single, profile, crs.code, is_geographic=crs.is_geographic)
    return [*found, *(item for item in more if item.key not in known)]


def _summary(
    profile: Profile,
    systems: Sequence[DeliveryCrs],
    mapped: Mapped,
    targets: Sequence[Target],
    findings: Sequence[Finding],
    formats: Sequence[str],
    package: str,
    changed: Sequence[delivered.Change] | None,
) -> dict[str, Any]:
    rows_in, rows_out = sum(mapped.rows_in.values()), sum(mapped.rows_out.values())
    crs = systems[0]
    summary: dict[str, Any] = {
        "profile": profile.name,
        "package": package,
        "crs": crs.code,
        "crs_name": crs.name._asdict(),
        "zone": crs.zone.number if crs.zone else None,
        "zones": [item.zone.number for item in systems if item.zone],
        "layers": {target.layer.name: len(target) for target in targets},
        "features_in": rows_in,
        "features_out": rows_out,
        "features_left_out": rows_in - rows_out,
        "findings": by_level(findings),
        "formats": list(formats),
    }
    if changed is not None:
        kinds = [item.kind for item in changed]
        summary["changes"] = {kind: kinds.count(kind) for kind in delivered.CHANGE_LABELS}
    return summary


def _is_asked(context: RunContext, name: str) -> bool:
    return not context["layers"] or name in context["layers"]


def _previous(context: RunContext, profile: Profile) -> list[delivered.Delivered] | None:
    stated = context.parameters.get("previous")
    if not stated:
        return None
    return delivered.read_list(context.read("previous", delivered.list_of(Path(stated))), profile)


def _names(context: RunContext, profile: Profile, counts: dict[str, int], workspace: Workspace) -> list[str]:
    """Give the layers of the workspace that the profile reads, were asked for and have rows."""
    read = list(dict.fromkeys(intake.workspace for layer in profile.layers for intake in layer.intakes))
    names = [name for name in SPECS if name in read and counts.get(name) and _is_asked(context, name)]
    if not names:
        raise WorkspaceError(
            Text(
                "工作区 {path} 中没有成果规格 {profile} 所收图层的数据。",
                "The workspace {path} has no rows in any layer that the profile {profile} takes.",
            ).filled(path=workspace.path, profile=profile.name),
            Text("请先导入这些图层，或换用其他规格。", "Import one of them first, or use another profile."),
            faults=[missing_layer_fault(SPECS[name]) for name in read],
        )
    return names


def _checked(context: RunContext, workspace: Workspace, names: Sequence[str]) -> dict[str, CheckedLayer]:
    checked = {}
    for place, name in enumerate(names):
        doing = Text("检查图层“{label}”", "Checking the layer “{label}”").filled(label=SPECS[name].label)
        context.progress(0.35 * place / len(names), doing)
        checked[name] = check_layer(workspace.read(name))
    return checked


def _setting(
    context: RunContext,
    workspace: Workspace,
    counts: dict[str, int],
    profile: Profile,
    crs: DeliveryCrs,
    checked: dict[str, CheckedLayer],
) -> Setting:
    regions = regions_of(workspace.read("admin_units") if counts.get("admin_units") else None, profile.region["levels"])
    county = str(context.parameters.get("county") or "") or _county(regions, checked)
    if not (county.isascii() and county.isdigit() and len(county) == 6):
        raise ParameterError(
            Text(
                "无法从行政区界线得出交付的县级行政区代码。"
                if not county
                else f"县级行政区代码“{county}”不是 6 位数字。",
                "The county that hands in cannot be told from the boundaries."
                if not county
                else f"The county code “{county}” has not six digits.",
            ),
            Text(
                "请用 county 填写 6 位县级代码，或先导入行政区。",
                "State the six digits as county, or import administrative units first.",
            ),
        )
    return Setting(profile, crs, regions, county, regions.counties.get(county, ""))


def _county(regions: Regions, checked: dict[str, CheckedLayer]) -> str:
    """Give the county in which most features lie; of equals the smaller code."""
    codes = [county_of(code) for layer in checked.values() for code in regions.of(layer.table.geometry)[0].tolist()]
    counted = pd.Series([code for code in codes if code], dtype="str").value_counts()
    best = counted[counted == counted.max()] if len(counted) else counted
    return min(best.index.tolist(), default="")


def _empty(target: Target, profile: Profile) -> list[Finding]:
    if len(target) or profile.check("3101") is None:
        return []
    return [
        Finding(
            "3101",
            "error",
            target.layer.name,
            Text(
                "必备图层 {name}（{alias}）没有要素，按空图层写出。",
                "{name} ({alias}) is required and has no features; it is written empty.",
            ).filled(name=target.layer.name, alias=target.layer.alias),
            Text("请补充数据，或与接收单位确认可以缺少。", "Bring data, or ask the bureau whether it may be missing."),
        )
    ]


def _sources(
    workspace: Workspace, checked: dict[str, CheckedLayer], mapped: Mapped
) -> tuple[list[Source], list[Finding]]:
    """List the source files of the rows that are handed in."""
    files: dict[str, list[str]] = {}
    for name, layer in checked.items():
        taken = {
            uuid.partition("#")[0]
            for target in mapped.targets
            for uuid, of in zip(target.uuid, target.workspace)
            if of == name
        }
        columns = layer.table.columns
        rows = columns["uuid"].fillna("").astype("str").isin(taken)
        files[name] = columns["source_file"][rows].fillna("").astype("str").tolist()
    return sources_of({name: items for name, items in files.items() if items}, workspace.history())


def _package_name(profile: Profile, setting: Setting) -> str:
    name = str(profile.names["package"])
    for place, value in (("xzqdm", setting.county), ("xzqmc", setting.county_name), ("profile", profile.name)):
        name = name.replace(f"{{{place}}}", "".join(c for c in value if c not in '/\\:*?"<>|'))
    return name.strip(". ") or profile.name


def _write_left_out(path: Path, mapped: Mapped) -> None:
    rows = [(item.layer, item.uuid, item.key, item.reason.zh, item.reason.en) for item in mapped.left_out]
    path.write_bytes(as_csv(("layer", "uuid", "key", "reason_zh", "reason_en"), rows))


def _write_fields(path: Path, targets: Sequence[Target]) -> None:
    rows = [
        (target.layer.name, target.layer.alias, item.name, item.alias, item.type, item.length or "", item.decimals or "",
         item.need, item.standing.status, item.standing.source)
        for target in targets
        for item in target.layer.fields
    ]  # fmt: skip
    heading = ("layer", "layer_alias", "field", "alias", "type", "length", "decimals", "need", "status", "source")
    path.write_bytes(as_csv(heading, rows))


def _nothing_left(context: RunContext, mapped: Mapped, profile: Profile) -> InputError:
    path = context.folder / "left_out.csv"
    _write_left_out(path, mapped)
    return InputError(
        Text(
            f"成果规格 {profile.name} 不收工作区中的任何要素。",
            f"The profile {profile.name} takes no feature of the workspace.",
        ),
        Text("原因逐个列在未交付要素表中。", "The table of features left out gives the reason for each."),
        report=str(path),
    )
