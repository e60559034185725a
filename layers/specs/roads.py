"""Roads and railways."""

from __future__ import annotations

from ...text import Text
from ..spec import Code, Field, Geometry, Kind, LayerSpec

CLASSES = (
    Code("expressway", Text("高速公路", "Expressway"), ("高速", "motorway", "expressway", "G高速")),
    Code("national", Text("国道", "National road"), ("国省干道", "national", "trunk")),
    Code("provincial", Text("省道", "Provincial road"), ("provincial", "primary")),
    Code("county", Text("县道", "County road"), ("county", "secondary")),
    Code("rural", Text("乡村道路", "Rural road"), ("农村公路", "rural", "tertiary"), narrower=("乡道", "村道")),
    Code("railway", Text("铁路", "Railway"), ("railway", "rail"), narrower=("高铁",)),
    Code("other", Text("其他", "Other"), ("其它",)),
)

# What a road runs on or through. Inside a tunnel no signal from outside counts, so galleries are taken as tunnels.
STRUCTURES = (
    Code("open", Text("路基段", "Open"), ("路基", "普通路段", "普通路基", "路面", "明线", "地面", "open", "surface")),
    Code("bridge", Text("桥梁", "Bridge"), ("桥", "桥梁段", "高架", "高架桥", "特大桥", "大桥", "bridge", "viaduct")),
    Code(
        "tunnel",
        Text("隧道", "Tunnel"),
        ("隧道段", "隧洞", "公路隧道", "铁路隧道", "tunnel"),
        narrower=("明洞", "棚洞", "地道", "下穿通道"),
    ),
    Code("other", Text("其他", "Other"), ("其它",)),
)

SPEC = LayerSpec(
    name="roads",
    label=Text("道路与铁路", "Roads and railways"),
    geometry=Geometry.LINE,
    own_fields=(
        Field(
            "road_id",
            Kind.TEXT,
            Text("道路编号", "Road id"),
            "DLBH",
            ("编号", "路段编号", "id"),
            required=True,
            by_row=True,
        ),
        Field("code", Kind.TEXT, Text("路线编号", "Route number"), "LXBH", ("路线代码", "国省道编号", "ref")),
        Field("name", Kind.TEXT, Text("道路名称", "Name"), "DLMC", ("名称", "路线名称", "name")),
        Field(
            "road_class",
            Kind.CODE,
            Text("道路类型", "Class"),
            "DLLX",
            ("道路等级", "类型", "等级", "行政等级", "class"),
            codes=CLASSES,
            required=True,
        ),
        Field(
            "is_border",
            Kind.FLAG,
            Text("是否沿边", "Border road"),
            "SFYB",
            ("沿边公路", "是否沿边公路", "border"),
        ),
        Field(
            "structure",
            Kind.CODE,
            Text("构造物", "Structure"),
            "GZW",
            ("构造物类型", "结构物", "结构物类型", "桥隧", "桥隧类型", "桥隧标识", "路段构造", "structure"),
            codes=STRUCTURES,
            since=5,
        ),
    ),
    key=("road_id",),
    title="name",
)
