"""Specs of the contracts."""
