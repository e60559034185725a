"""What every simulated job reads: stations, presets, terrain, land cover."""
