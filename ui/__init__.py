"""What the planner sees in QGIS."""
