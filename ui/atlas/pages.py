"""The pages of an atlas in order: cover, counties, a page a class, a page a county, rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from ...jobs import registry
from ...jobs.frontier.words import SCOPE_WORDS
from ...text import Text, same
from ..frontier.result import NO_COUNTY, Result, Score
from ..language import current, tr
from ..summaries import run_label
from ..words import COLON
from . import words as atlas_words
from .layers import Layers, extent_of
from .maps import draw_map, make_legend, set_legend, size_of
from .sheet import QUIET, SMALL_PT, TABLE_PT, WORDS_PT, Frame, Sheet
from .table import Part, Table, fitting, flow, make, text_height, wrap

TITLE = Text("宽带边疆计分图册", "Atlas of the frontier scoreboard")
_RULES = Text("规则与来源", "Rules and sources")
_MORE = Text("{title}（续）", "{title} (continued)")
_PACK = Text("{job} · 规则包 {pack}", "{job} · rule pack {pack}")
NO_DAY = Text("数据日期未注明", "date of the data not stated")
_SCOREBOARD = Text("计分表", "Scoreboard")
_PLACELESS = Text(
    "另有 {n} 个对象没有坐标，未上图，已计入上表。", "{n} more without coordinates: counted, but not drawn."
)
_BELT = Text(
    "图中为推算的12海里带，不是法定界线，不计入本指标。",
    "The map has a derived belt of 12 nm: not legal, and not counted here.",
)
_TITLED = Text("{title}：{remark}", "{title}: {remark}")
_SIGNATURE = (Text("编制", "Prepared"), Text("校核", "Checked"), Text("审核", "Approved"), Text("日期", "Date"))
_SIGN_MM = 9.0  # height of the line that is signed
_SIGN_LETTERS = 20
_GAPS = Text("缺口：共 {n} 项，先列未达到的，按受影响人数排列", "Gaps: {n}, what is not met first, by people affected")
_NO_GAPS = Text("没有未达到或无法判定的对象。", "Nothing is missed, and all can be told.")
_REST = Text("其余 {n} 项见清单（job_list.xlsx）。", "{n} more in the list (job_list.xlsx).")
_RANKS = Text(
    "图中数字为下列缺口的序号，过密处从略。",
    "Numbers on the map are the ranks of the gaps listed, where there is room.",
)
_NONE_LISTED = Text("数据中未列出：{names}。", "None listed: {names}.")
_SCOPE = Text("计分范围：{state}，{why}", "Scope: {state}, {why}")
_CLASS_PART, _COUNTY_PART = 0.70, 0.43  # of the page's width for the map
_BETWEEN_MM = 5.0
_COLUMN_MM = 32.0  # least width of an indicator in the table of counties


class Page(NamedTuple):
    """One page: its kind (cover, counties, class, county, rules), what is written above, and what draws it."""

    kind: str
    title: str
    subtitle: str
    draw: Callable[[Sheet], None]


def plan(result: Result, layers: Layers, frame: Frame, cautions: Sequence[Text]) -> list[Page]:
    """Lay out all pages in the language that is spoken; nothing is drawn yet.

    Parameters
    ----------
    cautions : sequence of Text
        What is to be told beside the rules, such as a missing font.
    """
    made = _cover(result, frame)
    for score in result.indicators():
        made.append(_class(result, layers, frame, score))
    for code in result.counties():
        made += _county(result, layers, frame, code)
    return made + _rules(result, frame, cautions)


def _more(title: str) -> str:
    return tr(_MORE).format(title=title)


def _table(frame: Frame, said: tuple, width: float, size: float = TABLE_PT) -> Table:
    return make(*said, width, frame.family, size, frame.paper.body[3] - 30.0)


def _cover(result: Result, frame: Frame) -> list[Page]:
    left, top, width, room = frame.paper.body
    indicators = result.indicators()
    said = [atlas_words.summary(indicators), atlas_words.open_rules(indicators), tr(atlas_words.HOW_COUNTED)]
    tables = [_table(frame, atlas_words.score_table(indicators), width, 7.5)]
    if result.counties():
        said.append(tr(atlas_words.BY_COUNTY))
        tables += [_table(frame, atlas_words.matrix(result, group), width) for group in _groups(indicators, width)]
    said = [line for line in said if line]
    high = sum(_height(frame, line, width, WORDS_PT) for line in said) + _SIGN_MM + 3.0
    pages = flow(tables, room, high)

    def draw(sheet: Sheet, number: int) -> None:
        at = top
        for row, line in enumerate(said if number == 0 else []):
            at += sheet.words(line, (left, at, width), WORDS_PT, bold=row == 0)
        if number == 0:
            _signature(sheet, left, at + _SIGN_MM / 2, width)
        sheet.tables(pages[number], left, top)

    return [
        Page(
            "counties" if number else "cover",
            _more(tr(_SCOREBOARD)) if number else tr(TITLE),
            _of_run(result),
            partial(draw, number=number),
        )
        for number in range(len(pages))
    ]


def _signature(sheet: Sheet, left: float, top: float, width: float) -> None:
    """Give the lines that are signed, side by side."""
    each = width / len(_SIGNATURE)
    for place, words in enumerate(_SIGNATURE):
        said = f"{tr(words)}{tr(COLON)}" + "_" * _SIGN_LETTERS
        sheet.words(said, (left + place * each, top, each), WORDS_PT)


def _groups(indicators: list[Score], width: float) -> list[list[Score]]:
    """Share indicators out to tables of about the same number of columns."""
    most = max(1, int(width / _COLUMN_MM) - 1)
    count = -(-len(indicators) // most)
    each = -(-len(indicators) // max(1, count))
    return [indicators[start : start + each] for start in range(0, len(indicators), each or 1)]


def _height(frame: Frame, words: str, width: float, size_pt: float) -> float:
    return text_height(len(wrap(words, width * 0.98, frame.family, size_pt)), size_pt)


def _of_run(result: Result) -> str:
    label = tr(run_label(registry.jobs()["frontier_scoreboard"], result.summary))
    basis = result.basis
    day = [] if basis.day.zh else [tr(NO_DAY)]
    return " · ".join([tr(_PACK).format(job=label, pack=result.pack), *filter(None, [tr(basis.line())]), *day])


def _class(result: Result, source: Layers, frame: Frame, score: Score) -> Page:
    left, top, width, room = frame.paper.body
    wide = (width - _BETWEEN_MM) * _CLASS_PART
    side, at_side = width - _BETWEEN_MM - wide, left + wide + _BETWEEN_MM
    tables = [_table(frame, atlas_words.class_table(score), side, 8.0)]
    backhaul = [row for row in result.backhaul if str(row["rule_id"]) == score.rule_id]
    if backhaul:
        tables.append(_table(frame, atlas_words.backhaul_table(backhaul), side))
    remarks = atlas_words.remarks(score)

    def draw(sheet: Sheet) -> None:
        counted = source.of_indicator(score)
        belt = [] if counted else source.derived_belt(score)
        scope = source.counties(sheet.family)
        layers = [*counted, *belt, *([scope] if scope is not None else [])]
        legend = make_legend(sheet, layers, side, 1) if layers else None
        page = draw_map(sheet, (left, top, wide, room), layers, extent_of(layers))
        at = top
        for one in tables:
            rows = list(range(1, len(one.rows)))
            sheet.tables([Part(one, rows, 0.0)], at_side, at)
            at += one.height_of(rows) + 3.0
        for line in filter(None, (remarks, tr(_BELT) if belt else "")):
            at += sheet.words(line, (at_side, at, side), TABLE_PT, bold=True) + 2.0
        missing = result.placeless.get(score.rule_id, 0)
        if missing:
            at += sheet.words(tr(_PLACELESS).format(n=missing), (at_side, at, side), TABLE_PT) + 2.0
        if legend is not None:
            set_legend(legend, page, at_side, at)

    title, unjudged = atlas_words.indicator(score), atlas_words.not_judged(score)
    if unjudged:  # whatever the map shows, the heading says first that nothing was judged
        title = tr(_TITLED).format(title=title, remark=unjudged)
        return Page("class", title, remarks or atlas_words.judged(score), draw)
    return Page("class", title, atlas_words.judged(score), draw)


def _county(result: Result, source: Layers, frame: Frame, code: str) -> list[Page]:
    left, top, width, room = frame.paper.body
    wide = (width - _BETWEEN_MM) * _COUNTY_PART
    side, at_side = width - _BETWEEN_MM - wide, left + wide + _BETWEEN_MM
    rows = result.of_county(code)
    name = tr(rows[0].county)
    listed = [row for row in rows if row.status != "none_listed"]
    none = [row for row in rows if row.status == "none_listed"]
    comma = tr(Text("、", ", "))
    note = tr(_NONE_LISTED).format(names=comma.join(tr(row.name) for row in none)) if none else ""
    note_high = _height(frame, note, side, SMALL_PT) + 2.0 if note else 0.0
    pages = flow([_table(frame, atlas_words.county_table(listed), side)], room - note_high) if listed else [[]]
    used = [sum(part.table.height_of(part.rows) for part in parts) for parts in pages]
    gaps = [gap for gap in result.gaps if str(gap["county_code"]) == code]
    heads = text_height(3, TABLE_PT) + 4.0
    table = _table(frame, atlas_words.gap_table(gaps), side, SMALL_PT)
    shown = fitting(table, list(range(1, len(table.rows))), room - used[-1] - note_high - heads)

    def tables(sheet: Sheet, number: int) -> None:
        sheet.tables(pages[number], at_side, top)
        if number + 1 < len(pages):
            return
        at = top + used[number] + 1.0
        if note:
            at += sheet.words(note, (at_side, at, side), SMALL_PT, colour=QUIET)
        at += 1.0
        if not gaps:
            sheet.words(tr(_NO_GAPS), (at_side, at, side), TABLE_PT, bold=True)
            return
        at += sheet.words(tr(_GAPS).format(n=len(gaps)), (at_side, at, side), TABLE_PT, bold=True) + 0.5
        if shown:
            sheet.tables([Part(table, shown, 0.0)], at_side, at)
            at += table.height_of(shown) + 1.0
        rest = len(gaps) - _listed(table, shown)
        said = [tr(_RANKS)] if shown else []
        said += [tr(_REST).format(n=rest)] if rest else []
        sheet.words(("" if current() == "zh" else " ").join(said), (at_side, at, side), TABLE_PT)

    def first(sheet: Sheet) -> None:
        last = max((gap["rank"] for gap in gaps[: _listed(table, shown)]), default=0)
        _county_map(sheet, result, source, code, name, (left, top, wide, room), last if len(pages) == 1 else 0)
        tables(sheet, 0)

    subtitle = _county_line(result, code)
    title = name if not code.isdigit() else f"{name} {code}"
    made = [Page("county", title, subtitle, first)]
    for number in range(1, len(pages)):
        made.append(Page("county", _more(title), subtitle, lambda sheet, number=number: tables(sheet, number)))
    return made


def _listed(table: Table, shown: Sequence[int]) -> int:
    """Count the gaps that are shown: a gap whose words fill several rows has its rank in the first."""
    return sum(bool(table.rows[row][0].words) for row in shown)


def _county_line(result: Result, code: str) -> str:
    row = result.scope.get(code)
    if row is None:
        return ""
    why = str(row["reason" if current() == "zh" else "reason_en"] or "")
    state = tr(SCOPE_WORDS.get(str(row["in_scope"]), same(str(row["in_scope"]))))
    return tr(_SCOPE).format(state=state, why=why) if why else state


def _county_map(sheet: Sheet, result: Result, source: Layers, code: str, name: str, box: Any, last: int) -> None:
    left, top, wide, room = box
    counted = source.of_county(code)
    outline = source.one_county(code, name) if code != NO_COUNTY else None
    around = source.counties(sheet.family, code)
    ranks = source.ranks(code, last, sheet.family) if last else None
    extent = extent_of([layer for layer in (*counted, outline) if layer is not None])
    seas = [] if extent.isNull() else source.seas()
    below = [layer for layer in (outline, *seas, around) if layer is not None]
    if extent.isNull():
        draw_map(sheet, box, [], extent)
        return
    legend = make_legend(sheet, [*counted, *below], wide, 3)
    high = size_of(legend).height()
    missing = result.placeless_in.get(code, 0)
    if missing:
        high += sheet.words(tr(_PLACELESS).format(n=missing), (left, top + room - high - 3.5, wide), SMALL_PT) + 0.5
    layers = [*([ranks] if ranks is not None else []), *counted, *below]
    page = draw_map(sheet, (left, top, wide, room - high - 1.0), layers, extent)
    set_legend(legend, page, left, top + room - size_of(legend).height())


def _rules(result: Result, frame: Frame, cautions: Sequence[Text]) -> list[Page]:
    width = frame.paper.body[2]
    told = atlas_words.cautions(result, cautions)
    tables = [_table(frame, told, width, 7.5)] if told[1] else []
    tables.append(_table(frame, atlas_words.rule_table(result.rules), width))
    left, top, width, room = frame.paper.body
    return [
        Page(
            "rules",
            _more(tr(_RULES)) if number else tr(_RULES),
            _of_run(result),
            partial(Sheet.tables, parts=parts, left=left, top=top),
        )
        for number, parts in enumerate(flow(tables, room))
    ]
