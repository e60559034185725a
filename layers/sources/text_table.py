"""Split a text into records and cells: the delimiter, quotes, and a fast way for tidy text.

Where quotes are in pairs and stand only around whole cells, pyarrow reads the text; for anything else it is Python's
csv module. Both give the same records.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...text import Text
from .records import HEAD, Records, from_rows

_DELIMITERS = ",\t;|"
# Cells kept apart by blanks so that they stand in columns; a Chinese blank counts.
_GAPS = re.compile(r"[ \u3000]{2,}|\t")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_MOST_IRREGULAR = 0.02
_BLANKS = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())
_DOS_END = 64  # signs at the end of a text among which its end mark is looked for
_UNCLOSED = Text(
    "文件中的引号不成对，已按每行一条记录读取；跨行或含分隔符的单元格会被搁置。",
    "Quotes in the file are not in pairs, so each line was read as one row; rows with cells that hold the delimiter or "
    "a line break are set aside.",
)


@dataclass
class Parsed:
    """The records of a text.

    Attributes
    ----------
    records : Records
    delimiter : str
        "" for columns of fixed width.
    unclosed : bool
        Quotes are not in pairs; every line is a record.
    last_lines : numpy.ndarray of int64, shape (n,), or None
        Number of the last line of each record; None where every line is a record.
    notices : list of Text
    """

    records: Records
    delimiter: str
    unclosed: bool = False
    last_lines: np.ndarray | None = None
    notices: list[Text] = field(default_factory=list)


def parse_text(text: str, *, fast: bool = True) -> Parsed:
    """Split a text into records; where quotes are not closed, every line is a record of its own."""
    text = text.removeprefix("\ufeff")
    if "\x1a" in text[-_DOS_END:]:  # DOS programs end a text with this sign
        text = text.rstrip("\x1a\r\n")
    end = text.find("\n", 0, 1000)
    first = text[: end if end >= 0 else 1000]
    delimiter = ""
    told = first.strip().strip('"').lower()
    if told.startswith("sep=") and len(first.strip("\r\n").strip().strip('"')) <= 5:
        # Excel's own mark; the line stays a row, so that row numbers are those of a text editor.
        delimiter = told[4:] or "\t"
        text = text[end:] if end >= 0 else ""
    delimiter = delimiter or sniff(text)
    if not delimiter:
        return Parsed(from_rows(_GAPS.split(line.strip("\r")) for line in text.split("\n")), "")
    if not fast:
        return _by_csv(text, delimiter)
    width = _usual_width(text, delimiter)
    data = text.encode("utf-8", "surrogatepass")
    del text  # a table of a million rows is large enough once
    quoted = _tidy(data, delimiter)
    records = _by_arrow(data, delimiter, quoted, width) if quoted is not None else None
    if records is None:
        text = data.decode("utf-8", "surrogatepass")
        del data
        return _by_csv(text, delimiter)
    # With quotes, line breaks in cells make lines and records differ.
    return Parsed(records, delimiter, last_lines=_last_lines(data, delimiter) if quoted else None)


def sniff(text: str) -> str:
    """Give the delimiter that splits the first rows into the most columns of the same number, "" for fixed width."""
    head = "\n".join(text[:65536].splitlines()[:60])
    best, score = ",", 0
    for delimiter in _DELIMITERS:
        try:
            counts = [len(row) for row in csv.reader(io.StringIO(head), delimiter=delimiter) if any(row)]
        except csv.Error:
            counts = [line.count(delimiter) + 1 for line in head.splitlines()]
        if (found := _fit(counts)) > score:
            best, score = delimiter, found
    if score:
        return best
    counts = [len(_GAPS.split(line.strip())) for line in head.splitlines() if line.strip()]
    return "" if len(counts) >= 2 and max(counts) >= 3 and min(counts[1:]) == max(counts) else best


def _fit(counts: list[int]) -> int:
    split = [count for count in counts if count > 1]
    if not split:
        return 0
    usual = max(set(split), key=lambda count: (split.count(count), count))
    return (usual - 1) * split.count(usual)


def _by_csv(text: str, delimiter: str) -> Parsed:
    csv.field_size_limit(2**31 - 1)
    lines: list[int] = []

    def counted(reader: Any) -> Any:
        for row in reader:
            lines.append(reader.line_num)
            yield row

    records: Records | None = None
    try:
        records = from_rows(counted(csv.reader(_lines(text), delimiter=delimiter, strict=True)))
    except csv.Error:
        lines.clear()
    if records is None:  # not inside the handler, which would keep what was read so far
        return Parsed(from_rows(_line_by_line(text, delimiter)), delimiter, unclosed=True, notices=[_UNCLOSED])
    return Parsed(records, delimiter, last_lines=np.array(lines, dtype=np.int64))


def _lines(text: str) -> Iterator[str]:
    """Give the lines with their ends, without a second copy of the text."""
    return (found[0] for found in _LINE.finditer(text))


def _line_by_line(text: str, delimiter: str) -> Iterator[list[str]]:
    """Take every line for a record; one whose quotes are not in pairs is split at every delimiter."""
    for line in _lines(text):
        whole = line.rstrip("\r\n")
        if '"' in whole:
            try:
                yield next(csv.reader([whole], delimiter=delimiter, strict=True), [])
            except csv.Error:
                yield whole.split(delimiter)
        else:
            yield whole.split(delimiter)


def _usual_width(text: str, delimiter: str) -> int:
    """Give the number of cells that most of the first records have."""
    csv.field_size_limit(2**31 - 1)
    head: list[int] = []
    for row in csv.reader(io.StringIO(text[: 1 << 20], newline=""), delimiter=delimiter):
        head.append(len(row))
        if len(head) == HEAD:
            break
    counts = Counter(size for size in head if size > 1) or Counter(head)
    return max(counts, key=lambda size: (counts[size], size), default=0)


def _tidy(data: bytes, delimiter: str) -> bool | None:
    """Tell whether quotes, if any, stand only around whole cells: False for none, True for tidy, None for others.

    Taken in turn, quotes open and close; a doubled quote inside a cell closes it and opens it again at once.
    """
    if b'"' not in data:
        return False
    text = np.frombuffer(data, dtype=np.uint8)
    at = np.flatnonzero(text == ord('"'))
    if len(at) % 2:
        return None
    ends = np.frombuffer(delimiter.encode() + b"\r\n", dtype=np.uint8)
    opening, closing = at[0::2], at[1::2]
    doubled = np.r_[False, opening[1:] == closing[:-1] + 1]
    before = (opening == 0) | np.isin(text[opening - 1], ends) | doubled
    after = (closing == len(text) - 1) | np.isin(text[np.minimum(closing + 1, len(text) - 1)], ends)
    after |= np.r_[doubled[1:], False]
    return True if bool(before.all() and after.all()) else None


def _last_lines(data: bytes, delimiter: str) -> np.ndarray | None:
    """Give the last line of every record where a quoted cell holds a line break, else None."""
    if not re.search(rb"(?:^|[\r\n]|" + re.escape(delimiter.encode()) + rb')"[^"]*[\r\n]', data):
        return None
    text = data.decode("utf-8", "surrogatepass")
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    return np.fromiter((reader.line_num for _ in reader), dtype=np.int64)


def _by_arrow(data: bytes, delimiter: str, quoted: bool, width: int) -> Records | None:
    """Read tidy text with pyarrow; None where too many records have another number of cells."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    if not width or len(delimiter.encode()) != 1:
        return None
    odd: dict[int, str] = {}

    def other_width(row: Any) -> str:
        odd[row.number] = row.text
        if len(odd) > 1000 and len(odd) > _MOST_IRREGULAR * row.number:
            return "error"
        return "skip"

    names = [str(column) for column in range(width)]
    kinds = dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string()))
    try:
        table = arrow.read_csv(
            pa.BufferReader(data),
            read_options=arrow.ReadOptions(use_threads=False, column_names=names, block_size=1 << 23),
            parse_options=arrow.ParseOptions(
                delimiter=delimiter,
                quote_char='"' if quoted else False,
                newlines_in_values=quoted,
                ignore_empty_lines=False,
                invalid_row_handler=other_width,
            ),
            convert_options=arrow.ConvertOptions(column_types=kinds, strings_can_be_null=False, check_utf8=False),
        )
    except pa.ArrowInvalid:
        return None
    count = table.num_rows + len(odd)
    regular = np.ones(count, dtype=bool)
    regular[np.array(sorted(odd), dtype=np.int64) - 1] = False
    filled = np.zeros(count, dtype=np.int64)
    columns = []
    for name in names:
        cells, full = _texts(table.column(name))
        table = table.drop_columns(name)
        if odd:
            spread = np.full(count, "", dtype=object)
            spread[regular] = cells
            cells = spread
        filled[regular] += full
        columns.append(cells)
    records = Records(columns, filled, np.full(count, width, dtype=np.int64))
    _put_back(records, odd, delimiter, quoted)
    return records


