"""Are the fields of a layer those of the profile: number, names, types, lengths, as far as its format declares them."""

from __future__ import annotations

from collections.abc import Sequence

from ....text import Text
from ..profile.model import TargetField, TargetLayer
from ..writing.read_back import family_of
from .found import Found, NotRun
from .source import FileField, PackageLayer

_FAMILIES = {"Char": "text", "VarChar": "text", "Int": "whole", "Long": "whole", "Float": "real", "Double": "real",
             "Date": "date"}  # fmt: skip
# What a format cannot hold otherwise: FileGDB before ArcGIS Pro 3.2 has no whole numbers of 64 bits, GeoJSON no types.
_ALIKE = {("gdb", "Long", "real"), ("geojson", "Float", "whole"), ("geojson", "Double", "whole")}
_DBF_TEXT, _DBF_NAME = 254, 10


def fields_found(layer: PackageLayer, target: TargetLayer) -> tuple[list[Found], list[NotRun]]:
    """Check number, names, types and lengths of the fields of a layer, as far as its format declares them."""
    by_name = {item.name.upper(): item for item in layer.fields}
    long_names = layer.format == "shp" and any(len(item.name) > _DBF_NAME for item in target.fields)
    lacking = [item for item in target.fields if item.name.upper() not in by_name]
    if long_names:
        lacking = [item for item in lacking if len(item.name) <= _DBF_NAME]
    elif layer.format == "geojson" and not len(layer):
        lacking = []
    wanted = {item.name.upper() for item in target.fields}
    extra = [item for item in layer.fields if item.name.upper() not in wanted and not long_names]
    found = []
    if lacking or extra:
        found.append(_number(layer, target, lacking, extra))
    for item in target.fields:
        own = by_name.get(item.name.upper())
        if own is not None:
            found += _field(layer, item, own)
    return found, _untold(layer, target, long_names=long_names)


def _number(
    layer: PackageLayer, target: TargetLayer, lacking: Sequence[TargetField], extra: Sequence[FileField]
) -> Found:
    less = "、".join(f"{item.name}（{item.alias}）" for item in lacking)
    more = "、".join(item.name for item in extra)
    zh = "；".join(filter(None, (f"缺少 {less}" if lacking else "", f"多出 {more}" if extra else "")))
    en = "; ".join(
        filter(
            None,
            (
                f"missing: {', '.join(item.name for item in lacking)}" if lacking else "",
                f"not in the profile: {', '.join(item.name for item in extra)}" if extra else "",
            ),
        )
    )
    return Found(
        "3102",
        layer.name,
        Text(
            f"有 {len(layer.fields)} 个字段，应有 {len(target.fields)} 个：{zh}。",
            f"It has {len(layer.fields)} fields, not {len(target.fields)}: {en}.",
        ),
        Text("请按规格增删字段。", "Add and delete fields as in the profile."),
        value="、".join([*(item.name for item in lacking), *(item.name for item in extra)]),
        file=layer.file,
    )


def _field(layer: PackageLayer, wanted: TargetField, own: FileField) -> list[Found]:
    found = []
    if own.name != wanted.name:
        found.append(_differs(layer, wanted, Text("名称是 {name}", "its name is {name}").filled(name=own.name)))
    family, stated = _FAMILIES.get(own.type, own.type), family_of(wanted.type)
    if not _fits(layer, wanted, own, family, stated):
        words = Text("类型是 {own}，应为 {wanted}", "its type is {own}, not {wanted}")
        return [*found, _differs(layer, wanted, words.filled(own=own.type, wanted=wanted.type))]
    return found + _length(layer, wanted, own, stated)


def _fits(layer: PackageLayer, wanted: TargetField, own: FileField, family: str, stated: str) -> bool:
    if family == stated or (layer.format, wanted.type, family) in _ALIKE:
        return True
    if layer.format == "geojson":  # its types are told from the values alone
        values = layer.columns.get(own.name)
        return values is None or not values.notna().any() or (stated == "text" and family == "date")
    # A number without decimals is a whole one in dBASE; its width and decimals are compared below.
    return layer.format == "shp" and {family, stated} == {"whole", "real"} and own.decimals is not None


def _length(layer: PackageLayer, wanted: TargetField, own: FileField, stated: str) -> list[Found]:
    if stated == "text":
        limit = min(wanted.length, _DBF_TEXT) if layer.format == "shp" else wanted.length
        if own.length is None and layer.format in ("geojson",):
            return []
        if wanted.type == "Char" and limit and (own.length or 0) != limit:
            words = Text("长度是 {own}，应为 {wanted}", "its length is {own}, not {wanted}")
            shown = own.length or Text("不限", "unlimited")
            return [_differs(layer, wanted, words.filled(own=shown, wanted=limit))]
        return []
    if layer.format not in ("shp", "vct") or stated == "date":
        return []
    if stated == "real" and own.decimals is not None and wanted.decimals and own.decimals != wanted.decimals:
        words = Text("小数位是 {own}，应为 {wanted}", "it has {own} decimals, not {wanted}")
        return [_differs(layer, wanted, words.filled(own=own.decimals, wanted=wanted.decimals))]
    if stated == "whole" and own.decimals:
        words = Text("有 {own} 位小数，应为整数", "it has {own} decimals and should be whole")
        return [_differs(layer, wanted, words.filled(own=own.decimals))]
    if stated == "real" and wanted.length and wanted.decimals and own.length and own.length != wanted.length:
        words = Text("长度是 {own}，应为 {wanted}", "its length is {own}, not {wanted}")
        return [_differs(layer, wanted, words.filled(own=own.length, wanted=wanted.length))]
    return []


def _differs(layer: PackageLayer, wanted: TargetField, words: Text) -> Found:
    return Found(
        "3102",
        layer.name,
        Text("字段 {name}（{alias}）：{words}。", "Field {name}: {words}.").filled(
            name=wanted.name, alias=wanted.alias, words=words
        ),
        Text("请按规格修改该字段。", "Mend the field as in the profile."),
        value=wanted.name,
        file=layer.file,
    )


def _untold(layer: PackageLayer, target: TargetLayer, *, long_names: bool) -> list[NotRun]:
    numbers = [item.name for item in target.fields if family_of(item.type) == "real" and item.length]
    texts = [item.name for item in target.fields if item.type == "Char" and min(item.length, 255) > _DBF_TEXT]
    said = []
    if layer.format == "geojson":
        said.append(Text("GeoJSON 不声明字段类型和长度，只按取值判断类型。", "GeoJSON declares no types or lengths."))
    elif layer.format in ("gpkg", "gdb") and numbers:
        said.append(
            Text(
                "{format} 不记录数值字段 {names} 的长度和小数位。", "{format} keeps no length and decimals of {names}."
            ).filled(
                format={"gpkg": "GeoPackage", "gdb": "FileGDB"}[layer.format],
                names=Text("、".join(numbers), ", ".join(numbers)),
            )
        )
    if layer.format == "shp" and texts:
        said.append(
            Text(
                "Shapefile 文本最长 254 字节，{names} 按 254 核对。", "Text in a Shapefile ends at 254 bytes: {names}."
            ).filled(names=Text("、".join(texts), ", ".join(texts)))
        )
    if long_names:
        said.append(
            Text(
                "Shapefile 字段名最长 10 个字符，更长的字段未核对。",
                "Field names in a Shapefile end at ten characters.",
            )
        )
    return [NotRun("3102", layer.name, words) for words in said]
