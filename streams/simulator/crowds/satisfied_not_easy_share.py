"""Customers who are satisfied with what was a struggle.

Near miss: three in forty. Look-alike: as many struggled, and say so in both answers.
"""

from streams.simulator.crowds._many import Many

DAYS = 9
NEARLY = {"share": 0.05}


def _week(many: Many, hard: int, csat: float = 5) -> None:
    for n, at_ms in enumerate(many.spread(40)):
        struggled = n < hard
        many.call(f"c-{n}", at_ms, csat=csat if struggled else 5, ces=2 if struggled else 6)


def positive(many: Many) -> None:
    """Six of forty."""
    _week(many, 6)


def near_miss(many: Many) -> None:
    """Three of forty."""
    _week(many, 3)


def look_alike(many: Many) -> None:
    """Six of forty, who are not satisfied either."""
    _week(many, 6, csat=2)
