"""Trunk nodes: the equipment rooms where trunk cables meet."""

from __future__ import annotations

from ...text import Text
from ..codes import NETWORK_LEVELS, OPERATORS, STATUSES
from ..spec import Code, Field, Geometry, Kind, LayerSpec

CLASSES = (
    Code("gateway", Text("国际出入口局", "International gateway"), ("国际局", "国际关口局", "gateway")),
    Code("backbone", Text("骨干节点", "Backbone node"), ("核心节点", "骨干", "core", "backbone")),
    Code("aggregation", Text("汇聚节点", "Aggregation node"), ("汇聚", "汇聚机房", "aggregation")),
    Code("access", Text("接入节点", "Access node"), ("接入", "接入机房", "综合接入局", "access")),
    Code("landing", Text("海缆登陆站", "Cable landing station"), ("登陆站", "landing")),
)

SPEC = LayerSpec(
    name="trunk_nodes",
    label=Text("干线节点", "Trunk nodes"),
    geometry=Geometry.POINT,
    own_fields=(
        Field(
            "node_id",
            Kind.TEXT,
            Text("节点编号", "Node id"),
            "JDBH",
            ("节点编码", "机房编号", "局站编号", "编号", "id"),
            required=True,
        ),
        Field("name", Kind.TEXT, Text("节点名称", "Name"), "JDMC", ("机房名称", "局站名称", "名称")),
        Field(
            "operator",
            Kind.CODES,
            Text("权属单位", "Operator"),
            "QSDW",
            ("运营商", "所属运营商", "owner"),
            codes=OPERATORS,
        ),
        Field(
            "node_class",
            Kind.CODE,
            Text("节点类别", "Class"),
            "JDLB",
            ("节点类型", "类别", "class"),
            codes=CLASSES,
        ),
        Field("level", Kind.CODE, Text("网络级别", "Level"), "WLJB", ("级别", "节点级别"), codes=NETWORK_LEVELS),
        Field("status", Kind.CODE, Text("建设状态", "Status"), "JSZT", ("状态", "status"), codes=STATUSES),
    ),
    key=("node_id",),
    title="name",
)
