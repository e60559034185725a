"""Code lists and headings for QGIS: a workspace opens with value maps and Chinese headings, without our plugin.

The same facts are written twice, because QGIS 3.22 does not read the schema extension and newer programs do not read
QGIS styles: as field domains (``gpkg_data_columns``) and as each layer's default style (``layer_styles``).
"""

from __future__ import annotations

import sqlite3
from xml.sax.saxutils import escape, quoteattr

from ..spec import Field, Geometry, Kind, LayerSpec
from .geopackage import FIXED_DATE, describe_columns, write_domain

_STYLES = """
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
 f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
 styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""
_FLAGS = (("1", "是"), ("0", "否"))
_HIDDEN = ("uuid",)
# Okabe-Ito colours, which readers with colour-vision deficiency can tell apart.
_COLOURS = {
    "admin_units": "120,120,120",
    "villages": "0,114,178",
    "key_points": "86,180,233",
    "settlements": "86,180,233",
    "base_stations": "213,94,0",
    "trunk_cables": "204,121,167",
    "trunk_nodes": "204,121,167",
    "dc_clusters": "0,158,115",
    "roads": "150,110,60",
    "sea_areas": "86,180,233",
    "coastline": "0,114,178",
    "national_border": "0,0,0",
    "control_lines": "230,159,0",
    "measurements": "240,228,66",
}


def write_value_maps(connection: sqlite3.Connection, spec: LayerSpec) -> None:
    """Write headings and code lists of one layer as field domains, inside the caller's transaction."""
    # No domain for yes/no: GDAL's Arrow reader would then give the words in place of the numbers.
    domains = {field.name: f"{spec.name}.{field.name}" for field in spec.fields if field.kind is Kind.CODE}
    describe_columns(connection, spec.name, {field.name: field.label for field in spec.fields}, domains)
    for field in spec.fields:
        if field.name in domains:
            write_domain(connection, domains[field.name], choices(field))


def write_styles(connection: sqlite3.Connection, specs: list[LayerSpec]) -> None:
    """Make the table of default styles with one style a layer, inside the caller's transaction."""
    connection.execute(_STYLES)
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change, srs_id) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', ?, 0)",
        (FIXED_DATE,),
    )
    connection.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
        " styleQML, styleSLD, useAsDefault, description, owner, update_time)"
        " VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '', ?)",
        [(spec.name, spec.name, style(spec), spec.label.both(), FIXED_DATE) for spec in specs],
    )


def choices(field: Field) -> tuple[tuple[str, str], ...]:
    """Give stored value and Chinese label of each allowed value; empty where the field is free.

    A field that takes several codes at once has none: a single-choice list would lose the others on editing.
    """
    if field.kind is Kind.CODE:
        return tuple((code.value, code.label.zh) for code in field.codes)
    return _FLAGS if field.kind is Kind.FLAG else ()


def style(spec: LayerSpec) -> str:
    """Give the default QGIS style (QML) of one layer: form widgets, Chinese headings, and one plain symbol."""
    widgets = "".join(
        f'<field name={quoteattr(field.name)} configurationFlags="None">{_widget(field)}</field>'
        for field in spec.fields
    )
    aliases = "".join(
        f'<alias field={quoteattr(field.name)} index="{place}" name={quoteattr(_heading(field))}/>'
        for place, field in enumerate(spec.fields, 1)
    )
    constraints = "".join(
        f'<constraint field={quoteattr(field.name)} constraints="{int(field.always_required)}" '
        f'notnull_strength="{2 * field.always_required}" unique_strength="0" exp_strength="0"/>'
        for field in spec.fields
    )
    title = escape(f'"{spec.title}"')
    return (
        '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">'
        '<qgis version="3.22.0" styleCategories="Symbology|Fields|Forms|AttributeTable|MapTips">'
        f"{_renderer(spec)}<fieldConfiguration>{widgets}</fieldConfiguration><aliases>{aliases}</aliases>"
        '<defaults><default field="uuid" expression="uuid(\'WithoutBraces\')" applyOnUpdate="0"/></defaults>'
        f"<constraints>{constraints}</constraints>"
        f"<previewExpression>{title}</previewExpression></qgis>"
    )


def _heading(field: Field) -> str:
    return f"{field.label.zh}（{field.unit}）" if field.unit else field.label.zh


def _widget(field: Field) -> str:
    values = choices(field)
    if field.name in _HIDDEN:
        kind, config = "Hidden", ""
    elif values:
        pairs = "".join(
            f'<Option type="Map"><Option name={quoteattr(label)} type="QString" value={quoteattr(value)}/></Option>'
            for value, label in values
        )
        kind, config = "ValueMap", f'<Option name="map" type="List">{pairs}</Option>'
    elif field.kind is Kind.DATE:
        kind = "DateTime"
        config = (
            '<Option name="allow_null" type="bool" value="true"/>'
            '<Option name="calendar_popup" type="bool" value="true"/>'
            '<Option name="display_format" type="QString" value="yyyy-MM-dd"/>'
            '<Option name="field_format" type="QString" value="yyyy-MM-dd"/>'
        )
    else:
        kind, config = "TextEdit", '<Option name="IsMultiline" type="bool" value="false"/>'
    return f'<editWidget type="{kind}"><config><Option type="Map">{config}</Option></config></editWidget>'


def _renderer(spec: LayerSpec) -> str:
    colour = _COLOURS.get(spec.name, "90,90,90")
    if spec.geometry is Geometry.ANY:
        return ""  # QGIS shows each geometry type of the table as a layer of its own; one symbol cannot fit them all
    if spec.geometry is Geometry.POINT:
        kind, symbol = "marker", ("SimpleMarker", {"color": f"{colour},255", "name": "circle", "size": "2"})
    elif spec.geometry is Geometry.LINE:
        kind, symbol = "line", ("SimpleLine", {"line_color": f"{colour},255", "line_width": "0.5"})
    else:
        kind, symbol = (
            "fill",
            ("SimpleFill", {"color": f"{colour},40", "outline_color": f"{colour},255", "outline_width": "0.4"}),
        )
    options = "".join(f'<Option name="{name}" type="QString" value="{value}"/>' for name, value in symbol[1].items())
    return (
        '<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0" forceraster="0"><symbols>'
        f'<symbol type="{kind}" name="0" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{symbol[0]}" pass="0" locked="0" enabled="1"><Option type="Map">{options}</Option></layer>'
        "</symbol></symbols></renderer-v2>"
    )
