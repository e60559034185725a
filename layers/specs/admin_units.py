"""Administrative units: province to town polygons."""

from __future__ import annotations

from ...text import Text
from ..codes import GIGABIT
from ..spec import Code, Field, Geometry, Kind, LayerSpec

LEVELS = (
    Code("province", Text("省级", "Province"), ("省", "自治区", "直辖市", "province")),
    Code("city", Text("地级", "Prefecture"), ("市", "地市", "地级市", "自治州", "盟", "city", "prefecture")),
    Code(
        "county",
        Text("县级", "County"),
        ("县", "区", "县市", "县市区", "旗", "县级市", "市辖区", "county", "district"),
    ),
    Code("town", Text("乡级", "Town"), ("乡", "镇", "乡镇", "街道", "乡镇街道", "town", "township")),
)


def level_of_code(code: str) -> str:
    """Give the level that a code of an administrative unit tells, "" where it tells none.

    GB/T 2260: province (2 digits), prefecture (2) and county (2); GB/T 10114 adds the town (3), the statistical code
    the village (3). A part of zeros only stands for the unit above it.
    """
    for length, above in ((12, 9), (9, 6), (6, 4), (4, 2)):
        if len(code) == length and not code[above:].strip("0"):
            code = code[:above]
    return {2: "province", 4: "city", 6: "county", 9: "town"}.get(len(code), "")


SPEC = LayerSpec(
    name="admin_units",
    label=Text("行政区", "Administrative units"),
    geometry=Geometry.POLYGON,
    own_fields=(
        Field(
            "code",
            Kind.TEXT,
            Text("行政区代码", "Code"),
            "XZQDM",
            (
                "区划代码",
                "行政区划代码",
                "代码",
                "adcode",
                "admin code",
                "unit code",
                "xzqdm",
                "县代码",
                "区县代码",
            ),
            required=True,
            digits=(2, 4, 6, 9, 12),
        ),
        Field(
            "name",
            Kind.TEXT,
            Text("行政区名称", "Name"),
            "XZQMC",
            ("名称", "区划名称", "县名", "区县", "县市", "乡镇名称", "admin name", "unit name"),
            required=True,
        ),
        Field(
            "level",
            Kind.CODE,
            Text("级别", "Level"),
            "JB",
            ("行政级别", "区划级别", "admin level"),
            codes=LEVELS,
            derived_from="code",
            derive=level_of_code,
        ),
        Field(
            "population",
            Kind.INTEGER,
            Text("人口", "Population"),
            "RK",
            ("常住人口", "人口数", "pop"),
            unit="人",
            minimum=0,
        ),
        GIGABIT,
    ),
    key=("code",),
    title="name",
)
