"""Check what was stated for a job against its declaration: raw values in, typed values or every fault out.

Typed values: SOURCE, WORKSPACE and WORKSPACE_TARGET are `pathlib.Path` as given, but the address of a database stays
text; LAYER stays the text ``PATH`` or ``PATH|layername=NAME`` (see `split_layer`); DATE is an ISO day as text, as in
the tables; CHOICES is a tuple in the declared order. Standard library only.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ..errors import Fault, ParameterError
from ..jobs.declaration import Job, Parameter, ParameterKind
from ..layers.sources.dsn import is_database, parse, without_password
from ..text import Text

Hook = Callable[[Mapping[str, Any]], "list[Fault]"]

_NOTHING = Text("", "")
_IS_A_FOLDER = Text("该路径是文件夹，不是文件。", "That path is a folder, not a file.")
_CHOOSING = (ParameterKind.CHOICE, ParameterKind.CHOICES, ParameterKind.CHOICE_OR_TEXT)
_YES = frozenset(("true", "yes", "y", "1", "on", "是"))
_NO = frozenset(("false", "no", "n", "0", "off", "否"))


class _WrongError(ValueError):
    """What one value should have been, in words that end the sentence "it must be …"."""

    def __init__(self, expected: Text, remedy: Text = _NOTHING) -> None:
        super().__init__(expected.en)
        self.expected = expected
        self.remedy = remedy


def checked(job: Job, raw: Mapping[str, Any], hook: Hook | None = None) -> dict[str, Any]:
    """Check raw values against a declaration.

    Parameters
    ----------
    job : Job
        The declaration.
    raw : mapping
        Values by parameter name: text from a command line, or JSON values from QGIS. None and empty
        text mean "not stated", but for a choice that has a default an empty text is a wrong value: it is more often
        a variable that a script forgot to set than a wish.
    hook : callable, optional
        The job's own ``check(parameters)``; asked only when every single value is right.

    Returns
    -------
    dict
        A value for every declared parameter, None where nothing is stated and there is no default.

    Raises
    ------
    ParameterError
        With every fault, not the first one.
    """
    faults = [_unknown(job, name, raw[name]) for name in raw if name not in {item.name for item in job.parameters}]
    values: dict[str, Any] = {}
    for parameter in job.parameters:
        stated = raw.get(parameter.name)
        if _is_empty_choice(parameter, stated):
            faults.append(_fault(parameter, stated, _WrongError(_one_of(parameter))))
            continue
        if not _is_stated(stated):
            stated = parameter.default
        if not _is_stated(stated):
            values[parameter.name] = None
            if parameter.required:
                faults.append(_missing(parameter))
            continue
        try:
            values[parameter.name] = _READERS[parameter.kind](parameter, stated)
        except _WrongError as wrong:
            faults.append(_fault(parameter, stated, wrong))
    if not faults and hook is not None:
        faults = list(hook(values))
    if faults:
        raise parameter_error(job, faults)
    return values


def parameter_error(job: Job, faults: list[Fault]) -> ParameterError:
    """Give one error for all faults of a request."""
    remedies = {fault.remedy: None for fault in faults if fault.remedy.zh}
    return ParameterError(
        Text(
            f"{job.label.zh}：" + "".join(fault.message.zh for fault in faults),
            f"{job.name}: " + " ".join(fault.message.en for fault in faults),
        ),
        Text("".join(item.zh for item in remedies), " ".join(item.en for item in remedies)),
        faults=faults,
    )


def unknown_job(name: str, known: Iterable[str]) -> ParameterError:
    """Give the error for a job that does not exist, with the nearest name."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1)
    return ParameterError(
        Text(f"没有名为 {name} 的任务。", f"There is no job {name}."),
        Text(f"是否指 {near[0]}？", f"Did you mean {near[0]}?")
        if near
        else Text(f"可用任务：{'、'.join(names)}。", f"Jobs: {', '.join(names)}."),
    )


def split_layer(value: str) -> tuple[Path, str]:
    """Split ``PATH|layername=NAME`` into path and layer name; the name is empty where none is stated."""
    path, _, rest = value.partition("|")
    return Path(path), rest[len("layername=") :] if rest.startswith("layername=") else ""


