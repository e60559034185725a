"""The latency matrix: every pair of clusters at a glance, and its route on the map with a click."""
