"""The panel of a path on the map: what the model needs to know, the picture, and what it says."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication
from qgis.gui import QgsDoubleSpinBox, QgsFileWidget
from qgis.PyQt.QtWidgets import QComboBox, QFileDialog, QFormLayout, QHBoxLayout, QToolButton, QWidget

from ...text import Text
from .. import settings
from ..clicked_places import Station
from ..language import tr
from ..two_clicks_dock import TwoClicksDock

_DEM_FILTER = Text(
    "高程数据 (*.tif *.tiff *.hgt *.vrt *.img *.asc);;所有文件 (*)",
    "Elevation data (*.tif *.tiff *.hgt *.vrt *.img *.asc);;All files (*)",
)
_NO_POWER = -101.0  # just below what may be stated: shown as words
_DEFAULTS = {"dem": "", "frequency_ghz": 3.5, "tx_height_m": 30.0, "rx_height_m": 1.5, "eirp_dbm": None}
HINT = Text(
    "在地图上先点发射端，再点接收端；Esc 或右键取消。点在基站上时，自动取其挂高、频段和 EIRP。",
    "Click the transmitter on the map, then the receiver; Esc or the right button cancels. On a base station its height, band "
    "and EIRP are taken.",
)


class ProfileDock(TwoClicksDock):
    """What the model needs to know, and the picture."""

    name = "profile"
    title = Text("新基规划 · 路径剖面", "Xinji · Path profile")
    keep = Text("保留并加入地图", "Keep and add to map")
    keep_tip = Text(
        "把这次结果存入工作区的运行记录，并把路径和障碍加入地图；不保留的结果在退出 QGIS 时删除。",
        "Keeps this result with the runs of the workspace and adds path and obstacle to the map. Results that are "
        "not kept go when QGIS closes.",
    )
    form_px = 290
    figure_lines = 4

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        self._lay_out(self._form(), self.picture)
        self.show_nothing(tr(HINT))

    def _form(self) -> QFormLayout:
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
        return form

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

    def show_result(self, picture: str, line: str) -> None:
        """Show the picture and what it says."""
        self._show_found(picture, line)
        self._enable(has_report=True, has_layers=True)


def _number(least: float, most: float, decimals: int, value: Any, unit: str, default: Any) -> QgsDoubleSpinBox:
    box = QgsDoubleSpinBox()
    box.setDecimals(decimals)
    box.setRange(least, most)
    box.setSuffix(f" {unit}")
    box.setClearValue(float(default))
    box.setValue(float(value) if isinstance(value, (int, float)) else float(default))
    return box
