"""The answers: pure functions on tables and arrays; no files, no QGIS."""
