"""How a workspace comes into being, whole or not at all, and why one refuses."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyogrio

from ...errors import WorkspaceError
from ...text import Text
from .new_file import put_in_place
from .workspace_schema import build


class WorkspaceExistsError(WorkspaceError):
    """A workspace was to be made where there is a file already."""


@contextmanager
def being_made(path: Path) -> Iterator[Path]:
    """Make an empty workspace under a temporary name beside `path`, to be filled; afterwards put it in place.

    The file appears whole or not at all, and never in place of another one.

    Raises
    ------
    WorkspaceExistsError
        There is a file of that name, or another process has made one in the meantime.
    WorkspaceError
        The folder cannot be written to.
    """
    if path.exists():
        raise _exists(path)
    inside = False
    try:
        with put_in_place(path) as partial:
            build(partial)
            inside = True
            yield partial
            inside = False
    except FileExistsError as error:
        if inside:
            raise
        raise _exists(path) from error
    except (OSError, pyogrio.errors.DataSourceError) as error:
        if inside:  # the caller's own fault
            raise
        raise WorkspaceError(
            Text("无法新建工作区 {path}：{error}", "Cannot make the workspace {path}: {error}").filled(
                path=path, error=error
            ),
            Text(
                "请检查文件夹是否存在、可写，磁盘是否已满。", "Check that the folder can be written to and has space."
            ),
        ) from error


def _exists(path: Path) -> WorkspaceExistsError:
    return WorkspaceExistsError(
        Text("文件已存在：{path}。", "The file exists already: {path}.").filled(path=path),
        Text("请换一个文件名，或直接打开该工作区。", "Choose another name, or open that workspace."),
    )


def refusal(path: Path, error: sqlite3.Error) -> WorkspaceError:
    """Give the error of a workspace that SQLite refuses to read or write."""
    words = str(error)
    if "locked" in words or "busy" in words:
        return WorkspaceError(
            Text("工作区正在被编辑：{path}。", "The workspace is being edited: {path}.").filled(path=path),
            Text("请在 QGIS 中保存或停止编辑，然后重试。", "Save or stop editing in QGIS, then try again."),
        )
    if "readonly" in words or "unable to open" in words:
        return WorkspaceError(
            Text("工作区不能写入：{path}。", "The workspace cannot be written to: {path}.").filled(path=path),
            Text("请取消文件的只读属性，或复制到可写的文件夹。", "Clear its read-only flag, or copy it elsewhere."),
        )
    if "not a database" in words or "malformed" in words:
        return WorkspaceError(
            Text("文件损坏或不是 GeoPackage：{path}。", "Damaged, or not a GeoPackage: {path}.").filled(path=path),
            Text("请从备份恢复，或新建工作区并重新导入。", "Restore a backup, or make a new one and import again."),
        )
    return WorkspaceError(
        Text("读写工作区 {path} 出错：{error}", "Reading or writing {path} went wrong: {error}").filled(
            path=path, error=words
        ),
        Text(
            "请检查工作区的图层和字段是否被改动；必要时新建工作区并重新导入。",
            "Check whether its layers or fields were changed; if need be make a new workspace and import again.",
        ),
    )
