"""Parts of the job `village_reach`."""
