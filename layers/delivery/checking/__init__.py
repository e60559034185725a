"""The checks that a bureau runs on a delivery package, run on any package before it is handed in."""
