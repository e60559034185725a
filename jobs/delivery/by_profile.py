"""Deliver by a profile: from the layers of the workspace to a folder and an archive that the bureau is handed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ...engine.context import RunContext
from ...errors import InputError, ParameterError, WorkspaceError
from ...layers.delivery import delivered, folder
from ...layers.delivery.bsm import Register, as_csv, register_path
from ...layers.delivery.checks import CheckedLayer, check_layer
from ...layers.delivery.findings import Finding, by_level, zone_findings
from ...layers.delivery.mapping import Mapped, Setting, Target, map_layers, scheme_of
from ...layers.delivery.package import WrittenFile
from ...layers.delivery.profile.model import Profile
from ...layers.delivery.profile.report import Account, write_profile_report
from ...layers.delivery.regions import Regions, county_of, regions_of
from ...layers.delivery.report import write_check_table
from ...layers.delivery.sources import Source, sources_of
from ...layers.delivery.target_checks import check_numbers, check_target, fit
from ...layers.delivery.writing.formats import ALL_WRITERS
from ...layers.delivery.writing.read_back import read_back
from ...layers.delivery.writing.writers import FORMAT_NAMES, Setup
from ...layers.specs import SPECS
from ...layers.store.workspace import Workspace, missing_layer_fault
from ...layers.zones import GEOGRAPHIC, DeliveryCrs, crs_choice, stated_crs
from ...text import Text

_OUTPUTS = {"shp": "shapefiles"}  # else named as the format
_ALWAYS_OF_WORKSPACE = ("A02", "A03", "A04", "A05", "A06", "G01", "G02", "G03", "G04")


def deliver(context: RunContext, profile: Profile, workspace: Workspace, formats: Sequence[str]) -> dict[str, Any]:
    """Write the package by a profile; errors as the job's."""
    wanted = str(context.parameters.get("crs") or profile.crs["default"])
    stated_crs(wanted)
    if wanted in ("4490", "zone", "zone-no-prefix") and wanted not in profile.crs["choices"]:
        raise ParameterError(
            Text(f"成果规格 {profile.name} 不用坐标系 {wanted}。", f"The profile {profile.name} has no CRS {wanted}."),
            Text(f"可用：{'、'.join(profile.crs['choices'])}。", f"Use {', '.join(profile.crs['choices'])}."),
        )
    previous = _previous(context, profile)
    counts = workspace.counts()
    names = _names(context, profile, counts, workspace)
    checked = _checked(context, workspace, names)
    crs, findings = _crs(wanted, checked, profile)
    setting = _setting(context, workspace, counts, profile, crs, checked)
    register = Register(register_path(workspace.path))
    if previous is not None:
        scheme = scheme_of(profile)
        register.remember({item.identity(scheme): item.bsm for item in previous if item.bsm})
    context.progress(0.4, Text("按规格组织图层", "Making the layers of the profile"))
    mapped = map_layers(checked, setting, register)
    findings += [item for layer in checked.values() for item in layer.findings if item.rule in _ALWAYS_OF_WORKSPACE]
    targets = [target for target in mapped.targets if len(target) or target.layer.need == "M"]
    if not any(len(target) for target in targets):
        raise _nothing_left(context, mapped, profile)
    context.progress(0.5, Text("检查", "Checking"))
    for target in targets:
        findings += fit(target, profile)
        findings += check_target(target, setting)
        findings += _empty(target, profile)
    findings += check_numbers(targets, profile)
    sources, doubts = _sources(workspace, checked, mapped)
    findings += doubts
    package = _package_name(profile, setting)
    files, told = _write(context, package, targets, setting, formats)
    findings += told
    findings += read_back(files, targets, profile, crs)
    features = delivered.listed(targets, profile, crs.code, is_geographic=crs.is_geographic)
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
    account = Account(profile, crs, package, mapped, files, findings, sources, changed, not_taken)
    write_profile_report(context.output("check_report", "check_report.html"), account)
    write_check_table(context.output("check_csv", "check_report.csv"), findings)
    _write_left_out(context.output("left_out", "left_out.csv"), mapped)
    _write_fields(context.output("fields", "fields.csv"), targets)
    context.checkpoint()
    register.write()  # last: a run that fails before has given no numbers
    return _summary(profile, crs, mapped, targets, findings, formats, package, changed)


