"""Dated rule packs: every threshold with value, unit, document, clause, date and status."""
