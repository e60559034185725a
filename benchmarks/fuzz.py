"""Fuzz the readers: damaged files of every format through `diagnose` and `import_layer`, by the thousand.

Run ``.venv/bin/python benchmarks/fuzz.py [--cases N] [--first K] [--workers N]``. Each case is made from its number, so
a run repeats to the byte. Workers are processes of their own; one that dies, runs out of memory or takes more than 20 s
on a case is a failure, and so is an exception that is not one of ours, a workspace that changed under a refusal or is
damaged, and a row that is not accounted for. The files of a failure are kept under ``build/fuzz/``.
"""

from __future__ import annotations

import argparse
import collections
import faulthandler
import json
import os
import queue
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path
from typing import Any

from bootstrap import ROOT, register_package
from pages import write_section

CASES = 10_500
HANG_S = 20.0
START_S = 180.0
MEMORY = 6 << 30
CASES_A_WORKER = 1500


# --- the worker -------------------------------------------------------------------------------------------------------


def work(folder: Path) -> int:
    """Take numbers of cases on stdin; answer each with two lines of JSON: what is tried, and how it went."""
    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    register_package()
    from xinji_planner.sample_data.spoil import fuzzing

    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print must not come between the answers
    bench = fuzzing.set_up(folder / "bench")
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        index = int(line)
        place = folder / "case"
        tried = fuzzing.attempt(bench, index, place)
        answer = {"index": index, "format": tried.format, "job": tried.job, "stated": dict(tried.stated)}
        print(json.dumps(answer, ensure_ascii=False), file=answers, flush=True)
        start = time.perf_counter()
        try:
            outcome, why = fuzzing.run(bench, tried, place)
        except Exception:  # the very thing that is looked for
            outcome, why = "failed", "escaped: " + " | ".join(traceback.format_exc().strip().splitlines()[-3:])
        answer |= {"outcome": outcome, "why": why, "seconds": time.perf_counter() - start}
        print(json.dumps(answer, ensure_ascii=False), file=answers, flush=True)
    return 0


# --- the master -------------------------------------------------------------------------------------------------------


