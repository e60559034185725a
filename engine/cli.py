"""The command line of the engine: run jobs, set the engine up, make a bundle of its wheels.

Exit status: 0 done, 1 a job refused its input or failed, 2 a wrong name or value, 130 cancelled.
Standard library only.
"""

from __future__ import annotations

import json
import locale
import os
import shutil
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

from ..errors import Cancelled, ParameterError, XinjiError
from ..jobs.declaration import Job, Parameter, ParameterKind
from ..text import Text
from . import executor
from .console import Console
from .parameters import unknown_job

USAGE = """usage: run [JOB [--param value …] [--output DIR] [--json] [--language zh|en]]
       setup DIR [--wheels DIR] [--python PATH]
       bundle DIR [--platform TAG …] [--python-version X.Y …]"""
_GRACE_S = 2.0


class _UsageError(Exception):
    """The command line itself is wrong; the text is one line for the user."""


def main(arguments: Sequence[str], out: BinaryIO | None = None) -> int:
    """Do what the arguments say.

    Parameters
    ----------
    arguments : sequence of str
        Without the program's name.
    out : binary stream, optional
        Where results go; standard output if not given.

    Returns
    -------
    int
        The exit status.
    """
    language = _own_language(arguments)
    console = Console(out, language)
    command, rest = (arguments[0], list(arguments[1:])) if arguments else ("help", [])
    try:
        if command == "run":
            return _run(rest, console)
        if command == "setup":
            return _set_up(rest, console)
        if command == "bundle":
            return _bundle(rest, console)
        if command in ("help", "-h", "--help"):
            console.say(USAGE)
            return 0
        raise _UsageError(f"There is no command {command}. " + USAGE.replace("\n", "; ").replace("       ", ""))
    except (_UsageError, ParameterError) as error:
        message = error.in_language(language) if isinstance(error, ParameterError) else str(error)
        console.complain(" ".join(message.split()))
        return 2
    except Cancelled as error:
        console.complain(error.in_language(language))
        return 130
    except XinjiError as error:
        console.refuse(error)
        return 1


def _own_language(arguments: Sequence[str]) -> str:
    """Give the language asked for, else that of the environment."""
    for place, item in enumerate(arguments):
        if item.startswith("--language="):
            return item.partition("=")[2]
        if item == "--language" and place + 1 < len(arguments):
            return arguments[place + 1]
    stated = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    stated = stated or (locale.getlocale()[0] or "")
    return "zh" if stated.lower().startswith(("zh", "chinese")) else "en"


# --- run --------------------------------------------------------------------------------------------------


def _run(arguments: list[str], console: Console) -> int:
    extra, arguments = _taken(arguments, "--jobs-from")
    modules = executor.job_modules(Path(extra) if extra else None)
    if not arguments or arguments[0] in ("--help", "-h"):
        for name, module in modules.items():
            console.say(f"{name:<20} {module.JOB.label.zh} / {module.JOB.label.en}")
        return 0
    name, rest = arguments[0], arguments[1:]
    if name not in modules:
        raise unknown_job(name, modules)
    job: Job = modules[name].JOB
    if "--help" in rest or "-h" in rest:
        console.say(_help(job))
        return 0
    output, rest = _taken(rest, "--output")
    _, rest = _taken(rest, "--language")
    as_json = "--json" in rest
    raw = _stated(job, [item for item in rest if item != "--json"])
    try:
        result = _run_interruptibly(name, raw, output, modules, console)
    except (ParameterError, Cancelled):
        raise
    except XinjiError as error:
        console.end_progress()
        if as_json:
            failed = {"job": name, "failed": error.as_json(), "report": error.report}
            console.say(json.dumps(failed, ensure_ascii=False, allow_nan=False))
        raise
    console.end_progress()
    if as_json:
        shown = {**result.summary, "job": name, "folder": result.folder, "outputs": result.outputs}
        console.say(json.dumps(shown, ensure_ascii=False, allow_nan=False))
    else:
        console.say(_listing(job, result, console.language))
    return 0


def _set_up(arguments: list[str], console: Console) -> int:
    from .setting_up.setup import set_up

    wheels, rest = _taken(arguments, "--wheels")
    python, rest = _taken(rest, "--python")
    folder = _only_folder("setup", rest)
    interpreter = set_up(folder, wheels=Path(wheels) if wheels else None, python=python, progress=console.progress)
    console.end_progress()
    console.say(str(interpreter))
    return 0


def _bundle(arguments: list[str], console: Console) -> int:
    from .setting_up.bundle import THIS_MACHINE, make_bundle

    platforms, rest = _all_taken(arguments, "--platform")
    versions, rest = _all_taken(rest, "--python-version")
    folder = _only_folder("bundle", rest)
    count = make_bundle(
        folder, platforms=platforms or [THIS_MACHINE], python_versions=versions, progress=console.progress
    )
    console.end_progress()
    console.say(Text(f"{folder}：安装包 {count} 个", f"{folder}: wheels: {count}").in_language(console.language))
    return 0


def _only_folder(command: str, arguments: list[str]) -> Path:
    _, rest = _taken(arguments, "--language")
    if len(rest) != 1 or rest[0].startswith("-"):
        raise _UsageError(f"{command} takes one folder. " + USAGE.replace("\n", "; ").replace("       ", ""))
    return Path(rest[0])


def _all_taken(arguments: list[str], option: str) -> tuple[list[str], list[str]]:
    """Take an option that may stand several times, with its values, out of the arguments."""
    values: list[str] = []
    value, rest = _taken(arguments, option)
    while value is not None:
        values.append(value)
        value, rest = _taken(rest, option)
    return values, rest


