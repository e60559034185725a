"""The panel of a path on the map: what the model needs to know, the picture, and what it says."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication
from qgis.gui import QgsDockWidget, QgsDoubleSpinBox, QgsFileWidget
from qgis.PyQt.QtCore import QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QPainter
from qgis.PyQt.QtSvg import QSvgRenderer
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...text import Text
from .. import settings, words
from ..clicked_places import Station
from ..language import tr
from ..widgets import Paragraph, button

_TITLE = Text("新基规划 · 路径剖面", "Xinji · Path profile")
_DEM_FILTER = Text(
    "高程数据 (*.tif *.tiff *.hgt *.vrt *.img *.asc);;所有文件 (*)",
    "Elevation data (*.tif *.tiff *.hgt *.vrt *.img *.asc);;All files (*)",
)
_FORM_PX = 290  # the rest is the picture's
_NO_POWER = -101.0  # just below what may be stated: shown as words
_DEFAULTS = {"dem": "", "frequency_ghz": 3.5, "tx_height_m": 30.0, "rx_height_m": 1.5, "eirp_dbm": None}
HINT = Text(
    "在地图上先点发射端，再点接收端；Esc 或右键取消。点在基站上时，自动取其挂高、频段和 EIRP。",
    "Click the transmitter on the map, then the receiver; Esc or the right button cancels. On a base station its height, band "
    "and EIRP are taken.",
)


class Picture(QWidget):
    """A drawing as large as there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self._drawing: QSvgRenderer | None = None
        self.setMinimumSize(320, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_file(self, path: str) -> None:
        """Show a file; an empty path for nothing."""
        self._drawing = QSvgRenderer(path) if path else None
        self.update()

    def is_shown(self) -> bool:
        """Tell whether there is a drawing that can be shown."""
        return self._drawing is not None and self._drawing.isValid()

    def sizeHint(self) -> QSize:
        return QSize(640, 240)

    def paintEvent(self, event: Any) -> None:
        if not self.is_shown():
            return
        size = self._drawing.defaultSize()
        size.scale(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._drawing.render(painter, QRectF((self.width() - size.width()) / 2, 0, size.width(), size.height()))
        painter.end()


class ProfileDock(QgsDockWidget):
    """Form on the left, picture on the right."""

    wanted = pyqtSignal()  # compute with the present values
    cancelled = pyqtSignal()
    report_wanted = pyqtSignal()
    layers_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr(_TITLE), parent)
        self.setObjectName("xinji_profile")
        self._stations: list[Station] = []
        said = {**_DEFAULTS, **settings.path_inputs()}
        self.dem = QgsFileWidget()
        self.dem.setFilter(tr(_DEM_FILTER))
        self.dem.lineEdit().setPlaceholderText(tr(Text("文件，或存放多幅图的文件夹", "A file, or a folder of tiles")))
        self.dem.setFilePath(str(said["dem"] or ""))
        self.station = QComboBox()
        self.station.setEnabled(False)
        self.station.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.station.setMinimumContentsLength(12)
        self.station.currentIndexChanged.connect(self._take_station)
        self.frequency = _number(0.03, 6, 3, said["frequency_ghz"], "GHz", _DEFAULTS["frequency_ghz"])
        self.tx_height = _number(1, 3000, 1, said["tx_height_m"], "m", _DEFAULTS["tx_height_m"])
        self.rx_height = _number(1, 3000, 1, said["rx_height_m"], "m", _DEFAULTS["rx_height_m"])
        self.eirp = _number(_NO_POWER, 150, 1, said["eirp_dbm"], "dBm", _NO_POWER)
        self.eirp.setSpecialValueText(tr(Text("未填，不算电平", "not stated, no level")))
        self.eirp.setToolTip(
            tr(
                Text(
                    "全部功率的 EIRP。由此得到的是总接收功率，不是 RSRP（RSRP 按每个资源元素计，20 MHz 至 100 MHz 带宽低约 31 至 35 dB）。",
                    "EIRP of the whole power. What follows is the total received power and not RSRP, which is per resource "
                    "element: 31 to 35 dB lower at 20 to 100 MHz of bandwidth.",
                )
            )
        )
        self.figures = Paragraph(4)
        self.picture = Picture()
        row = QHBoxLayout()
        left = QWidget()
        left.setLayout(self._form())
        left.setMaximumWidth(_FORM_PX)
        row.addWidget(left)
        right = QVBoxLayout()
        right.addWidget(self.picture, 1)
        right.addWidget(self.figures)
        row.addLayout(right, 1)
        body = QWidget()
        body.setLayout(row)
        self.setWidget(body)
        self.show_nothing(tr(HINT))

    def _form(self) -> QVBoxLayout:
        folder = QToolButton()
        folder.setIcon(QgsApplication.getThemeIcon("/mIconFolder.svg"))
        folder.setToolTip(tr(Text("选择存放多幅高程数据的文件夹", "Choose a folder of elevation tiles")))
        folder.clicked.connect(lambda _checked=False: self._choose_folder())
        dem = QHBoxLayout()
        dem.addWidget(self.dem, 1)
        dem.addWidget(folder)
        form = QFormLayout()
        form.addRow(tr(Text("高程数据", "DEM")), dem)
        form.addRow(tr(Text("基站", "Station")), self.station)
        form.addRow(tr(Text("频率", "Frequency")), self.frequency)
        form.addRow(tr(Text("发射挂高", "Tx height")), self.tx_height)
        form.addRow(tr(Text("接收高度", "Rx height")), self.rx_height)
        form.addRow(tr(Text("EIRP", "EIRP")), self.eirp)
        self.again = button(Text("重新计算", "Compute again"), self.wanted.emit, "profile")
        self.cancel = button(words.CANCEL, self.cancelled.emit)
        self.report = button(words.OPEN_REPORT, self.report_wanted.emit)
        self.layers = button(
            Text("保留并加入地图", "Keep and add to map"),
            self.layers_wanted.emit,
            tip=tr(
                Text(
                    "把这次结果存入工作区的运行记录，并把路径和障碍加入地图；不保留的结果在退出 QGIS 时删除。",
                    "Keeps this result with the runs of the workspace and adds path and obstacle to the map. Results that are "
                    "not kept go when QGIS closes.",
                )
            ),
        )
        self.progress = QProgressBar()
        self.progress.setRange(0, 100)
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(8)
        buttons = QHBoxLayout()
        for item in (self.again, self.cancel):
            buttons.addWidget(item)
        results = QHBoxLayout()
        for item in (self.report, self.layers):
            results.addWidget(item)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addLayout(buttons)
        column.addLayout(results)
        column.addWidget(self.progress)
        column.addStretch(1)
        return column

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, tr(Text("存放高程数据的文件夹", "Folder of elevation data")), self.dem.filePath()
        )
        if folder:
            self.dem.setFilePath(folder)

    # --- what was stated --------------------------------------------------------------------------------------

    def stated(self) -> dict[str, Any]:
        """Give the parameters of the job, and remember them."""
        eirp = self.eirp.value()
        values = {
            "dem": self.dem.filePath().strip(),
            "frequency_ghz": self.frequency.value(),
            "tx_height_m": self.tx_height.value(),
            "rx_height_m": self.rx_height.value(),
            "eirp_dbm": None if eirp <= _NO_POWER else eirp,
        }
        settings.set_path_inputs(values)
        return {name: value for name, value in values.items() if value is not None}

    def offer(self, stations: list[Station]) -> None:
        """Let the planner choose among the stations at the first click, the first one taken."""
        self._stations = stations
        self.station.blockSignals(True)
        self.station.clear()
        self.station.addItems([station.label for station in stations])
        self.station.blockSignals(False)
        self.station.setEnabled(bool(stations))
        self._take_station(0)

    def _take_station(self, at: int) -> None:
        if not 0 <= at < len(self._stations):
            return
        station = self._stations[at]
        self.station.setToolTip(station.label)
        # A station that does not state its power must not be given another one's.
        self.eirp.setValue(_NO_POWER if station.eirp_dbm is None else station.eirp_dbm)
        if station.frequency_ghz is not None:
            self.frequency.setValue(station.frequency_ghz)
        if station.height_m is not None:
            self.tx_height.setValue(station.height_m)

    # --- what is shown ----------------------------------------------------------------------------------------

    def show_busy(self, is_busy: bool) -> None:
        """Show that a path is being computed."""
        self.progress.setVisible(is_busy)
        self.progress.setValue(0)
        self.cancel.setEnabled(is_busy)
        if is_busy:
            self.report.setEnabled(False)
            self.layers.setEnabled(False)

    def show_progress(self, percent: float) -> None:
        """Show how far it is."""
        self.progress.setValue(round(percent))

    def show_nothing(self, line: str) -> None:
        """Show a line instead of a result."""
        self.show_busy(False)
        self.picture.show_file("")
        self.figures.setText(line)
        self.report.setEnabled(False)
        self.layers.setEnabled(False)

    def show_result(self, picture: str, line: str) -> None:
        """Show the picture and what it says."""
        self.show_busy(False)
        self.picture.show_file(picture)
        self.figures.setText(line)
        self.report.setEnabled(True)
        self.layers.setEnabled(True)


def _number(least: float, most: float, decimals: int, value: Any, unit: str, default: Any) -> QgsDoubleSpinBox:
    box = QgsDoubleSpinBox()
    box.setDecimals(decimals)
    box.setRange(least, most)
    box.setSuffix(f" {unit}")
    box.setClearValue(float(default))
    box.setValue(float(value) if isinstance(value, (int, float)) else float(default))
    return box
