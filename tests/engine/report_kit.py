"""Read a report page as its reader does: tables, sentences and legends by part, in one language."""

from html.parser import HTMLParser
from pathlib import Path

_VOID = {"meta", "input", "br", "img"}


class ReportPage(HTMLParser):
    """The words of one language.

    ``tables``: (anchor of the part, rows of cells); ``legends``: anchor → lines; ``notes``: anchor → small print beside
    the map; ``sentences``: (anchor, words).
    """

    def __init__(self, path: Path, language: str = "zh") -> None:
        super().__init__()
        self.tables, self.legends, self.notes, self.sentences = [], {}, {}, []
        self._other = "en" if language == "zh" else "zh"
        self._open, self._hidden, self._anchor, self._words = [], 0, "", None
        self.feed(path.read_text(encoding="utf-8"))
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag in _VOID:
            return
        self._open.append(tag)
        if self._hidden or (said.get("lang") == self._other and tag != "html"):
            self._hidden += 1
        if tag == "section" and said.get("id"):
            self._anchor = said["id"]
        if tag == "table":
            self.tables.append((self._anchor, []))
        if tag == "tr":
            self.tables[-1][1].append([])
        if tag in ("td", "th", "li", "p") or (tag == "small" and "figure" in self._open):
            self._words = ""
        elif tag == "small" and self._words is not None:
            self._words += " | "

    def handle_endtag(self, tag):
        if tag in _VOID:
            return
        assert self._open.pop() == tag
        if self._words is not None and not (tag == "small" and "figure" not in self._open):
            words = self._words.strip()
            if tag in ("td", "th"):
                self.tables[-1][1][-1].append(words)
            elif tag == "li":
                self.legends.setdefault(self._anchor, []).append(words)
            elif tag == "small":
                self.notes.setdefault(self._anchor, []).append(words)
            elif tag == "p":
                self.sentences.append((self._anchor, words))
            if tag in ("td", "th", "li", "p", "small"):
                self._words = None
        if self._hidden:
            self._hidden -= 1

    def handle_data(self, data):
        if self._words is not None and not self._hidden:
            self._words += data

    def handle_startendtag(self, tag, attrs):
        pass

    def table(self, anchor):
        """Give the first table of a part, without its headings."""
        return next(rows for name, rows in self.tables if name == anchor)[1:]
