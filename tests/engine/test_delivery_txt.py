"""Corner coordinates as text, read back by a reader that knows nothing of the writer."""

import re

import numpy as np
import pyogrio
import pytest
import shapely
from xinji_planner.tests.engine.profile_kit import deliver, fill, rows, small_county, with_codes

RING = [(113.5, 36.0), (113.5, 36.01), (113.51, 36.01), (113.51, 36.0)]
HOLE = [(113.502, 36.002), (113.504, 36.002), (113.504, 36.004)]
SECOND = shapely.box(113.6, 36.0, 113.61, 36.01)


@pytest.fixture
def small(tmp_path):
    made = small_county(tmp_path)
    columns = {
        "uuid": ["d1", "d2"],
        "cluster_id": ["1", "2"],
        "name": ["园区,一@号", "园区二"],
        "status": ["existing", "existing"],
    }
    fill(made, "dc_clusters", columns, [shapely.Polygon(RING, [HOLE]), SECOND])
    return made


def read(path):
    """Read a file line by line, as slowly as can be: head, and for each plot what it says and its polygon."""
    data = path.read_bytes()
    assert b"\r\n" in data
    assert b"\n" not in data.replace(b"\r\n", b"")
    lines = data.decode("gb18030").split("\r\n")
    assert lines.pop() == ""
    assert lines[0] == "[属性描述]"
    split = lines.index("[地块坐标]")
    head = dict(line.split("=", 1) for line in lines[1:split])
    plots = []
    for line in lines[split + 1 :]:
        if line.endswith("@"):
            said = line.split(",")
            assert len(said) == 9
            plots.append((said, {}))
            continue
        corner, ring, north, east = line.split(",")
        assert re.fullmatch(r"J[1-9]\d*", corner)
        plots[-1][1].setdefault(int(ring), []).append((corner, float(north), float(east)))
    made = []
    for said, rings in plots:
        assert list(rings) == list(range(1, len(rings) + 1))
        assert int(said[0]) == sum(map(len, rings.values()))
        for corners in rings.values():
            assert corners[0] == corners[-1]
            names = [int(name[1:]) for name, _, _ in corners[:-1]]
            assert names == list(range(names[0], names[0] + len(names)))
        shell, *holes = ([(east, north) for _, north, east in corners] for corners in rings.values())
        made.append((said, shapely.Polygon(shell, holes)))
    return head, made


@pytest.mark.parametrize("decimals", [2, 3])
@pytest.mark.parametrize("crs", ["zone", "zone-no-prefix"])
def test_plots_come_back_north_first_with_the_zone_before_the_easting(small, tmp_path, crs, decimals):
    profile = with_codes(tmp_path, "municipal", ("[bsm]", f"[txt]\ndecimals = {decimals}\n\n[bsm]"))
    _, outputs = deliver(small, tmp_path / "out", profile=profile, formats=("gpkg", "txt"), crs=crs)
    assert [path.name for path in outputs["txt"].iterdir()] == ["ZDJCSSM.txt"]
    head, plots = read(outputs["txt"] / "ZDJCSSM.txt")
    assert list(head.items()) == [
        ("坐标系", "2000国家大地坐标系"),
        ("几度分带", "3"),
        ("投影类型", "高斯克吕格"),
        ("计量单位", "米"),
        ("带号", "38"),
        ("精度", "0.01" if decimals == 2 else "0.001"),
        ("转换参数", "0,0,0,0,0,0,0"),
    ]
    truth = pyogrio.read_dataframe(outputs["gpkg"], layer="ZDJCSSM")
    offset = 0 if crs == "zone" else 38_000_000
    for (said, shape), bsm, geometry in zip(plots, truth["BSM"], truth.geometry, strict=True):
        assert said[2] == bsm
        assert said[4] == "面"
        moved = shapely.transform(geometry, lambda places: places + np.array([offset, 0]))
        # Half of the last digit that is written, both ways.
        assert shape.normalize().equals_exact(moved.normalize(), 0.5 * 10**-decimals * 1.42)
        assert 38_000_000 < shape.bounds[0] < 39_000_000
        assert float(said[1]) * 10_000 == pytest.approx(geometry.area, rel=2e-4)
    assert [said[3] for said, _ in plots] == ["园区，一＠号", "园区二"]


def test_every_ring_begins_in_the_north_west_and_outlines_run_clockwise(small, tmp_path):
    _, outputs = deliver(small, tmp_path / "out", profile="municipal", formats=("txt",))
    _, plots = read(outputs["txt"] / "ZDJCSSM.txt")
    outline = plots[0][1].exterior
    assert not outline.is_ccw
    assert plots[0][1].interiors[0].is_ccw
    east, north = outline.coords[0]
    assert north - east == max(y - x for x, y in outline.coords)


def test_degrees_and_packages_without_polygons_have_no_file_and_say_why(small, tmp_path):
    _, outputs = deliver(small, tmp_path / "one", profile="municipal", formats=("gpkg", "txt"), crs="4490")
    assert "txt" not in outputs
    assert [row["level"] for row in rows(outputs["check_csv"]) if row["rule"] == "F05"] == ["error"]
    (tmp_path / "two").mkdir()
    bare = small_county(tmp_path / "two")
    _, outputs = deliver(bare, tmp_path / "three", profile="municipal", formats=("txt", "csv"))
    assert "txt" not in outputs
    assert any("ZDJCSSD" in row["message_zh"] for row in rows(outputs["check_csv"]) if row["rule"] == "F04")
