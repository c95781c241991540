"""Specs of reading and writing."""