def _summary(
    profile: Profile,
    crs: DeliveryCrs,
    mapped: Mapped,
    targets: Sequence[Target],
    findings: Sequence[Finding],
    formats: Sequence[str],
    package: str,
    changed: Sequence[delivered.Change] | None,
) -> dict[str, Any]:
    rows_in, rows_out = sum(mapped.rows_in.values()), sum(mapped.rows_out.values())
    summary: dict[str, Any] = {
        "profile": profile.name,
        "package": package,
        "crs": crs.code,
        "crs_name": crs.name._asdict(),
        "zone": crs.zone.number if crs.zone else None,
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


def _crs(wanted: str, checked: dict[str, CheckedLayer], profile: Profile) -> tuple[DeliveryCrs, list[Finding]]:
    """Choose the CRS as the profile says for data that lies in several zones."""
    bounds = np.concatenate([shapely.bounds(layer.table.geometry) for layer in checked.values()])
    lon, lat = (bounds[:, :2] + bounds[:, 2:]).T / 2
    if not len(lon):
        return crs_choice("4490", lon), []
    crs = crs_choice(wanted, lon)
    spans = profile.crs["spans"]
    if crs.zone is not None and crs.zone.inside < crs.zone.total and spans != "most":
        if spans == "geographic":
            return crs_choice(GEOGRAPHIC, lon), zone_findings(crs, lon, lat)
        raise InputError(
            Text(
                f"{crs.zone.total} 个要素中有 {crs.zone.total - crs.zone.inside} 个不在第 {crs.zone.number} 带内，"
                f"成果规格 {profile.name} 不允许跨带。",
                f"{crs.zone.total - crs.zone.inside} of {crs.zone.total} features lie outside zone {crs.zone.number}; the "
                f"profile {profile.name} does not allow that.",
            ),
            Text(
                "请按带分别交付，或改规格中的 crs.spans。", "Hand in zone by zone, or change crs.spans in the profile."
            ),
        )
    return crs, zone_findings(crs, lon, lat)


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


def _write(
    context: RunContext, package: str, targets: Sequence[Target], setting: Setting, formats: Sequence[str]
) -> tuple[list[WrittenFile], list[Finding]]:
    profile, crs = setting.profile, setting.crs
    tolerance = profile.geometry["tolerance_deg" if crs.is_geographic else "tolerance_m"]
    setup = Setup(
        package,
        crs,
        float(tolerance),
        str(profile.names["dataset"]),
        str(profile.names["shp_encoding"]),
        profile.geometry["multipart"] == "keep",
        str(profile.vct["form"]),
        str(context.parameters.get("date") or ""),
    )
    home = context.output("package", package)
    home.mkdir()
    files: list[WrittenFile] = []
    findings: list[Finding] = []
    for place, name in enumerate(formats):
        if name not in ALL_WRITERS:
            findings.append(_no_writer(name))
            continue
        doing = Text("写 {format}", "Writing {format}").filled(format=FORMAT_NAMES[name])
        context.progress(0.55 + 0.3 * place / len(formats), doing)
        done = ALL_WRITERS[name](home, targets, setup)
        if done.files:
            context.outputs[_OUTPUTS.get(name, name)] = done.path.relative_to(context.folder).as_posix()
        files += done.files
        findings += done.findings
    findings += _miscounted(targets, files)
    if profile.metadata["form"] == "meta_VectorData":
        written = [name for name in formats if any(file.format == name for file in files)]
        folder.write_metadata(home / folder.METADATA, package, targets, setting, written, setup.date)
    folder.write_checksums(home)
    if profile.names["zip"]:
        context.progress(0.9, Text("打包", "Packing"))
        folder.write_zip(context.output("zip", f"{package}.zip"), home)
    return files, findings


def _no_writer(name: str) -> Finding:
    return Finding(
        "F05",
        "error",
        "",
        Text(
            "本版本不能写 {format}，成果包中没有。", "This version writes no {format}: it is not in the package."
        ).filled(format=FORMAT_NAMES[name]),
        Text("请用其他格式交付，或由接收单位转换。", "Hand in another format, or have the bureau convert it."),
    )


def _miscounted(targets: Sequence[Target], files: Sequence[WrittenFile]) -> list[Finding]:
    wanted = {target.layer.name: len(target) for target in targets}
    return [
        Finding(
            "L02",
            "error",
            file.layer,
            Text(
                "{format} 文件有 {found} 个要素，应有 {wanted} 个。",
                "The {format} holds {found} features, not {wanted}.",
            ).filled(format=FORMAT_NAMES[file.format], found=file.features, wanted=wanted[file.layer]),
            Text(
                "请重新生成成果包；若再次出现请将日志发给插件维护者。",
                "Write the package again; if it recurs send the log to the plugin's maintainers.",
            ),
        )
        for file in files
        if file.features != wanted[file.layer]
    ]


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
