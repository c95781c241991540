"""``throughline detectors --evaluate``: every detector held against what was planted.

``portion`` simulates and replays one company, ``tally`` counts what was found, missed and said for
nothing, ``cost`` takes the time, ``size`` weighs journeys, ``told`` prints it.
"""
