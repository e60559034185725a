"""Ways out of trunk nodes."""
