"""The moments of truth a customer has lived through, and which of them went badly (section 7).

A moment is whatever a detector of the family ``moment`` finds. Its standard counts as missed with
a finding of ``MISSED_FROM`` or more, which is the catalogue's severity of a mishandled one, and as
met when the episode closes without. Until it is closed, a missed one weighs on everything else.
"""

from streams.engine.journey import Episode, Journey
from streams.engine.long_run import Moment
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS

FAMILY = "moment"
MISSED_FROM = 4
MOMENTS_MAX = 8
"""Moments kept per customer; the oldest closed one is forgotten first."""


def seen(journey: Journey, episode: Episode, at_ms: int) -> None:
    """A moment's detector found something: the moment is kept, or is known and went badly.

    Args:
        journey: changed in place.
        episode: the finding's, already with its base severity.
        at_ms: event time of the finding.
    """
    moment = _of(journey, episode)
    if moment is None:
        moment = Moment(_key(episode), at_ms)
        journey.moments.append(moment)
        if len(journey.moments) > MOMENTS_MAX:
            closed = [one for one in journey.moments[:-1] if one.closed_ms]
            journey.moments.remove((closed or journey.moments)[0])
    moment.closed_ms = 0
    if episode.base_severity >= MISSED_FROM and not moment.missed_ms:
        moment.missed_ms = at_ms


def closed(journey: Journey, episode: Episode, at_ms: int) -> None:
    """The episode of a moment ended."""
    moment = _of(journey, episode)
    if moment is not None:
        moment.closed_ms = at_ms


def standard_met(moment: Moment) -> bool | None:
    """Whether its standard was met; None while that is not decided."""
    if moment.missed_ms:
        return False
    return True if moment.closed_ms else None


def weigh(journey: Journey, at_ms: int, rules: Rules) -> bool:
    """Whether one that was mishandled lately is not closed yet."""
    since_ms = at_ms - int(rules.severity.moment_d * DAY_MS)
    return any(
        one.missed_ms and one.missed_ms > since_ms and not one.closed_ms for one in journey.moments
    )


def kind(moment: Moment) -> str:
    """The kind of the detector that saw it."""
    return moment.key.partition(":")[0]


def _key(episode: Episode) -> str:
    return f"{episode.kind}:{episode.object}"


def _of(journey: Journey, episode: Episode) -> Moment | None:
    key = _key(episode)
    return next((one for one in journey.moments if one.key == key), None)
