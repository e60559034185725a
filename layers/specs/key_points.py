"""Key points: where a signal must be found for a village to count as reached, or for a place to be covered in depth."""

from __future__ import annotations

from ...text import Text
from ..codes import PLACE_KINDS
from ..spec import Field, Geometry, Kind, LayerSpec

SPEC = LayerSpec(
    name="key_points",
    label=Text("关键点", "Key points"),
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
            "place_id",
            Kind.TEXT,
            Text("所属场所编号", "Place id"),
            "SSCSBH",
            ("场所编号", "所属场所", "重点场所编号", "所属重点场所编号", "场景编号", "place id"),
            since=5,
        ),
        Field(
            "village_code",
            Kind.TEXT,
            Text("行政村代码", "Village code"),
            "XZCDM",
            ("村代码", "村编码", "行政村编码", "所属村代码", "village id"),
            required=True,
            unless="place_id",
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
