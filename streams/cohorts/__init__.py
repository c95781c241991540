"""The crowd: what many customers' touchpoints amount to, per cohort and window. Pure as the engine.

Two halves. At each partition of the touchpoints topic a ``collector`` folds what was heard into
small sums per cohort and hour, and sends them as portions. A second keyed stage (``line``) merges
the portions of all partitions, closes windows by the earliest of their watermarks, says what it
measured (``measures``) and asks its own detectors (``detectors``).
"""
