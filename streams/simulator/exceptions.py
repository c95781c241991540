"""What the stories promise and the detectors do not keep, each with the reason why that is right.

Empty is best. An entry is a decision somebody can read and undo, not a way to pass.
"""

MISSED: dict[tuple[str, str], str] = {}
"""(story, kind it expects) → why the kind need not be raised for every customer of that story."""

RAISED: dict[tuple[str, str], str] = {}
"""(story, kind it forbids) → why the kind may be raised all the same."""
