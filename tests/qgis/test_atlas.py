"""The PDF atlas of a frontier result: every number of the scoreboard, no word cut off, maps in kilometres."""

import hashlib
import json
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from xinji_planner.jobs.frontier.words import NOTE_LABELS

from .frontier_kit import write_result

LONG = "新疆生产建设兵团第十四师昆玉市皮山农场及其附属边境管理区"
VILLAGE = "塔什库尔干塔吉克自治县达布达尔乡热斯喀木村委会（含夏季牧场季节性居民点）"
RULES = (
    ("N12.village_5g", "village", "item", "verified"),
    ("N12.settlement_5g", "settlement", "item", "by_analogy"),
    ("N12.island_5g", "island", "item", "verified"),
    ("N12.border_road", "border_road", "km", "by_analogy"),
    ("N12.inland_sea", "inland_sea", "km²", "unverified"),
)


def field_type(values):
    kinds = {type(value) for value in values if value is not None}
    return "double" if float in kinds else "integer" if kinds == {int} else "string"


def write_table(path, name, rows, geometry="None"):
    """Write rows as a layer; their key ``wkt`` is the place."""
    from qgis.core import (
        QgsCoordinateTransformContext,
        QgsFeature,
        QgsGeometry,
        QgsVectorFileWriter,
        QgsVectorLayer,
    )

    names = [key for key in rows[0] if key != "wkt"]
    fields = "&".join(f"field={key}:{field_type([row[key] for row in rows])}" for key in names)
    kind = "NoGeometry" if geometry == "None" else f"{geometry}?crs=EPSG:4490"
    layer = QgsVectorLayer(kind + ("&" if "?" in kind else "?") + fields, name, "memory")
    features = []
    for row in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes([row[key] for key in names])
        if row.get("wkt"):
            feature.setGeometry(QgsGeometry.fromWkt(row["wkt"]))
        features.append(feature)
    assert layer.dataProvider().addFeatures(features)[0]
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = name
    if path.exists():
        options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsCoordinateTransformContext(), options)


def score_row(rule, county, name, met, not_met, untold):
    rule_id, subject, unit, status = rule
    whole = met + not_met + untold
    return {
        "rule_id": rule_id,
        "rule_name": f"{rule_id} 的中文指标名称",
        "subject": subject,
        "service": "5G",
        "county_code": county,
        "county_name": name,
        "unit": unit,
        "in_scope": float(whole),
        "met": float(met),
        "not_met": float(not_met),
        "cannot_tell": float(untold),
        "ratio_percent": round(100 * met / (met + not_met), 2) if met + not_met else None,
        "target_percent": 95.0,
        "shortfall": float(not_met),
        "shortfall_at_most": float(not_met + untold),
        "status": "none_listed" if not whole else "short" if not_met else "cannot_tell" if untold else "met",
        "rule_status": status,
        "rule_name_en": f"English name of {rule_id}",
        "unverified": int(status != "verified"),
    }


