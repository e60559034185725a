"""Run one job: check its parameters, give it a folder, write run.json, make the result appear whole.

The worker and the command line both run jobs through here. Standard library only; what a job imports is its own.
"""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from ..errors import Cancelled, EngineError, ParameterError, XinjiError
from ..jobs import registry
from ..jobs.declaration import Job, ParameterKind
from ..jobs.shared.rule_words import rule_cautions
from ..layers.sources.dsn import without_password
from ..text import Text
from .context import RunContext
from .kernels import is_first_run, remember_run
from .parameters import checked, unknown_job
from .protocol import RunResult
from .record import plain, write_record
from .run_folder import RunFolder, default_target, forget_refusal, target_beside, tidy_around

Send = Callable[[dict[str, Any]], None]


def job_modules(folder: Path | None = None) -> dict[str, ModuleType]:
    """Give the modules of all jobs by job name.

    Parameters
    ----------
    folder : pathlib.Path, optional
        More job files, read as if they stood in `jobs/`. The tests' own jobs come in this way
        (``--jobs-from``), so that the real list stays clean.
    """
    found = dict(registry.modules())
    for path in sorted(folder.glob("*.py")) if folder else ():
        name = f"{registry.__package__}.{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{path} is not a Python file")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        found[module.JOB.name] = module
    return dict(sorted(found.items()))


