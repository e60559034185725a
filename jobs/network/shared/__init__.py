"""Cables in one trench, and what could be one."""
