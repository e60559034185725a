"""What can be wrong with a file, what is wrong with this one, and what the planner wants done about it."""
