"""Natural settlements with their households; those of 20 and more count in the 4G and frontier rules."""

from __future__ import annotations

from ...text import Text
from ..spec import Field, Geometry, Kind, LayerSpec

SPEC = LayerSpec(
    name="settlements",
    label=Text("自然村（居民点）", "Settlements"),
    geometry=Geometry.POINT,
    own_fields=(
        Field(
            "settlement_id",
            Kind.TEXT,
            Text("居民点编号", "Settlement id"),
            "JMDBH",
            ("自然村编号", "自然村编码", "编号", "id"),
            required=True,
        ),
        Field(
            "village_code",
            Kind.TEXT,
            Text("行政村代码", "Village code"),
            "XZCDM",
            ("村代码", "所属村代码", "所属行政村代码", "village id"),
            required=True,
            digits=(12,),
        ),
        Field(
            "name",
            Kind.TEXT,
            Text("居民点名称", "Name"),
            "MC",
            ("自然村名称", "自然村", "屯名", "组名", "名称"),
        ),
        Field(
            "households",
            Kind.INTEGER,
            Text("户数", "Households"),
            "HS",
            ("总户数", "hh"),
            unit="户",
            minimum=0,
            maximum=60_000,
        ),
        Field(
            "population",
            Kind.INTEGER,
            Text("人口", "Population"),
            "RK",
            ("人口数", "总人口", "pop"),
            unit="人",
            minimum=0,
            maximum=200_000,
        ),
    ),
    key=("settlement_id",),
    title="name",
    geometry_required=False,
)
