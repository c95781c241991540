"""An agent's day of calls: a week later the agent is told which of them held.

Look-alike: calls that ended less than a week ago: nobody knows yet.
"""

from streams.simulator.crowds._many import Many

DAYS = 10


def positive(many: Many) -> None:
    """Twenty calls on Monday."""
    for n in range(20):
        many.call(f"c-{n}", many.at(hours=8 + n / 3), agent="ann", csat=4)


def look_alike(many: Many) -> None:
    """Twenty calls on Friday, five days before the end."""
    for n in range(20):
        many.call(f"c-{n}", many.at(days=4, hours=8 + n / 3), agent="ann", csat=4)
