"""Parts of the job `frontier_scoreboard`."""
