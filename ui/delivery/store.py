"""Delivery profiles through the engine: read one with its changes, save it, hold it against a template."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...errors import XinjiError
from ...text import Text
from ..job_store import JobStore
from .data import Shown, read

_READING = Text("检查成果规格", "Checking the profile")
_SAVING = Text("保存成果规格", "Saving the profile")
_COMPARING = Text("与空模板核对", "Comparing with the template")

Failed = Callable[[XinjiError], None]


class ProfileStore(JobStore):
    """Runs the jobs on delivery profiles for the window that shows them."""

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
        self.queue.add(lambda: self.queue.start(_COMPARING, "check_profile", stated, self.folder(), done, failed))

    def _edit(
        self,
        label: Text,
        stated: dict[str, Any],
        changes: list[dict[str, Any]],
        done: Callable[[Shown], None],
        failed: Failed,
    ) -> None:
        folder = self.folder()
        if changes:
            path = self.scratch / f"{folder.name}.json"
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
