"""Latency between data-centre clusters."""