@pytest.fixture
def frontier(qgis_app, tmp_path):
    """Give the function that writes a frontier result by hand."""

    def write(counties=3, items=6, *, gaps=True, places=True, rules=20, name=LONG, folder="结果"):
        target = tmp_path / folder
        target.mkdir()
        path = target / "result.gpkg"
        found, missing, scores, scope = [], [], [], []
        totals = {rule[0]: [0, 0, 0] for rule in RULES}
        for county in range(counties):
            code, called = f"65{county:04d}", f"{name}{county}"
            left, low = 86.0 + county % 6 * 0.5, 27.5 + county // 6 * 0.5
            square = ", ".join(f"{left + x} {low + y}" for x, y in ((0, 0), (0.5, 0), (0.5, 0.5), (0, 0.5), (0, 0)))
            scope.append(
                {
                    "county_code": code,
                    "county_name": called,
                    "in_scope": "in",
                    "reason": "与国界相接",
                    "reason_en": "touches the border",
                    "wkt": f"MultiPolygon((({square})))",
                }
            )
            for rule in RULES[:3]:
                counts = {"met": 0, "not_met": 0, "cannot_tell": 0}
                for number in range(items):
                    state = ("met", "not_met", "cannot_tell")[number % 3] if gaps else "met"
                    counts[state] += 1
                    row = {
                        "rule_id": rule[0],
                        "unverified": int(rule[3] != "verified"),
                        "subject": rule[1],
                        "service": "5G",
                        "item_id": f"{code}{number:06d}",
                        "name": f"{VILLAGE}{number}",
                        "county_code": code,
                        "county_name": called,
                        "state": state,
                        "reason": None if state == "met" else "no_station_in_range",
                        "planned_year": None,
                        "people": 100 + number,
                        "backhaul": None,
                        "evidence": "distance",
                        "wkt": f"Point({left + 0.02 + number % 20 * 0.02} {low + 0.1 + number // 20 * 0.05})"
                        if places
                        else "",
                    }
                    found.append(row)
                    if state != "met":
                        missing.append({"rank": len(missing) + 1, **row})
                three = list(counts.values())
                scores.append(score_row(rule, code, called, *three))
                totals[rule[0]] = [a + b for a, b in zip(totals[rule[0]], three)]
            scores.append(score_row(RULES[3], code, called, 31.981, 27.95 if gaps else 0, 0))
            totals[RULES[3][0]] = [31.981 * (county + 1), 27.95 * (county + 1) if gaps else 0, 0]
        scores += [score_row(rule, "all", "", *(round(n, 3) for n in totals[rule[0]])) for rule in RULES[:4]]
        scores.append({**score_row(RULES[4], "all", "", 0, 0, 0), "status": "cannot_tell"})
        for key in ("in_scope", "met", "not_met", "cannot_tell", "shortfall", "shortfall_at_most"):
            scores[-1][key] = None
        scores.sort(key=lambda row: [rule[0] for rule in RULES].index(row["rule_id"]))
        write_table(path, "frontier_score", scores)
        if places:
            write_table(path, "frontier_scope", scope, "MultiPolygon")
        write_table(path, "frontier_item", found, "Point")
        if missing:
            write_table(path, "frontier_gap", missing, "Point")
        cited = [
            {
                "id": f"N12.rule_{number}",
                "zh": f"第{number}条规则：行政村通5G的比例" + "，含较长的说明" * (number % 4),
                "en": f"Rule {number}: share of the administrative villages with 5G",
                "value": 95,
                "unit": "%",
                "status": ("verified", "unverified", "by_analogy")[number % 3],
                "document": "工业和信息化部等十三部门“宽带边疆”建设通知（〔2023〕263号；人民日报2024-01-11等报道）",
                "clause": "2027年目标（据报道转述） / goals for 2027, as reported",
                "date": "2023",
                "pack": "frontier-2027",
            }
            for number in range(rules)
        ]
        cited[0].update(own_pack="本院规则", reason="按自治区通信管理局会议纪要调整", replaced=90)
        (target / "run.json").write_text(
            json.dumps(
                {
                    "job": "frontier_scoreboard",
                    "plugin_version": "0.1.0",
                    "parameters": {"pack": "frontier-2027"},
                    "rules": cited,
                    "summary": {"data_until": "2026-09-18", "pack": "frontier-2027", "indicators": len(RULES)},
                    "outputs": {"frontier_gap": "result.gpkg"},
                }
            ),
            encoding="utf-8",
        )
        return target

    return write


def drawn(folder, language="zh", paper="A4"):
    """Draw every page as the PDF would have it, and give the sheets with their pages."""
    from qgis.core import QgsLayoutExporter
    from qgis.PyQt.QtGui import QImage, QPainter
    from xinji_planner.ui.atlas import pages as atlas_pages
    from xinji_planner.ui.atlas import pdf as atlas_pdf
    from xinji_planner.ui.atlas.fonts import choose
    from xinji_planner.ui.atlas.layers import Layers
    from xinji_planner.ui.atlas.sheet import PAPERS, Frame, Sheet
    from xinji_planner.ui.frontier import result as atlas_data
    from xinji_planner.ui.language import using

    result = atlas_data.read(folder)
    sheets = []
    with using(language):
        frame = Frame(PAPERS[paper], choose().family, "来源")
        pages = atlas_pages.plan(result, Layers(result), frame, [])
        for number, page in enumerate(pages):
            sheet = Sheet(frame, page.title, page.subtitle, number + 1, len(pages))
            page.draw(sheet)
            atlas_pdf.prepare(sheet)
            image = QImage(297, 210, QImage.Format.Format_RGB32)
            painter = QPainter(image)
            QgsLayoutExporter(sheet.layout).renderPage(painter, 0)  # a legend knows its size once it is drawn
            painter.end()
            sheets.append((page, sheet))
    return sheets