def _is_stated(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value not in ([], ())


def _is_empty_choice(parameter: Parameter, stated: Any) -> bool:
    if parameter.kind not in _CHOOSING or parameter.default is None:
        return False
    said = [stated] if isinstance(stated, str) else stated
    return isinstance(said, (list, tuple)) and bool(said) and not any(str(item).strip(" ,，") for item in said)


def _one_of(parameter: Parameter) -> Text:
    values = [choice.value for choice in parameter.choices]
    more = parameter.kind is ParameterKind.CHOICE_OR_TEXT
    return Text(
        "以下之一：" + "、".join(values) + ("，或其他文字" if more else ""),
        "one of " + ", ".join(values) + (" or another text" if more else ""),
    )


def _title(parameter: Parameter) -> Text:
    return Text(f"{parameter.label.zh}（{parameter.option}）", f"{parameter.option}")


def _fault(parameter: Parameter, stated: Any, wrong: _WrongError) -> Fault:
    shown = ",".join(map(str, stated)) if isinstance(stated, (list, tuple)) else str(stated)
    shown = without_password(shown)
    message = Text("{title}应为{expected}，实际为“{shown}”。", "{title} must be {expected}, not “{shown}”.")
    return Fault(
        message.filled(title=_title(parameter), expected=wrong.expected, shown=shown),
        wrong.remedy,
        field=parameter.name,
        value=shown,
    )


def _missing(parameter: Parameter) -> Fault:
    message = Text("必须指定{title}。", "{title} must be stated.").filled(title=_title(parameter))
    return Fault(message, field=parameter.name)


def _unknown(job: Job, name: str, value: Any) -> Fault:
    options = {item.option[2:]: item.option for item in job.parameters}
    option = name.replace("_", "-")
    near = get_close_matches(option, list(options), n=1)
    known = " ".join(options.values())
    remedy = (
        Text(f"是否指 {options[near[0]]}？", f"Did you mean {options[near[0]]}?")
        if near
        else Text(f"可用参数：{known}。", f"It has: {known}.")
    )
    return Fault(
        Text(f"没有参数 --{option}。", f"There is no parameter --{option}."), remedy, field=name, value=str(value)
    )


def _bounds(parameter: Parameter) -> Text:
    unit = f" {parameter.unit}" if parameter.unit else ""
    low, high = parameter.minimum, parameter.maximum
    if low is not None and high is not None:
        return Text(f" {low:g} 至 {high:g}{unit} 之间的", f" from {low:g} to {high:g}{unit}")
    if low is not None:
        return Text(f"不小于 {low:g}{unit} 的", f" of at least {low:g}{unit}")
    if high is not None:
        return Text(f"不大于 {high:g}{unit} 的", f" of at most {high:g}{unit}")
    return Text("", f" in{unit}" if unit else "")


def _number(parameter: Parameter, stated: Any, whole: bool) -> float:
    bounds = _bounds(parameter)
    expected = (
        Text(f"{bounds.zh}整数", f"a whole number{bounds.en}")
        if whole
        else Text(f"{bounds.zh}数", f"a number{bounds.en}")
    )
    try:
        if isinstance(stated, bool) or not isinstance(stated, (str, int, float)):
            raise ValueError
        value = float(stated)
    except (ValueError, OverflowError):
        raise _WrongError(expected) from None
    low = -math.inf if parameter.minimum is None else parameter.minimum
    high = math.inf if parameter.maximum is None else parameter.maximum
    if not (math.isfinite(value) and low <= value <= high) or (whole and value != int(value)):
        raise _WrongError(expected)
    return value


def _integer(parameter: Parameter, stated: Any) -> int:
    return int(_number(parameter, stated, whole=True))


def _real(parameter: Parameter, stated: Any) -> float:
    return _number(parameter, stated, whole=False)


def _words(_parameter: Parameter, stated: Any) -> str:
    if not isinstance(stated, (str, int, float)) or isinstance(stated, bool):
        raise _WrongError(Text("文字", "text"))
    return str(stated).strip()


def _choice(parameter: Parameter, stated: Any) -> str:
    values = [choice.value for choice in parameter.choices]
    text = str(stated).strip()
    folded = {value.casefold(): value for value in values}
    if text.casefold() in folded:
        return folded[text.casefold()]
    near = get_close_matches(text, values, n=1)
    raise _WrongError(
        _one_of(parameter),
        Text(f"是否指 {near[0]}？", f"Did you mean {near[0]}?") if near else _NOTHING,
    )


def _choices(parameter: Parameter, stated: Any) -> tuple[str, ...]:
    said = stated if isinstance(stated, (list, tuple)) else [stated]
    parts = [part for item in said for part in str(item).replace("，", ",").split(",")]
    chosen = {_choice(parameter, part) for part in parts if str(part).strip()}
    return tuple(choice.value for choice in parameter.choices if choice.value in chosen)


def _choice_or_text(parameter: Parameter, stated: Any) -> str:
    text = _words(parameter, stated)
    return next((item.value for item in parameter.choices if item.value.casefold() == text.casefold()), text)


def _date(_parameter: Parameter, stated: Any) -> str:
    expected = Text("YYYY-MM-DD 格式的日期", "a date written YYYY-MM-DD")
    text = str(stated).strip()
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise _WrongError(expected) from None
    if day.isoformat() != text:
        raise _WrongError(expected)
    return text


def _flag(_parameter: Parameter, stated: Any) -> bool:
    text = str(stated).strip().casefold()
    if text in _YES | _NO:
        return text in _YES
    raise _WrongError(Text("true 或 false", "true or false"))


def _existing(stated: Any, what: Text, folder_too: bool) -> Path:
    path = Path(str(stated))
    try:
        exists, is_folder = path.exists(), path.is_dir()
    except (OSError, ValueError):
        exists = is_folder = False
    if is_folder and not folder_too:
        raise _WrongError(what, _IS_A_FOLDER)
    if not exists:
        raise _WrongError(
            what, Text("请检查路径是否正确、文件是否可读。", "Check that the path is right and readable.")
        )
    return path


def _source(parameter: Parameter, stated: Any) -> Path | str:
    if is_database(stated):
        if not parameter.database:
            raise _WrongError(Text("文件，不能是数据库", "a file, and no database"))
        try:
            parse(str(stated))
        except ParameterError as fault:
            raise _WrongError(Text("可识别的数据库地址", "the address of a database"), fault.remedy) from None
        return str(stated).strip()
    return _existing(stated, Text("已有的文件或文件夹", "an existing file or folder"), folder_too=True)


def _workspace(_parameter: Parameter, stated: Any) -> Path:
    return _existing(
        stated,
        Text("已有的规划工作区（GeoPackage 文件）", "an existing planning workspace (a GeoPackage)"),
        folder_too=False,
    )


def _workspace_target(_parameter: Parameter, stated: Any) -> Path:
    path = Path(str(stated))
    if path.suffix.lower() != ".gpkg" or path.is_dir():
        raise _WrongError(
            Text("以 .gpkg 结尾的文件", "a file that ends in .gpkg"), _IS_A_FOLDER if path.is_dir() else _NOTHING
        )
    if not path.parent.is_dir():
        raise _WrongError(
            Text("已有文件夹中的文件", "a file in a folder that exists"),
            Text("请先建立该文件夹。", "Make the folder first."),
        )
    return path


def _layer(_parameter: Parameter, stated: Any) -> str:
    text = str(stated).strip()
    path, bar, rest = text.partition("|")
    if bar and not (rest.startswith("layername=") and len(rest) > len("layername=") and "|" not in rest):
        raise _WrongError(Text("“路径”或“路径|layername=图层名”", "PATH or PATH|layername=NAME"))
    _existing(path, Text("已有文件中的图层", "a layer of an existing file"), folder_too=True)
    return text


_READERS: dict[ParameterKind, Callable[[Parameter, Any], Any]] = {
    ParameterKind.SOURCE: _source,
    ParameterKind.WORKSPACE: _workspace,
    ParameterKind.WORKSPACE_TARGET: _workspace_target,
    ParameterKind.LAYER: _layer,
    ParameterKind.INTEGER: _integer,
    ParameterKind.REAL: _real,
    ParameterKind.TEXT: _words,
    ParameterKind.CHOICE: _choice,
    ParameterKind.CHOICES: _choices,
    ParameterKind.CHOICE_OR_TEXT: _choice_or_text,
    ParameterKind.DATE: _date,
    ParameterKind.FLAG: _flag,
}
