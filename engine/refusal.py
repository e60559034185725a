"""The report of a run that was refused: a page in both languages and a table of its faults, beside the wished result.

Standard library only.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import Fault, XinjiError
from ..jobs.declaration import Job
from ..layers.html_report import Section, write_report
from ..layers.sources.dsn import without_password
from ..text import Text, same
from .run_folder import refusal_files

LISTED = 200  # faults on the page; the table has them all
_HEADINGS = (
    Text("文件", "File"),
    Text("行号", "Row"),
    Text("字段", "Field"),
    Text("原值", "Value"),
    Text("问题", "Fault"),
    Text("处理办法", "What to do"),
)


def write_refusal(target: Path, job: Job, stated: Mapping[str, Any], error: XinjiError) -> str:
    """Write the report of a refused run.

    Parameters
    ----------
    target : pathlib.Path
        The result folder that there would have been.
    job : Job
        Its declaration.
    stated : mapping
        Its parameters as they were stated.
    error : XinjiError
        Why there is no result. If the job has written a page itself, that page is the report; a table of its own
        takes the place of the table of faults.

    Returns
    -------
    str
        Path of the page: beside `target`, or in a new temporary folder where nothing can be written there.
    """
    page, table = refusal_files(target)
    try:
        return _write(page, table, job, stated, error)
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="xinji-refused-"))
        return _write(folder / page.name, folder / table.name, job, stated, error)


def _write(page: Path, table: Path, job: Job, stated: Mapping[str, Any], error: XinjiError) -> str:
    own = error.report
    if error.faults and not own.endswith(table.suffix):
        _write_table(table, error.faults)
        listed = table.name
    else:
        listed = Path(own).name
    if own.endswith(page.suffix):
        return own
    title = Text(f"{job.label.zh}：没有生成结果", f"{job.label.en}: no result")
    write_report(page, title, [_why(error), *_faults(error, listed), _parameters(job, stated)])
    return str(page)


def _why(error: XinjiError) -> Section:
    cautions = [error.remedy] if error.remedy.zh else []
    log = without_password(error.details).strip().splitlines()
    return Section(
        Text("原因", "Why"),
        [error.message],
        cautions,
        [Text("日志", "Log")] if log else (),
        [(line,) for line in log],
    )


def _faults(error: XinjiError, listed: str) -> list[Section]:
    if not error.faults and not listed:
        return []
    sentences = []
    if len(error.faults) > LISTED:
        sentences.append(
            Text(f"此处列前 {LISTED} 条，共 {len(error.faults)} 条。", f"The first {LISTED} of {len(error.faults)}.")
        )
    sentences.append(Text("完整清单：{file}", "All of them: {file}").filled(file=listed))
    rows = [
        (fault.file, "" if fault.row is None else str(fault.row), fault.field, fault.value, fault.message, fault.remedy)
        for fault in error.faults[:LISTED]
    ]
    return [Section(Text("问题清单", "Faults"), sentences, (), _HEADINGS if rows else (), rows)]


def _parameters(job: Job, stated: Mapping[str, Any]) -> Section:
    rows = [
        (item.label, same(item.option), _shown(stated[item.name]))
        for item in job.parameters
        if stated.get(item.name) not in (None, "", [])
    ]
    return Section(
        Text("所用参数", "Parameters"),
        headings=(Text("参数", "Parameter"), Text("选项", "Option"), Text("取值", "Value")),
        rows=rows,
    )


def _shown(value: Any) -> str:
    return without_password(", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value))


def _write_table(path: Path, faults: tuple[Fault, ...]) -> None:
    """Write the faults as CSV that Excel opens with its Chinese intact."""
    with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("file", "row", "field", "value", "message_zh", "message_en", "remedy_zh", "remedy_en"))
        for fault in faults:
            writer.writerow((fault.file, fault.row, fault.field, fault.value, *fault.message, *fault.remedy))
