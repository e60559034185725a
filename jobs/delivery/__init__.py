"""The delivery job by a profile: read the workspace, map, check, write, compare, report."""
