"""Administrative villages: one point per village, with its 12-digit statistical code."""

from __future__ import annotations

from ...text import Text
from ..codes import GIGABIT
from ..spec import Field, Geometry, Kind, LayerSpec

SPEC = LayerSpec(
    name="villages",
    label=Text("行政村", "Administrative villages"),
    geometry=Geometry.POINT,
    own_fields=(
        Field(
            "village_code",
            Kind.TEXT,
            Text("行政村代码", "Village code"),
            "XZCDM",
            (
                "村代码",
                "村编码",
                "行政村编码",
                "统计用区划代码",
                "区划代码",
                "行政区划代码",
                "village id",
                "code",
                "cuncode",
            ),
            required=True,
            digits=(12,),
            # The statistical code is county (6) + town (3) + village (3); 000 stands for the county or town itself.
            refused_suffixes=("000",),
            refused_reason="not_a_village",
        ),
        Field(
            "village_name",
            Kind.TEXT,
            Text("行政村名称", "Village"),
            "XZCMC",
            ("名称", "村名", "村名称", "行政村", "村", "村委会名称", "village", "name"),
            required=True,
        ),
        Field(
            "county_name",
            Kind.TEXT,
            Text("县名称", "County"),
            "XMC",
            ("县", "县市", "区县", "县区", "所属区县", "所属县", "county"),
        ),
        Field(
            "town_name",
            Kind.TEXT,
            Text("乡镇名称", "Town"),
            "XZMC",
            ("乡镇", "乡", "镇", "所属乡镇", "乡镇街道", "town", "township"),
        ),
        Field(
            "population",
            Kind.INTEGER,
            Text("人口", "Population"),
            "RK",
            ("人口数", "总人口", "常住人口", "户籍人口", "pop"),
            unit="人",
            minimum=0,
            maximum=200_000,
        ),
        Field(
            "households",
            Kind.INTEGER,
            Text("户数", "Households"),
            "HS",
            ("总户数", "户数合计", "hh"),
            unit="户",
            minimum=0,
            maximum=60_000,
        ),
        Field(
            "is_border",
            Kind.FLAG,
            Text("是否边境村", "Border village"),
            "SFBJC",
            ("边境村", "是否抵边村", "抵边村", "border", "border flag"),
        ),
        Field(
            "urban_rural",
            Kind.TEXT,
            Text("城乡分类代码", "Urban-rural class"),
            "CXFL",
            ("城乡分类", "城乡分类码", "urban rural"),
        ),
        GIGABIT,
    ),
    key=("village_code",),
    title="village_name",
    geometry_required=False,
)
