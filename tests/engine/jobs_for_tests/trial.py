"""A job that behaves as badly as a test asks for; it comes in by ``--jobs-from`` and is in no real list."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from ..errors import Fault, InputError, ParameterError
from ..text import Text, same
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind

if TYPE_CHECKING:
    from ..engine.context import RunContext

BEHAVIOURS = (
    "well",
    "kernel",
    "deaf",
    "chatty",
    "refuse",
    "fault",
    "numpy",
    "many_faults",
    "silent",
    "two_notices",
    "late",
)

JOB = Job(
    name="trial",
    label=Text("试验", "Trial"),
    help=Text("仅供测试。", "For tests only."),
    step="data",
    parameters=(
        Parameter(
            "behaviour",
            ParameterKind.CHOICE,
            Text("行为", "Behaviour"),
            Text("做什么。", "What it does."),
            default="well",
            choices=tuple(Choice(name, same(name)) for name in BEHAVIOURS),
        ),
        Parameter("source", ParameterKind.SOURCE, Text("源文件", "Source"), Text("读取的文件。", "A file to read.")),
        Parameter(
            "radius_m",
            ParameterKind.REAL,
            Text("半径", "Radius"),
            Text("米。", "In metres."),
            default=500.0,
            unit="m",
            minimum=1,
            maximum=10_000,
        ),
        Parameter(
            "workspace",
            ParameterKind.WORKSPACE_TARGET,
            Text("规划工作区", "Workspace"),
            Text("可不存在。", "Need not exist."),
        ),
    ),
    outputs=(Output("table", OutputKind.TABLE, Text("表", "Table")),),
    summary_keys=("rows",),
)


def _numpy_kernel(context: RunContext) -> None:
    """Work for hours in parts of a few hundredths of a second, with a checkpoint after each."""
    import numpy as np

    values = np.arange(1e6)
    context.progress(0.1, Text("计算中", "In the kernel"))
    while True:
        values = np.sort(values)[::-1]
        context.checkpoint()


def _numba_kernel(context: RunContext) -> None:
    """Work for days in one call that listens to nobody, without the lock of the interpreter."""
    import numba

    def spin(steps: int) -> float:
        total = 0.0
        for step in range(steps):
            total = (total + (step % 7) * 0.5) % 1000.0
        return total

    compiled = numba.njit(nogil=True)(spin)
    compiled(10)
    context.progress(0.1, Text("计算中", "In the kernel"))
    compiled(10**15)


def run(context: RunContext) -> dict[str, Any]:
    behaviour = context["behaviour"]
    if context["source"] is not None:
        context.read("source", context["source"])
    context.rules.append({"id": "N06", "value": 3})
    context.rules.append({"id": "N06", "value": 3})
    if behaviour in ("kernel", "deaf"):
        context.output("table", "half of it.csv").write_text("half\n", encoding="utf-8")
        kernel = _numpy_kernel if behaviour == "kernel" else _numba_kernel
        kernel(context)
    if behaviour == "chatty":
        import ctypes

        print('{"type":"result","id":"1"}')
        sys.stdout.write("no line end")
        os.write(1, b"\xff\xfe raw bytes\n")
        library = ctypes.CDLL(None)
        library.printf(b"from C %d\n", 7)
        library.fflush(None)
        subprocess.run([sys.executable, "-c", "print('from a child'); input"], check=True)
        assert sys.stdin.read() == ""
    if behaviour == "refuse":
        context.output("report", "report.html").write_text("<p>why</p>", encoding="utf-8")
        raise InputError(
            Text("文件不对。", "The file is wrong."),
            Text("请改正。", "Mend it."),
            faults=[Fault(Text("第 3 行", "Row 3"), file="村.csv", row=3, field="name", value="?")],
            report="report.html",
        )
    if behaviour == "many_faults":
        raise InputError(
            Text("太多", "Too many"), faults=[Fault(Text("错" * 50, "wrong"), row=row) for row in range(30_000)]
        )
    if behaviour == "late":
        raise ParameterError(Text("坐标系无法识别。", "There is no such CRS."))
    if behaviour == "fault":
        return {"rows": 1 // 0}
    if behaviour == "silent":
        return {"rows": 0}
    if behaviour == "two_notices":
        context.notice(Text("留意", "Mind these"), [3, 5])
        context.notice(Text("很多", "Many"), range(250_000))
        for step in range(1000):
            context.progress(step / 1000, Text("步骤", "Steps"))
    rows: Any = 3
    if behaviour == "numpy":
        import numpy as np
        import pandas as pd

        rows = {"n": np.int64(3), "x": np.float32(0.5), "nan": np.float64("nan"), "list": np.arange(2), "na": pd.NA}
    context.output("table", "表 1.csv").write_text("编码,名称\n1,甲村\n", encoding="utf-8")
    context.progress(1.0, Text("完成", "Done"))
    return {"rows": rows, "radius_m": context["radius_m"]}
