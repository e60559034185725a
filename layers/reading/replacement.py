"""What an import does to the rows that an earlier one brought, in figures and in words; `replacing` finds it out."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ...errors import InputError
from ...text import Text
from ..store.source_rows import Stated
from ..table import LayerTable

REPLACED_COLUMNS = ("uuid", "key", "what", "field", "old", "new")
CHANGED, REMOVED, EDITED, CONFLICT, KEPT = "changed", "removed", "edited", "conflict", "kept"
TAKEN_OUT = "taken_out"
WHAT = {
    CHANGED: Text("变更", "changed"),
    REMOVED: Text("删除", "removed"),
    EDITED: Text("保留人工修改", "edit kept"),
    CONFLICT: Text("冲突，保留人工修改", "conflict, edit kept"),
    KEPT: Text("保留原有", "kept as it was"),
    TAKEN_OUT: Text("按您的要求搁置并移出", "set aside and taken out as you ordered"),
}


_NAMED = 5


@dataclass(frozen=True)
class Replacement:
    """What becomes of the rows that an earlier import of the same source brought.

    Rows of the file: ``added + changed + unchanged``. Rows that were there: ``changed + unchanged + removed + kept``.

    Attributes
    ----------
    before : int
        Rows of that source in the workspace.
    replaced, changed, removed : int
        Rows that come again; of these, those in which a value or place is written that differs; rows that are deleted.
    frame : pandas.DataFrame
        Columns `REPLACED_COLUMNS`: one row a value that changes or is kept against the file, and one a row that goes or
        is kept although the file no longer has it or its row was set aside (in ``old`` as JSON). ``what`` is a key of
        `WHAT`; a value that is kept because the file's could not be read is "kept", too.
    added, unchanged : int
        Rows of the file that are new; rows that come again and of which nothing is written but their row number.
    edited, conflicts, kept : int
        Rows of the file in which a planner's edit differs from what the file says; of these, those where the file
        changed the same value; rows that stay although nothing is written of them.
    aside, aside_keys : int, tuple of str
        Of the rows kept, those that the file has, but that could not be read, and their ids.
    unread : int
        Values kept because the file's could not be read.
    taken_out : int
        Of the rows removed, those that the file has, but that the planner wants out.
    rekeyed : int
        Rows that come again under another key.
    table : LayerTable or None
        The rows to write: the file's, with the UUIDs that they had and the edits that stay, then those kept.
    stated : Stated or None
        What the file says of each row of `table`, for `Workspace.replace_rows`; None where that is just what it holds.
    """

    before: int
    replaced: int
    changed: int
    removed: int
    frame: pd.DataFrame
    added: int = 0
    unchanged: int = 0
    edited: int = 0
    conflicts: int = 0
    kept: int = 0
    aside: int = 0
    aside_keys: tuple[str, ...] = ()
    unread: int = 0
    taken_out: int = 0
    rekeyed: int = 0
    table: LayerTable | None = None
    stated: Stated | None = None

    def counts(self) -> dict[str, int]:
        """Give the counts as a summary holds them."""
        return {
            "rows_replaced": self.replaced,
            "rows_added": self.added,
            "rows_changed": self.changed,
            "rows_removed": self.removed,
            "rows_unchanged": self.unchanged,
            "rows_edited": self.edited,
            "rows_in_conflict": self.conflicts,
            "rows_kept": self.kept,
            "values_kept": self.unread,
        }

    def words(self) -> Text:
        """Say in one line what the newer edition does."""
        return Text(
            f"新增 {self.added} 行、变更 {self.changed} 行、删除 {self.removed} 行、未变 {self.unchanged} 行",
            f"{self.added} rows added, {self.changed} changed, {self.removed} removed, {self.unchanged} unchanged",
        )

    def notices(self, name: str) -> list[Text]:
        """Say what a planner must know of their own edits; `name` is the source."""
        found = []
        if self.conflicts:
            found.append(
                Text(
                    f"“{name}”有 {self.conflicts} 行的取值在 QGIS 中改过、新文件也改了：已保留人工修改，"
                    "请逐条核对“替换的行”表中标为“conflict”的行。",
                    f"In {self.conflicts} rows of “{name}” a value was edited in QGIS and changed in the newer file, "
                    "too: the edit was kept. Check the lines marked “conflict” in the table of rows replaced.",
                )
            )
        if self.edited > self.conflicts:
            count = self.edited - self.conflicts
            found.append(
                Text(
                    f"“{name}”有 {count} 行在 QGIS 中改过，新文件中相应取值未变：已保留人工修改。",
                    f"{count} rows of “{name}” were edited in QGIS where the newer file says the same as before: the "
                    "edits were kept.",
                )
            )
        if self.taken_out:
            found.append(
                Text(
                    f"{self.taken_out} 行已按您的要求搁置并移出图层，可用“撤销导入”恢复。",
                    f"{self.taken_out} rows were set aside and taken out of the layer as you ordered; undo the import "
                    "to have them back.",
                )
            )
        if self.aside:
            which = "、".join(filter(None, dict.fromkeys(self.aside_keys[:_NAMED]))) + (
                "…" if self.aside > _NAMED else ""
            )
            found.append(
                Text(
                    f"原有 {self.aside} 行仍在图层中：本次读不出（{which}），原因见“搁置行”表。"
                    f"更正“{name}”后请重新导入。",
                    f"{self.aside} earlier rows stay in the layer, because this time they could not be read "
                    f"({which}); the table of rows set aside says why. Correct “{name}” and import it again.",
                )
            )
        if self.unread:
            found.append(
                Text(
                    f"“{name}”有 {self.unread} 处取值无法识别，工作区中原有的取值保留不变"
                    "（“替换的行”表中标为“kept”）。",
                    f"{self.unread} values of “{name}” could not be read; those that the workspace has stay as they "
                    "were (“kept” in the table of rows replaced).",
                )
            )
        if self.kept > self.aside:
            count = self.kept - self.aside
            found.append(
                Text(
                    f"“{name}”中已没有或已搁置的 {count} 行是在 QGIS 中绘制或改过的，未删除；"
                    "如不需要请在 QGIS 中删除。",
                    f"{count} rows that “{name}” does not have (any more), or that were set aside, were drawn or "
                    "edited in QGIS and were not deleted; delete them in QGIS if you do not need them.",
                )
            )
        return found


def check_replacement(name: str, found: Replacement, allowed: bool) -> None:
    """Refuse to delete the rows of another file that happens to have the same name.

    A newer edition of a file shares most keys with the older one; where more than half of the older rows would go, they
    may well belong to a different file.

    Parameters
    ----------
    name : str
        The source, as `source_file` holds it.
    found : Replacement
    allowed : bool
        The planner has said that it is a newer edition.

    Raises
    ------
    InputError
        More than half of the rows would be deleted.
    """
    lost = found.removed - found.taken_out  # what the planner wants out tells nothing of the file
    if allowed or 2 * lost <= found.before:
        return
    raise InputError(
        Text(
            f"工作区中已有来自同名文件“{name}”的 {found.before} 行，本次导入会删除其中 {lost} 行（超过一半）；"
            "这可能是另一份同名文件。",
            f"The workspace holds {found.before} rows of a file named “{name}”; this import would delete "
            f"{lost} of them (more than half). It may be another file of the same name.",
        ),
        Text(
            "若是另一份文件，请改名（例如加上运营商名称）后再导入；若确是新版本，请选“同意替换过半的原有行”（--replace）。",
            "If it is another file, rename it (for example with the operator's name) and import it; if it is a newer "
            "edition, import with “Replace an earlier file of this name” (--replace).",
        ),
    )
