"""Detectors of the relationship as a whole: over all domains, over the years, after a recovery."""
