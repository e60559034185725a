"""Routes between two rooms that share as little as possible."""