def tables_of(sheet):
    from qgis.core import QgsLayoutItemManualTable

    return [item for item in sheet.layout.multiFrames() if isinstance(item, QgsLayoutItemManualTable)]


def words_of(sheet):
    """Give all words of a page without line breaks and spaces."""
    from qgis.core import QgsLayoutItemLabel

    said = [item.text() for item in sheet.layout.items() if isinstance(item, QgsLayoutItemLabel)]
    for table in tables_of(sheet):
        said += [str(cell.content()) for row in table.tableContents() for cell in row]
    return re.sub(r"\s", "", "|".join(said))


def overflows(sheet):
    """Give what reaches over the edge of the page or is a table that its frame does not hold."""
    from qgis.core import QgsLayoutItem, QgsLayoutItemPage

    wide, high = sheet.paper.width, sheet.paper.height
    found = []
    for item in sheet.layout.items():
        if not isinstance(item, QgsLayoutItem) or isinstance(item, QgsLayoutItemPage):
            continue
        box = item.sceneBoundingRect()
        if box.left() < 5 or box.top() < 5 or box.right() > wide - 5 or box.bottom() > high - 4:
            found.append((type(item).__name__, box))
    for table in tables_of(sheet):
        size, frame = table.totalSize(), table.frame(0).rect()
        if size.height() > frame.height() or size.width() > frame.width() + 0.01:
            found.append(("table", size, frame))
    return found


def collisions(sheet):
    """Give the pairs of tables, labels and legends that stand on one another; what stands in the map is meant to."""
    from qgis.core import QgsLayoutFrame, QgsLayoutItemLabel, QgsLayoutItemLegend, QgsLayoutItemMap

    kinds = (QgsLayoutFrame, QgsLayoutItemLabel, QgsLayoutItemLegend, QgsLayoutItemMap)
    items = [item for item in sheet.layout.items() if isinstance(item, kinds)]
    found = []
    for row, one in enumerate(items):
        for other in items[row + 1 :]:
            shared = one.sceneBoundingRect().intersected(other.sceneBoundingRect())
            if shared.width() > 0.8 and shared.height() > 0.8:
                found.append((type(one).__name__, getattr(one, "text", str)(), type(other).__name__, shared))
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_nothing_is_cut_off_with_many_counties_long_names_and_many_rules(frontier, language, paper):
    sheets = drawn(frontier(counties=24, items=45, rules=60), language, paper)
    assert not [(page.title, found) for page, sheet in sheets for found in overflows(sheet)]
    assert not [(page.title, found) for page, sheet in sheets for found in collisions(sheet)]


def test_a_line_of_a_table_is_as_high_as_the_font_asks(qgis_app):
    from qgis.PyQt.QtGui import QFontMetricsF
    from xinji_planner.ui.atlas.fonts import choose
    from xinji_planner.ui.atlas.table import text_height, wrap
    from xinji_planner.ui.layout_items import font

    face = font(choose().family, 10)
    face.setPixelSize(100)
    asked = QFontMetricsF(face).lineSpacing() / 100 * 10 * 25.4 / 72
    assert asked <= text_height(1, 10) <= 1.2 * asked
    for words in (VILLAGE, "a rather long English sentence 460-11-525146", "𠮷" * 9 + "野村"):
        lines = wrap(words, 20, choose().family, 10)
        assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", words) and len(lines) > 1
        assert all(QFontMetricsF(face).horizontalAdvance(line) / 100 * 10 * 25.4 / 72 <= 20.01 for line in lines)


