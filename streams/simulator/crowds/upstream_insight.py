"""A day of calls about bills: the team that owns bills is told what they cost.

Look-alike: calls that nobody gave a reason: they are nobody's.
"""

from streams.simulator.crowds._many import Many

DAYS = 3


def positive(many: Many) -> None:
    """Thirty calls."""
    for n in range(30):
        many.call(f"c-{n}", many.at(hours=8 + n / 5), "billing/bill")


def look_alike(many: Many) -> None:
    """Thirty calls about who knows what."""
    for n in range(30):
        many.call(f"c-{n}", many.at(hours=8 + n / 5), None)