def _texts(column: Any) -> tuple[np.ndarray, np.ndarray]:
    """Give a column of dictionaries as texts that share equal ones, and which of them are not blank."""
    import pyarrow.compute as pc

    parts, full = [], []
    shared: dict[str, str] = {}
    for chunk in column.chunks:
        words = chunk.dictionary.to_pylist()
        if len(shared) < 100_000:
            words = list(map(shared.setdefault, words, words))
        known = np.empty(len(words), dtype=object)
        known[:] = words
        indices = chunk.indices.to_numpy()
        parts.append(known[indices])
        blank = pc.equal(pc.utf8_length(pc.utf8_trim(chunk.dictionary, _BLANKS)), 0).to_numpy(zero_copy_only=False)
        full.append(~blank.astype(bool)[indices])
    if not parts:
        return np.zeros(0, dtype=object), np.zeros(0, dtype=bool)
    return np.concatenate(parts), np.concatenate(full)


def _put_back(records: Records, odd: dict[int, str], delimiter: str, quoted: bool) -> None:
    """Put records of another width to where they stood."""
    width = len(records.columns)
    for number, text in odd.items():
        lines = io.StringIO(text, newline="")
        if quoted:
            row = next(csv.reader(lines, delimiter=delimiter), [])
        else:
            row = next(csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
        for column, cell in zip(records.columns, row):
            column[number - 1] = cell
        if len(row) > width:
            records.tails[number - 1] = row[width:]
        records.widths[number - 1] = len(row)
        records.filled[number - 1] = sum(bool(cell.strip()) for cell in row)
