"""The coverage of the sea within 12 nautical miles."""
