"""Messy files in, rows of a layer out: every row is kept or set aside with its reason."""
