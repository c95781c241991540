"""What a journey remembers one by one: touchpoints heard, evidence, instants, effort's origins."""

from itertools import zip_longest
from operator import attrgetter

from streams.engine.admission import identities
from streams.engine.journey import Journey
from streams.engine.rules import Rules


def merge(mine: Journey, theirs: Journey, rules: Rules) -> None:
    """Join both by time, as long as the limits allow, the oldest forgotten first."""
    limits = rules.limits
    both = _interleaved(identities(mine.seen), identities(theirs.seen))
    mine.seen = b"".join(both[-2 * limits.seen_max :])
    mine.recent = sorted([*mine.recent, *theirs.recent], key=attrgetter("at_ms", "event_id"))
    del mine.recent[: -limits.recent_max]
    mine.contact_times = sorted([*mine.contact_times, *theirs.contact_times])
    del mine.contact_times[: -limits.contact_times_max]
    if theirs.attempt is not None and (
        mine.attempt is None or theirs.attempt.at_ms > mine.attempt.at_ms
    ):
        mine.attempt = theirs.attempt
    _effort(mine, theirs, limits.top_contributions_max)


def _interleaved(mine: list[bytes], theirs: list[bytes]) -> list[bytes]:
    """Both lists of touchpoints heard, newest last: when each was heard is not known.

    Both are kept whole, twice the usual at most; admission then lets the oldest go two by two.
    """
    known = set(mine)
    theirs = [one for one in theirs if one not in known]
    pairs = zip_longest(reversed(theirs), reversed(mine))
    return [one for pair in pairs for one in pair if one is not None][::-1]


def _effort(mine: Journey, theirs: Journey, top_max: int) -> None:
    """Both are on one base already (``merging.issues``): normalised points add."""
    effort = mine.effort
    for name, points in theirs.effort.parts.items():
        effort.parts[name] = effort.parts.get(name, 0.0) + points
    top = [*effort.top, *theirs.effort.top]
    if len(top) > top_max:
        base_ms, half_life_ms = effort.base_ms, effort.half_life_ms
        top.sort(key=lambda c: (c.points * 2.0 ** ((c.at_ms - base_ms) / half_life_ms), c.at_ms))
        del top[: len(top) - top_max]
    effort.top = sorted(top, key=attrgetter("at_ms", "n"))
