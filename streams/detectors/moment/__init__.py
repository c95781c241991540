"""Detectors of the moments of truth, and of whether each was handled as it should be."""