class Worker:
    """A process that runs cases, and is started anew when it dies or hangs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[str] | None = None
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.done = 0

    def run(self, index: int) -> dict[str, Any]:
        """Run one case."""
        if self.process is None or self.done >= CASES_A_WORKER:
            self._start()
        process = self.process
        assert process is not None and process.stdin is not None
        process.stdin.write(f"{index}\n")
        process.stdin.flush()
        self.done += 1
        tried = self._line(HANG_S)
        line = self._line(HANG_S) if tried else ""
        if line:
            return json.loads(line)  # type: ignore[no-any-return]
        died = process.poll()
        if died is None:
            time.sleep(0.2)
            died = process.poll()
        said = (self.folder / "stderr.txt").read_text(errors="replace").strip().splitlines()
        self.stop()
        # A fatal error of the interpreter lists the stack, and then every module.
        said = [text for text in said if not text.startswith(("Extension modules", "Warning", "ERROR"))]
        fatal = next((k for k, text in enumerate(said) if "Fatal Python" in text or "memory allocation" in text), 0)
        told = " | ".join(text.strip() for text in said[fatal:][:8])
        why = f"hung for more than {HANG_S:g} s" if died is None else f"died with status {died}: {told}"
        what = json.loads(tried) if tried else {"format": "worker died", "job": "", "stated": {}}
        return {**what, "index": index, "outcome": "failed", "why": why, "seconds": HANG_S}

    def _start(self) -> None:
        self.stop()
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "stderr.txt").open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-X", "utf8", __file__, "--worker", str(self.folder)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8", bufsize=1,
            )  # fmt: skip
        self.done = 0
        self.lines = queue.SimpleQueue()
        threading.Thread(target=_read, args=(self.process.stdout, self.lines), daemon=True).start()
        if self._line(START_S).strip() != "ready":
            said = (self.folder / "stderr.txt").read_text(errors="replace")
            raise RuntimeError(f"the worker did not start: {said[-3000:]}")

    def _line(self, patience_s: float) -> str:
        """Give the next line that the process prints; "" where it prints none in time, or has ended."""
        try:
            return self.lines.get(timeout=patience_s)
        except queue.Empty:
            return ""

    def stop(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def _read(stream: Any, lines: queue.SimpleQueue[str]) -> None:
    for line in stream:
        lines.put(line)
    lines.put("")  # the process has ended


def run(indexes: list[int], workers: int, scratch: Path, keep: Path) -> list[dict[str, Any]]:
    """Run cases on several workers; keep the files of those that fail."""
    waiting = collections.deque(indexes)
    results: list[dict[str, Any]] = []
    troubles: list[BaseException] = []

    def serve(number: int) -> None:
        worker = Worker(scratch / f"worker {number}")
        try:
            while waiting and not troubles:
                result = worker.run(waiting.popleft())
                if result["outcome"] == "failed":
                    _keep(result, worker.folder, keep)
                results.append(result)
                if len(results) % 500 == 0:
                    bad = sum(r["outcome"] == "failed" for r in results)
                    print(f"{len(results)} cases, {bad} failed", file=sys.stderr, flush=True)
        except IndexError:
            pass  # the other worker took the last one
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            worker.stop()

    threads = [threading.Thread(target=serve, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles:
        raise troubles[0]
    return sorted(results, key=lambda result: int(result["index"]))


def _keep(result: dict[str, Any], folder: Path, keep: Path) -> None:
    """Copy the damaged file of a case that failed."""
    target = keep / f"{result['index']:06d}"
    shutil.rmtree(target, ignore_errors=True)
    damaged = folder / "case" / "in"
    if damaged.exists():
        shutil.copytree(damaged, target)
    target.mkdir(parents=True, exist_ok=True)
    (target / "case.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def report(results: list[dict[str, Any]], seconds: float) -> str:
    """Markdown of the outcomes by format."""
    failed = sum(r["outcome"] == "failed" for r in results)
    lines = [
        f"**{len(results):,} cases, {failed} failures** (goal 0) in {seconds / 60:.1f} min: no crash, no hang over "
        f"{HANG_S:g} s, no half-written workspace, no lost row in the others.",
        "",
        "| format | cases | read | refused with a reason | failed | slowest, s |",
        "|---|---|---|---|---|---|",
    ]
    for name in sorted({r["format"] for r in results}):
        own = [r for r in results if r["format"] == name]
        count = collections.Counter(r["outcome"] for r in own)
        slowest = max(r["seconds"] for r in own)
        lines.append(
            f"| {name} | {len(own)} | {count['done']} | {count['refused']} | {count['failed']} | {slowest:.1f} |"
        )
    return "\n".join(lines) + "\n"


def failures(results: list[dict[str, Any]]) -> str:
    """Give the kinds of failure, most frequent first, each with its first cases."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for result in results:
        if result["outcome"] == "failed":
            kinds.setdefault(str(result["why"])[:160], []).append(result)
    lines = []
    for _, own in sorted(kinds.items(), key=lambda item: -len(item[1])):
        cases = ", ".join(str(r["index"]) for r in own[:6])
        lines.append(
            f"{len(own)} x [{', '.join(sorted({r['format'] for r in own}))}] cases {cases}\n    {own[0]['why'][:700]}"
        )
    return "\n".join(lines)


def main() -> int:
    """Run the cases and print a table in Markdown, then the failures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "fuzz")
    parser.add_argument("--report", type=Path, help="Markdown file to put the table into")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return work(options.worker)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        indexes = list(range(options.first, options.first + options.cases))
        results = run(indexes, options.workers, Path(scratch), options.keep)
    text = report(results, time.perf_counter() - start)
    print(text, end="")
    print(failures(results), file=sys.stderr)
    if options.report and options.cases >= CASES:
        write_section(options.report, "fuzz", "Damaged files", text)
    return 1 if any(r["outcome"] == "failed" for r in results) else 0


if __name__ == "__main__":
    sys.exit(main())
