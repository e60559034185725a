"""The editor of rule packs."""
