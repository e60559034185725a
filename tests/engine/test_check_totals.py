"""Findings of a rule on a layer beyond what is listed: the counts are of all of them, and it is said how many."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.layers.delivery.checking import outcome as outcome_module
from xinji_planner.layers.delivery.checking import totals as totals_module
from xinji_planner.layers.delivery.checking import values as values_module
from xinji_planner.layers.delivery.checking.values import rows_where
from xinji_planner.tests.engine.check_kit import coded_profile, copy_of, good_county, only, rewrite, run_check
from xinji_planner.tests.engine.profile_kit import deliver

MANY, FEW = 60, 10


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    """A package with sixty rooms that have bad values in most fields, as GeoPackage and as Shapefile."""
    folder = tmp_path_factory.mktemp("成果")
    county = good_county(folder)
    profile = coded_profile(folder)
    _, outputs = deliver(county, folder / "交付", profile=str(profile), formats=("gpkg", "shp"), date="2026-11-21")
    gpkg = next(outputs["package"].glob("*.gpkg"))
    shp = next(outputs["package"].rglob("ZDJCSSD.shp"))

    def spoilt(frame):
        many = frame.iloc[np.zeros(MANY, dtype=int)].reset_index(drop=True)
        many["BSM"] = [f"{frame['BSM'][0][:10]}{at // 2:08d}" for at in range(MANY)]
        many["SSMC"] = [f"机房{at}锟斤拷" for at in range(MANY)]
        many["GHZT"] = "99"
        many["SSDM"] = ""
        many["XZQDM"] = "4331011"
        many["YSDM"] = "1"
        many["XZQMC"] = None
        return many

    rewrite(gpkg, "ZDJCSSD", spoilt)
    frame = spoilt(pyogrio.read_dataframe(shp))
    pyogrio.write_dataframe(frame, shp, encoding="utf-8")
    return outputs["package"], profile, county.path


def with_limit(limit, package, folder, profile, **parameters):
    with pytest.MonkeyPatch.context() as patch:
        for module in (values_module, outcome_module, totals_module):
            patch.setattr(module, "MOST", limit)
        return run_check(package, folder, profile, **parameters)


@pytest.mark.parametrize("formats", [(".gpkg",), (".gpkg", "shp")])
@pytest.mark.parametrize("with_units", [False, True])
def test_counts_are_of_all_findings_however_many_are_listed(bad, tmp_path, formats, with_units):
    package, profile, workspace = bad
    kept = only(copy_of(package, tmp_path), *formats)
    units = {"workspace": workspace} if with_units else {}
    whole, everything, _ = run_check(kept, tmp_path / "全部", profile, **units)
    few, records, made = with_limit(FEW, kept, tmp_path / "部分", profile, **units)
    assert few["rules"] == whole["rules"]
    assert few["findings"] == whole["findings"]
    assert few["rules_run"] == whole["rules_run"]
    assert whole["rules"]["3104"] >= 2 * MANY
    assert sum(whole["findings"].values()) == len(everything) == sum(whole["rules"].values())
    counts = pd.DataFrame(everything).groupby(["规则编号", "涉及图层"]).size()
    listed = pd.DataFrame(records)
    by_feature = pd.DataFrame(everything).query("要素ID != ''").groupby(["规则编号", "涉及图层"]).size()
    beyond = by_feature[by_feature > FEW]
    assert set(beyond.index.get_level_values(0)) >= {"3104", "3105", "BSM", "FILE", "XZQDM"}
    for (rule, layer), features in beyond.items():
        own = listed[(listed["规则编号"] == rule) & (listed["涉及图层"] == layer)]
        assert (own["要素ID"] != "").sum() == FEW
        told = own["错误描述"][own["要素ID"] == ""].tolist()
        assert f"共 {features} 个，列出前 {FEW} 个。" in told
        assert len(told) == 1 + counts[rule, layer] - features
    points = pyogrio.read_dataframe(made["check_issue"], layer="check_issue")
    assert len(points) == len(records) < len(everything)
    page = made["report"].read_text(encoding="utf-8")
    assert f"{whole['rules']['3104']} 个问题" in page


def test_as_many_findings_as_are_listed_are_listed_without_a_word(bad, tmp_path):
    package, profile, _ = bad
    kept = only(copy_of(package, tmp_path), ".gpkg")
    _, everything, _ = run_check(kept, tmp_path / "全部", profile)
    most = int(pd.DataFrame(everything).groupby(["规则编号", "涉及图层"]).size().max())
    _, same, _ = with_limit(most, kept, tmp_path / "同", profile)
    assert same == everything


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["", "a", "bb", "ccc"])))
def test_rows_of_wrong_texts_are_those_a_look_at_every_row_finds(texts):
    values = np.array(texts, dtype=object)
    found = rows_where(values, lambda text: len(text) > 1)
    assert found.tolist() == [row for row, text in enumerate(texts) if len(text) > 1]
