"""Two customers turn out to be one: the journey of the one joins that of the other.

What moves and how: counters add; times, marks and histories merge by time and stay bounded; effort
adds exactly (its points are kept normalised, decision 0001); issues, contacts, cases and promises
by key; of profile and consent the newest word; of two open episodes about the same thing one
survives; a detector's memory by its own ``merge``. Timers are planned anew from what came of it.
The merge is nothing that the customer did: no detector is asked, and no time passes by it.

What would break it: a field of the journey that nobody here knows (it is then joined by its shape,
``streams.engine.shapes``; a spec lists them), a number of a touchpoint under a name that does not
say so.
"""

from collections.abc import Mapping

from streams.engine.alert import Alert
from streams.engine.engine import CHAIN_MASK, CHAIN_PRIME, Engine
from streams.engine.heard import Heard
from streams.engine.identity_kept import Absorbed
from streams.engine.journey import Journey
from streams.engine.judgement import Question
from streams.engine.merging import episodes, history, issues, relationship
from streams.engine.shapes import joined, renumbered

ABSORBED_MAX = 32
"""Ids remembered of those that joined a customer; the oldest are forgotten."""
MERGED = "+merged"
"""Pseudo type of the moment at which a journey joins another's."""

BY_HAND = frozenset(
    {
        *("customer_id", "first_ms", "last_ms", "n", "chain", "clock_ms", "next_due_ms", "told_ms"),
        *("seen", "recent", "attempt", "contact_times", "effort", "backfilled_ms", "swept_day"),
        *(
            "issues",
            "contacts",
            "cases",
            "promises",
            "profile",
            "consents",
            "episodes",
            "forgotten",
        ),
        *("wakes", "memories", "alerts_day", "alerts_today", "absorbed"),
    }
)
"""Fields of a journey that are joined as they mean; others by their shape."""


def merge(mine: Journey, theirs: Journey, by: Absorbed, engine: Engine, live: bool) -> list[Alert]:
    """Take another customer's journey into this one.

    Args:
        mine: the journey that stays, changed in place.
        theirs: the journey that joins it; not to be used afterwards.
        by: the id it is known under, and the merge that said so.
        engine: its rules and questions.
        live: whether what is said of it may be published.

    Returns:
        What is to be said of episodes: those that ended because another survived, and those that
        are this customer's from now on.
    """
    rules = engine.rules
    questions = {question.kind: question for question in engine.questions}
    _renumber(theirs, mine.n)
    issues.merge(mine, theirs, rules)
    history.merge(mine, theirs, rules)
    relationship.merge(mine, theirs, rules)
    _memories(mine, theirs, questions)
    for name in mine.__struct_fields__:
        if name not in BY_HAND:
            setattr(mine, name, joined(getattr(mine, name), getattr(theirs, name)))
    _totals(mine, theirs)
    known = [one for one in (*mine.absorbed, *theirs.absorbed) if one.customer_id != by.customer_id]
    mine.absorbed = [*known, by][-ABSORBED_MAX:]
    moment = Heard(mine, rules, MERGED, mine.clock_ms)
    moment.live = live
    alerts = episodes.merge(moment, theirs, questions)
    engine.replan(mine)
    return alerts


def _renumber(theirs: Journey, by: int) -> None:
    """Their touchpoints are numbered on from mine, wherever a number of one is kept."""
    for mark in theirs.recent:
        mark.n += by
    for contribution in theirs.effort.top:
        contribution.n += by if contribution.n else 0
    if theirs.attempt is not None:
        theirs.attempt.n += by if theirs.attempt.n else 0
    for name in theirs.__struct_fields__:
        renumbered(getattr(theirs, name), by)


def _memories(mine: Journey, theirs: Journey, questions: Mapping[str, Question]) -> None:
    for kind in mine.memories.__struct_fields__:
        own, other = getattr(mine.memories, kind), getattr(theirs.memories, kind)
        if own is None or other is None:
            setattr(mine.memories, kind, other if own is None else own)
        else:
            join = questions[kind].detector.merge if kind in questions else joined
            setattr(mine.memories, kind, join(own, other))


def _totals(mine: Journey, theirs: Journey) -> None:
    if theirs.n:
        mine.first_ms = min(mine.first_ms, theirs.first_ms) if mine.n else theirs.first_ms
        mine.last_ms = max(mine.last_ms, theirs.last_ms) if mine.n else theirs.last_ms
    mine.n += theirs.n
    mine.clock_ms = max(mine.clock_ms, theirs.clock_ms)
    mine.swept_day = min(mine.swept_day, theirs.swept_day)
    mine.forgotten += theirs.forgotten
    mine.backfilled_ms = max(mine.backfilled_ms, theirs.backfilled_ms)
    mine.chain = (mine.chain * CHAIN_PRIME + theirs.chain) & CHAIN_MASK
    mine.told_ms = 0
    if mine.alerts_day == theirs.alerts_day:
        mine.alerts_today += theirs.alerts_today
    elif theirs.alerts_day > mine.alerts_day:
        mine.alerts_day, mine.alerts_today = theirs.alerts_day, theirs.alerts_today