def test_there_is_a_cover_a_page_a_class_a_page_a_county_and_the_rules(frontier):
    kinds = [page.kind for page, _ in drawn(frontier(counties=24, items=9, rules=60))]
    assert kinds[0] == "cover"
    assert kinds.count("class") == len(RULES)
    assert kinds.count("county") == 24
    assert kinds.count("counties") >= 2 and kinds.count("rules") >= 3
    assert kinds == sorted(kinds, key=["cover", "counties", "class", "county", "rules"].index)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_number_of_the_scoreboard_stands_in_the_atlas(frontier, language):
    from xinji_planner.ui.atlas.words import figure, status
    from xinji_planner.ui.frontier import result as atlas_data
    from xinji_planner.ui.language import using

    folder = frontier(counties=12, items=10)
    sheets = drawn(folder, language)
    result = atlas_data.read(folder)
    for score in result.scores:
        pages = [sheet for page, sheet in sheets if score.county_code in ("all", page.title.split()[-1])]
        rows = [
            [re.sub(r"\s", "", str(cell.content())) for cell in row]
            for sheet in pages
            for table in tables_of(sheet)
            for row in table.tableContents()
        ]
        named = re.sub(r"\s", "", score.name.in_language(language))
        row = next(row for row in rows if row[0].startswith(named))
        with using(language):
            assert {figure(score.met), figure(score.not_met), figure(score.cannot_tell)} <= set(row)
            assert any(cell.startswith(figure(score.ratio_percent)) for cell in row)
            assert re.sub(r"\s", "", status(score.status).words) in row
        if score.in_scope is not None:
            told = score.met + score.not_met
            assert any(cell.startswith(f"{figure(told)}/{figure(score.in_scope)}") for cell in row)


def test_every_county_and_every_rule_is_listed(frontier):
    sheets = drawn(frontier(counties=24, items=3, rules=60))
    cover = "".join(words_of(sheet) for page, sheet in sheets if page.kind in ("cover", "counties"))
    rules = "".join(words_of(sheet) for page, sheet in sheets if page.kind == "rules")
    assert all(f"{LONG}{county}65{county:04d}" in cover for county in range(24))
    assert all(f"N12.rule_{number}|" in rules for number in range(60))
    assert "按自治区通信管理局会议纪要调整" in rules and "本院规则" in rules
    assert "以下取值未经核实" in rules and "类推" in rules


def test_a_verdict_has_mark_word_and_colour(frontier):
    from qgis.PyQt.QtGui import QColor

    (_, cover), *_ = drawn(frontier())
    cells = [cell for table in tables_of(cover) for row in table.tableContents() for cell in row]
    looks = {str(cell.content()): cell.textFormat().color() for cell in cells}
    assert looks["▲ 未达标"] == QColor("#d55e00")
    assert any(words.startswith("○ 无法判定") for words in looks)


def test_what_does_not_fit_is_counted_and_named(frontier):
    folder = frontier(counties=1, items=90)
    sheet = next(sheet for page, sheet in drawn(folder) if page.kind == "county")
    (listed,) = [table for table in tables_of(sheet) if str(table.tableContents()[0][0].content()) == "序号"]
    shown = sum(bool(str(row[0].content())) for row in listed.tableContents()[1:])
    assert 5 < shown < 180
    assert f"其余{180 - shown}项见清单" in words_of(sheet)
    assert "共180项" in words_of(sheet)


def test_maps_are_projected_and_say_so_and_have_a_bar_in_kilometres(frontier):
    from qgis.core import QgsLayoutItemLegend, QgsLayoutItemMap, QgsLayoutItemPicture, QgsLayoutItemScaleBar

    pages = [(page, sheet) for page, sheet in drawn(frontier()) if page.kind in ("class", "county")]
    for page, sheet in pages:
        items = sheet.layout.items()
        (chart,) = [item for item in items if isinstance(item, QgsLayoutItemMap)]
        assert not chart.crs().isGeographic()
        assert chart.crs().authid() == "EPSG:4538"  # 87° E is the nearest meridian to 86–87.5° E
        assert "EPSG:4538" in words_of(sheet)
        (bar,) = [item for item in items if isinstance(item, QgsLayoutItemScaleBar)]
        assert bar.unitLabel() == "km" and bar.linkedMap() is chart
        (arrow,) = [item for item in items if isinstance(item, QgsLayoutItemPicture)]
        assert arrow.linkedMap() is chart and Path(arrow.picturePath()).is_file()
        assert [item for item in items if isinstance(item, QgsLayoutItemLegend)]

        assert re.sub(r"\s", "", page.title) in words_of(sheet) and "|来源|" in words_of(sheet)


