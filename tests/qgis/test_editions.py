"""A newer edition under another name in the import dialog, with the real engine; and a path on the map."""

import sqlite3

import pytest

HEADINGS = "站号,运营商,制式,状态,经度（WGS84）,纬度（WGS84）,天线挂高"


def stations(path, numbers, height=20):
    rows = [f"A{n},移动,5G,在网,{106 + n / 100:.5f},{22.5 + n / 100:.5f},{height + n % 2}" for n in numbers]
    path.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="gb18030")
    return path


@pytest.fixture
def dialog(iface, real_engine, language, tmp_path):
    from xinji_planner.ui import settings
    from xinji_planner.ui.actions import Actions

    language("en")
    settings.set_workspace("")
    actions = Actions(iface)
    actions.dock.set_workspace(str(tmp_path / "工作区.gpkg"))
    yield actions.import_data()
    actions.close()


@pytest.fixture
def finish(dialog, wait):
    return lambda: wait(lambda: not dialog.queue.is_busy(), seconds=90)


def test_next_months_file_is_adopted_as_a_newer_edition_and_the_note_says_what_it_did(dialog, finish, tmp_path):
    dialog.add([stations(tmp_path / "站点_202606.csv", range(10))])
    finish()
    choice = dialog.form.edition
    assert not choice.source.isEnabled() and choice.adopt.isHidden()
    dialog.one.click()
    finish()
    assert "earlier edition" not in dialog.form.note.text()

    dialog.add([stations(tmp_path / "站点_202607.csv", range(1, 12))])
    dialog.sources.list.setCurrentRow(1)
    finish()
    names = [choice.source.itemText(place) for place in range(choice.source.count())]
    assert names == ["(by the file's own name)", "站点_202606.csv"] and choice.source.currentIndex() == 0
    assert not choice.adopt.isHidden() and "站点_202606.csv" in choice.adopt.text()
    assert "11 = 2 written + 9 set aside" in dialog.form.findings.outcome.text()
    choice.adopt.click()
    finish()
    assert choice.adopt.isHidden() and choice.source.currentData() == "站点_202606.csv"
    assert "11 = 11 written + 0 set aside" in dialog.form.findings.outcome.text()
    dialog.one.click()
    finish()
    note = dialog.form.note.text()
    assert "Against the earlier edition, rows added: 2, changed: 0, removed: 1, unchanged: 9" in note
    with sqlite3.connect(dialog.workspace.filePath()) as connection:
        found = connection.execute("SELECT source_file, count(*) FROM base_stations GROUP BY 1").fetchall()
    assert found == [("站点_202606.csv", 11)]


def test_another_kind_of_data_is_no_edition_of_the_source_that_was_chosen(dialog, finish, tmp_path):
    dialog.add([stations(tmp_path / "站点.csv", range(3))])
    finish()
    dialog.sources.files[0].edition_of = "站点_旧.csv"
    dialog._decided("kind", "towers_and_poles")
    finish()
    assert not dialog.sources.files[0].edition_of


def test_the_sources_of_a_layer_are_those_whose_imports_still_hold_the_latest_first(tmp_path):
    from xinji_planner.ui.workspace_info import sources

    path = tmp_path / "工作区.gpkg"
    assert sources(str(path), "villages") == [] and sources("", "villages") == []
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE xinji_history (sequence INTEGER PRIMARY KEY, layer, source_file, undoes, undone_by)"
        )
        rows = [
            *((1, "villages", "甲.csv", None, None), (2, "villages", "乙.csv", None, None)),
            *((3, "base_stations", "丙.csv", None, None), (4, "villages", "丁.csv", None, 5)),
            *((5, "villages", "丁.csv", 4, None), (6, "villages", "甲.csv", None, None)),
        ]
        connection.executemany("INSERT INTO xinji_history VALUES (?, ?, ?, ?, ?)", rows)
    assert sources(str(path), "villages") == ["甲.csv", "乙.csv"]


def test_a_workspace_of_an_earlier_version_tells_its_sources_too(tmp_path):
    from xinji_planner.ui.workspace_info import sources

    path = tmp_path / "旧.gpkg"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE xinji_history (sequence INTEGER PRIMARY KEY, layer, source_file)")
        connection.execute("INSERT INTO xinji_history VALUES (1, 'villages', '名录.csv')")
    assert sources(str(path), "villages") == ["名录.csv"]


