"""Delivery profiles: TOML files that say which layers, fields, codes and names a bureau is handed in.

A profile is data: what it does not say, nothing here adds. Every entry states its source and how well it is founded
(`STATUSES`). A profile never claims that a delivery conforms with a standard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ....errors import InputError
from ....text import Text
from .faults import faults_of_profile
from .schema import FOUNDED

STATUS_LABELS = {
    "verified": Text("已核实", "verified"),
    "confirmed": Text("已按模板核对", "confirmed by a template"),
    "unverified": Text("未核实", "unverified"),
    "proposal": Text("建议", "proposal"),
}
_SHOWN_FAULTS = 5


@dataclass(frozen=True)
class Standing:
    """Where an entry of a profile comes from, and how well it is founded."""

    source: str = ""
    status: str = "unverified"
    note: str = ""

    @property
    def is_founded(self) -> bool:
        """Whether somebody has read it in the source, or a bureau's template has it."""
        return self.status in FOUNDED


@dataclass(frozen=True)
class TargetField:
    """A field of a target layer.

    Attributes
    ----------
    name : str
        The bureau's code of the field, its column name in every format.
    alias : str
        Its Chinese name.
    type : str
        Key of `profile_schema.TYPES`.
    length, decimals : int
        0 where the profile does not say.
    need : str
        M mandatory, C on a condition, O optional.
    domain : str
        Key of the profile's domains, "" for none.
    above, minimum : float or None
        A number is greater than, or at least, this.
    value : mapping
        An expression (`expressions`) for what no intake gives otherwise; empty for a field that stays empty.
    """

    name: str
    alias: str
    type: str
    length: int
    decimals: int
    need: str
    domain: str
    above: float | None
    minimum: float | None
    value: Mapping[str, Any]
    standing: Standing


@dataclass(frozen=True)
class Intake:
    """A layer of the workspace that a target layer takes rows of.

    Attributes
    ----------
    where : mapping of str to tuple of str
        Only rows whose field has one of these values.
    expressions : mapping
        By target field.
    """

    workspace: str
    where: Mapping[str, tuple[str, ...]]
    expressions: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class TargetLayer:
    """A layer that the bureau receives.

    Attributes
    ----------
    geometry : str
        point, line or polygon.
    ysdm : str
        Feature code, "" where nobody knows it.
    bsm_code : str
        Layer code inside the feature numbers.
    tiles : bool
        Its areas fill the ground: a gap between them is a fault.
    joined : bool
        Its lines are a network: an end that meets no other line is a fault.
    """

    name: str
    alias: str
    geometry: str
    ysdm: str
    bsm_code: str
    need: str
    intakes: tuple[Intake, ...]
    fields: tuple[TargetField, ...]
    standing: Standing
    tiles: bool = False
    joined: bool = False

    def field(self, name: str) -> TargetField | None:
        """Give a field by its name, None where the layer has none."""
        return next((item for item in self.fields if item.name == name), None)


@dataclass(frozen=True)
class Check:
    """A check of the bureau that the profile lists, with its level (1 gravest) and threshold.

    Attributes
    ----------
    segment : float or None
        4701 alone: segments inside a line that are shorter than this (m) are a fault too.
    """

    id: str
    name: Text
    level: int
    threshold: float | None
    unit: str
    standing: Standing
    segment: float | None = None


@dataclass(frozen=True)
class Domain:
    """A list of codes with their Chinese words."""

    name: str
    title: Text
    values: Mapping[str, str]
    standing: Standing


@dataclass(frozen=True)
class Profile:
    """A delivery profile.

    Attributes
    ----------
    name : str
        That of the file.
    of_workspace : bool
        Hands in the layers of the workspace as they are, under their own names.
    formats : tuple of str
        Written where nobody asks for others.
    crs, names, geometry, bsm, region, metadata, vct, txt : mapping
        Tables of the file (`profile_schema.SECTIONS`), with what it leaves out filled in.
    content : mapping
        The file as it was read.
    """

    name: str
    title: Text
    of_workspace: bool
    formats: tuple[str, ...]
    crs: Mapping[str, Any]
    names: Mapping[str, Any]
    geometry: Mapping[str, Any]
    bsm: Mapping[str, Any]
    region: Mapping[str, Any]
    metadata: Mapping[str, Any]
    vct: Mapping[str, Any]
    txt: Mapping[str, Any]
    domains: Mapping[str, Domain]
    layers: tuple[TargetLayer, ...]
    checks: tuple[Check, ...]
    standing: Standing
    content: Mapping[str, Any]

    def layer(self, name: str) -> TargetLayer:
        """Give a layer by its name; raise KeyError where there is none."""
        for item in self.layers:
            if item.name == name:
                return item
        raise KeyError(f"profile {self.name} has no layer {name}")

    def check(self, rule: str) -> Check | None:
        """Give a check by its id, None where the profile does not ask for it."""
        return next((item for item in self.checks if item.id == rule), None)


