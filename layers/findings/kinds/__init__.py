"""The kinds of finding, one module a group."""
