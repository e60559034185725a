"""What the check of the written files finds again is told once, and the summary counts it."""

from __future__ import annotations

import re

from xinji_planner.tests.engine.profile_kit import deliver, small_county


def test_an_open_feature_code_stands_once_on_the_page_of_a_delivery_and_is_counted_in_its_summary(tmp_path):
    summary, outputs = deliver(small_county(tmp_path), tmp_path / "out", profile="municipal")
    page = outputs["check_report"].read_text(encoding="utf-8")
    assert sum(summary["check_findings"].values()) > 0
    assert "XZQDM" not in summary["check_rules_not_run"]
    assert "BOUNDARY" in summary["check_rules_not_run"]
    assert not re.search(r"(错误|警告|提示) · 3104", page)
    assert "YSDM 全部为空" in page
