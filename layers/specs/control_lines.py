"""Control lines of territorial planning that a facility must be checked against."""

from __future__ import annotations

from ...text import Text
from ..spec import Code, Field, Geometry, Kind, LayerSpec

KINDS = (
    Code(
        "ecological_red_line",
        Text("生态保护红线", "Ecological red line"),
        ("STBHHX", "生态红线", "ecological red line"),
    ),
    Code(
        "basic_farmland",
        Text("永久基本农田", "Permanent basic farmland"),
        ("YJJBNT", "YJJBNTBHHX", "YJJBNTTB", "基本农田"),
    ),
    Code("town_boundary", Text("城镇开发边界", "Town development boundary"), ("CZKFBJ", "开发边界")),
    Code("urban_yellow_line", Text("城市黄线", "Urban yellow line"), ("CSHX", "ZXCQCSHX", "黄线")),
    Code("nature_reserve", Text("自然保护地", "Nature reserve"), ("ZRBHD", "自然保护区")),
    Code("water_protection", Text("水源保护区", "Water protection zone"), ("饮用水水源保护区", "水源地")),
    Code("other", Text("其他", "Other"), ("其它",)),
)

SPEC = LayerSpec(
    name="control_lines",
    label=Text("控制线", "Control lines"),
    geometry=Geometry.POLYGON,
    own_fields=(
        Field(
            "zone_id",
            Kind.TEXT,
            Text("控制线编号", "Zone id"),
            "KZXBH",
            ("编号", "红线编码", "BSM", "id"),
            required=True,
        ),
        Field(
            "kind",
            Kind.CODE,
            Text("控制线类型", "Kind"),
            "KZXLX",
            ("类型", "控制线类别", "kind", "图层"),
            codes=KINDS,
            required=True,
        ),
        Field("name", Kind.TEXT, Text("名称", "Name"), "MC", ("红线名称", "控制线名称", "name")),
    ),
    key=("zone_id",),
    title="name",
)
