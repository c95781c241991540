"""Self-service that hands most attempts over to people.

Near miss: just under half of them. Look-alike: most call, but long after they were served.
"""

from streams.simulator.crowds._many import DAY_MS, Many

DAYS = 11
NEARLY = {"cohorts.containment": 0.6}


def _week(many: Many, handed: int, later: int = 0) -> None:
    for n, at_ms in enumerate(many.spread(50, days=5)):
        outcome = "escalated" if n < handed else "resolved"
        many.say("selfservice.ended", f"c-{n}", at_ms, outcome=outcome, topic="tariff",
                 channel="app")  # fmt: skip
        if n < later:
            many.call(f"c-{n}", at_ms + 2 * DAY_MS, "account/tariff")


def positive(many: Many) -> None:
    """30 of 50."""
    _week(many, 30)


def near_miss(many: Many) -> None:
    """22 of 50."""
    _week(many, 22)


def look_alike(many: Many) -> None:
    """30 of 50 call about something two days later."""
    _week(many, 0, later=30)
