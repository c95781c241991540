"""An ordinary Monday at nine, and one on which everybody calls about the same.

Near miss: nine customers who call again and again. Look-alike: a Monday as busy as every Monday.
"""

from streams.simulator.crowds._many import Many

DAYS = 37
NEARLY = {"customers_min": 8}


def _mondays(many: Many, usual: int, now: int, customers: int) -> None:
    for week in range(5):
        for n in range(usual):
            many.call(f"c-{week}-{n}", many.at(week=week, hours=9 + n / 60), "product/outage")
    for n in range(now):
        at_ms = many.at(week=5, hours=9 + n / 90)
        many.call(f"m-{n % customers}", at_ms, "product/outage")
    many.begins_ms = many.at(week=5, hours=9)


def positive(many: Many) -> None:
    """Three are usual; thirty customers call."""
    _mondays(many, 3, 30, 30)


def near_miss(many: Many) -> None:
    """Three are usual; thirty calls come from nine customers."""
    _mondays(many, 3, 30, 9)


def look_alike(many: Many) -> None:
    """Forty are usual; forty-five come."""
    _mondays(many, 40, 45, 45)
