"""A path profile between two clicks on the map."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 48" width="96" height="48"><path d="M0 0h9v9z"/></svg>'
SUMMARY = {
    "loss_db": 142.25,
    "level_dbm": None,
    "distance_km": 5.56,
    "line_of_sight": False,
    "obstacle_distance_km": 3.441,
    "obstacle_above_line_m": 31.2,
}


@pytest.fixture
def actions(processing, provider, iface, engine, language):
    from qgis.core import QgsSettings
    from xinji_planner.ui.actions import Actions

    QgsSettings().remove("xinji_planner/path_inputs")
    made = Actions(iface)
    made.dock.set_workspace("")
    yield made
    made.close()


@pytest.fixture
def answer(engine):
    """Let the fake engine draw."""

    def ran(_job, _parameters, output):
        folder = Path(output)
        folder.mkdir()
        for name in ("profile_zh.svg", "profile_en.svg", "report.html"):
            (folder / name).write_text(SVG, encoding="utf-8")
        outputs = {
            "profile_picture": str(folder / "profile_zh.svg"),
            "profile_picture_en": str(folder / "profile_en.svg"),
            "report": str(folder / "report.html"),
        }
        return SimpleNamespace(summary=dict(SUMMARY), outputs=outputs, folder=str(folder))

    engine.answer = ran
    return engine


@pytest.fixture
def started(actions, tmp_path):
    """The tool in hand, with elevation data stated."""
    actions.profile.start()
    actions.profile.dock.dem.setFilePath(str(tmp_path / "高 程.tif"))
    return actions.profile


def at(canvas, lon, lat):
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsPointXY, QgsProject

    turn = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:4490"), canvas.mapSettings().destinationCrs(), QgsProject.instance()
    )
    return turn.transform(QgsPointXY(lon, lat))


def stations(canvas, rows, crs="EPSG:4490"):
    """Put base stations on the map as a workspace layer."""
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayer

    uri = f"Point?crs={crs}" + "".join(
        f"&field={name}:{kind}"
        for name, kind in (
            *(("station_id", "string"), ("name", "string"), ("technology", "string"), ("band_mhz", "double")),
            *(("antenna_height_m", "double"), ("eirp_dbm", "double")),
        )
    )
    layer = QgsVectorLayer(uri, "基站", "memory")
    features = []
    for lon, lat, *values in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes(values)
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(lon, lat)))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    layer.setCustomProperty("xinji/style", "base_stations")
    QgsProject.instance().addMapLayer(layer, False)
    canvas.setLayers([layer])
    return layer


def bar_texts(iface):
    from qgis.gui import QgsMessageBarItem

    return [item.text() for item in iface.messageBar().findChildren(QgsMessageBarItem)]


# --- clicks -----------------------------------------------------------------------------------------------


def test_two_clicks_ask_the_engine_for_the_path_in_cgcs2000(started, canvas, answer, wait, tmp_path):
    started.tool.click(at(canvas, 110.0, 25.01))
    assert started.tool.is_begun() and not answer.calls
    started.tool.click(at(canvas, 110.02, 25.0))
    wait(started.dock.picture.is_shown)
    ((job, stated, _output),) = answer.calls
    assert job == "path_profile"
    ends = [[float(value) for value in stated[name].split(",")] for name in ("from", "to")]
    assert ends == [pytest.approx([110.0, 25.01], abs=1e-6), pytest.approx([110.02, 25.0], abs=1e-6)]
    assert stated["dem"] == str(tmp_path / "高 程.tif") and stated["datum"] == "cgcs2000"
    assert (stated["frequency_ghz"], stated["tx_height_m"], stated["rx_height_m"]) == (3.5, 30.0, 1.5)
    assert "eirp_dbm" not in stated
    assert started.dock.report.isEnabled() and started.dock.layers.isEnabled()


@pytest.mark.parametrize(
    ("spoken", "expected"),
    [
        ("zh-Hans", "传输损耗 142.2 dB，路径长 5.56 km。视线被遮挡：主要障碍距发射端 3.44 km，高出视线 31.2 m。"),
        (
            "en",
            "Loss 142.2 dB over 5.56 km. Line of sight cut: the main obstacle is 3.44 km from the transmitter and "
            "31.2 m above the line.",
        ),
    ],
)
def test_the_panel_says_the_figures_in_the_planners_language(started, canvas, answer, wait, language, spoken, expected):
    language(spoken)
    started.tool.click(at(canvas, 110.0, 25.01))
    started.tool.click(at(canvas, 110.02, 25.0))
    wait(started.dock.picture.is_shown)
    assert started.dock.figures.text() == expected


def test_a_power_gives_a_level_that_is_called_by_its_name(qgis_app, language):
    from xinji_planner.ui.profile.act import figures

    told = figures({**SUMMARY, "level_dbm": -81.96, "obstacle_above_line_m": -2.5})
    assert "总接收功率 -82.0 dBm（非 RSRP）" in told.zh and "-82.0 dBm (not RSRP)" in told.en
    assert "余隙只有 2.5 m" in told.zh and "only 2.5 m are free" in told.en
    clear = figures({**SUMMARY, "obstacle_distance_km": None, "obstacle_above_line_m": None})
    assert clear.zh.endswith("通视，菲涅尔区余隙足够。")


def test_escape_and_the_right_button_forget_the_first_click(started, canvas, answer):
    from qgis.PyQt.QtCore import QEvent, QPointF, Qt
    from qgis.PyQt.QtGui import QKeyEvent, QMouseEvent

    escape = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    started.tool.click(at(canvas, 110.0, 25.01))
    started.tool.keyPressEvent(escape)
    assert not started.tool.is_begun()
    started.tool.click(at(canvas, 110.0, 25.01))
    right = Qt.MouseButton.RightButton
    started.tool.canvasReleaseEvent(
        QMouseEvent(QEvent.Type.MouseButtonRelease, QPointF(9, 9), right, right, Qt.KeyboardModifier.NoModifier)
    )
    assert not started.tool.is_begun() and not answer.calls


def test_the_line_follows_the_pointer_from_the_first_click_on(started, canvas):
    from qgis.PyQt.QtCore import QEvent, QPointF, Qt
    from qgis.PyQt.QtGui import QMouseEvent

    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    started.tool.canvasReleaseEvent(QMouseEvent(QEvent.Type.MouseButtonRelease, QPointF(100, 100), left, left, none))
    no_button = Qt.MouseButton.NoButton
    started.tool.canvasMoveEvent(QMouseEvent(QEvent.Type.MouseMove, QPointF(200, 150), no_button, no_button, none))
    line = started.tool._line.asGeometry().asPolyline()
    expected = [
        started.tool.toMapCoordinates(point) for point in (QPointF(100, 100).toPoint(), QPointF(200, 150).toPoint())
    ]
    assert [point.distance(wanted) for point, wanted in zip(line, expected)] == [pytest.approx(0, abs=1e-6)] * 2


def test_the_entry_takes_the_tool_and_lays_it_down(actions, canvas):
    from qgis.PyQt.QtWidgets import QAction

    entry = QAction()
    actions.profile.set_entry(entry)
    actions.profile.start()
    assert canvas.mapTool() is actions.profile.tool and entry.isChecked()
    actions.profile.start()
    assert canvas.mapTool() is not actions.profile.tool and not entry.isChecked()


# --- stations ---------------------------------------------------------------------------------------------


def test_a_click_on_a_station_stands_at_it_and_takes_height_band_and_power(started, canvas, answer, wait):
    stations(
        canvas,
        [
            (110.0, 25.01, "BS-1", "县局", "4G", 1800.0, 35.0, 58.0),
            (110.0, 25.01, "BS-1", "县局", "5G", 700.0, 42.0, 61.5),
            (110.015, 25.01, "BS-2", "乡所", "5G", 2600.0, 25.0, None),
        ],
    )
    near = at(canvas, 110.0, 25.01)
    near.setX(near.x() + 6 * canvas.mapUnitsPerPixel())
    started.tool.click(near)
    dock = started.dock
    assert [dock.station.itemText(row) for row in range(dock.station.count())] == [
        "县局 · 5G · 700 MHz · 42 m · BS-1",
        "县局 · 4G · 1800 MHz · 35 m · BS-1",
    ]
    assert (dock.frequency.value(), dock.tx_height.value(), dock.eirp.value()) == (0.7, 42.0, 61.5)
    dock.station.setCurrentIndex(1)
    started.tool.click(at(canvas, 110.02, 25.0))
    wait(dock.picture.is_shown)
    stated = answer.calls[0][1]
    assert [float(value) for value in stated["from"].split(",")] == pytest.approx([110.0, 25.01], abs=1e-6)
    assert (stated["frequency_ghz"], stated["tx_height_m"], stated["eirp_dbm"]) == (1.8, 35.0, 58.0)


def test_a_station_that_does_not_state_its_power_gets_no_other_ones(started, canvas):
    stations(
        canvas,
        [(110.0, 25.01, "A", "", "5G", 700.0, 42.0, 61.5), (110.015, 25.01, "B", "", "5G", 26000.0, None, None)],
    )
    started.tool.click(at(canvas, 110.0, 25.01))
    started.tool.drop()
    started.tool.click(at(canvas, 110.015, 25.01))
    dock = started.dock
    assert "eirp_dbm" not in dock.stated()
    assert dock.station.itemText(0) == "B · 5G"  # 26 GHz is beyond the model
    assert (dock.frequency.value(), dock.tx_height.value()) == (0.7, 42.0)  # as the panel had them


def test_a_click_beside_a_station_is_a_place_of_its_own(started, canvas):
    stations(canvas, [(110.0, 25.01, "A", "", "5G", 700.0, 42.0, 61.5)])
    beside = at(canvas, 110.0, 25.01)
    beside.setX(beside.x() + 30 * canvas.mapUnitsPerPixel())
    started.tool.click(beside)
    assert started.dock.station.count() == 0 and started.dock.frequency.value() == 3.5
    assert started.tool._start.distance(beside) == 0


def test_stations_of_another_crs_are_found_too(started, canvas):
    stations(canvas, [(12245143.99, 2875700.0, "A", "", "5G", 700.0, 42.0, 61.5)], crs="EPSG:3857")
    from qgis.core import QgsPointXY

    started.tool.click(QgsPointXY(12245143.99, 2875700.0))
    assert started.dock.station.count() == 1


# --- what goes wrong ----------------------------------------------------------------------------------------


def test_without_elevation_data_the_planner_is_told_where_to_state_them(actions, canvas, iface, answer, wait, tmp_path):
    actions.profile.start()
    tool, dock = actions.profile.tool, actions.profile.dock
    tool.click(at(canvas, 110.0, 25.01))
    tool.click(at(canvas, 110.02, 25.0))
    assert not answer.calls
    assert any("Choose a DEM file or folder" in text for text in bar_texts(iface))
    dock.dem.setFilePath(str(tmp_path))
    dock.again.click()  # the clicks are remembered
    wait(dock.picture.is_shown)
    assert answer.calls[0][1]["dem"] == str(tmp_path)


def test_a_path_that_leaves_the_elevation_data_is_refused_in_the_message_bar(started, canvas, iface, engine, wait):
    from xinji_planner.errors import InputError
    from xinji_planner.text import Text

    def refuse(*_):
        raise InputError(Text("无法判定", "Cannot tell: the path leaves the data."), Text("补充", "Add tiles."))

    engine.answer = refuse
    started.tool.click(at(canvas, 110.0, 25.01))
    started.tool.click(at(canvas, 110.02, 25.0))
    wait(lambda: bar_texts(iface))
    assert "Cannot tell: the path leaves the data. Add tiles." in bar_texts(iface)[0]
    assert started.dock.figures.text() == "Cannot tell: the path leaves the data. Add tiles."
    assert not started.dock.report.isEnabled() and not started.dock.picture.is_shown()


def test_without_an_engine_the_tool_is_not_taken_and_the_way_out_is_offered(
    processing, provider, iface, no_engine, language
):
    from qgis.PyQt.QtWidgets import QAction, QPushButton
    from xinji_planner.ui.actions import Actions

    actions, entry = Actions(iface), QAction()
    actions.profile.set_entry(entry)
    entry.setChecked(True)  # as a click on it does
    actions.profile.start()
    assert not entry.isChecked() and actions.profile.tool is None
    assert "Set up engine" in [button.text() for button in iface.messageBar().findChildren(QPushButton)]
    actions.close()


def test_a_map_without_a_crs_is_refused(started, canvas, iface, answer):
    from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY

    canvas.setDestinationCrs(QgsCoordinateReferenceSystem())
    started.tool.click(QgsPointXY(1, 1))
    started.tool.click(QgsPointXY(2, 2))
    assert not answer.calls and "Set the right CRS" in bar_texts(iface)[0]


def test_new_clicks_win_over_an_answer_that_is_still_to_come(started, canvas, answer, wait):
    import threading

    first, ready = answer.answer, threading.Event()

    def slow(job, stated, output):
        if not ready.is_set():
            ready.wait(10)
        return first(job, stated, output)

    answer.answer = slow
    for lat in (25.0, 25.005):
        started.tool.click(at(canvas, 110.0, 25.01))
        started.tool.click(at(canvas, 110.02, lat))
    ready.set()
    wait(started.dock.picture.is_shown)
    assert started._folder.parent.name == "002"
    assert answer.calls[-1][1]["to"].endswith(",25.0050000")


# --- what is kept -------------------------------------------------------------------------------------------


def test_what_was_stated_is_remembered(actions, tmp_path):
    from xinji_planner.ui.profile.dock import ProfileDock

    actions.profile.start()
    dock = actions.profile.dock
    dock.dem.setFilePath(str(tmp_path / "高 程"))
    dock.frequency.setValue(2.1)
    dock.eirp.setValue(60)
    expected = dock.stated()
    again = ProfileDock()
    assert again.stated() == expected
    assert expected == {
        "dem": str(tmp_path / "高 程"),
        "frequency_ghz": 2.1,
        "tx_height_m": 30.0,
        "rx_height_m": 1.5,
        "eirp_dbm": 60.0,
    }


def test_results_that_are_not_kept_go_with_the_plugin(actions, canvas, answer, wait, tmp_path):
    actions.profile.start()
    profile = actions.profile
    profile.dock.dem.setFilePath(str(tmp_path))
    profile.tool.click(at(canvas, 110.0, 25.01))
    profile.tool.click(at(canvas, 110.02, 25.0))
    wait(profile.dock.picture.is_shown)
    folder = profile._folder
    assert folder.is_dir()
    profile.close()
    assert not folder.exists() and not folder.parent.parent.exists()
    assert canvas.mapTool() is None and profile.dock is None


# --- with the real engine -----------------------------------------------------------------------------------


def test_the_real_engine_draws_the_path_and_its_layers_go_to_the_map(
    processing, provider, iface, real_engine, language, canvas, wait, tmp_path
):
    from osgeo import gdal
    from qgis.core import QgsProject
    from xinji_planner.ui.actions import Actions

    language("zh-Hans")
    dem = tmp_path / "高 程.tif"
    made = gdal.GetDriverByName("GTiff").Create(str(dem), 120, 120, 1, gdal.GDT_Int16)
    made.SetGeoTransform([109.98, 1 / 1200, 0, 25.05, 0, -1 / 1200])
    from osgeo import osr

    crs = osr.SpatialReference()
    crs.ImportFromEPSG(4490)
    made.SetProjection(crs.ExportToWkt())
    import struct

    rows = [[400 if column == 36 else 100 for column in range(120)] for _ in range(120)]
    made.GetRasterBand(1).WriteRaster(0, 0, 120, 120, b"".join(struct.pack("<120h", *row) for row in rows))
    made = None
    workspace = tmp_path / "海岳.gpkg"
    actions = Actions(iface)
    actions.dock.set_workspace(str(workspace))
    profile = actions.profile
    profile.start()
    profile.dock.dem.setFilePath(str(dem))
    profile.dock.eirp.setValue(60)
    profile.tool.click(at(canvas, 110.0, 25.01))
    profile.tool.click(at(canvas, 110.02, 25.0))
    wait(lambda: profile.dock.picture.is_shown() or bar_texts(iface), 60)
    assert profile.dock.picture.is_shown(), bar_texts(iface)
    said = profile.dock.figures.text()
    assert "视线被遮挡" in said and "高出视线" in said and "总接收功率" in said
    profile.dock.layers.click()
    names = sorted(layer.name() for layer in QgsProject.instance().mapLayers().values())
    assert names == ["两端与主要障碍", "路径"]
    assert (tmp_path / "海岳.runs" / "path_profile-001" / "report.html").is_file()
    profile.tool.click(at(canvas, 110.0, 25.01))
    profile.tool.click(at(canvas, 111.0, 25.0))
    wait(lambda: bar_texts(iface), 60)
    assert "无法判定" in bar_texts(iface)[0] and "高程数据" in bar_texts(iface)[0]
    actions.close()
    shutil.rmtree(tmp_path / "海岳.runs")
