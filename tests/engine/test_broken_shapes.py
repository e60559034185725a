"""The torture set: every shape is reported with its reason, and repaired, set aside or kept as its truth says."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import shapely
from xinji_planner.layers.findings.catalogue import KINDS
from xinji_planner.layers.findings.findings import Findings
from xinji_planner.layers.findings.treatments import RowTreatments, Treatments
from xinji_planner.layers.geometry.findings import geometry_findings
from xinji_planner.layers.geometry.measures import area_m2
from xinji_planner.layers.reading.conform import conform
from xinji_planner.layers.reading.evidence import decide
from xinji_planner.layers.reading.importing import convert
from xinji_planner.layers.reading.mapping import propose
from xinji_planner.layers.reading.reasons import Reasons
from xinji_planner.layers.sources.read import read_source
from xinji_planner.layers.sources.rings import closings, decode
from xinji_planner.layers.specs import SPECS
from xinji_planner.sample_data import broken_shapes
from xinji_planner.sample_data.broken_shapes import STEP_DEG

FOLDER = Path(broken_shapes.__file__).parent / "broken_shapes"
LAYERS = {
    "areas.geojson": "control_lines",
    "areas.shp": "control_lines",
    "lines.geojson": "trunk_cables",
    "towns.geojson": "admin_units",
}
# A line is expected to hang loose where nothing is near it; that is no fault of the shape.
LOOSE = "dangle"


def truth(file):
    with (FOLDER / "truth.csv").open(encoding="utf-8", newline="") as source:
        return [row for row in csv.DictReader(source) if row["file"] == file]


def diagnosed(file, treatments=None):
    spec = SPECS[LAYERS[file]]
    raw = read_source(FOLDER / file, spec=spec)
    mapping = propose(raw.headings, spec)
    done = convert(raw, spec, mapping, decide(raw, mapping, "cgcs2000", spec), treatments=treatments or Treatments())
    assert done.rows_in == done.rows_out + len(done.set_aside) == len(raw)
    kept = {int(row): shape for row, shape in zip(done.table.columns["source_row"], done.table.geometry)}
    positions = np.array([row - 1 for row in kept])
    findings = Findings([*done.findings, *geometry_findings(done.table, positions)])
    issues = done.value_issues
    return kept, findings, set(issues["row"][issues["reason_code"] == "geometry_repaired"])


def codes_by_row(findings):
    found = {}
    for block in findings:
        for at in block.at if block.at is not None else ():
            found.setdefault(int(at) + 1, set()).add(block.code)
    return found


def beside(findings, number):
    """The findings that name a row as the other one."""
    return {block.code for block in findings for words in block.related if f"row {number}" in words.split(", ")}


def test_the_set_is_written_anew_to_the_byte(tmp_path):
    for path in broken_shapes.write_all(tmp_path):
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), path.name
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in FOLDER.iterdir()}


@pytest.mark.parametrize("file", LAYERS)
def test_every_row_is_reported_with_its_reason_and_no_other(file):
    findings = diagnosed(file)[1]
    found = codes_by_row(findings)
    for row in truth(file):
        said = {code for code in found.get(int(row["row"]), set()) if KINDS[code].group == "geometry"}
        if file == "towns.geojson":  # what is between two rows is told of either
            assert not row["finding"] or row["finding"] in said | beside(findings, row["row"])
            continue
        assert said - {LOOSE, "geometry_repaired"} == {row["finding"]} - {"", LOOSE}, row


@pytest.mark.parametrize("file", LAYERS)
def test_every_row_is_repaired_set_aside_or_kept_with_the_area_counted_by_hand(file):
    kept, findings, repaired = diagnosed(file)
    found = codes_by_row(findings)
    for row in truth(file):
        number = int(row["row"])
        assert (number in kept) == (row["treatment"] != "set_aside"), row
        assert (number in repaired) == (row["treatment"] == "repaired"), row
        assert "geometry_repaired" not in found.get(number, ()), "once said, under its own reason, is enough"
        if number in kept:
            assert kept[number].is_valid
            assert kept[number].geom_type == SPECS[LAYERS[file]].geometry.value
        if row["squares"]:
            assert area_m2(kept[number]) == pytest.approx(float(row["squares"]) * square_m2(kept[number]), rel=5e-4), (
                row
            )


def square_m2(shape):
    """One square of the grid at the latitude of a shape."""
    lon, lat = (shape.bounds[0] + shape.bounds[2]) / 2, (shape.bounds[1] + shape.bounds[3]) / 2
    return area_m2(shapely.box(lon, lat - STEP_DEG / 2, lon + STEP_DEG, lat + STEP_DEG / 2))


def test_every_repair_states_the_area_before_and_after():
    kept, findings, _ = diagnosed("areas.geojson")
    stated = 0
    for block in findings:
        if KINDS[block.code].group != "geometry" or block.code == "geometry_repaired":
            continue
        for at, proposed in zip(block.at, np.broadcast_to(block.proposed, len(block.at))):
            if "→" in proposed and block.code != "spike":
                after = float(proposed.split("→")[1].removesuffix("m²"))
                assert after == pytest.approx(area_m2(kept[int(at) + 1]), abs=0.06)
                stated += 1
    assert stated == sum(row["treatment"] == "repaired" for row in truth("areas.geojson")) - 2  # closed, collection


@pytest.mark.parametrize("file", ["areas.geojson", "areas.shp"])
def test_a_planner_may_have_every_faulty_shape_set_aside(file):
    wanted = {row["finding"] for row in truth(file) if row["finding"] and row["treatment"] != "set_aside"}
    chosen = {code: "set_aside" for code in wanted if "set_aside" in KINDS[code].actions}
    kept, *_ = diagnosed(file, Treatments(chosen))
    stay = {int(row["row"]) for row in truth(file) if row["finding"] not in {*chosen, *_NEVER_KEPT}}
    assert set(kept) == stay
    assert stay


_NEVER_KEPT = {row["finding"] for row in truth("areas.geojson") if row["treatment"] == "set_aside"}


def test_a_spike_is_taken_off_only_when_the_planner_says_so():
    number = next(int(row["row"]) for row in truth("areas.geojson") if row["finding"] == "spike")
    kept, _, repaired = diagnosed("areas.geojson", Treatments({"spike": "apply"}))
    assert area_m2(kept[number]) == pytest.approx(16 * square_m2(kept[number]), rel=5e-4 / 16)
    assert number in repaired


def test_gap_and_overlap_state_the_area_counted_by_hand():
    kept, findings, _ = diagnosed("towns.geojson")
    square = square_m2(kept[5])
    sizes = {block.code: float(block.originals[0].removesuffix(" m²")) for block in findings if block.at is not None}
    assert sizes["gap"] == pytest.approx(0.4 * square, rel=1e-3)
    assert sizes["overlap"] == pytest.approx(4 * square, rel=1e-3)


def test_binary_that_no_text_format_holds_is_told_apart():
    with (FOLDER / "binary.csv").open(encoding="utf-8", newline="") as source:
        binary = [bytes.fromhex(row["wkb"]) for row in csv.DictReader(source)]
    findings, aside = Findings(), Reasons()
    shapes, broken = decode(binary, findings)
    treatments = RowTreatments(Treatments(), np.arange(1, len(binary) + 1))
    repairs = closings(findings, shapes, aside, treatments)
    repairs += conform(shapes, SPECS["control_lines"], aside, treatments, findings)
    found = codes_by_row(findings)
    for row in truth("binary.csv"):
        at = int(row["row"]) - 1
        if row["finding"] == "damaged_row":
            assert broken[at] and shapes[at] is None
            continue
        assert found.get(at + 1, set()) == {row["finding"]} - {""}, row
        assert (shapes[at] is None) == (at in aside.by_row) == (row["treatment"] == "set_aside"), row
        assert (at in {repair[0] for repair in repairs}) == (row["treatment"] == "repaired"), row
