"""The questions about cohorts: one file each, found by being there."""
