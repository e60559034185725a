"""Read a VCT file, from the grammar alone, so that it can witness against our own writer.

`file.read_vct` gives everything in a file; `layers.py` joins geometry and attributes into one layer.
"""
