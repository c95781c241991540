"""J-bench: one small job, the same bytes, several systems, one oracle.

The job: per customer a decayed effort (half-life three days), a repeat contact within seven days
counts extra, an alert when effort crosses 8 upwards, armed again below 6. See ``workload.py`` for
the input, ``oracle.py`` for the answer, ``run.py`` for how it is measured.
"""
