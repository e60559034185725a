"""Shapes and what is wrong with them and between them; lengths and areas are geodesic."""
