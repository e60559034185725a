"""Heights of the ground from elevation rasters, read where they are asked for and never guessed.

`open_terrain` takes a GeoTIFF, an SRTM ``.hgt``, a VRT or a folder of such files and gives a `Terrain`. What it
promises:

* A height is interpolated once, between the four pixel centres around the place, in the raster's own CRS. Nothing is
  warped beforehand: for a projected raster the places are projected, not the heights.
* The value of a pixel stands at its centre. GDAL turns ``PixelIsPoint`` and the posts of ``.hgt`` into that form when
  it opens a file, so both conventions are right by half a pixel here.
* A void among the four gives no height (NaN). A place outside every raster gives no height, too. Neither is sea level.
* Heights are in metres over the vertical datum of the file (EGM96 for SRTM, the 1985 National Height Datum for
  Chinese products); it is stated and not converted.
"""

from .grid import TerrainGrid, read_grid
from .terrain import FOUND, OUTSIDE, VOID, Sampled, Terrain, open_terrain

__all__ = ["FOUND", "OUTSIDE", "VOID", "Sampled", "Terrain", "TerrainGrid", "open_terrain", "read_grid"]
