"""The atlas from the window: ask where to, draw with a progress that can be cancelled, say so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsFeedback
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtWidgets import QFileDialog, QProgressDialog

from ...errors import Cancelled, XinjiError
from ...text import Text
from .. import words
from ..language import current, tr
from ..report_viewer import open_file
from . import pdf as atlas_pdf

_DRAWING = Text("正在生成图册…", "Making the atlas …")
_DONE = Text("图册已保存（{n} 页）：{path}", "The atlas is saved ({n} pages): {path}")


def save(folder: Path, actions: Any) -> Path | None:
    """Ask for a file and write the atlas of a frontier result in the planner's language; None where nothing was made.

    Parameters
    ----------
    folder : pathlib.Path
        Result folder.
    actions : Actions
        Of the window: its main window, messages and refusals.
    """
    window = actions.iface.mainWindow()
    proposed = folder / f"{tr(Text('图册', 'atlas'))}.pdf"
    title = tr(Text("保存图册", "Save the atlas"))
    chosen, _ = QFileDialog.getSaveFileName(window, title, str(proposed), tr(words.PDF_FILTER))
    if not chosen:
        return None
    path = Path(chosen if chosen.lower().endswith(".pdf") else f"{chosen}.pdf")
    feedback = QgsFeedback()
    dialog = _progress(window, feedback)
    try:
        made = atlas_pdf.make_atlas(folder, path, current(), feedback)
    except Cancelled:
        return None
    except XinjiError as error:
        actions.refused(error)
        return None
    finally:
        dialog.close()
        dialog.deleteLater()
    said = " ".join([tr(_DONE).format(n=len(made.kinds), path=path), *map(tr, made.cautions)])
    actions.messages.success(said, (tr(Text("打开图册", "Open atlas")), lambda: open_file(path)))
    return path


def _progress(window: Any, feedback: QgsFeedback) -> QProgressDialog:
    """Show the progress of `feedback`; the window stays alive between two pages."""
    dialog = QProgressDialog(tr(_DRAWING), tr(words.CANCEL), 0, 100, window)
    dialog.setWindowTitle(tr(words.PLUGIN))
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setMinimumDuration(500)
    dialog.canceled.connect(feedback.cancel)

    def step(percent: float) -> None:
        dialog.setValue(min(99, int(percent)))  # at 100 the dialog would reset itself
        QCoreApplication.processEvents()

    feedback.progressChanged.connect(step)
    return dialog
