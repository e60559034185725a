"""What single failures take away."""
