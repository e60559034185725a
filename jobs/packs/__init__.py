"""What the jobs on rule packs share."""
