"""What the tests of the import share: run it, and never without counting the rows."""

import csv
import functools
import json
import tempfile
from pathlib import Path

from xinji_planner.engine.context import RunContext
from xinji_planner.jobs import import_layer
from xinji_planner.layers.store.workspace import Workspace, create

STATION_HEADINGS = ("基站编号", "基站名称", "运营商", "制式", "频段", "状态", "经度(WGS84)", "纬度(WGS84)")
STATIONS = (
    ("B001", "东山站", "移动", "5G", "2.6G", "在网", "100.10", "25.10"),
    ("B002", "西山站", "电信、联通", "5G", "3.5GHz", "规划", "100.20", "25.20"),
    ("B003", "南山站", "广电", "4G/5G", "n28", "在建", "100.30", "25.30"),
)


@functools.cache
def _empty_workspace() -> bytes:
    """Making a workspace takes longer than a small import; make it once."""
    with tempfile.TemporaryDirectory() as folder:
        return create(Path(folder) / "empty.gpkg").path.read_bytes()


class Imported:
    """What an import left: its summary, the rows of the workspace, the tables."""

    def __init__(self, summary, folder: Path, outputs: dict, workspace: Path, kind: str, notices: list):
        self.summary, self.notices, self.outputs, self.folder = summary, notices, outputs, folder
        self.table = Workspace(workspace).read(kind)
        self.aside = read_csv(folder / outputs["set_aside"])
        self.issues = read_csv(folder / outputs["value_issues"])
        self.replaced = read_csv(folder / outputs["replaced"]) if "replaced" in outputs else []
        self.report = (folder / outputs["report"]).read_text(encoding="utf-8")

    def column(self, name):
        return [
            None if missing else value
            for value, missing in zip(self.table.columns[name], self.table.columns[name].isna())
        ]


def _file_of(source: str) -> str:
    """Give the file of a source such as "包.zip/文件.shp" or "表.gpkg|图层"."""
    return source.split("|", maxsplit=1)[0].split("/", maxsplit=1)[0]


def read_csv(path: Path) -> list[dict]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel needs the mark to show Chinese"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def do_import(
    tmp_path: Path,
    source: Path,
    kind: str,
    datum="auto",
    mapping=None,
    layer=None,
    encoding="auto",
    workspace=None,
    replace=False,
    treatments=None,
    recipe=None,
    edition_of=None,
    stored_as=None,
):
    """Run the job and hold it to the count, in summary and files: rows in = rows out + set aside + merged."""
    workspace = workspace or tmp_path / "规划 工作区.gpkg"
    folder = tmp_path / f"run {len(list(tmp_path.glob('run *')))}"
    folder.mkdir()
    if mapping is not None:
        file = folder / "mapping.json"
        file.write_text(json.dumps(mapping, ensure_ascii=False), encoding="utf-8")
        mapping = str(file)
    made = not workspace.exists()
    if made:
        workspace.write_bytes(_empty_workspace())
    messages = []
    parameters = {
        "source": str(source),
        "kind": kind,
        "datum": datum,
        "layer": layer,
        "encoding": encoding,
        "replace": replace,
        "treatments": treatments,
        "recipe": None if recipe is None else str(recipe),
        "edition_of": edition_of,
    }
    context = RunContext(parameters | {"mapping": mapping, "workspace": str(workspace)}, folder, messages.append)
    before = workspace.read_bytes()
    try:
        summary = import_layer.run(context)
    except Exception:
        assert workspace.read_bytes() == before, "a refusal writes nothing"
        assert not [item for item in folder.iterdir() if item.name != "mapping.json"]
        raise
    done = Imported(
        summary, folder, context.outputs, workspace, kind, [m["message"] for m in messages if m["type"] == "notice"]
    )
    assert summary["rows_in"] == summary["rows_out"] + summary["rows_set_aside"] + summary["rows_merged"]
    assert summary["rows_set_aside"] == len(done.aside) == sum(summary["set_aside_by_reason"].values())
    assert summary["value_issues"] == len(done.issues)
    stored = stored_as or source.name
    there = sum(_file_of(name) == stored for name in done.column("source_file") if name)
    assert summary["rows_out"] + summary["rows_kept"] == there
    assert summary["rows_changed"] == len({row["uuid"] for row in done.replaced if row["what"] == "changed"})
    assert summary["rows_removed"] == sum(row["what"] in ("removed", "taken_out") for row in done.replaced)
    json.dumps(summary, ensure_ascii=False)
    return done


def write_csv(path: Path, rows, encoding="utf-8", delimiter=",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def write_xlsx(path: Path, **sheets) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path