@pytest.mark.parametrize(
    ("spoken", "said"), [("zh-Hans", "其中 1 行与新文件冲突"), ("en", "against a change in the file: 1")]
)
def test_edits_and_rows_that_stay_are_told_apart(language, spoken, said):
    from xinji_planner.ui.language import tr
    from xinji_planner.ui.summaries import edition_line

    language(spoken)
    counts = {"rows_replaced": 8, "rows_kept": 3, "rows_edited": 2, "rows_in_conflict": 1}
    words = tr(edition_line(counts))
    assert said in words and words.index("3") < words.index("2") < words.index(said)
    assert not tr(edition_line({"rows_added": 8, "rows_replaced": 0}))


@pytest.mark.parametrize(("spoken", "labels"), [
    ("zh-Hans", ["发射端", "接收端", "主要障碍"]), ("en", ["Transmitter", "Receiver", "Main obstacle"]),
])  # fmt: skip
def test_the_ends_and_the_obstacle_of_a_path_differ_in_symbol_and_word(qgis_app, language, spoken, labels):
    from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionContextUtils, QgsFeature, QgsVectorLayer
    from xinji_planner.jobs.profile.symbols import MARKS
    from xinji_planner.ui import styles

    language(spoken)
    layer = QgsVectorLayer("Point?crs=EPSG:4490&field=name:string&field=distance_km:double", "p", "memory")
    for mark in MARKS.values():
        feature = QgsFeature(layer.fields())
        feature.setAttributes([mark.both(), 1.0])
        layer.dataProvider().addFeature(feature)
    styles.apply(layer, "path_marks")
    shown = layer.renderer().categories()
    assert [item.label() for item in shown] == labels
    assert len({item.symbol().symbolLayer(0).shape() for item in shown}) == 3
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    settings = layer.labeling().settings()
    assert settings.isExpression
    told = []
    for feature in layer.getFeatures():
        context.setFeature(feature)
        told.append(QgsExpression(settings.fieldName).evaluate(context))
    assert told == labels


def test_a_clear_path_and_an_obstructed_one_differ_in_line_and_word(qgis_app, language):
    from qgis.core import QgsFeature, QgsGeometry, QgsRenderContext, QgsVectorLayer
    from xinji_planner.ui import styles

    language("en")
    layer = QgsVectorLayer("MultiLineString?crs=EPSG:4490&field=line_of_sight:bool", "p", "memory")
    features = []
    for is_clear in (True, False):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([is_clear])
        feature.setGeometry(QgsGeometry.fromWkt("MultiLineString ((106 22, 106.1 22))"))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    styles.apply(layer, "path_line")
    rules = layer.renderer().rootRule().children()
    assert [rule.label() for rule in rules] == ["Line of sight", "Obstructed"]
    assert len({rule.symbol().symbolLayer(0).penStyle() for rule in rules}) == 2
    renderer, context = layer.renderer().clone(), QgsRenderContext()
    renderer.startRender(context, layer.fields())
    drawn = []
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        drawn.append([symbol.color().name() for symbol in renderer.symbolsForFeature(feature, context)])
    renderer.stopRender(context)
    assert drawn == [[rule.symbol().color().name()] for rule in rules]


def test_elevation_data_may_be_a_folder_of_files(provider, tmp_path):
    from qgis.core import QgsProcessingContext
    from xinji_planner.ui.processing.names import parameter_name

    algorithm = provider.algorithm("pathprofile")
    name = parameter_name("dem")
    dem = algorithm.parameterDefinition(name)
    assert dem.checkValueIsAcceptable(str(tmp_path)) and dem.clone().checkValueIsAcceptable(str(tmp_path))
    values = {name: str(tmp_path), "FROM": "106.1,22.1", "TO": "106.2,22.2", "FREQUENCY_GHZ": 0.7, "TX_HEIGHT_M": 30}
    values.update({"RX_HEIGHT_M": 1.5, "RESULT_FOLDER": str(tmp_path / "结果")})
    assert algorithm.create().checkParameterValues(values, QgsProcessingContext()) == (True, "")
