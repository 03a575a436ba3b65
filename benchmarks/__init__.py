"""Measurements of the project, as ratios within one run: nothing here is a test, and nothing here times out."""
