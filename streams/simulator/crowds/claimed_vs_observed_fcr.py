"""Agents call everything solved, and one in five comes back about it.

Near miss: one in twelve does. Look-alike: one in five calls again, about something else.
"""

from streams.simulator.crowds._many import DAY_MS, Many

DAYS = 17
NEARLY = {"gap": 0.05}


def _week(many: Many, back: int, reason: str = "technical/sync") -> None:
    for n, at_ms in enumerate(many.spread(120)):
        many.call(f"c-{n}", at_ms, "technical/sync", solved=True)
        if n < back:
            many.call(f"c-{n}", at_ms + 2 * DAY_MS, reason, solved=True)


def positive(many: Many) -> None:
    """24 of 120."""
    _week(many, 24)


def near_miss(many: Many) -> None:
    """10 of 120."""
    _week(many, 10)


def look_alike(many: Many) -> None:
    """24 of 120, about their bill."""
    _week(many, 24, "billing/bill")
