"""Replay: records from anywhere through the same line, with no broker, no clock and no waiting.

``places`` gives records of files a partition and an offset, ``house`` runs them, ``timeline`` looks
at one customer on the way. Nothing here opens a file: commands do.
"""
