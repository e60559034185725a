"""Metadata of a package: what can be known of it, and what only the planner knows, as the profile states it."""
