"""The input doctor: datum by evidence, identity, geometry, and the diagnosis that puts them together."""
