"""Parts of the jobs `radio_coverage` and `coverage_gap`."""
