"""Two weeks of prompt answers and customers who are unhappy all the same.

Near miss: not quite so unhappy. Look-alike: as unhappy, and kept waiting for it.
"""

from streams.simulator.crowds._many import Many

DAYS = 16
NEARLY = {"csat": 3.3}


def _weeks(many: Many, share: float, wait_s: float) -> None:
    for week in range(2):
        for n, at_ms in enumerate(many.spread(40, week)):
            score = 4 if n < round(40 * share) else 3
            many.call(f"c-{week}-{n}", at_ms, wait_s=wait_s, csat=score, region="lima")


def positive(many: Many) -> None:
    """3.1 after ten minutes."""
    _weeks(many, 0.1, 600)


def near_miss(many: Many) -> None:
    """3.25 after ten minutes."""
    _weeks(many, 0.25, 600)


def look_alike(many: Many) -> None:
    """3.1 after fifty minutes."""
    _weeks(many, 0.1, 3_000)
