"""Parts of the jobs that diagnose, import and undo."""
