"""Cheapest ways over the ground: a grid of costs, and the way across it."""
