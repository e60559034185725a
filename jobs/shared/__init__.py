"""What jobs of several kinds use: rules, stations, tables."""
