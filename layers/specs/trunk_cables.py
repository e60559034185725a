"""Trunk cables: routes of optical cable with owner, level, fibre and laying."""

from __future__ import annotations

from ...text import Text
from ..codes import NETWORK_LEVELS, OPERATORS, STATUSES
from ..spec import Code, Field, Geometry, Kind, LayerSpec

FIBRE_TYPES = (
    Code("G.652D", Text("G.652D", "G.652D"), ("G652D", "G.652", "652", "652D")),
    Code("G.654E", Text("G.654E", "G.654E"), ("G654E", "G.654", "654", "654E")),
    Code("G.655", Text("G.655", "G.655"), ("G655", "655")),
    Code("G.657", Text("G.657", "G.657"), ("G657", "657", "G.657A")),
    Code("other", Text("其他", "Other"), ("其它", "混合")),
)
LAYINGS = (
    Code("duct", Text("管道", "Duct"), ("通信管道", "duct")),
    Code("direct_buried", Text("直埋", "Direct buried"), ("直埋敷设", "buried")),
    Code("aerial", Text("架空", "Aerial"), ("杆路", "aerial")),
    Code("submarine", Text("海底", "Submarine"), ("海缆", "水下", "水底", "submarine")),
    Code("opgw", Text("电力光缆", "Power-line cable"), ("OPGW",), narrower=("ADSS",)),
    Code("other", Text("其他", "Other"), ("其它", "混合")),
)

SPEC = LayerSpec(
    name="trunk_cables",
    label=Text("干线光缆", "Trunk cables"),
    geometry=Geometry.LINE,
    own_fields=(
        Field(
            "cable_id",
            Kind.TEXT,
            Text("光缆编号", "Cable id"),
            "GLBH",
            ("光缆编码", "光缆段编号", "编号", "id"),
            required=True,
        ),
        Field("name", Kind.TEXT, Text("光缆名称", "Name"), "GLMC", ("光缆段名称", "名称", "线路名称")),
        Field(
            "operator",
            Kind.CODES,
            Text("权属单位", "Operator"),
            "QSDW",
            ("运营商", "所属运营商", "产权单位", "owner"),
            codes=OPERATORS,
            required=True,
        ),
        Field(
            "level",
            Kind.CODE,
            Text("网络级别", "Level"),
            "WLJB",
            ("级别", "光缆级别", "干线级别"),
            codes=NETWORK_LEVELS,
        ),
        Field(
            "fibre_type",
            Kind.CODE,
            Text("光纤类型", "Fibre type"),
            "GXLX",
            ("光纤型号", "纤芯类型", "fiber type"),
            codes=FIBRE_TYPES,
        ),
        Field(
            "cores",
            Kind.INTEGER,
            Text("芯数", "Fibre count"),
            "XS",
            ("纤芯数", "光缆芯数", "fibres"),
            unit="芯",
            minimum=1,
            maximum=3456,
        ),
        Field(
            "laying",
            Kind.CODE,
            Text("敷设方式", "Laying"),
            "FSFS",
            ("敷设", "敷设类型", "laying"),
            codes=LAYINGS,
        ),
        Field(
            "year",
            Kind.INTEGER,
            Text("建成年份", "Year"),
            "JCNF",
            ("年份", "投产年份", "建设年份", "year"),
            minimum=1980,
            maximum=2060,
        ),
        Field(
            "status",
            Kind.CODE,
            Text("建设状态", "Status"),
            "JSZT",
            ("状态", "光缆状态", "status"),
            codes=STATUSES,
            required=True,
        ),
    ),
    key=("cable_id",),
    title="name",
)
