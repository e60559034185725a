"""What facilities take of the ground, and what of that lies in control lines."""
