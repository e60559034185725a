"""Do the main job on the sample county through the real plugin under ``qgis_process``, and hold it to the truth.

Standard library only: ``./dev demo`` runs it with the system's Python, before anything is known to work.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
AREA_TOLERANCE = 1e-4  # of a county's area


class Desktop:
    """``qgis_process`` with the plugin in a profile of its own."""

    def __init__(self, plugins: Path, engine: Path, profile: Path) -> None:
        # Debian's wrapper passes an option that qgis_process does not know; the binary beside it is right.
        found = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
        if found is None:
            sys.exit("qgis_process is not installed.")
        self.program = found
        self.environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "QGIS_PLUGINPATH": str(plugins.absolute()),
            "QGIS_CUSTOM_CONFIG_PATH": str(profile),
            "XINJI_ENGINE_PYTHON": str(engine.absolute()),
            "XDG_RUNTIME_DIR": str(profile),
        }
        self._call("plugins", "enable", "xinji_planner")

    def _call(self, *arguments: str) -> str:
        done = subprocess.run(
            [self.program, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            sys.exit(f"{' '.join(arguments[:3])} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def run(self, algorithm: str, **values: object) -> dict[str, Any]:
        """Run one algorithm and give its results."""
        pairs = [f"{name}={value}" for name, value in values.items()]
        said = self._call("--json", "run", f"xinji:{algorithm}", "--", *pairs)
        return json.loads(said[said.index("{") :])["results"]


def summary_of(folder: Path) -> dict[str, Any]:
    """Read the figures of a run."""
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))["summary"]


def main() -> int:
    """Import, judge, find the gaps, deliver, draw; then compare with what was planted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plugins", type=Path, required=True, help="folder that holds xinji_planner")
    parser.add_argument("--engine", type=Path, required=True, help="the engine's Python")
    parser.add_argument("--output", type=Path, default=HERE.parent / "build" / "demo")
    arguments = parser.parse_args()
    target: Path = arguments.output
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    workspace = target / "海岳县.gpkg"
    wrong: list[str] = []
    truth = json.loads((HERE / "truth" / "summary.json").read_text(encoding="utf-8"))

    with tempfile.TemporaryDirectory() as profile:
        desktop = Desktop(arguments.plugins, arguments.engine, Path(profile))
        print("» 导入样例数据 · importing the sample county")
        desktop.run("loadsample", WORKSPACE=workspace, RESULT_FOLDER=target / "import")
        wrong += check_import(summary_of(target / "import"))
        for technology in ("5G", "4G"):
            print(f"» 判定 {technology} 通达 · judging {technology}")
            folder = target / f"village_reach_{technology.lower()}"
            desktop.run("villagereach", WORKSPACE=workspace, TECHNOLOGY=technology, RESULT_FOLDER=folder)
            wrong += check_reach(technology, folder, truth[f"village_reach_{technology.lower()}"])
        print("» 地形仿真判定 5G 通达 · judging 5G on terrain")
        folder = target / "village_reach_5g_simulated"
        heights = next((HERE / "received").glob("*.tif"))
        desktop.run("villagereach", WORKSPACE=workspace, TECHNOLOGY="5G", DEM=heights, RESULT_FOLDER=folder)
        wrong += check_reach("5G", folder, truth["village_reach_5g_simulated"])
        print("» 覆盖空白 · coverage gaps")
        desktop.run("coveragegap", WORKSPACE=workspace, TECHNOLOGY="5G", RESULT_FOLDER=target / "coverage_gap")
        wrong += check_gap(summary_of(target / "coverage_gap"))
        print("» 交付包 · delivery package")
        desktop.run("deliverypackage", WORKSPACE=workspace, CRS="zone", RESULT_FOLDER=target / "delivery")
        print("» 地图 · map")
        for run in ("village_reach_5g", "coverage_gap"):
            picture = target / f"{run}.png"
            desktop.run("mappicture", RESULT_FOLDER=target / run, WORKSPACE=workspace, LANGUAGE=0, OUTPUT=picture)

    print(f"\n结果 · results: {target}")
    for path in (
        sorted(target.glob("*/result.gpkg")) + sorted(target.glob("*/*report.html")) + sorted(target.glob("*.png"))
    ):
        print(f"  {path.relative_to(target)}")
    for line in wrong:
        print(f"✗ {line}")
    print("与预置真值一致 · equal to the planted truth" if not wrong else f"{len(wrong)} 处不一致 · differences")
    return 1 if wrong else 0


def check_import(summary: dict[str, Any]) -> list[str]:
    """Hold the importers' counts to the plan."""
    rows = {key: summary[key] for key in ("rows_in", "rows_out", "rows_set_aside")}
    print(f"  读入 {rows['rows_in']} = 写入 {rows['rows_out']} + 搁置 {rows['rows_set_aside']}")
    return [] if rows["rows_in"] == rows["rows_out"] + rows["rows_set_aside"] else ["rows were lost on import"]


def check_reach(technology: str, folder: Path, planted: dict[str, Any]) -> list[str]:
    """Compare the counts of all villages with the truth."""
    found = summary_of(folder)
    print(
        f"  {technology}：{found['villages']} 村，通达 {found['reached']}，未通达 {found['not_reached']}，"
        f"无法判定 {found['cannot_tell']}，临界 {found['borderline']}，通达率 {found['rate_percent']}%"
    )
    return [
        f"{technology} {key}: {found[key]} found, {planted[key]} planted"
        for key in ("villages", "reached", "not_reached", "cannot_tell", "borderline", "rate_percent")
        if found[key] != planted[key]
    ]


def check_gap(summary: dict[str, Any]) -> list[str]:
    """Compare the gap of every county with the truth."""
    planted = json.loads((HERE / "truth" / "gaps_5g.json").read_text(encoding="utf-8"))
    by_code = {row["county_code"]: row for row in planted["counties"]}
    wrong = []
    for row in summary["by_unit"]:
        print(
            f"  {row['unit_name']}：面积 {row['area_km2']} km²，覆盖 {row['covered_km2']}，空白 {row['gap_km2']}，"
            f"无法判定 {row['cannot_tell_km2']}"
        )
        expected = by_code[row["unit_code"][:6]]
        for key in ("covered_km2", "uncovered_km2", "cannot_tell_km2"):
            value = row["gap_km2" if key == "uncovered_km2" else key]
            if abs(value - expected[key]) > AREA_TOLERANCE * row["area_km2"]:
                wrong.append(f"{row['unit_name']} {key}: {value} found, {expected[key]} planted")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
