"""Feature numbers (BSM): county, layer code and serial, unique over the package and the same at every hand-in.

Which feature has which number stands in a register beside the workspace, ``NAME.bsm.csv`` for ``NAME.gpkg``, by the
feature's UUID. A number is given once and never to another feature, also when the feature is deleted. Whoever copies
the workspace elsewhere takes the register along; where it got lost, the list of an earlier package
(``delivered.csv``) brings the numbers back.
"""

from __future__ import annotations

import csv
import glob
import io
import os
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ...errors import Fault, InputError, WorkspaceError
from ...processes import host_label, process_is_alive
from ...text import Text

FIRST_PART = "1"
COLUMNS = ("scheme", "layer", "uuid", "part", "bsm")


class Identity(NamedTuple):
    """What a feature number belongs to: its scheme (6+4+8), the target layer, the row's UUID, the part of its shape.

    Not the profile: its copy under another name hands in the same features to the same layers.
    """

    scheme: str
    layer: str
    uuid: str
    part: str


class Register:
    """The numbers given so far.

    Parameters
    ----------
    path : pathlib.Path
        The register; it need not exist.

    Raises
    ------
    InputError
        It is no register, or gives one number to two features.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read = path.read_bytes() if path.is_file() else b""
        self.numbers: dict[Identity, str] = {}
        if self._read:
            self._load(self._read.decode("utf-8-sig"))

    def _load(self, text: str) -> None:
        rows = csv.reader(io.StringIO(text, newline=""))
        if tuple(next(rows, ())) != COLUMNS:
            raise InputError(
                Text(f"{self.path} 不是标识码登记表。", f"{self.path} is no register of feature numbers."),
                Text(
                    f"表头应为 {', '.join(COLUMNS)}；请恢复备份，或移走该文件后用上次的成果（previous）找回标识码。",
                    f"Its heading should be {', '.join(COLUMNS)}; restore it, or move it away and state the earlier "
                    "package (previous).",
                ),
            )
        faults = []
        owner: dict[tuple[str, str], Identity] = {}
        for number, row in enumerate(filter(None, rows), start=2):
            *parts, bsm = row if len(row) == len(COLUMNS) else [*row, *[""] * len(COLUMNS)][: len(COLUMNS)]
            identity = Identity(*parts)
            if not bsm.isdigit() or owner.setdefault((identity.scheme, bsm), identity) != identity:
                said = Text(f"标识码“{bsm}”重复或不是数字。", f"The number “{bsm}” stands twice or is none.")
                faults.append(Fault(said, file=self.path.name, row=number, field="bsm", value=bsm))
            self.numbers[identity] = bsm
        if faults:
            raise InputError(
                Text(
                    f"标识码登记表 {self.path} 有 {len(faults)} 处错误。",
                    f"The register {self.path} has {len(faults)} faults.",
                ),
                Text("请改正所列各行。", "Mend the rows listed."),
                faults=faults,
            )

    def remember(self, known: Mapping[Identity, str]) -> int:
        """Take over numbers that the register lacks and that no other feature has; give how many."""
        taken = {(identity.scheme, bsm) for identity, bsm in self.numbers.items()}
        count = 0
        for identity, bsm in known.items():
            if identity not in self.numbers and (identity.scheme, bsm) not in taken:
                self.numbers[identity] = bsm
                taken.add((identity.scheme, bsm))
                count += 1
        return count

    def number(self, identities: Sequence[Identity], prefixes: Sequence[str], serial_digits: int) -> list[str]:
        """Give every feature its number: the one it has, else the next free serial behind its prefix.

        The first part of a shape in parts goes on under the number of the whole, and a shape of which one part is left
        under that of the first.

        Parameters
        ----------
        identities : sequence of Identity, length n
            All different.
        prefixes : sequence of str, length n
            County and layer code.
        serial_digits : int

        Raises
        ------
        InputError
            The serials behind a prefix are used up.
        """
        # The numbers behind one prefix are as long as each other: the last of them as a text is the highest.
        highest: dict[tuple[str, str], str] = {}
        for identity, bsm in self.numbers.items():
            key = identity.scheme, bsm[:-serial_digits]
            if bsm > highest.get(key, ""):
                highest[key] = bsm
        last = {key: int(bsm[-serial_digits:]) for key, bsm in highest.items()}
        given = []
        asked = set(identities)
        for stated, prefix in zip(identities, prefixes):
            identity = stated if stated in self.numbers else self._other_form(stated, asked)
            if identity not in self.numbers:
                key = identity.scheme, prefix
                last[key] = last.get(key, 0) + 1
                if last[key] >= 10**serial_digits:
                    raise InputError(
                        Text(f"标识码 {prefix} 的顺序号已用完。", f"There are no serials left behind {prefix}.")
                    )
                self.numbers[identity] = f"{prefix}{last[key]:0{serial_digits}d}"
            given.append(self.numbers[identity])
        return given

    def _other_form(self, identity: Identity, asked: Container[Identity]) -> Identity:
        """Give the whole for its first part and the first part for the whole, where that has a number to give away."""
        if identity.part not in ("", FIRST_PART):
            return identity
        other = identity._replace(part="" if identity.part else FIRST_PART)
        return other if other in self.numbers and other not in asked else identity

    def write(self) -> None:
        """Put the register in place, whole; nothing where nothing is new.

        Raises
        ------
        WorkspaceError
            Another run has written it since it was read.
        """
        text = as_csv(COLUMNS, [(*identity, bsm) for identity, bsm in sorted(self.numbers.items())])
        if text == self._read:
            return
        if (self.path.read_bytes() if self.path.is_file() else b"") != self._read:
            raise WorkspaceError(
                Text(
                    f"生成成果包期间，另一个任务改写了标识码登记表 {self.path}。",
                    f"Another job wrote the register {self.path} during this one.",
                ),
                Text("请重新生成成果包。", "Write the package again."),
            )
        self._tidy()
        partial = self.path.with_name(f".{self.path.name}.{host_label()}-{os.getpid()}.partial")
        try:
            partial.write_bytes(text)
            partial.replace(self.path)
        finally:
            partial.unlink(missing_ok=True)
        self._read = text

    def _tidy(self) -> None:
        """Remove what killed processes of this machine left here."""
        start = f".{self.path.name}.{host_label()}-"
        for item in sorted(self.path.parent.glob(f"{glob.escape(start)}*.partial")):
            process = item.name[len(start) :].removesuffix(".partial")
            if process.isdigit() and not process_is_alive(int(process)):
                item.unlink(missing_ok=True)


def register_path(workspace: Path) -> Path:
    """Give where the register of a workspace stands."""
    return workspace.with_name(f"{workspace.stem}.bsm.csv")


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Give rows as a CSV that spreadsheets open right."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return made.getvalue().encode("utf-8-sig")
