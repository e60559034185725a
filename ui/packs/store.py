"""The rule packs through the engine: list them, change a rule, take a change back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal

from ...errors import XinjiError
from ...text import Text
from ..job_store import JobStore
from .rows import PackInfo, read_packs

_LISTING = Text("读取规则包", "Reading the rule packs")
_WRITING = Text("保存规则修改", "Saving the change")


class PackStore(JobStore):
    """Runs the jobs on rule packs for the window that shows them."""

    listed = pyqtSignal(object)  # a list of PackInfo
    refused = pyqtSignal(object)  # an error

    def read(self, folder: str) -> None:
        """List the shipped packs and those of a folder, which need not exist."""
        stated = {"own_packs": folder} if folder and Path(folder).is_dir() else {}

        def done(result: Any) -> None:
            try:
                packs: list[PackInfo] = read_packs(Path(result.outputs["packs"]))
            except (OSError, KeyError, ValueError) as error:
                self.refused.emit(
                    XinjiError(Text(f"读不到规则包清单：{error}", f"Cannot read the list of packs: {error}"))
                )
                return
            self.listed.emit(packs)

        self.queue.add(lambda: self.queue.start(_LISTING, "list_packs", stated, self.folder(), done, self.refused.emit))

    def change(
        self,
        folder: str,
        stated: dict[str, Any],
        done: Callable[[], None],
        failed: Callable[[XinjiError], None],
    ) -> None:
        """Write a change into the folder of own packs, which is made where it is missing."""
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            failed(
                XinjiError(
                    Text(
                        f"无法建立文件夹 {folder}：{error.strerror}。",
                        f"Cannot make the folder {folder}: {error.strerror}.",
                    ),
                    Text("请选择可写入的文件夹。", "Choose a folder that you may write to."),
                )
            )
            return

        def ended(_result: Any) -> None:
            done()
            self.read(folder)

        parameters = {**stated, "own_packs": folder}
        self.queue.add(lambda: self.queue.start(_WRITING, "change_rule", parameters, self.folder(), ended, failed))
