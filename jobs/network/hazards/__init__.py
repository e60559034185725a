"""What lies in hazard zones."""
