"""The words that client and engine exchange: one JSON object a line, UTF-8, at most `MAX_LINE` bytes.

The engine opens with ``hello``. A ``request`` is answered with one ``started``, any number of ``progress`` and
``notice``, and ends with exactly one of ``result``, ``failed`` or ``cancelled``; a request that was never
begun ends with ``failed`` alone. ``cancel`` asks the running job to stop. Standard library only.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .. import errors
from ..errors import EngineError, Fault, XinjiError
from ..text import Text

VERSION = 1
MAX_LINE = 4 * 1024 * 1024
_CHUNK = 65536
_RESTART = Text(
    "请重试；若再次出现，请重新安装插件与计算引擎。", "Try again; if it persists, reinstall plugin and engine."
)


def encode(message: Mapping[str, Any]) -> bytes:
    """Give a message as one line of UTF-8 with its line feed.

    Raises
    ------
    EngineError
        The message is longer than `MAX_LINE` or holds something that JSON cannot say.
    """
    try:
        words = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise EngineError(
            Text(f"消息无法写成 JSON：{error}", f"The message cannot be written as JSON: {error}"), _RESTART
        ) from error
    # A file name that is not UTF-8 holds lone surrogates; backslashreplace makes them valid JSON escapes.
    line = words.encode("utf-8", "backslashreplace") + b"\n"
    if len(line) > MAX_LINE:
        raise oversized(len(line))
    return line


def decode(line: bytes) -> dict[str, Any]:
    """Read one line as a message.

    Raises
    ------
    EngineError
        The line is too long, not UTF-8, not JSON, or not an object with a ``type``.
    """
    if len(line) > MAX_LINE:
        raise oversized(len(line))
    try:
        message = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise EngineError(
            Text(f"与计算引擎之间的消息不是有效的 JSON：{error}", f"A protocol line is not valid JSON: {error}"),
            _RESTART,
        ) from error
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise EngineError(
            Text(
                "与计算引擎之间的消息应为带 type 的 JSON 对象。",
                "A protocol line must be a JSON object with a type.",
            ),
            _RESTART,
        )
    return message


def oversized(size: int) -> EngineError:
    """Give the error for a line of `size` bytes (or more) that is longer than allowed."""
    return EngineError(
        Text(
            f"消息长度 {size} 字节，超过上限 {MAX_LINE} 字节。",
            f"A protocol line has {size} bytes or more; {MAX_LINE} are allowed.",
        ),
        Text("大量数据请以文件传递。", "Pass large data as files."),
    )


def lines(descriptor: int) -> Iterator[bytes | EngineError]:
    """Give the lines that arrive on a file descriptor until it closes; an oversized one as an error, skipped whole."""
    kept = bytearray()
    skipping = False
    while True:
        chunk = os.read(descriptor, _CHUNK)
        if not chunk:
            return
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            line = bytes(kept) + piece
            kept.clear()
            if skipping:
                skipping = False
            elif len(line) >= MAX_LINE:
                yield oversized(len(line))
            elif line.strip():
                yield line
        if not skipping:
            kept += rest
            if len(kept) >= MAX_LINE:
                yield oversized(len(kept))
                kept.clear()
                skipping = True


@dataclass(frozen=True)
class Request:
    """One job asked for: its name, raw parameters, and the result folder (None: the engine chooses)."""

    id: str
    job: str
    parameters: dict[str, Any]
    output: str | None = None

    def as_message(self) -> dict[str, Any]:
        """Give the request as a protocol message."""
        return {
            "type": "request",
            "id": self.id,
            "job": self.job,
            "parameters": self.parameters,
            "output": self.output,
        }

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Request:
        """Read a request; raise `EngineError` where a part is missing or of the wrong type."""
        identity, job = message.get("id"), message.get("job")
        parameters, output = message.get("parameters", {}), message.get("output")
        wrong = [
            name
            for name, fits in (
                ("id", isinstance(identity, str)),
                ("job", isinstance(job, str)),
                ("parameters", isinstance(parameters, dict)),
                ("output", output is None or (isinstance(output, str) and output != "")),
            )
            if not fits
        ]
        if wrong:
            names = ", ".join(wrong)
            raise EngineError(
                Text(
                    f"请求缺少以下内容或其类型不对：{names}。",
                    f"A request lacks these, or has them of the wrong type: {names}.",
                ),
                _RESTART,
            )
        return cls(str(identity), str(job), dict(parameters), output)


@dataclass(frozen=True)
class RunResult:
    """What a finished run gives: figures, absolute paths by output name, and the result folder."""

    summary: dict[str, Any]
    outputs: dict[str, str]
    folder: str


def failed(identity: str | None, error: XinjiError) -> dict[str, Any]:
    """Give the message that ends a request with an error; `details` is for the log, not for the planner."""
    return {"type": "failed", "id": identity, "error": error.as_json(), "details": error.details}


def text_from(value: Any) -> Text:
    """Rebuild a bilingual text; anything else stands for itself in both languages."""
    if isinstance(value, Mapping):
        return Text(str(value.get("zh", "")), str(value.get("en", "")))
    return Text(str(value), str(value))


def error_from(message: Mapping[str, Any]) -> XinjiError:
    """Rebuild the error of a ``failed`` message, as the class that the engine raised."""
    said = message.get("error") or {}
    kind = getattr(errors, str(said.get("kind", "")), XinjiError)
    if kind is errors.Cancelled:
        return errors.Cancelled()
    if not (isinstance(kind, type) and issubclass(kind, XinjiError)):
        kind = XinjiError
    faults = [
        Fault(
            message=text_from(fault.get("message", "")),
            remedy=text_from(fault.get("remedy", "")),
            file=str(fault.get("file", "")),
            row=fault.get("row"),
            field=str(fault.get("field", "")),
            value=str(fault.get("value", "")),
        )
        for fault in said.get("faults", ())
    ]
    error = kind(
        text_from(said.get("message", "")),
        text_from(said.get("remedy", "")),
        faults=faults,
        report=str(said.get("report", "")),
    )
    error.details = str(message.get("details") or "")
    return error
