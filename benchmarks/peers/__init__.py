"""The systems of J-bench, at most a hundred lines each: how they are run, see ``systems.py``."""
