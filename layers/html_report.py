"""A report page: one HTML file, no scripts, nothing fetched, Chinese and English at the reader's choice."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ..text import NOTHING, Text, figure
from .report_style import style


class Marked(NamedTuple):
    """Words with a coloured mark before them; the words alone say everything. A small note may stand beneath."""

    words: Text
    mark: str
    colour: str
    note: Text = NOTHING


class Noted(NamedTuple):
    """Words with more to them.

    Attributes
    ----------
    words : Text
    note : Text
        Small, on a line of its own.
    sign : str
        Behind the words; a note beneath the table explains it.
    to : str
        Anchor in the page that the words link to.
    whole : bool
        Neither words nor note are broken into lines.
    """

    words: Text
    note: Text = NOTHING
    sign: str = ""
    to: str = ""
    whole: bool = False


Cell = Text | Marked | Noted | str | int | float | None

_DAY = re.compile(r"\d{4}(-\d\d){0,2}")
_WIDE = 8  # columns from which a table takes the whole width


@dataclass
class Section:
    """One part of a report: a heading, sentences, cautions, a picture and a table if it needs them, notes beneath.

    Attributes
    ----------
    picture : Text
        Markup, which must be sound by itself; where it bears both languages in itself, the same for both.
    headings : sequence of Text
        Of the table; a table without headings is one of facts, whose first column names them.
    anchor : str
        Name that links lead to.
    new_page : bool
        On paper it begins a page.
    beside : bool
        Table and picture stand side by side.
    """

    heading: Text
    sentences: Sequence[Text] = ()
    cautions: Sequence[Text] = ()
    headings: Sequence[Text] = ()
    rows: Sequence[Sequence[Cell]] = field(default_factory=tuple)
    picture: Text = NOTHING
    notes: Sequence[Text] = ()
    anchor: str = ""
    new_page: bool = False
    beside: bool = False


def words_markup(text: Text) -> str:
    """Give both languages as markup, of which the page shows the one that the reader chose."""
    if text.zh == text.en:
        return html.escape(text.zh)
    return f'<span lang="zh">{html.escape(text.zh)}</span><span lang="en">{html.escape(text.en)}</span>'


def _small(note: Text) -> str:
    return f"<small>{words_markup(note)}</small>" if note.zh else ""


def _noted(value: Noted) -> str:
    words = words_markup(value.words)
    if value.to:
        words = f'<a href="#{html.escape(value.to)}">{words}</a>'
    return words + (f"<sup>{html.escape(value.sign)}</sup>" if value.sign else "") + _small(value.note)


def _cell(value: Cell, tag: str = "td") -> str:
    if isinstance(value, Noted):
        whole = ' class="whole"' if value.whole else ""
        return f"<{tag}{whole}>{_noted(value)}</{tag}>"
    if isinstance(value, Text):
        return f"<{tag}>{words_markup(value)}</{tag}>"
    if isinstance(value, Marked):
        mark = f'<span style="color:{value.colour}">{value.mark}</span>'
        return f'<{tag} style="white-space:nowrap">{mark} {words_markup(value.words)}{_small(value.note)}</{tag}>'
    if value is None:
        return f"<{tag}>—</{tag}>"
    if isinstance(value, (int, float)):
        digits = 0 if float(value).is_integer() else 2
        return f'<{tag} class="number">{figure(value, digits)}</{tag}>'
    if isinstance(value, str) and _DAY.fullmatch(value):
        return f'<{tag} class="whole">{value}</{tag}>'
    return f"<{tag}>{html.escape(str(value))}</{tag}>"


def _table(section: Section) -> str:
    if not section.headings:
        rows = "\n".join(f"<tr>{_cell(row[0], 'th')}{''.join(map(_cell, row[1:]))}</tr>" for row in section.rows)
        return f"<table><tbody>\n{rows}\n</tbody></table>"
    head = "".join(f"<th>{words_markup(heading)}</th>" for heading in section.headings)
    body = "\n".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in section.rows)
    wide = ' class="wide"' if len(section.headings) >= _WIDE else ""
    return f"<table{wide}><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _section(section: Section) -> str:
    name = f' id="{html.escape(section.anchor)}"' if section.anchor else ""
    parts = [f"<h2>{words_markup(section.heading)}</h2>"] if section.heading.zh else []
    parts += [f"<p>{words_markup(sentence)}</p>" for sentence in section.sentences]
    parts += [f'<p class="caution">⚠ {words_markup(caution)}</p>' for caution in section.cautions]
    if section.picture.zh:
        pictures = section.picture._asdict().items()
        same = section.picture.zh == section.picture.en
        parts += [section.picture.zh] if same else [f'<div lang="{key}">{picture}</div>' for key, picture in pictures]
    if section.headings or section.rows:
        parts.append(_table(section))
    parts += [f"<p><small>{words_markup(note)}</small></p>" for note in section.notes]
    body = "\n".join(parts)
    kinds = " ".join(kind for kind, on in (("page", section.new_page), ("beside", section.beside)) if on)
    kind = f' class="{kinds}"' if kinds else ""
    return f"<section{name}{kind}>\n{body}\n</section>" if name or kind else body


def write_report(path: Path, title: Text, sections: Sequence[Section]) -> None:
    """Write a report page.

    Parameters
    ----------
    path : pathlib.Path
        File to write.
    title : Text
        Heading of the page.
    sections : sequence of Section
        Its parts, in order.
    """
    body = "\n".join(map(_section, sections))
    path.write_text(
        f"""<!DOCTYPE html>
<html lang="zh"><head><meta charset="utf-8"><title>{html.escape(title.zh)} · {html.escape(title.en)}</title>
<style>{style(title)}</style></head><body>
<input type="radio" name="language" id="zh" checked><label for="zh">中文</label>
<input type="radio" name="language" id="en"><label for="en">English</label>
<main><h1>{words_markup(title)}</h1>
{body}
</main></body></html>
""",
        encoding="utf-8",
    )