def test_without_gaps_the_county_says_so(frontier):
    sheets = drawn(frontier(counties=2, gaps=False))
    county = [words_of(sheet) for page, sheet in sheets if page.kind == "county"]
    assert len(county) == 2 and all("没有未达到或无法判定的对象" in words for words in county)
    assert not any("序号" in words for words in county)


def test_without_a_single_place_every_page_still_stands(frontier):
    from qgis.core import QgsLayoutItemMap

    sheets = drawn(frontier(counties=2, places=False))
    assert not [item for _, sheet in sheets for item in sheet.layout.items() if isinstance(item, QgsLayoutItemMap)]
    assert all("没有可上图的对象" in words_of(sheet) for page, sheet in sheets if page.kind in ("class", "county"))
    assert all(
        "另有12个对象没有坐标" in words_of(sheet) for page, sheet in sheets if page.title.startswith("N12.village")
    )
    assert not [found for _, sheet in sheets for found in overflows(sheet)]


def map_layers(sheet):
    from qgis.core import QgsLayoutItemMap

    (chart,) = [item for item in sheet.layout.items() if isinstance(item, QgsLayoutItemMap)]
    return chart.layers()


def page_of(sheets, title):
    return next(sheet for page, sheet in sheets if page.title.startswith(title))


def test_roads_and_seas_are_drawn_with_all_their_states(tmp_path, qgis_app):
    sheets = drawn(write_result(tmp_path / "run"))
    road, *_ = map_layers(page_of(sheets, "沿边公路"))
    sea, *_ = map_layers(page_of(sheets, "领海"))
    assert {row["state"] for row in road.getFeatures()} == {"met", "not_met", "cannot_tell"}
    assert {row["state"] for row in sea.getFeatures()} == {"met", "not_met"}
    county = map_layers(page_of(sheets, "海岳县"))
    here = {row["county_code"] for layer in county[:3] for row in layer.getFeatures()}
    assert here == {"990101"}  # ranks, points, roads
    assert not [found for _, sheet in sheets for found in (*overflows(sheet), *collisions(sheet))]


def test_a_class_without_a_layer_and_a_derived_belt_are_named_as_such(tmp_path, qgis_app):
    import sqlite3

    folder = write_result(tmp_path / "run")
    connection = sqlite3.connect(folder / "result.gpkg")
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'sea_part'"
    for (name,) in connection.execute(triggers).fetchall():
        connection.execute(f"DROP TRIGGER {name}")  # they call functions that plain SQLite has not
    connection.execute("UPDATE sea_part SET zone = 'derived_12nm', rule_id = 'sea.belt'")
    connection.commit()
    connection.close()
    sheets = drawn(folder)
    assert NOTE_LABELS["no_layer"].zh in words_of(page_of(sheets, "县城通千兆光网"))
    assert "不是法定界线" in words_of(page_of(sheets, "领海"))
    assert "不是法定界线" not in words_of(page_of(sheets, "沿边公路"))


def test_a_long_reason_of_the_scope_is_set_smaller_and_not_cut(frontier):
    import sqlite3

    folder = frontier(counties=1)
    why = "与国界相接的长度为 12.3 km，小于所述容差，且所给国界资料精度不足，残差约 800 m，" * 8
    connection = sqlite3.connect(folder / "result.gpkg")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE frontier_scope SET reason = ?", (why,))
    connection.commit()
    connection.close()
    sheets = drawn(folder)
    county = next(sheet for page, sheet in sheets if page.kind == "county")
    assert re.sub(r"\s", "", why) in words_of(county)
    assert not [found for _, sheet in sheets for found in (*overflows(sheet), *collisions(sheet))]


