"""Two clicks on the map become a path profile: the tool, the engine's job, and the panel that shows what it found."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsPointXY

from ...errors import InputError, XinjiError
from ...text import Text
from ..clicked_places import in_cgcs2000
from ..language import current, tr
from ..two_clicks import TwoClicksAct
from .dock import HINT, ProfileDock
from .tool import ProfileTool

_LOSS = Text("传输损耗 {loss:.1f} dB，路径长 {length:.2f} km。", "Loss {loss:.1f} dB over {length:.2f} km. ")
_LEVEL = Text("总接收功率 {level:.1f} dBm（非 RSRP）。", "Total received power {level:.1f} dBm (not RSRP). ")
_CUT = Text(
    "视线被遮挡：主要障碍距发射端 {at:.2f} km，高出视线 {by:.1f} m。",
    "Line of sight cut: the main obstacle is {at:.2f} km from the transmitter and {by:.1f} m above the line.",
)
_NARROW = Text(
    "通视，但距发射端 {at:.2f} km 处余隙只有 {by:.1f} m，侵入菲涅尔区。",
    "In line of sight, but {at:.2f} km from the transmitter only {by:.1f} m are free: the Fresnel zone is cut.",
)
_CLEAR = Text("通视，菲涅尔区余隙足够。", "In line of sight; the Fresnel zone is free.")


class ProfileAct(TwoClicksAct):
    """The path profile between two clicks."""

    job = "path_profile"
    label = Text("计算路径剖面", "Computing a path profile")

    def __init__(self, actions: Any) -> None:
        super().__init__(actions)
        self._ends: tuple[str, str] | None = None

    def make_dock(self, parent: Any) -> ProfileDock:
        """Make the panel."""
        return ProfileDock(parent)

    def make_tool(self, canvas: Any) -> ProfileTool:
        """Make the map tool, connected."""
        tool = ProfileTool(canvas)
        tool.begun.connect(self.dock.offer)
        tool.drawn.connect(self._drawn)
        return tool

    def _drawn(self, start: QgsPointXY, end: QgsPointXY) -> None:
        crs = self._actions.iface.mapCanvas().mapSettings().destinationCrs()
        try:
            self._ends = (in_cgcs2000(start, crs), in_cgcs2000(end, crs))
        except XinjiError as error:
            self._ends = None
            self.failed(error)
            return
        self.compute()

    def compute(self) -> None:
        """Ask the engine for the path between the last two clicks, with what the panel says."""
        if self._ends is None:
            self._actions.messages.info(tr(HINT))
            return
        stated = self.dock.stated()
        if not stated["dem"]:
            self.failed(
                InputError(
                    Text("还没有指定高程数据。", "No elevation data are stated."),
                    Text(
                        "请在“路径剖面”面板中选择 DEM 文件或文件夹，再按“重新计算”。",
                        "Choose a DEM file or folder in the panel Path profile and press Compute again.",
                    ),
                )
            )
            self.dock.dem.lineEdit().setFocus()
            return
        self.ask({**stated, "from": self._ends[0], "to": self._ends[1], "datum": "cgcs2000"})

    def show_answer(self, result: Any) -> None:
        """Show the picture and what it says."""
        name = "profile_picture" if current() == "zh" else "profile_picture_en"
        self.dock.show_result(str(result.outputs[name]), tr(figures(result.summary)))


def figures(summary: dict[str, Any]) -> Text:
    """Say loss, power, and how the path stands against the line of sight."""
    said = [_LOSS.filled(loss=summary["loss_db"], length=summary["distance_km"])]
    if summary.get("level_dbm") is not None:
        said.append(_LEVEL.filled(level=summary["level_dbm"]))
    at, above = summary.get("obstacle_distance_km"), summary.get("obstacle_above_line_m")
    if at is None or above is None:
        said.append(_CLEAR)
    else:
        said.append((_CUT if above > 0 else _NARROW).filled(at=at, by=abs(above)))
    return Text("".join(part.zh for part in said), "".join(part.en for part in said))