SECTION_DEFAULTS: dict[str, dict[str, Any]] = {
    "crs": {"default": "4490", "choices": ["4490", "zone", "zone-no-prefix"], "spans": "most", "vertical": ""},
    "names": {"package": "{xzqdm}{xzqmc}", "dataset": "", "zip": True, "shp_encoding": "UTF-8"},
    "geometry": {"multipart": "keep", "tolerance_m": 0.001, "tolerance_deg": 1e-8},
    "bsm": {"field": "", "county": 6, "layer": 4, "serial": 8},
    "region": {"levels": ["town", "county", "city"], "pad_to": 0},
    "metadata": {"form": "none", "inside": []},
    "vct": {"form": ""},
    "txt": {"decimals": 3},
}


def profile_of(content: Mapping[str, Any], name: str, path: Path) -> Profile:
    """Make a profile of what a file says.

    Raises
    ------
    InputError
        Something in it is missing or wrong; `faults` has everything at once.
    """
    faults = faults_of_profile(content, path.name)
    if faults:
        shown, more = faults[:_SHOWN_FAULTS], len(faults) - _SHOWN_FAULTS
        zh, en = "".join(item.message.zh for item in shown), " ".join(item.message.en for item in shown)
        raise InputError(
            Text(
                f"成果规格 {path} 有 {len(faults)} 处缺少或写错：{zh}" + (f"另有 {more} 处。" if more > 0 else ""),
                f"The profile {path} has {len(faults)} missing or wrong entries: {en}"
                + (f" And {more} more." if more > 0 else ""),
            ),
            Text("请按提示修改该文件。", "Mend the file as told."),
            faults=faults,
        )
    head = content["profile"]
    standing = _standing(head, Standing())
    sections = {key: {**entry, **content.get(key, {})} for key, entry in SECTION_DEFAULTS.items()}
    return Profile(
        name=name,
        title=Text(head["zh"], head["en"]),
        of_workspace=head.get("layers") == "workspace",
        formats=tuple(head["formats"]),
        domains={
            key: Domain(key, Text(entry["zh"], entry["en"]), entry["values"], _standing(entry, standing))
            for key, entry in content.get("domain", {}).items()
        },
        layers=tuple(_layer(entry, content, standing) for entry in content.get("layer", [])),
        checks=tuple(
            Check(
                entry["id"],
                Text(entry["zh"], entry["en"]),
                entry["level"],
                entry.get("threshold"),
                entry.get("unit", ""),
                _standing(entry, standing),
                entry.get("segment"),
            )
            for entry in content.get("check", [])
        ),
        standing=standing,
        content=content,
        **sections,
    )


def _standing(entry: Mapping[str, Any], above: Standing) -> Standing:
    """Give the standing of an entry; one that states no status has that of the entry above it, with its source."""
    source = entry.get("source", "" if "status" in entry else above.source)
    return Standing(source, entry.get("status", above.status), entry.get("note", ""))


def _layer(entry: Mapping[str, Any], content: Mapping[str, Any], above: Standing) -> TargetLayer:
    standing = _standing(entry, above)
    has_header = entry.get("header", True)
    header, footer = (content.get(key, []) if has_header else [] for key in ("header", "footer"))
    fields: Sequence[Mapping[str, Any]] = [*header, *entry.get("field", []), *footer]
    return TargetLayer(
        name=entry["name"],
        alias=entry["alias"],
        geometry=entry["geometry"],
        ysdm=entry.get("ysdm", ""),
        bsm_code=entry.get("bsm_code", ""),
        need=entry.get("need", "O"),
        intakes=tuple(
            Intake(
                item["workspace"],
                {key: tuple(values) for key, values in item.get("where", {}).items()},
                item.get("values", {}),
            )
            for item in entry["from"]
        ),
        fields=tuple(_field(item, standing) for item in fields),
        standing=standing,
        tiles=entry.get("tiles", False),
        joined=entry.get("joined", False),
    )


def _field(entry: Mapping[str, Any], above: Standing) -> TargetField:
    return TargetField(
        name=entry["name"],
        alias=entry["alias"],
        type=entry["type"],
        length=entry.get("length", 0),
        decimals=entry.get("decimals", 0),
        need=entry["need"],
        domain=entry.get("domain", ""),
        above=entry.get("above"),
        minimum=entry.get("minimum"),
        value=entry.get("value", {}),
        standing=_standing(entry, above),
    )


def section_standing(profile: Profile, key: str) -> Standing:
    """Give the standing of one of the tables of a profile, such as ``crs``."""
    return _standing(profile.content.get(key, {}), profile.standing)
