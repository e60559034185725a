"""What the planning bureau gets: the package, its checks and their report."""