def run_job(
    name: str,
    raw: Mapping[str, Any],
    output: str | Path | None = None,
    *,
    modules: Mapping[str, ModuleType] | None = None,
    send: Send = lambda _message: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> RunResult:
    """Run one job to its end.

    Parameters
    ----------
    name : str
        Name of the job.
    raw : mapping
        Its parameters as they were stated, unchecked.
    output : str or pathlib.Path, optional
        The result folder. None: ``WORKSPACE.runs/JOB-NNN`` beside the workspace, with the runs of what a parameter
        that is `beside` states (the last one first), or ``xinji-runs/JOB-NNN``.
    modules : mapping, optional
        Job modules by name; the registry's if not given.
    send : callable
        Takes the messages ``started``, ``progress`` and ``notice``.
    cancelled : callable
        Tells whether the planner has asked to stop.

    Raises
    ------
    XinjiError
        `ParameterError` for a wrong name or value, `Cancelled`, or what the job refused. Anything that the job
        did not foresee comes as an error with the traceback in ``details``. Nothing is left of the run but a
        report, which the error names; the next run with the same target that ends well removes it.
    """
    modules = registry.modules() if modules is None else modules
    if name not in modules:
        raise unknown_job(name, modules)
    module = modules[name]
    job: Job = module.JOB
    if not hasattr(module, "run"):
        raise unknown_job(name, (known for known, other in modules.items() if hasattr(other, "run")))
    folder: RunFolder | None = None
    wished: Path | None = None
    try:
        parameters = checked(job, raw, getattr(module, "check", None))
        wished = Path(output) if output else _default_target(job, parameters)
        folder = RunFolder(wished, numbered=not output)
        _tidy_beside(_workspace_of(job, parameters))
        send({"type": "started", "folder": str(folder.path)})
        context = RunContext(parameters, folder.path, send, cancelled, is_first_run(name))
        summary = _with_cautions(plain(module.run(context)), context)
        outputs = _checked_outputs(job, context, summary)
        write_record(context, name, summary, outputs, raw)
        target = folder.commit()
        remember_run(name)
    except Exception as error:
        shown = explained(error)
        if wished is not None and not isinstance(shown, (ParameterError, Cancelled)):
            _report(shown, wished.absolute(), folder, job, raw)
        raise shown from error
    finally:
        if folder is not None:
            folder.discard()
    return RunResult(summary, {key: str(target / path) for key, path in outputs.items()}, str(target))


def _with_cautions(summary: Any, context: RunContext) -> Any:
    """Add what a reader must know of the rules: values that nobody has verified, and the planner's own changes."""
    if not isinstance(summary, dict) or not context.rules:
        return summary
    said = [*summary.get("cautions", []), *plain(rule_cautions(context.rules))]
    return (
        {**summary, "cautions": [text for row, text in enumerate(said) if text not in said[:row]]} if said else summary
    )


def _report(error: XinjiError, wished: Path, folder: RunFolder | None, job: Job, raw: Mapping[str, Any]) -> None:
    """Leave a report of the refusal beside the wished result, and name it in the error."""
    from .refusal import write_refusal

    forget_refusal(wished)
    if error.report and folder is not None:
        error.report = folder.keep_report(error.report)
    try:
        error.report = write_refusal(wished, job, raw, error)
    except OSError as trouble:  # not even the temporary folder can be written: the error itself matters more
        error.details = f"{error.details}\n{trouble}".strip()


def explained(error: Exception) -> XinjiError:
    """Give an error that a planner can act on for whatever a job ran into; our own stay as they are."""
    if isinstance(error, XinjiError):
        return error
    shown = _explained(error)
    shown.details = without_password("".join(traceback.format_exception(type(error), error, error.__traceback__)))
    return shown


def _explained(error: Exception) -> XinjiError:
    if isinstance(error, MemoryError):
        return XinjiError(
            Text("内存不足，任务未完成。", "There is not enough memory for this job."),
            Text("请关闭其他程序，或按县分批运行。", "Close other programs, or run it county by county."),
        )
    if isinstance(error, ImportError):
        return EngineError(
            Text(f"计算引擎环境不完整：{error}。", f"The engine's environment is not complete: {error}."),
            Text("请重新“安装计算引擎”。", "Press “Set up engine” again."),
        )
    if isinstance(error, OSError) and error.strerror:
        place = f" {error.filename}" if error.filename else ""
        return XinjiError(
            Text(
                f"读写文件失败{place}：{error.strerror}。",
                f"A file cannot be read or written{place}: {error.strerror}.",
            ),
            Text(
                "请检查磁盘空间、权限，以及文件是否被其他程序占用。",
                "Check free disk space, permissions, and whether another program holds the file.",
            ),
        )
    said = without_password(f"{type(error).__name__}: {error}")
    return XinjiError(
        Text(f"程序内部错误：{said}", f"A fault in the program: {said}"),
        Text("请将日志发给插件维护者。", "Please send the log to the plugin's maintainers."),
    )


def _tidy_beside(workspace: Path | None) -> None:
    """Remove what killed runs left in the folder of a workspace, wherever the results of this run go."""
    if workspace is None or not workspace.parent.is_dir():
        return
    from ..layers.store.new_file import tidy as tidy_files

    with contextlib.suppress(OSError):  # a folder that may not be written to keeps them
        tidy_around(workspace.parent)
        tidy_files(workspace.parent)


def _workspace_of(job: Job, parameters: Mapping[str, Any]) -> Path | None:
    for parameter in job.parameters:
        if parameter.kind in (ParameterKind.WORKSPACE, ParameterKind.WORKSPACE_TARGET):
            found = parameters[parameter.name]
            if found is not None:
                return Path(found)
    return None


def _default_target(job: Job, parameters: Mapping[str, Any]) -> Path:
    stated = [parameters[item.name] for item in job.parameters[::-1] if item.beside]
    beside = target_beside(job.name, [Path(path) for path in stated if path is not None])
    return default_target(job.name, _workspace_of(job, parameters)) if beside is None else beside


def _checked_outputs(job: Job, context: RunContext, summary: Any) -> dict[str, str]:
    """Hold a job to its declaration: the summary has every key, every output is there, none is undeclared."""
    if not isinstance(summary, dict):
        raise TypeError(f"{job.name} gave no summary")
    lacking = [key for key in job.summary_keys if key not in summary]
    if lacking:
        raise KeyError(f"the summary of {job.name} lacks {', '.join(lacking)}")
    declared = {output.name: output for output in job.outputs}
    for name, path in context.outputs.items():
        if name not in declared:
            raise KeyError(f"{job.name} wrote an output that it does not declare: {name}")
        if not (context.folder / path.partition("|")[0]).exists():
            raise FileNotFoundError(f"{job.name} did not write its output {name}: {path}")
    missing = [name for name, output in declared.items() if not output.optional and name not in context.outputs]
    if missing:
        raise KeyError(f"{job.name} did not write {', '.join(missing)}")
    return dict(context.outputs)