def test_the_numbers_on_the_map_are_the_ranks_of_the_table(tmp_path, qgis_app):
    sheet = page_of(drawn(write_result(tmp_path / "run")), "海岳县")
    (listed,) = [table for table in tables_of(sheet) if str(table.tableContents()[0][0].content()) == "序号"]
    ranks = {int(str(row[0].content())) for row in listed.tableContents()[1:]}
    numbers = map_layers(sheet)[0]
    assert {row["rank"] for row in numbers.getFeatures()} == ranks == {2, 3, 4}


def test_backhaul_and_cautions_stand_beside_the_class(tmp_path, qgis_app):
    caution = {"caution": "目标值为类推；达标电平未核实"}
    folder = write_result(tmp_path / "run", changed={("T.hamlet", "all"): caution})
    ways = {"rule_id": "T.hamlet", "subject": "settlement", "county_code": "all", "county_name": ""}
    counts = {"in_scope": 2, "met": 1, "not_met": 1, "cannot_tell": 0}
    write_table(folder / "result.gpkg", "frontier_backhaul", [{**ways, "backhaul": "satellite", **counts}])
    for language, words in (
        ("zh", ("卫星", "目标值为类推；达标电平未核实")),
        ("en", ("Satellite", "Levelnotverified")),
    ):
        sheets = drawn(folder, language)
        page = words_of(page_of(sheets, {"zh": "自然村", "en": "Settlements"}[language]))
        assert all(word in page for word in words), page
        assert words[1] in words_of(sheets[0][1])


# --- the file -----------------------------------------------------------------------------------------------


def pdf_words(path):
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed")
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    # Qt names some glyphs by a radical that looks the same; compatibility forms bring the letter back.
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", done.stdout))


def test_the_pdf_holds_the_words_as_words_in_embedded_fonts(frontier, tmp_path):
    from xinji_planner.ui.atlas import pdf as atlas_pdf

    path = tmp_path / "图 册.pdf"
    made = atlas_pdf.make_atlas(frontier(counties=4), path, "both")
    content = path.read_bytes()
    assert content.count(b"/Type /Page\n") == len(made.kinds)
    assert b"CreationDate" not in content and b"/FontFile" in content
    said = pdf_words(path)
    assert all(words in said for words in ("未达标", "Cannottell", "31.98", "Page24of24", "frontier-2027"))
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts and all(line.split()[-5] == "yes" for line in fonts)


def test_the_result_is_left_as_it_was(frontier, tmp_path):
    from xinji_planner.ui.atlas import pdf as atlas_pdf

    folder = frontier()
    before = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    atlas_pdf.make_atlas(folder, tmp_path / "a.pdf")
    assert before == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_result_gives_the_same_file_in_one_session(frontier, tmp_path):
    from xinji_planner.ui.atlas import pdf as atlas_pdf

    folder = frontier()
    for name in ("a.pdf", "b.pdf"):
        atlas_pdf.make_atlas(folder, tmp_path / name)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_cancelled_atlas_leaves_what_stood_there(frontier, tmp_path):
    from qgis.core import QgsProcessingFeedback
    from xinji_planner.errors import Cancelled
    from xinji_planner.ui.atlas import pdf as atlas_pdf

    class Stop(QgsProcessingFeedback):
        def setProgressText(self, _text):
            self.cancel()

    path = tmp_path / "a.pdf"
    path.write_bytes(b"an earlier one")
    with pytest.raises(Cancelled):
        atlas_pdf.make_atlas(frontier(), path, feedback=Stop())
    assert path.read_bytes() == b"an earlier one"
    assert [item.name for item in tmp_path.iterdir() if item.suffix in (".pdf", ".part")] == ["a.pdf"]


