"""Helpers of the jobs on the trunk network: reading cables and rooms as a graph, the words of its issues, its tables."""
