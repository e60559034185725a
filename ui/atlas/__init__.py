"""The atlas of a frontier result: a PDF through QGIS layouts."""
