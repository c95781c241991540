"""Detectors of the gap between what is measured and what is lived."""
