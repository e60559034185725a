"""What the jobs of a dialog are doing, and how far they are."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from .job_queue import JobQueue


class JobProgress(QWidget):
    """A bar and a line of words; out of sight while nothing runs.

    Parameters
    ----------
    queue : JobQueue
    """

    def __init__(self, queue: JobQueue) -> None:
        super().__init__()
        self._queue = queue
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        queue.advanced.connect(lambda percent: self.bar.setValue(round(10 * percent)))
        self.doing = QLabel()
        self.doing.setMinimumWidth(260)
        queue.said.connect(self.doing.setText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.bar)
        row.addWidget(self.doing, 1)

    def follow(self) -> None:
        """Be seen while a job runs or waits."""
        self.setVisible(self._queue.is_busy())
        self.bar.setVisible(self._queue.is_busy())

    def say(self, words: str) -> None:
        """Show words that are not of a job."""
        self.doing.setText(words)
        self.setVisible(True)
