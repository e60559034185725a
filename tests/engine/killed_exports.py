"""Start exports and kill them: each line of standard input is a kill, and each is answered by a line.

A line has a delay in seconds, from the start of the export or, behind the word ``commit``, from the moment in which the
result is whole and is about to take its place.

A process of its own, so that the exports are forked from one in which no thread runs and everything is imported: then
an export takes a tenth of a second, and a kill meets any part of it. Arguments: workspace, result folder, formats.
Answers: ``killed`` or the exit status. A negative delay lets the export end.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def register_package() -> None:
    spec = importlib.util.spec_from_file_location("xinji_bootstrap", ROOT / "engine" / "package.py")
    bootstrap = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bootstrap)
    bootstrap.keep_kernels()
    bootstrap.register()


def main() -> None:
    register_package()
    from xinji_planner.engine.executor import run_job
    from xinji_planner.engine.run_folder import RunFolder
    from xinji_planner.jobs.delivery import by_profile  # noqa: F401 - imported before the forks
    from xinji_planner.layers.delivery.report import write_check_table  # noqa: F401

    workspace, target, formats = sys.argv[1:4]
    stated = {"workspace": workspace, "profile": "municipal", "formats": formats}
    print("ready", flush=True)
    commit = RunFolder.commit
    for line in sys.stdin:
        at_commit, delay = line.startswith("commit"), float(line.removeprefix("commit"))
        ready, tell = os.pipe()
        child = os.fork()
        if child == 0:
            RunFolder.commit = lambda folder, tell=tell: os.write(tell, b"c") and commit(folder)
            try:
                run_job("delivery_package", stated, target)
            except BaseException as error:
                print(repr(error), file=sys.stderr, flush=True)
                os._exit(1)
            os._exit(0)
        os.close(tell)
        if at_commit:
            os.read(ready, 1)
        if delay >= 0:
            time.sleep(delay)
            os.kill(child, signal.SIGKILL)
        os.close(ready)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
