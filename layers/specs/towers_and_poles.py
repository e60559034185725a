"""Towers and poles that could carry antennas, whoever owns them."""

from __future__ import annotations

from ...text import Text
from ..codes import OPERATORS, STATUSES
from ..spec import Code, Field, Geometry, Kind, LayerSpec

KINDS = (
    Code(
        "telecom_tower",
        Text("通信铁塔", "Telecom tower"),
        ("铁塔",),
        narrower=("落地塔", "角钢塔", "单管塔", "三管塔", "地面塔"),
    ),
    Code("roof_site", Text("楼面站", "Rooftop site"), ("楼面",), narrower=("楼面抱杆", "屋面塔", "楼面塔", "楼顶抱杆")),
    Code("lamp_pole", Text("路灯杆", "Lamp pole"), ("灯杆", "路灯")),
    Code("power_tower", Text("电力塔", "Power tower"), ("电力铁塔", "输电塔", "电力杆")),
    Code("camera_pole", Text("监控杆", "Camera pole"), ("治安监控杆", "视频杆", "交通杆")),
    Code("other", Text("其他", "Other"), ("其它",)),
)

SPEC = LayerSpec(
    name="towers_and_poles",
    label=Text("铁塔与杆塔", "Towers and poles"),
    geometry=Geometry.POINT,
    own_fields=(
        Field(
            "tower_id",
            Kind.TEXT,
            Text("站址编码", "Tower id"),
            "ZZBM",
            ("站址编号", "铁塔编号", "杆塔编号", "资源编号", "id"),
            required=True,
        ),
        Field("name", Kind.TEXT, Text("站址名称", "Name"), "ZZMC", ("名称", "铁塔名称", "杆塔名称", "name")),
        Field(
            "owner",
            Kind.TEXT,
            Text("产权单位", "Owner"),
            "CQDW",
            ("产权属性", "原产权方", "权属单位", "owner"),
        ),
        Field(
            "kind",
            Kind.CODE,
            Text("杆塔类型", "Kind"),
            "GTLX",
            ("塔型", "塔桅类型", "铁塔类型", "类型", "kind"),
            codes=KINDS,
        ),
        Field(
            "height_m",
            Kind.REAL,
            Text("塔高", "Height"),
            "TG",
            ("铁塔高度", "杆高", "塔高m", "塔身高度", "height"),
            unit="m",
            minimum=0,
            maximum=400,
        ),
        Field(
            "tenants",
            Kind.CODES,
            Text("共享运营商", "Tenants"),
            "GXYYS",
            ("入驻运营商", "租户", "共享单位", "tenants"),
            codes=OPERATORS,
        ),
        Field(
            "free_mounts",
            Kind.INTEGER,
            Text("空余支架数量", "Free mounts"),
            "KYZJ",
            ("空余抱杆数", "空余支架", "free mounts"),
            minimum=0,
            maximum=200,
        ),
        Field(
            "status",
            Kind.CODE,
            Text("建设状态", "Status"),
            "JSZT",
            ("状态", "站址状态", "status"),
            codes=STATUSES,
        ),
    ),
    key=("tower_id",),
    title="name",
)
