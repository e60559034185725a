"""Do many tasks one by one on this machine, or on the workers of a `dask.distributed` cluster.

Every task carries what it needs, so that workers need no file of this machine. They need the same version of the
plugin and the same libraries: `engine/cluster_worker.py` starts one that knows the plugin, and a task refuses to run on
another version. When a worker dies, its tasks are done again by others.
"""

from __future__ import annotations

import hashlib
import pickle  # nosec B403  # only to send our own tasks to workers that the planner named
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple, TypeVar

from ..errors import EngineError
from ..text import Text
from .package import ROOT
from .versions import packages, plugin_version

LOCAL = "local"
_POLL_S = 0.25
_CONNECT_S = 10
_NO_WORKER_S = 60.0
_AHEAD = 2  # tasks a worker thread has at hand, so that it need not wait for the next one to travel

Key = TypeVar("Key")
Task = TypeVar("Task")
Result = TypeVar("Result")
Tell = Callable[[float], None]
Work = Callable[[Task, "int | None", "Tell | None"], Result]


def each(
    work: Work[Task, Result],
    tasks: Iterable[tuple[Key, Task]],
    scheduler: str = LOCAL,
    tell: Tell = lambda _fraction: None,
) -> Iterator[tuple[Key, Result]]:
    """Do ``work(task, threads, tell)`` for every task; give each key with its result, as they are done.

    Parameters
    ----------
    work : callable
        A function of a module; on a worker it gets one thread and no `tell`.
    tasks : iterable of (key, task)
        Taken as they are needed, so that few are in memory.
    scheduler : str
        ``local``, or the address of a scheduler, ``tcp://HOST:PORT``.
    tell : callable
        Gets the done fraction of the task at hand, where it is done here, and 0 several times a second elsewhere; may
        raise to stop.

    Raises
    ------
    EngineError
        The scheduler cannot be reached, has no workers, or a worker has another version of the plugin.
    """
    if scheduler == LOCAL:
        for key, task in tasks:
            yield key, work(task, None, tell)
        return
    yield from _remote(work, tasks, scheduler, tell)


def _remote(
    work: Work[Task, Result], tasks: Iterable[tuple[Key, Task]], scheduler: str, tell: Tell
) -> Iterator[tuple[Key, Result]]:
    from distributed import KilledWorker, wait

    client = _connected(scheduler)
    waiting = iter(tasks)
    pending: dict[Any, Key] = {}
    version = made_with()
    alone_since: float | None = None
    exhausted = False
    try:
        while pending or not exhausted:
            tell(0.0)
            threads = sum(client.nthreads().values())
            alone_since = None if threads else (alone_since or time.monotonic())
            if alone_since is not None and time.monotonic() - alone_since > _NO_WORKER_S:
                raise _no_workers(scheduler)
            while not exhausted and len(pending) < _AHEAD * threads:
                item = next(waiting, None)
                if item is None:
                    exhausted = True
                    break
                with warnings.catch_warnings():
                    # The task is to travel: data left on a worker would be lost with it.
                    warnings.filterwarnings("ignore", message="Sending large graph")
                    pending[client.submit(pickle.loads, _packed(version, work, item[1]), pure=False)] = item[0]
                tell(0.0)
            if not pending:
                time.sleep(0 if exhausted else _POLL_S)
                continue
            try:
                with client.as_current():
                    done = wait(list(pending), timeout=_POLL_S, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                continue
            for future in sorted(done, key=lambda item: item.key):
                try:
                    result = future.result()
                except KilledWorker as error:
                    raise EngineError(
                        Text("集群的工作进程反复退出，任务未完成。", "The cluster's workers died again and again."),
                        Text(
                            "请查看工作进程的日志（常见原因是内存不足），处理后重新运行，已算完的部分会沿用。",
                            "Look at the workers' logs (often it is memory), then run again: what is done is kept.",
                        ),
                    ) from error
                if isinstance(result, _OtherVersion):
                    raise _refused(result.version, version)
                yield pending.pop(future), result
                future.release()
    finally:
        client.cancel(list(pending), force=True)
        client.close(timeout=1)


def _connected(scheduler: str) -> Any:
    from distributed import Client

    try:
        return Client(scheduler, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise EngineError(
            Text(f"连接不上集群调度器 {scheduler}。", f"The scheduler {scheduler} cannot be reached."),
            Text(
                "请检查地址、端口和网络，并确认调度器已启动；也可用 --scheduler local 在本机计算。",
                "Check address, port and network, and that it runs; or compute here with --scheduler local.",
            ),
        ) from error


def _no_workers(scheduler: str) -> EngineError:
    return EngineError(
        Text(f"集群 {scheduler} 没有可用的工作进程。", f"The cluster {scheduler} has no workers."),
        Text("请启动工作进程后重新运行，已算完的部分会沿用。", "Start workers and run again: what is done is kept."),
    )


@cache
def made_with() -> str:
    """Say what results depend on besides their task: the plugin, its code, and the libraries that compute."""
    code = hashlib.sha256()
    for path in sorted((ROOT / "analysis").rglob("*.py")):
        code.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    kept = {name: version for name, version in packages().items() if name in ("numba", "numpy")}
    libraries = [f"{name} {version}" for name, version in sorted(kept.items())]
    return " ".join([plugin_version(), code.hexdigest()[:12], *libraries])


class _Call:
    """A call of `_guarded` that is made by being unpickled.

    The scheduler unpacks every function that it hands on, and need not know the plugin: so the function is Python's
    own, and what it gets are bytes.
    """

    def __init__(self, *arguments: Any) -> None:
        self._arguments = arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return _guarded, self._arguments


def _packed(version: str, work: Any, task: Any) -> bytes:
    return pickle.dumps(_Call(version, work, task), protocol=5)


class _OtherVersion(NamedTuple):
    """What a worker gives instead of a result; an error of ours would not travel whole."""

    version: str


def _guarded(version: str, work: Work[Task, Result], task: Task) -> Result | _OtherVersion:
    """Run a task on a worker of the same version."""
    own = made_with()
    return work(task, 1, None) if own == version else _OtherVersion(own)


def _refused(theirs: str, ours: str) -> EngineError:
    return EngineError(
        Text(
            f"集群工作进程的版本（{theirs}）与本机（{ours}）不同，结果可能不一致。",
            f"A worker has another version ({theirs}) than this machine ({ours}): results might differ.",
        ),
        Text("请在各机器上安装同一版本。", "Install the same version on all machines."),
    )
