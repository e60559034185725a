"""The input doctor on trial: spoiled files of the sample county, clean files, and a million stations on the clock.

Run ``.venv/bin/python benchmarks/doctor.py [--kind NAME …] [--no-speed] [--no-import]``. Every kind of fault is planted
some twenty times in a file of its own, and a table with all kinds at once is examined, too. A fault counts as found
where a finding names its row under a fitting code with a fitting severity. An alarm is a row that nobody spoiled and
that is warned of or blocked. The spoilers (`sample_data/spoil/`) know nothing of how the product reads a file.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bootstrap import ROOT, register_package
from pages import write_section

ROWS = 1_000_000
GOAL_FOUND, GOAL_ALARMS, GOAL_S, GOAL_GIB = 0.98, 0.01, 30.0, 2.0
CLEAN, EVERYTHING = "clean files", "everything at once"
SHOWN_FAULTS = 40
PANDAS = "import sys, pandas; print(len(pandas.read_csv(sys.argv[1])))"
GDAL = "import sys, pyogrio; print(len(pyogrio.read_dataframe(sys.argv[1])))"


def try_kind(name: str, folder: Path, workspaces: dict[str, Path | None], imports: bool) -> Any:
    """Make the files of one kind, examine and import each, and give their score taken together."""
    from xinji_planner.sample_data.spoil import kinds, trial

    if name == CLEAN:
        cases = kinds.clean_cases(folder / "clean")
    elif name == EVERYTHING:
        (folder / "everything").mkdir(exist_ok=True)
        cases = [kinds.mixed_case(folder / "everything")]
    else:
        cases = kinds.cases(name, folder)
    total = trial.Score(name)
    for k, case in enumerate(cases):
        one = trial.judge(name, case, workspaces, folder / "runs" / name / str(k), imports=imports)
        for key, value in vars(one).items():
            if key != "name":
                setattr(total, key, getattr(total, key) + value)
    return total


def _try(arguments: tuple[str, Path, dict[str, Path | None], bool]) -> Any:
    return try_kind(*arguments)


def run_kinds(names: list[str], folder: Path, imports: bool) -> list[Any]:
    """Try the kinds in as many processes as there are cores."""
    from xinji_planner.sample_data.spoil import trial

    workspaces = trial.prepare(folder / "workspaces")
    work = [(name, folder, workspaces, imports) for name in names]
    with multiprocessing.get_context("fork").Pool(os.cpu_count(), maxtasksperchild=20) as pool:
        return list(pool.imap(_try, work, chunksize=1))


def report(scores: list[Any]) -> str:
    """Markdown of the scores, totals first."""
    from xinji_planner.sample_data.spoil import kinds

    groups = {name: spoiler.group for name, spoiler in kinds.SPOILERS.items()}
    planted, found = sum(s.planted for s in scores), sum(s.found for s in scores)
    untouched = sum(s.untouched for s in scores if s.name != CLEAN)
    alarms = sum(s.alarms for s in scores if s.name != CLEAN)
    clean = next((s for s in scores if s.name == CLEAN), None)
    back, due = sum(s.recovered for s in scores), sum(s.recoverable for s in scores)
    broken = sum(" rows " in text or " broke" in text for s in scores for text in s.lost)
    lines = [
        f"Faults found: **{found:,} of {planted:,}, {_percent(found, planted)}** (goal >= 98 %), "
        f"{len([s for s in scores if s.name in groups])} kinds.",
        f"False alarms on rows of spoiled files that nobody spoiled: {alarms:,} of {untouched:,}, "
        f"{_percent(alarms, untouched)} (goal <= 1 %).",
    ]
    if clean is not None:
        lines.append(f"False alarms on clean files: {clean.alarms:,} of {clean.untouched:,} rows, "
                     f"{_percent(clean.alarms, clean.untouched)} (goal <= 1 %).")  # fmt: skip
    lines += [
        f"Values that an import must bring back: {back:,} of {due:,} brought back. "
        f"Imports that lost a row or broke: {broken}.",
        "",
        "| kind of fault | group | planted | found | missed | false alarms | brought back |",
        "|---|---|---|---|---|---|---|",
    ]
    for s in scores:
        mark = "**" if s.found < s.planted or s.alarms or s.recovered < s.recoverable else ""
        lines.append(
            f"| {mark}{s.name.replace('_', ' ')}{mark} | {groups.get(s.name, '')} | {s.planted} | {s.found} "
            f"| {s.planted - s.found} | {s.alarms} of {s.untouched} | {s.recovered} of {s.recoverable} |"
        )
    return "\n".join(lines) + "\n"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "none"


def faults(scores: list[Any], shown: int) -> str:
    """Give what was missed, wrongly told or lost, for whoever mends it."""
    lines = []
    for s in scores:
        told = [
            *(f"missed: {t}" for t in s.missed),
            *(f"alarm: {t}" for t in s.wrong),
            *(f"import: {t}" for t in s.lost),
        ]
        if told:
            lines += [f"{s.name}:", *(f"  {text}" for text in told[:shown])]
            lines += [f"  and {len(told) - shown} more"] * (len(told) > shown)
    return "\n".join(lines)


# --- the clock --------------------------------------------------------------------------------------------------------


def clock(command: list[str]) -> tuple[float, float, float]:
    """Run a program and give its seconds on the wall, its seconds of CPU, and its peak memory in GiB."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = os.posix_spawn(
            command[0],
            command,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, err.fileno(), 2)],
        )
        _, status, usage = os.wait4(process, 0)
        seconds = time.perf_counter() - start
        out.seek(0)
        err.seek(0)
        printed = out.read().decode()
        if os.waitstatus_to_exitcode(status):
            raise RuntimeError(f"{' '.join(command)}: {printed[-2000:]} {err.read().decode()[-4000:]}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20


def measure_speed(folder: Path, rows: int) -> str:
    """Time the diagnosis of a large CSV beside plain reads of the same file; whole processes, one after the other."""
    from xinji_planner.sample_data.spoil.large import write_stations

    # In a process of its own: a program starts with its parent's peak of memory as its own.
    path = folder / "一百万站.csv"
    writer = multiprocessing.get_context("fork").Process(target=write_stations, args=(path, rows))
    writer.start()
    writer.join()
    job = [sys.executable, "-I", "-X", "utf8", str(ROOT / "engine" / "package.py"), "run", "diagnose"]
    stated = [
        "--source",
        str(path),
        "--kind",
        "base_stations",
        "--datum",
        "wgs84",
        "--output",
        str(folder / "big"),
        "--json",
    ]
    ours_s, ours_cpu, ours_gib = clock([*job, *stated])
    pandas_s, pandas_cpu, pandas_gib = clock([sys.executable, "-c", PANDAS, str(path)])
    gdal_s, gdal_cpu, gdal_gib = clock([sys.executable, "-c", GDAL, str(path)])
    lines = [
        f"Diagnosis of {rows:,} stations (CSV, 15 columns, {path.stat().st_size / 1e6:.0f} MB, 1 % of the rows "
        f"with a fault) beside plain reads of the same file in the same run, whole processes, {os.cpu_count()} cores. "
        f"Goal <= {GOAL_S:g} s and <= {GOAL_GIB:g} GiB.",
        "",
        "| what | seconds | CPU seconds | peak memory, GiB | diagnosis / plain read |",
        "|---|---|---|---|---|",
        f"| **diagnose** | {ours_s:.1f} | {ours_cpu:.1f} | {ours_gib:.2f} | |",
        f"| pandas.read_csv | {pandas_s:.1f} | {pandas_cpu:.1f} | {pandas_gib:.2f} | {ours_s / pandas_s:.1f} |",
        f"| GDAL (pyogrio.read_dataframe) | {gdal_s:.1f} | {gdal_cpu:.1f} | {gdal_gib:.2f} | {ours_s / gdal_s:.1f} |",
    ]
    path.unlink()
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print the tables in Markdown, and what went wrong after them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", action="append", help="only these kinds of fault")
    parser.add_argument("--no-speed", action="store_true")
    parser.add_argument("--no-import", action="store_true")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--keep", type=Path, help="folder to leave the files in")
    parser.add_argument("--shown", type=int, default=SHOWN_FAULTS, help="faults of each kind to print")
    parser.add_argument("--report", type=Path, help="Markdown file to put the tables into")
    options = parser.parse_args()
    from xinji_planner.sample_data.spoil import kinds

    names = options.kind or [CLEAN, EVERYTHING, *kinds.SPOILERS]
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        scores = run_kinds(names, folder, not options.no_import)
        speed = "" if options.no_speed else measure_speed(folder, options.rows)
    text = report(scores) + ("\n" + speed if speed else "")
    print(text, end="")
    print(faults(scores, options.shown), file=sys.stderr)
    if options.report and not options.kind and speed:
        write_section(options.report, "doctor", "The input doctor on spoiled files", text)
    planted, found = sum(s.planted for s in scores), sum(s.found for s in scores)
    return 0 if found >= GOAL_FOUND * planted else 1


register_package()
if __name__ == "__main__":
    sys.exit(main())
