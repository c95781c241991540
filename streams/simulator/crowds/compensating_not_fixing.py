"""Three weeks in which more and more is credited for one reason, and as many call about it.

Near miss: nine credits in the third week. Look-alike: the credits rise, and calls fall: it works.
"""

from collections.abc import Sequence

from streams.simulator.crowds._many import Many

DAYS = 23
NEARLY = {"credits_min": 9}


def _weeks(many: Many, given: Sequence[int], calls: Sequence[int]) -> None:
    for week, (credited, called) in enumerate(zip(given, calls, strict=True)):
        for n, at_ms in enumerate(many.spread(called, week)):
            many.call(f"c-{week}-{n}", at_ms, "delivery/late")
        for n, at_ms in enumerate(many.spread(credited, week)):
            many.say("credit.issued", f"d-{week}-{n}", at_ms, amount_minor=1_000,
                currency="EUR", goodwill=True,
                     reason={"l1": "delivery", "l2": "late"})  # fmt: skip
    many.begins_ms = many.at(week=1)


def positive(many: Many) -> None:
    """4, 8, 12."""
    _weeks(many, (4, 8, 12), (20, 20, 20))


def near_miss(many: Many) -> None:
    """3, 6, 9."""
    _weeks(many, (3, 6, 9), (20, 20, 20))


def look_alike(many: Many) -> None:
    """4, 8, 12, and 30, 20, 10 calls."""
    _weeks(many, (4, 8, 12), (30, 20, 10))
