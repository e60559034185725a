"""Key points of a village: where a signal must be found for the village to count as reached."""

from __future__ import annotations

from ...text import Text
from ..codes import PLACE_KINDS
from ..spec import Field, Geometry, Kind, LayerSpec

SPEC = LayerSpec(
    name="key_points",
    label=Text("行政村关键点", "Village key points"),
    geometry=Geometry.POINT,
    own_fields=(
        Field(
            "point_id",
            Kind.TEXT,
            Text("关键点编号", "Point id"),
            "GJDBH",
            ("编号", "点位编号", "id"),
            required=True,
        ),
        Field(
            "village_code",
            Kind.TEXT,
            Text("行政村代码", "Village code"),
            "XZCDM",
            ("村代码", "村编码", "行政村编码", "所属村代码", "village id"),
            required=True,
            digits=(12,),
        ),
        Field(
            "kind",
            Kind.CODE,
            Text("关键点类型", "Kind"),
            "GJDLX",
            ("类型", "点位类型", "类别", "type"),
            codes=PLACE_KINDS,
            required=True,
        ),
        Field("name", Kind.TEXT, Text("名称", "Name"), "MC", ("关键点名称", "点位名称", "地点")),
    ),
    key=("point_id",),
    title="name",
    geometry_required=False,
)
