"""The datum by evidence: hypotheses, tests, verdict."""
