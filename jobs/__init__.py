"""What a planner can ask for, one file a job: its declaration and its run."""
