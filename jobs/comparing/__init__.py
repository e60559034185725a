"""Parts of the job `frontier_comparison`."""
