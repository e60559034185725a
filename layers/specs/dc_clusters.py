"""Data-centre clusters and data centres, as points or as plots."""

from __future__ import annotations

from ...text import Text
from ..codes import OPERATORS, STATUSES
from ..spec import Field, Geometry, Kind, LayerSpec

SPEC = LayerSpec(
    name="dc_clusters",
    label=Text("数据中心集群", "Data-centre clusters"),
    geometry=Geometry.ANY,
    own_fields=(
        Field(
            "cluster_id",
            Kind.TEXT,
            Text("数据中心编号", "Data centre id"),
            "SJZXBH",
            ("集群编号", "编号", "编码", "id"),
            required=True,
        ),
        Field("name", Kind.TEXT, Text("数据中心名称", "Name"), "SJZXMC", ("名称", "机房名称", "园区名称")),
        Field("hub", Kind.TEXT, Text("枢纽节点", "Hub"), "SNJD", ("国家枢纽节点", "枢纽", "hub")),
        Field("cluster", Kind.TEXT, Text("集群名称", "Cluster"), "JQMC", ("集群", "所属集群", "cluster")),
        Field(
            "operator",
            Kind.CODES,
            Text("权属单位", "Operator"),
            "QSDW",
            ("运营商", "建设单位", "owner"),
            codes=OPERATORS,
        ),
        Field(
            "racks",
            Kind.INTEGER,
            Text("标准机架数", "Racks"),
            "BZJJS",
            ("机架数", "机架规模", "racks"),
            unit="架",
            minimum=0,
        ),
        Field(
            "power_mw",
            Kind.REAL,
            Text("IT功率", "IT power"),
            "ITGL",
            ("功率", "IT负荷", "功率MW", "电力容量"),
            unit="MW",
            minimum=0,
        ),
        Field(
            "compute_eflops",
            Kind.REAL,
            Text("算力规模", "Compute"),
            "SLGM",
            ("算力", "算力EFLOPS", "compute"),
            unit="EFLOPS",
            minimum=0,
        ),
        Field(
            "pue",
            Kind.REAL,
            Text("PUE", "PUE"),
            "PUE",
            ("电能利用效率", "电能利用效率PUE"),
            minimum=1,
            maximum=5,
        ),
        Field(
            "green_share_percent",
            Kind.REAL,
            Text("绿电占比", "Green power share"),
            "LDZB",
            ("绿电比例", "可再生能源占比", "green share"),
            unit="%",
            minimum=0,
            maximum=100,
        ),
        Field("status", Kind.CODE, Text("建设状态", "Status"), "JSZT", ("状态", "status"), codes=STATUSES),
    ),
    key=("cluster_id",),
    title="name",
)
