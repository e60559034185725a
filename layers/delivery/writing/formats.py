"""Every format that a package can be written in, and its writer."""

from __future__ import annotations

from .attribute_tables import write_csv, write_xlsx
from .shapefiles import write_shp
from .txt_output import write_txt
from .vct_output import write_vct_file
from .writers import Writer, write_gdb, write_geojson, write_gpkg

ALL_WRITERS: dict[str, Writer] = {
    "gpkg": write_gpkg,
    "gdb": write_gdb,
    "shp": write_shp,
    "geojson": write_geojson,
    "csv": write_csv,
    "xlsx": write_xlsx,
    "vct": write_vct_file,
    "txt": write_txt,
}
