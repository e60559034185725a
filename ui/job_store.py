"""Engine jobs of a window that leave their results in a scratch folder of its own."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from qgis.PyQt.QtCore import QObject

from .job_queue import JobQueue


class JobStore(QObject):
    """Runs jobs one after the other; what they leave goes with the window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.queue = JobQueue(self)
        self.scratch = Path(tempfile.mkdtemp(prefix="xinji_jobs_"))
        self._number = 0

    def close(self) -> None:
        """Stop, and take away what the jobs left."""
        self.queue.cancel()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def folder(self) -> Path:
        """Give a folder for the next result, which is not made yet."""
        self._number += 1
        return self.scratch / str(self._number)
