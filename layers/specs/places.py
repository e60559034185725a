"""Places with a duty to be covered: schools, clinics, border institutions, ports of entry, islands and more."""

from __future__ import annotations

from ...text import Text
from ..codes import GIGABIT, PLACE_KINDS
from ..spec import Code, Field, Geometry, Kind, LayerSpec

BACKHAULS = (
    Code("fibre", Text("光纤", "Fibre"), ("光缆", "fiber", "fibre")),
    Code("microwave", Text("微波", "Microwave"), ("microwave",)),
    Code("satellite", Text("卫星", "Satellite"), ("satellite", "VSAT")),
    Code("none", Text("无", "None"), ("未通", "none")),
)

SPEC = LayerSpec(
    name="places",
    label=Text("重点场所", "Places"),
    geometry=Geometry.POINT,
    own_fields=(
        Field(
            "place_id",
            Kind.TEXT,
            Text("场所编号", "Place id"),
            "CSBH",
            ("编号", "编码", "单位编号", "学校标识码", "机构编号", "id"),
            required=True,
        ),
        Field(
            "name",
            Kind.TEXT,
            Text("场所名称", "Name"),
            "CSMC",
            ("名称", "单位名称", "学校名称", "机构名称", "学校", "name"),
            required=True,
        ),
        Field(
            "kind",
            Kind.CODE,
            Text("场所类型", "Kind"),
            "CSLX",
            ("类型", "类别", "机构类型", "type"),
            codes=PLACE_KINDS,
            required=True,
        ),
        Field(
            "village_code",
            Kind.TEXT,
            Text("行政村代码", "Village code"),
            "XZCDM",
            ("村代码", "所属村代码"),
            digits=(12,),
        ),
        Field(
            "people",
            Kind.INTEGER,
            Text("人数", "People"),
            "RS",
            ("学生数", "师生人数", "常驻人数", "人口"),
            unit="人",
            minimum=0,
        ),
        Field(
            "backhaul",
            Kind.CODE,
            Text("传输方式", "Backhaul"),
            "CSFS",
            ("回传方式", "接入方式", "backhaul"),
            codes=BACKHAULS,
        ),
        GIGABIT,
    ),
    key=("place_id",),
    title="name",
    geometry_required=False,
)
