"""Land border, as the user's own authority supplies it; the project ships none."""

from __future__ import annotations

from ...text import Text
from ..spec import Field, Geometry, Kind, LayerSpec

SPEC = LayerSpec(
    name="national_border",
    label=Text("国界", "National border"),
    geometry=Geometry.LINE,
    own_fields=(
        Field("line_id", Kind.TEXT, Text("界线编号", "Line id"), "JXBH", ("编号", "id"), required=True, by_row=True),
        Field("name", Kind.TEXT, Text("界线名称", "Name"), "JXMC", ("名称", "界段", "name")),
    ),
    key=("line_id",),
    title="name",
)
