"""Parts of the job `path_profile`: its ways in, its report and its picture."""