def _taken(arguments: list[str], option: str) -> tuple[str | None, list[str]]:
    """Take an option and its value out of the arguments."""
    for place, item in enumerate(arguments):
        if item == option:
            if place + 1 == len(arguments) or arguments[place + 1].startswith("--"):
                raise _UsageError(f"{option} needs a value.")
            return arguments[place + 1], arguments[:place] + arguments[place + 2 :]
        if item.startswith(option + "="):
            return item.partition("=")[2], arguments[:place] + arguments[place + 1 :]
    return None, arguments


def _stated(job: Job, arguments: list[str]) -> dict[str, Any]:
    """Read ``--name value``, ``--name=value`` and bare flags; names and values are checked later, all at once.

    Several values of a list stand behind one option, parted by commas or blanks, or behind the option repeated.
    """
    flags = {item.option for item in job.parameters if item.kind is ParameterKind.FLAG}
    lists = {item.option for item in job.parameters if item.kind is ParameterKind.CHOICES}
    stated: dict[str, Any] = {}
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            raise _UsageError(f"{word}: a parameter is written --name value.")
        option, equals, value = word.partition("=")
        if not equals:
            if rest and not rest[0].startswith("--"):
                value = rest.pop(0)
            elif option in flags:
                value = "true"
            elif option in {item.option for item in job.parameters}:
                raise _UsageError(f"{option} needs a value.")
        name = option[2:].replace("-", "_")
        if option in lists:
            values = [*stated.get(name, ()), value]
            while rest and not rest[0].startswith("--"):
                values.append(rest.pop(0))
            stated[name] = values
            continue
        if name in stated:
            raise _UsageError(f"{option} is given twice.")
        stated[name] = value
    return stated


def _run_interruptibly(
    name: str, raw: dict[str, Any], output: str | None, modules: dict[str, ModuleType], console: Console
) -> executor.RunResult:
    """Run in a thread, so that a signal is heard at once even in the middle of a kernel."""
    cancel, done = threading.Event(), threading.Event()
    found: list[executor.RunResult | BaseException] = []
    folder: list[str] = []

    def send(message: dict[str, Any]) -> None:
        if message["type"] == "started":
            folder.append(message["folder"])
        else:
            console.show(message)

    def work() -> None:
        try:
            found.append(executor.run_job(name, raw, output, modules=modules, send=send, cancelled=cancel.is_set))
        except BaseException as error:  # handed to the main thread, which raises it
            found.append(error)
        finally:
            done.set()

    before = {number: signal.signal(number, lambda *_: cancel.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        threading.Thread(target=work, name=name, daemon=True).start()
        while not done.wait(0.1):
            if cancel.is_set() and not done.wait(_GRACE_S):
                shutil.rmtree(folder[0], ignore_errors=True) if folder else None
                console.complain(Cancelled().in_language(console.language))
                os._exit(130)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    outcome = found[0]
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _listing(job: Job, result: executor.RunResult, language: str) -> str:
    lines = [job.label.in_language(language)]
    for key, value in result.summary.items():
        shown = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value
        lines.append(f"  {key}: {'—' if shown is None else shown}")
    lines.append(Text("结果：", "Results:").in_language(language))
    lines += [
        f"  {output.label.in_language(language)}: {result.outputs[output.name]}"
        for output in job.outputs
        if output.name in result.outputs
    ]
    return "\n".join(lines)


def _help(job: Job) -> str:
    lines = [f"{job.name}: {job.label.zh} / {job.label.en}", "", job.help.zh, job.help.en, ""]
    for parameter in job.parameters:
        lines += [
            f"  {parameter.option} {_kind(parameter)}",
            f"      {parameter.label.zh}：{parameter.help.zh}",
            f"      {parameter.label.en}: {parameter.help.en}",
            f"      {_facts(parameter)}",
        ]
    lines += [
        "  --output DIR",
        "      结果文件夹：新文件夹、空文件夹或旧的结果文件夹（将被替换）。",
        "      Result folder: a new or empty one, or an earlier result, which is replaced.",
        "  --json",
        "      以一个 JSON 对象输出摘要；未生成结果时输出原因。",
        "      The summary, or why there is no result, as one JSON object on standard output.",
        "  --language zh|en",
    ]
    return "\n".join(lines)


def _kind(parameter: Parameter) -> str:
    values = "|".join(choice.value for choice in parameter.choices)
    return {
        ParameterKind.CHOICE: values,
        ParameterKind.CHOICES: values + " …",
        ParameterKind.CHOICE_OR_TEXT: f"{values}|…",
        ParameterKind.FLAG: "[true|false]",
        ParameterKind.DATE: "YYYY-MM-DD",
        ParameterKind.INTEGER: "N",
        ParameterKind.REAL: "X",
        ParameterKind.TEXT: "TEXT",
        ParameterKind.LAYER: "PATH[|layername=NAME]",
    }.get(parameter.kind, "PATH")


def _facts(parameter: Parameter) -> str:
    facts = ["必填 / required" if parameter.required else "可选 / optional"]
    if parameter.default is not None:
        default = ",".join(parameter.default) if isinstance(parameter.default, (list, tuple)) else parameter.default
        facts.append(f"默认 / default: {default}")
    if parameter.unit:
        facts.append(f"单位 / unit: {parameter.unit}")
    if parameter.minimum is not None:
        facts.append(f"≥ {parameter.minimum:g}")
    if parameter.maximum is not None:
        facts.append(f"≤ {parameter.maximum:g}")
    return "; ".join(facts)
