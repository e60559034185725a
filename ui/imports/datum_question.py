"""The question before an import in a datum that the evidence speaks against."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QWidget

from ...text import Text
from . import asking, evidence
from .inspection import SourceFile

_TITLE = Text("坐标基准与证据不符", "The datum is against the evidence")
_ASKED = Text(
    "“{file}”：判定为 {meant}（{share}%）。按 {read} 导入，位置将偏{off}。仍按 {read}？",
    "“{file}”: the evidence is for {meant} ({share} %). Read as {read}, the places will be off{off}. Use {read} all the "
    "same?",
)
_YES, _NO = Text("仍按此导入(&Y)", "&Yes, import so"), Text("不导入(&N)", "&No")
_ABOUT = Text("约 {n} m", " by about {n} m")
_SOME = Text("离实际", " from the true ones")  # how far is not known: a zone that is not the right one


def is_open(item: SourceFile) -> bool:
    """Tell whether the planner has yet to say that a datum against the evidence is meant."""
    against = evidence.contradicted(item)
    return bool(against[0]) and item.confirmed != against


def confirm(item: SourceFile) -> None:
    """Keep that the planner means it, until the datum or the evidence is another."""
    item.confirmed = evidence.contradicted(item)


def is_wanted(item: SourceFile, parent: QWidget | None) -> bool:
    """Ask whether the datum is meant; Enter and Escape say no."""
    return asking.is_wanted(_TITLE, asked(item), _YES, _NO, parent, warns=True)


def asked(item: SourceFile) -> Text:
    """Give the question: what the evidence is for, how surely, and how far off the places would be."""
    said = item.diagnosis
    meant, share = evidence.likeliest(item)
    off = said.get("datum_shift_m")
    far = _ABOUT.filled(n=evidence.metres(float(off))) if off else _SOME
    read = evidence.datum_label(str(said.get("datum") or ""))
    return _ASKED.filled(file=item.path.name, meant=meant, share=evidence.percent(share), read=read, off=far)
