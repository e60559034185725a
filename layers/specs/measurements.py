"""Drive-test and app measurements: a received level at a point on a day."""

from __future__ import annotations

from ...text import Text
from ..codes import OPERATORS, TECHNOLOGIES
from ..spec import Field, Geometry, Kind, LayerSpec

SPEC = LayerSpec(
    name="measurements",
    label=Text("测试记录", "Measurements"),
    geometry=Geometry.POINT,
    own_fields=(
        Field(
            "measurement_id",
            Kind.TEXT,
            Text("测试编号", "Measurement id"),
            "CSBH",
            ("编号", "记录编号", "id"),
            required=True,
        ),
        Field(
            "operator",
            Kind.CODE,
            Text("运营商", "Operator"),
            "YYS",
            ("所属运营商", "网络运营商", "carrier"),
            codes=OPERATORS,
            required=True,
        ),
        Field(
            "technology",
            Kind.CODE,
            Text("网络制式", "Technology"),
            "WLZS",
            ("制式", "网络类型", "网络", "rat", "tech"),
            codes=TECHNOLOGIES,
            required=True,
        ),
        Field(
            "rsrp_dbm",
            Kind.REAL,
            Text("RSRP", "RSRP"),
            "RSRP",
            ("SS-RSRP", "参考信号接收功率", "电平", "信号强度", "rsrp dbm"),
            unit="dBm",
            required=True,
            minimum=-160,
            maximum=-20,
        ),
        Field(
            "sinr_db",
            Kind.REAL,
            Text("SINR", "SINR"),
            "SINR",
            ("SS-SINR", "信干噪比"),
            unit="dB",
            minimum=-40,
            maximum=60,
        ),
        Field(
            "download_mbps",
            Kind.REAL,
            Text("下行速率", "Download"),
            "XXSL",
            ("下载速率", "下行速率Mbps", "download"),
            unit="Mbps",
            minimum=0,
        ),
        Field(
            "upload_mbps",
            Kind.REAL,
            Text("上行速率", "Upload"),
            "SXSL",
            ("上传速率", "上行速率Mbps", "upload"),
            unit="Mbps",
            minimum=0,
        ),
        Field(
            "measured_on",
            Kind.DATE,
            Text("测试日期", "Measured on"),
            "CSRQ",
            ("测试时间", "日期", "采集时间", "date", "time"),
            required=True,
        ),
        Field("kind", Kind.TEXT, Text("测试方式", "Method"), "CSFF", ("测试类型", "数据来源", "method")),
    ),
    key=("measurement_id",),
    title="measurement_id",
)
