"""Coastline."""

from __future__ import annotations

from ...text import Text
from ..spec import Code, Field, Geometry, Kind, LayerSpec

KINDS = (
    Code("mainland", Text("大陆岸线", "Mainland"), ("大陆", "mainland")),
    Code("island", Text("海岛岸线", "Island"), ("海岛", "island")),
)

SPEC = LayerSpec(
    name="coastline",
    label=Text("海岸线", "Coastline"),
    geometry=Geometry.LINE,
    own_fields=(
        Field("line_id", Kind.TEXT, Text("岸线编号", "Line id"), "AXBH", ("编号", "id"), required=True, by_row=True),
        Field("name", Kind.TEXT, Text("岸线名称", "Name"), "AXMC", ("名称", "name")),
        Field("kind", Kind.CODE, Text("岸线类型", "Kind"), "AXLX", ("类型", "kind"), codes=KINDS),
    ),
    key=("line_id",),
    title="name",
)
