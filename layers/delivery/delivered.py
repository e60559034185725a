"""What was handed in, feature by feature, and what differs from the hand-in before."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from ...errors import InputError
from ...text import NOTHING, Text
from .bsm import FIRST_PART, Identity, as_csv
from .mapping import Target
from .profile.model import Profile

LIST = "delivered.csv"
COLUMNS = ("profile", "crs", "layer", "bsm", "workspace", "uuid", "part", "attributes", "place")
CHANGE_COLUMNS = ("change", "layer", "bsm", "workspace", "uuid", "part", "what")
ADDED, CHANGED, REMOVED = "added", "changed", "removed"
CHANGE_LABELS = {
    ADDED: Text("新增", "added"),
    CHANGED: Text("变更", "changed"),
    REMOVED: Text("删除", "removed"),
}
_DIGITS = {True: 9, False: 4}  # of degrees and of metres: 0.1 mm


@dataclass(frozen=True)
class Delivered:
    """One feature as it was handed in; `attributes` and `place` are digests."""

    profile: str
    crs: str
    layer: str
    bsm: str
    workspace: str
    uuid: str
    part: str
    attributes: str
    place: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names it in every hand-in; the first part of a shape goes on as the whole, as its number does."""
        return self.layer, self.workspace, self.uuid, "" if self.part == FIRST_PART else self.part

    def identity(self, scheme: str) -> Identity:
        """Give what its number belongs to, in a scheme of numbers."""
        return Identity(scheme, self.layer, f"{self.workspace}/{self.uuid}", self.part)


@dataclass(frozen=True)
class Change:
    """One feature that is not as it was: added, removed, or changed in its attributes or place."""

    kind: str
    feature: Delivered
    what: Text = NOTHING


def listed(targets: Sequence[Target], profile: Profile, crs: str, *, is_geographic: bool) -> list[Delivered]:
    """Give what is handed in, in the order of the layers."""
    found = []
    for target in targets:
        numbers = target.columns.get(profile.bsm["field"], [None] * len(target))
        shapes = shapely.set_precision(target.geometry, 10.0 ** -_DIGITS[is_geographic], mode="pointwise")
        binary = shapely.to_wkb(shapely.normalize(np.asarray(shapes, dtype=object)), byte_order=1)
        names = [name for name in target.columns if name != profile.bsm["field"]]
        for row in range(len(target)):
            words = json.dumps([target.columns[name][row] for name in names], ensure_ascii=False)
            found.append(
                Delivered(
                    profile.name,
                    crs,
                    target.layer.name,
                    numbers[row] or "",
                    target.workspace[row],
                    target.uuid[row],
                    target.part[row],
                    _digest(words.encode()),
                    _digest(binary[row]),
                )
            )
    return found


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def write_list(path: Path, features: Sequence[Delivered]) -> None:
    """Write the list that the next hand-in is compared with."""
    path.write_bytes(as_csv(COLUMNS, [tuple(getattr(item, name) for name in COLUMNS) for item in features]))


def list_of(stated: Path) -> Path:
    """Give the list of an earlier package: the file itself, or the one in its result folder.

    Raises
    ------
    InputError
        There is none.
    """
    path = stated / LIST if stated.is_dir() else stated
    if path.is_file():
        return path
    raise InputError(
        Text(f"{stated} 中没有上次成果的清单 {LIST}。", f"There is no list {LIST} of an earlier package in {stated}."),
        Text("请选择上次“生成成果包”的结果文件夹。", "Choose the result folder of the earlier delivery."),
    )


def read_list(path: Path, profile: Profile) -> list[Delivered]:
    """Read the list of an earlier package.

    Raises
    ------
    InputError
        It is no such list, or one of other layers.
    """
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise InputError(
            Text(f"{path} 不是成果清单。", f"{path} is no list of a package."),
            Text(f"表头应为 {', '.join(COLUMNS)}。", f"Its heading should be {', '.join(COLUMNS)}."),
        )
    found = [Delivered(**{name: str(row[name]) for name in COLUMNS}) for row in rows]
    own = {layer.name for layer in profile.layers}
    if found and not own & {item.layer for item in found}:
        names = sorted({item.layer for item in found})
        raise InputError(
            Text(
                f"上次的成果中没有规格 {profile.name} 的图层，只有 {'、'.join(names)}，不能比较。",
                f"The earlier package has no layer of the profile {profile.name}, only {', '.join(names)}.",
            ),
            Text("请选择同一规格的上次成果。", "Choose an earlier package of the same profile."),
        )
    return found


def changes(before: Sequence[Delivered], after: Sequence[Delivered]) -> list[Change]:
    """Give every feature that was added, changed or removed, in this order."""
    old: Mapping[tuple[str, str, str, str], Delivered] = _features(before)
    new = _features(after)
    found = [Change(ADDED, item) for key, item in new.items() if key not in old]
    for key, item in new.items():
        if key not in old:
            continue
        was, parts = old[key], []
        if was.attributes != item.attributes:
            parts.append(Text("属性", "attributes"))
        if was.crs != item.crs:
            parts.append(Text("坐标系", "CRS"))
        elif was.place != item.place:
            parts.append(Text("图形", "shape"))
        if was.bsm != item.bsm:
            parts.append(Text(f"标识码（原为 {was.bsm}）", f"number (was {was.bsm})"))
        if parts:
            said = Text("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))
            found.append(Change(CHANGED, item, said))
    return [*found, *(Change(REMOVED, item) for key, item in old.items() if key not in new)]


def _features(items: Sequence[Delivered]) -> dict[tuple[str, str, str, str], Delivered]:
    """Give features by key, without the parts that some formats (VCT, TXT) make of what others have whole."""
    whole = {item.key for item in items if not item.part}
    return {item.key: item for item in items if not item.part or (*item.key[:3], "") not in whole}


def write_changes(path: Path, found: Sequence[Change]) -> None:
    """Write the changes as CSV."""
    rows = [
        (item.kind, item.feature.layer, item.feature.bsm, item.feature.workspace, item.feature.uuid, item.feature.part,
         item.what.zh)
        for item in found
    ]  # fmt: skip
    path.write_bytes(as_csv(CHANGE_COLUMNS, rows))
