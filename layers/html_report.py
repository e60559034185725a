"""A report page: one HTML file, no scripts, nothing fetched, Chinese and English at the reader's choice."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ..text import NOTHING, Text


class Marked(NamedTuple):
    """Words with a coloured mark before them; the words alone say everything."""

    words: Text
    mark: str
    colour: str


Cell = Text | Marked | str | int | float | None

_STYLE = """
body{font:15px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:1100px;margin:1.5em auto}
table{border-collapse:collapse;margin:.5em 0 1em}
th,td{border:1px solid #8888;padding:.25em .7em;text-align:left;vertical-align:top;min-width:3em}th{min-width:4em}
td.number{text-align:right;font-variant-numeric:tabular-nums}th{background:#8882}
h1{font-size:1.5em}h2{font-size:1.2em;margin-top:1.4em}
.caution{border-left:4px solid #d55e00;padding-left:.7em}input[name=language]{margin-left:1em}
#en:checked~main [lang=zh],#zh:checked~main [lang=en]{display:none}
"""


@dataclass
class Section:
    """One part of a report: a heading, sentences, cautions, a picture (SVG markup) and a table if it needs them."""

    heading: Text
    sentences: Sequence[Text] = ()
    cautions: Sequence[Text] = ()
    headings: Sequence[Text] = ()
    rows: Sequence[Sequence[Cell]] = field(default_factory=tuple)
    picture: Text = NOTHING


def _words(text: Text) -> str:
    if text.zh == text.en:
        return html.escape(text.zh)
    return f'<span lang="zh">{html.escape(text.zh)}</span><span lang="en">{html.escape(text.en)}</span>'


def _cell(value: Cell) -> str:
    if isinstance(value, Text):
        return f"<td>{_words(value)}</td>"
    if isinstance(value, Marked):
        mark = f'<span style="color:{value.colour}">{value.mark}</span>'
        return f'<td style="white-space:nowrap">{mark} {_words(value.words)}</td>'
    if value is None:
        return "<td>—</td>"
    if isinstance(value, (int, float)):
        digits = 0 if float(value).is_integer() else 2
        return f'<td class="number">{value:,.{digits}f}</td>'
    return f"<td>{html.escape(str(value))}</td>"


def _section(section: Section) -> str:
    parts = [f"<h2>{_words(section.heading)}</h2>"]
    parts += [f"<p>{_words(sentence)}</p>" for sentence in section.sentences]
    parts += [f'<p class="caution">⚠ {_words(caution)}</p>' for caution in section.cautions]
    if section.picture.zh:
        parts += [f'<div lang="{key}">{picture}</div>' for key, picture in section.picture._asdict().items()]
    if section.headings:
        head = "".join(f"<th>{_words(heading)}</th>" for heading in section.headings)
        body = "\n".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in section.rows)
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>")
    return "\n".join(parts)


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
<style>{_STYLE}</style></head><body>
<input type="radio" name="language" id="zh" checked><label for="zh">中文</label>
<input type="radio" name="language" id="en"><label for="en">English</label>
<main><h1>{_words(title)}</h1>
{body}
</main></body></html>
""",
        encoding="utf-8",
    )
