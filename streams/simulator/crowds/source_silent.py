"""A producer that falls silent while the company goes on.

Near miss: one that never told much. Look-alike: one that is silent every night.
"""

from collections.abc import Callable

from streams.simulator.crowds._many import Many

DAYS = 5


def _told(hour: int) -> bool:
    return hour < 80


NEARLY = {"usual_min": 8}


def _source(many: Many, each_hour: int, speaks: Callable[[int], bool]) -> None:
    for hour in range(100):
        many.say("marketing.engaged", "c-0", many.at(hours=hour), campaign="spring")
        if speaks(hour):
            for n in range(each_hour):
                at_ms = many.at(hours=hour + (n + 0.5) / each_hour)
                many.say("task.step", f"c-{n}", at_ms, source="urn:sim:shop", task_kind="purchase",
                         step="basket")  # fmt: skip
    many.begins_ms = many.at(hours=80)


def positive(many: Many) -> None:
    """Twenty an hour, day and night, and then nothing."""
    _source(many, 20, _told)


def near_miss(many: Many) -> None:
    """Ten an hour, and then nothing."""
    _source(many, 10, _told)


def look_alike(many: Many) -> None:
    """Twenty an hour from eight to eight."""
    _source(many, 20, lambda hour: 8 <= hour % 24 < 20)