@pytest.mark.parametrize("break_it", ["another job", "no folder", "no table", "no file"])
def test_what_is_no_such_result_is_refused_with_its_path(frontier, tmp_path, break_it):
    import sqlite3

    from xinji_planner.errors import InputError
    from xinji_planner.ui.atlas import pdf as atlas_pdf

    folder = frontier()
    if break_it == "another job":
        (folder / "run.json").write_text('{"job": "village_reach"}', encoding="utf-8")
    elif break_it == "no folder":
        folder = tmp_path / "nowhere"
    elif break_it == "no table":
        connection = sqlite3.connect(folder / "result.gpkg")
        connection.execute("DELETE FROM gpkg_contents WHERE table_name = 'frontier_score'")
        connection.commit()
        connection.close()
    else:
        (folder / "result.gpkg").unlink()
    with pytest.raises(InputError) as refused:
        atlas_pdf.make_atlas(folder, tmp_path / "a.pdf")
    for language in ("zh", "en"):
        assert str(folder) in refused.value.message.in_language(language)
        assert refused.value.remedy.in_language(language)
    assert not (tmp_path / "a.pdf").exists()


def test_a_pdf_that_cannot_be_written_is_refused(frontier, tmp_path):
    from xinji_planner.errors import InputError
    from xinji_planner.ui.atlas import pdf as atlas_pdf

    with pytest.raises(InputError) as refused:
        atlas_pdf.make_atlas(frontier(), tmp_path / "no folder" / "a.pdf")
    assert "a.pdf" in refused.value.message.zh and ".part" not in refused.value.message.zh


def test_a_machine_without_a_chinese_font_is_told_so(frontier, tmp_path, monkeypatch):
    from xinji_planner.ui.atlas import fonts as atlas_fonts
    from xinji_planner.ui.atlas import pdf as atlas_pdf

    monkeypatch.setattr(atlas_fonts, "font_families", lambda _system: [])
    made = atlas_pdf.make_atlas(frontier(counties=1), tmp_path / "a.pdf", "zh")
    assert "没有中文字体" in made.cautions[0].zh
    monkeypatch.setattr(atlas_fonts, "font_families", lambda _system: ["Some Song", "Noto Sans CJK SC"])
    assert atlas_fonts.choose().family == "Noto Sans CJK SC"


# --- the algorithm -----------------------------------------------------------------------------------------


def test_the_algorithm_makes_the_atlas(frontier, provider, processing, tmp_path):
    path = tmp_path / "图册.pdf"
    done = processing.run(
        "xinji:frontieratlas", {"RESULT_FOLDER": str(frontier()), "LANGUAGE": 2, "PAPER": 1, "OUTPUT": str(path)}
    )
    assert done["PAGES"] == path.read_bytes().count(b"/Type /Page\n") > 10


def test_the_algorithm_refuses_in_the_planners_language(provider, processing, language, tmp_path):
    from qgis.core import QgsProcessingException

    language("zh-Hans")
    with pytest.raises(QgsProcessingException, match="宽带边疆计分"):
        processing.run("xinji:frontieratlas", {"RESULT_FOLDER": str(tmp_path), "OUTPUT": str(tmp_path / "a.pdf")})


# --- the window ---------------------------------------------------------------------------------------------


@pytest.fixture
def panel(iface, engine, language, tmp_path):
    from xinji_planner.ui import runs
    from xinji_planner.ui.actions import Actions

    language("zh-Hans")
    actions = Actions(iface)
    actions.load_run(runs.read(write_result(tmp_path / "run")))
    yield actions.scoreboard
    actions.close()


def test_the_panel_saves_the_atlas_where_the_planner_says(panel, tmp_path, monkeypatch):
    from qgis.PyQt.QtWidgets import QFileDialog, QProgressDialog

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "上报 图册"), ""))
    panel.dock.buttons["atlas"].click()
    assert (tmp_path / "上报 图册.pdf").read_bytes().startswith(b"%PDF")
    assert not [one for one in panel._actions.iface.mainWindow().findChildren(QProgressDialog) if one.isVisible()]


def test_the_planner_may_stop_the_atlas(panel, tmp_path, monkeypatch):
    from qgis.PyQt.QtWidgets import QFileDialog
    from xinji_planner.ui.atlas import act as atlas_act

    def stopped(window, feedback):
        dialog = made(window, feedback)
        feedback.progressChanged.connect(lambda _percent: dialog.canceled.emit())
        return dialog

    made = atlas_act._progress
    monkeypatch.setattr(atlas_act, "_progress", stopped)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a.pdf"), ""))
    panel.dock.buttons["atlas"].click()
    assert not (tmp_path / "a.pdf").exists()


