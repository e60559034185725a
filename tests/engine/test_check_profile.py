"""A profile is listed with what nobody verified, and held against a bureau's empty template."""

import numpy as np
import pyarrow as pa
import pyogrio
import pytest
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError
from xinji_planner.layers.delivery.profile.file import read_profile, shipped_profiles
from xinji_planner.layers.delivery.template import ABSENT, AGREES, DIFFERS, EXTRA, PARTLY, compare
from xinji_planner.tests.engine.profile_kit import deliver, rows, small_county


def template(path, layers, driver):
    """Write empty layers: name, geometry type, and fields as (name, type, width)."""
    for name, kind, fields in layers:
        schema = pa.schema(
            [
                *(
                    pa.field(field, type_, metadata={"GDAL:OGR:width": str(width)} if width else None)
                    for field, type_, width in fields
                ),
                pa.field("geom", pa.binary()),
            ]
        )
        pyogrio.write_arrow(
            schema.empty_table(),
            path,
            layer=name,
            driver=driver,
            geometry_name="geom",
            geometry_type=kind,
            crs="EPSG:4526",
        )
    return path


HEADER = [
    ("BSM", pa.string(), 18),
    ("YSDM", pa.string(), 10),
    ("XZQDM", pa.string(), 12),
    ("XZQMC", pa.string(), 100),
]
ZDJCSSX = [
    *HEADER,
    ("SSDM", pa.string(), 4),
    ("SSLX", pa.string(), 100),
    ("SSGM", pa.float64(), 0),
    ("GHZT", pa.int32(), 0),
    ("JSDW", pa.string(), 50),
    ("BZ", pa.string(), 255),
]


@pytest.mark.parametrize(("driver", "name"), [("OpenFileGDB", "t.gdb"), ("GPKG", "t.gpkg")])
def test_what_agrees_with_the_template_is_told_field_by_field(tmp_path, driver, name):
    path = template(tmp_path / name, [("ZDJCSSX", "LineString", ZDJCSSX), ("QT", "Point", HEADER)], driver)
    compared = compare(read_profile("municipal"), path)
    found = {(item.layer, item.field): item.result for item in compared.items}
    assert found["ZDJCSSX", ""] == AGREES
    assert found["ZDJCSSX", "BSM"] == AGREES
    assert found["ZDJCSSX", "SSDM"] == DIFFERS  # another length
    assert found["ZDJCSSX", "GHZT"] == DIFFERS  # another type
    assert found["ZDJCSSX", "SSGM"] == PARTLY  # its length cannot be told
    assert found["ZDJCSSX", "YDMJ"] == ABSENT
    assert found["ZDJCSSX", "JSDW"] == EXTRA
    assert found["ZDJCSSD", ""] == ABSENT
    assert found["QT", ""] == EXTRA
    assert compared.features == 0


def test_only_what_agrees_is_confirmed_in_the_copy_and_the_copy_is_a_profile(tmp_path):
    path = template(tmp_path / "局空库.gdb", [("ZDJCSSX", "LineString", ZDJCSSX)], "OpenFileGDB")
    run = run_job("check_profile", {"profile": "municipal", "template": str(path)}, tmp_path / "out")
    copy = read_profile(run.outputs["confirmed"])
    line = copy.layer("ZDJCSSX")
    status = {item.name: item.standing.status for item in line.fields}
    assert line.standing.status == "confirmed"
    assert line.standing.source == "空模板 局空库.gdb"
    assert {name for name, value in status.items() if value == "confirmed"} == {
        "BSM", "YSDM", "XZQDM", "XZQMC", "SSLX", "BZ",
    }  # fmt: skip
    assert status["SSDM"] == "unverified"
    assert status["SSGM"] == "unverified"
    assert copy.layer("ZDJCSSD").standing.status == "verified"
    assert run.summary["unverified"] > 0
    assert {row["field"] for row in rows(tmp_path / "out" / "comparison.csv")} >= {"SSDM", "JSDW", "YDMJ"}
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    for words in ("与空模板比较", "模板中没有", "规格中没有", "不一致", "已按模板核对", "confirmed by a template"):
        assert words in page


def test_a_template_with_features_is_doubted(tmp_path):
    _, outputs = deliver(small_county(tmp_path), tmp_path / "package", profile="municipal", formats=("gdb",))
    run_job("check_profile", {"profile": "municipal", "template": str(outputs["gdb"])}, tmp_path / "out")
    assert "不是空库" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_a_template_that_cannot_be_read_is_an_error_with_a_remedy(tmp_path):
    path = tmp_path / "t.gdb"
    path.write_text("nonsense")
    with pytest.raises(InputError, match="模板"):
        run_job("check_profile", {"profile": "municipal", "template": str(path)}, tmp_path / "out")


@pytest.mark.parametrize("name", shipped_profiles())
def test_a_profile_is_listed_with_the_status_of_its_entries(tmp_path, name):
    summary = run_job("check_profile", {"profile": name}, tmp_path / "out").summary
    profile = read_profile(name)
    counts = [summary[key] for key in ("verified", "confirmed", "unverified", "proposal")]
    assert np.sum(counts) == summary["fields"] == sum(len(layer.fields) for layer in profile.layers)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "不表示符合任何数据标准" in page
    for layer in profile.layers:
        assert layer.name in page
