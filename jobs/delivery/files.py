"""The files of a package: every format of every set, metadata, checksums and the archive."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from ...engine.context import RunContext
from ...layers.delivery import folder
from ...layers.delivery.bsm import Register
from ...layers.delivery.checks import CheckedLayer
from ...layers.delivery.findings import Finding
from ...layers.delivery.mapping import Setting, Target, map_layers
from ...layers.delivery.metadata import table, xml
from ...layers.delivery.metadata.known import known_of, unstated
from ...layers.delivery.package import WrittenFile
from ...layers.delivery.target_checks import fit
from ...layers.delivery.writing.formats import ALL_WRITERS
from ...layers.delivery.writing.ofds import CABLES, NODES, write_ofds
from ...layers.delivery.writing.read_back import read_back
from ...layers.delivery.writing.writers import FORMAT_NAMES, Setup, Writing
from ...layers.vct.writing.description import FORMS
from ...text import Text
from ..land.for_delivery import ForDelivery, write_for_delivery
from ..shared.packs import cite, read_pack
from .zones import Share

_OUTPUTS = {"shp": "shapefiles"}  # else named as the format
_DRIVERS = {"gpkg": "GPKG", "gdb": "OpenFileGDB"}


@dataclass
class FileSet:
    """What is written in one CRS, in a folder of its own where the package has several.

    Attributes
    ----------
    home : pathlib.Path
        The folder of the package, or that of the zone in it.
    stem : str
        Name of the files that hold all layers.
    targets : list of Target
    single : list of Target
        The same with every part of a shape a feature of its own, for the formats that have none in parts; `targets`
        themselves where no such format is written or no shape has parts.
    """

    home: Path
    stem: str
    setting: Setting
    targets: list[Target]
    single: list[Target]

    def of(self, name: str) -> list[Target]:
        """Give the layers as a format has them."""
        return self.single if name in _in_parts(self.setting) else self.targets


def _in_parts(setting: Setting) -> set[str]:
    """Give the formats in which every part of a shape is a feature of its own."""
    form = FORMS[str(setting.profile.vct["form"]) or "landuse3"]
    return {"txt", "vct"} if form.explode else {"txt"}


def single_targets(
    share: Share, targets: list[Target], setting: Setting, register: Register, formats: Sequence[str]
) -> list[Target]:
    """Take shapes of several parts apart where a format is asked for that cannot hold them.

    The first part goes on under the number of the whole; every other has a number of its own in the register, the same
    at every hand-in. Lengths and areas are those of the part.
    """
    several = any((shapely.get_num_geometries(target.geometry) > 1).any() for target in targets)
    if not several or not _in_parts(setting) & set(formats):
        return targets
    rule = {**setting.profile.geometry, "multipart": "split"}
    apart = replace(setting, profile=replace(setting.profile, geometry=rule))
    wanted = {target.layer.name for target in targets}
    found = [item for item in map_layers(share.checked, apart, register).targets if item.layer.name in wanted]
    for target in found:
        fit(target, setting.profile)  # what it has to say was said of the whole shapes
    return found


def write_sets(
    context: RunContext,
    package: str,
    sets: Sequence[FileSet],
    checked: Mapping[str, CheckedLayer],
    formats: Sequence[str],
    lineage: str,
    conflicts: ForDelivery | None,
) -> tuple[list[WrittenFile], list[Finding]]:
    """Write all formats of all sets, read them back, and put metadata, conflicts, checksums and the archive to them."""
    home = context.output("package", package)
    home.mkdir()
    files: list[WrittenFile] = []
    findings: list[Finding] = []
    profile = sets[0].setting.profile
    for place, one in enumerate(sets):
        one.home.mkdir(exist_ok=True)
        start, share = 0.55 + 0.3 * place / len(sets), 0.3 / len(sets)
        done, told = _write_set(context, one, formats, start, share, alone=len(sets) == 1)
        files += done
        findings += told
        findings += _write_metadata(one, package, done, str(context.parameters.get("date") or ""), lineage)
    if "ofds" in formats:
        done_network = write_network(context, home / f"{package}.ofds.json", checked, _rows_of(sets))
        files += done_network.files
        findings += done_network.findings
    if len(sets) > 1:  # what is true of every set is told once
        findings = list(dict.fromkeys(findings))
    if conflicts is not None:
        write_for_delivery(home, conflicts)
    folder.write_checksums(home)
    if profile.names["zip"]:
        context.progress(0.9, Text("打包", "Packing"))
        folder.write_zip(context.output("zip", f"{package}.zip"), home)
    return files, findings


def write_network(
    context: RunContext, path: Path, checked: Mapping[str, CheckedLayer], taken: Container[tuple[str, str]] | None
) -> Writing:
    """Write the fibre network of the rows that are handed in, `taken` None for all."""
    tables = {name: layer.table for name, layer in checked.items() if name in (NODES, CABLES)}
    if not any(len(table) for table in tables.values()):
        return Writing(path, [], [_no_network()])
    snap = read_pack(context, "trunk").rule("trunk.snap")
    cite(context, [snap])
    date = str(context.parameters.get("date") or "")
    done = write_ofds(path, tables, taken, date, float(snap.value))
    context.outputs["ofds"] = path.relative_to(context.folder).as_posix()
    return done


def _rows_of(sets: Sequence[FileSet]) -> set[tuple[str, str]]:
    return {
        (name, uuid.partition("#")[0])
        for one in sets
        for target in one.targets
        for name, uuid in zip(target.workspace, target.uuid)
    }


def _no_network() -> Finding:
    return Finding(
        "F05",
        "error",
        "",
        Text(
            "没有干线节点和光缆可交付，没有写出 OFDS。", "There are no rooms and cables to hand in: no OFDS is written."
        ),
        Text("请先导入干线节点和干线光缆，或去掉该格式。", "Import trunk nodes and cables, or leave this format out."),
    )


def _setup(one: FileSet, date: str) -> Setup:
    profile, crs = one.setting.profile, one.setting.crs
    return Setup(
        stem=one.stem,
        crs=crs,
        tolerance=float(profile.geometry["tolerance_deg" if crs.is_geographic else "tolerance_m"]),
        dataset=str(profile.names["dataset"]),
        encoding=str(profile.names["shp_encoding"]),
        multipart=profile.geometry["multipart"] == "keep",
        vct_form=str(profile.vct["form"]),
        date=date,
        vertical=str(profile.crs["vertical"]),
        txt_decimals=int(profile.txt["decimals"]),
    )


def _write_set(
    context: RunContext, one: FileSet, formats: Sequence[str], start: float, share: float, *, alone: bool
) -> tuple[list[WrittenFile], list[Finding]]:
    setup = _setup(one, str(context.parameters.get("date") or ""))
    files: list[WrittenFile] = []
    findings: list[Finding] = []
    for place, name in enumerate(formats):
        if name == "ofds":
            continue  # one for all zones, in degrees
        if name not in ALL_WRITERS:
            findings.append(_no_writer(name))
            continue
        doing = Text("写 {format}", "Writing {format}").filled(format=FORMAT_NAMES[name])
        context.progress(start + share * place / len(formats), doing)
        done = ALL_WRITERS[name](one.home, one.of(name), setup)
        if done.files and alone:
            context.outputs[_OUTPUTS.get(name, name)] = done.path.relative_to(context.folder).as_posix()
        files += done.files
        findings += done.findings
        findings += _miscounted(one.of(name), done.files)
    findings += read_back(files, one.targets, one.setting.profile, one.setting.crs)
    return files, findings


def _write_metadata(one: FileSet, package: str, files: Sequence[WrittenFile], date: str, lineage: str) -> list[Finding]:
    stated = one.setting.profile.metadata
    form = stated["form"]
    if form == "none":
        return []
    formats = [FORMAT_NAMES[name] for name in dict.fromkeys(file.format for file in files)]
    known = known_of(package, one.targets, one.setting, formats, date, folder.size_mb(one.home))
    findings: list[Finding] = []
    if form in ("meta_VectorData", "both"):
        rows = table.rows_of(known)
        findings += unstated(known, table.PLANNERS, f"{table.NAME}.csv")
        findings += table.too_long(rows)
        written = {file.format: file.path for file in files}
        inside = [{**row, "data_size": ""} for row in rows]  # no file can state its own size
        for name in stated["inside"]:
            if name in written:
                table.write_inside(written[name], _DRIVERS[name], inside)
        table.write_csv(one.home / f"{table.NAME}.csv", rows)
    if form in ("td1016", "both"):
        path = one.home / f"{one.stem}.xml"  # beside the VCT, with its name
        xml.write_xml(path, known, lineage)
        findings += [*unstated(known, xml.PLANNERS, path.name), xml.unread()]
    return findings


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


def joined(sets: Sequence[Sequence[Target]]) -> list[Target]:
    """Put the layers of several sets together, for counts and reports; shapes keep the CRS of their set."""
    found: dict[str, Target] = {}
    for targets in sets:
        for one in targets:
            before = found.get(one.layer.name)
            found[one.layer.name] = one if before is None else _together(before, one)
    return list(found.values())


def _together(first: Target, second: Target) -> Target:
    return Target(
        first.layer,
        {name: values + second.columns[name] for name, values in first.columns.items()},
        np.concatenate([first.geometry, second.geometry]),
        first.workspace + second.workspace,
        first.uuid + second.uuid,
        first.part + second.part,
        first.region + second.region,
        first.stated_region + second.stated_region,
    )


def set_name(package: str, zone: int) -> tuple[str, str]:
    """Give folder and stem of a set: those of the package, or with the number of the zone."""
    return (f"{zone}带", f"{package}_{zone}") if zone else ("", package)
