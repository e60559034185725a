"""Delivery profiles through the engine: read one with its changes, save it, hold it against a template."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QObject

from ...errors import XinjiError
from ...text import Text
from ..job_queue import JobQueue
from .data import Shown, read

_READING = Text("检查成果规格", "Checking the profile")
_SAVING = Text("保存成果规格", "Saving the profile")
_COMPARING = Text("与空模板核对", "Comparing with the template")

Failed = Callable[[XinjiError], None]


class ProfileStore(QObject):
    """Runs the jobs on delivery profiles for the window that shows them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.queue = JobQueue(self)
        self._scratch = Path(tempfile.mkdtemp(prefix="xinji_profiles_"))
        self._number = 0

    def close(self) -> None:
        """Stop, and take away what the jobs left."""
        self.queue.cancel()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _folder(self) -> Path:
        self._number += 1
        return self._scratch / str(self._number)

    def show(self, profile: str, changes: list[dict[str, Any]], done: Callable[[Shown], None], failed: Failed) -> None:
        """Read a profile with changes that are not saved."""
        self._edit(_READING, {"profile": profile}, changes, done, failed)

    def save(
        self, profile: str, changes: list[dict[str, Any]], file: str, done: Callable[[Shown], None], failed: Failed
    ) -> None:
        """Save a profile with its changes."""
        self._edit(_SAVING, {"profile": profile, "file": file}, changes, done, failed)

    def compare(self, profile: str, template: str, done: Callable[[Any], None], failed: Failed) -> None:
        """Hold a profile against an empty template; the result has the report and the confirmed profile."""
        stated = {"profile": profile, "template": template}
        self.queue.add(lambda: self.queue.start(_COMPARING, "check_profile", stated, self._folder(), done, failed))

    def _edit(
        self,
        label: Text,
        stated: dict[str, Any],
        changes: list[dict[str, Any]],
        done: Callable[[Shown], None],
        failed: Failed,
    ) -> None:
        folder = self._folder()
        if changes:
            path = self._scratch / f"{folder.name}.json"
            path.write_text(json.dumps(changes, ensure_ascii=False), encoding="utf-8")
            stated = {**stated, "changes": str(path)}

        def ended(result: Any) -> None:
            try:
                shown = read(Path(result.outputs["pages"]))
            except (OSError, KeyError, ValueError) as error:
                failed(XinjiError(Text(f"读不到规格内容：{error}", f"Cannot read the profile: {error}")))
                return
            done(shown)

        self.queue.add(lambda: self.queue.start(label, "edit_profile", stated, folder, ended, failed))
