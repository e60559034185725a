"""How layers of the trunk network look."""
