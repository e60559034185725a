"""Where benchmark tables go: one section a benchmark in a Markdown page."""

from __future__ import annotations

from pathlib import Path


def write_section(path: Path, name: str, heading: str, body: str) -> None:
    """Put `body` under `heading`, in the place of the section `name` of an earlier run or at the page's end."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
    text = path.read_text(encoding="utf-8") if path.exists() else "# Performance\n\n"
    head, _, rest = text.partition(begin)
    tail = rest.partition(end)[2]
    path.write_text(f"{head}{begin}## {heading}\n\n{body}\n{end}{tail}", encoding="utf-8")
