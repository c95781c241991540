"""Self-service that ends well in its own report, and one in five calls within the day.

Near miss: one in twelve does. Look-alike: one in five calls, days later.
"""

from streams.simulator.crowds._many import DAY_MS, HOUR_MS, Many

DAYS = 10
NEARLY = {"gap": 0.05}


def _week(many: Many, back: int, after_ms: int) -> None:
    for n, at_ms in enumerate(many.spread(120, days=5)):
        many.say("selfservice.ended", f"c-{n}", at_ms, outcome="resolved", topic="address",
                 channel="web")  # fmt: skip
        if n < back:
            many.call(f"c-{n}", at_ms + after_ms, "account/address")


def positive(many: Many) -> None:
    """24 of 120, two hours later."""
    _week(many, 24, 2 * HOUR_MS)


def near_miss(many: Many) -> None:
    """10 of 120, two hours later."""
    _week(many, 10, 2 * HOUR_MS)


def look_alike(many: Many) -> None:
    """24 of 120, two days later."""
    _week(many, 24, 2 * DAY_MS)
