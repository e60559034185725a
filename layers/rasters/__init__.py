"""Result rasters: writing them for the cloud, and the way between cells and polygons."""