# --- what a planner signs -------------------------------------------------------------------------------------


def test_every_page_says_the_evidence_the_day_and_the_scope(frontier, tmp_path):
    from xinji_planner.ui.atlas import pdf as atlas_pdf
    from xinji_planner.ui.frontier import result as atlas_data
    from xinji_planner.ui.language import using

    folder = frontier(counties=2)
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    run["summary"]["counties"] = 2
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")
    atlas_pdf.make_atlas(folder, tmp_path / "a.pdf")
    pages = pdf_words(tmp_path / "a.pdf").split("来源:")
    assert len(pages) > 10  # one a page
    assert all("距离推断36;数据截至2026-09-18;范围:全部2个县" in page.replace("依据:", "") for page in pages[1:])
    with using("en"):
        said = atlas_pdf._source(atlas_data.read(folder))
    assert "Evidence: Distance 36; data until 2026-09-18; all counties: 2" in said
    assert "依据：距离推断36；数据截至2026-09-18；范围：全部2个县" in re.sub(r"\s", "", drawn(folder)[0][0].subtitle)


def test_the_cover_has_lines_to_sign_and_what_a_target_was_before(tmp_path, qgis_app):
    folder = write_result(tmp_path / "run")
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    run["rules"][0].update(own_pack="本院规则", reason="纪要", replaced=90)
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")
    sheets = drawn(folder)
    cover = words_of(sheets[0][1])
    assert all(f"{word}：__" in cover for word in ("编制", "校核", "审核", "日期"))
    assert "95自定义，原为90%" in cover
    assert cover.count("自定义，原为") == 1
    assert all("95自定义，原为90%" in words_of(page_of(sheets, title)) for title in ("行政村", "海岳县"))


def test_a_county_page_has_both_bounds_of_a_shortfall_and_says_what_a_ratio_is_of(tmp_path, qgis_app):
    sheet = page_of(drawn(write_result(tmp_path / "run")), "云屏区")
    rows = [[re.sub(r"\s", "", str(cell.content())) for cell in row] for row in tables_of(sheet)[0].tableContents()]
    assert "至少还差" in rows[0] and "至多还差" in rows[0]
    village = dict(zip(rows[0], next(row for row in rows if row[0].startswith("行政村"))))
    assert (village["至少还差"], village["至多还差"]) == ("0", "1")
    assert village["占已判定比例（%）"] == "1001/1，1未判"


def test_a_sea_that_was_not_judged_says_so_in_its_heading(tmp_path, qgis_app):
    import sqlite3

    figures = ("in_scope", "met", "not_met", "cannot_tell", "ratio_percent", "shortfall", "shortfall_at_most")
    nothing = dict.fromkeys(figures)
    changed = {("T.sea", "all"): {**nothing, "status": "cannot_tell", "note": "no_layer"}}
    for subject, drawn_belt in (("territorial_sea", True), ("inland_sea", False)):
        changed["T.sea", "all"]["subject"] = subject
        folder = write_result(tmp_path / subject, changed=changed)
        connection = sqlite3.connect(folder / "result.gpkg")
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'sea_part'"
        for (name,) in connection.execute(triggers).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE sea_part SET zone = 'derived_12nm', rule_id = 'sea.belt'")
        connection.commit()
        connection.close()
        page, sheet = next((page, sheet) for page, sheet in drawn(folder) if page.title.startswith("领海"))
        assert page.title.endswith("：未判定") and "没有该类资料" in page.subtitle
        assert ("不是法定界线" in words_of(sheet)) == drawn_belt  # a belt of 12 nm says nothing of an inland sea
        assert ("海域" in [layer.name() for layer in map_layers(sheet)]) == drawn_belt


def test_the_projection_is_named_in_the_planners_language(frontier):
    sheets = drawn(frontier(counties=1))
    assert "CGCS20003度带中央经线87°（EPSG:4538）" in words_of(page_of(sheets, "N12.village"))
    assert not any("Gauss" in words_of(sheet) for _, sheet in sheets)
