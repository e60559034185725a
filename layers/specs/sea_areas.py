"""Sea areas: inland sea, territorial sea and what lies beyond."""

from __future__ import annotations

from ...text import Text
from ..spec import Code, Field, Geometry, Kind, LayerSpec

KINDS = (
    Code("inland", Text("内海", "Inland sea"), ("内水", "inland")),
    Code("territorial", Text("领海", "Territorial sea"), ("territorial",)),
    Code(
        "derived_12nm",
        Text("推算12海里带（非法定）", "Derived 12 nm belt (not legal)"),
        ("12海里", "近岸12海里"),
    ),
    # What decides how wide the protection band of a submarine cable is.
    Code(
        "open_sea",
        Text("沿海宽阔海域", "Open coastal sea"),
        ("宽阔海域", "开阔海域", "沿海开阔海域", "宽阔", "开阔", "open", "open sea", "open coastal sea"),
    ),
    Code("bay", Text("海湾", "Bay"), ("湾", "狭窄海域", "海湾等狭窄海域", "bay", "gulf")),
    Code(
        "harbour",
        Text("海港区", "Harbour"),
        ("海港", "港口", "港区", "港池", "港口区", "港口水域", "harbour", "harbor", "port"),
    ),
    Code("other", Text("其他海域", "Other sea"), ("其他", "其它")),
)

SPEC = LayerSpec(
    name="sea_areas",
    label=Text("海域", "Sea areas"),
    geometry=Geometry.POLYGON,
    own_fields=(
        Field("sea_id", Kind.TEXT, Text("海域编号", "Sea area id"), "HYBH", ("编号", "id"), required=True, by_row=True),
        Field("name", Kind.TEXT, Text("海域名称", "Name"), "HYMC", ("名称", "name")),
        Field(
            "kind",
            Kind.CODE,
            Text("海域类型", "Kind"),
            "HYLX",
            ("类型", "海域类别", "类别", "kind", "type"),
            codes=KINDS,
            required=True,
        ),
    ),
    key=("sea_id",),
    title="name",
)
