"""Customers who never were: stories with a known outcome, told among everyday traffic, from a seed.

A story is one file in ``stories`` and says what must be found in it and what must not. ``world``
mixes stories and background into one log in order of arrival; ``spoiled`` makes records nobody can
read, each with the code it must get. Pure: no clock, no file, the same seed the same bytes.
"""
