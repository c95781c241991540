"""What is too old to matter is forgotten, whether or not there is room for it.

Done at the first touchpoint of a customer's week: often enough to stay small, seldom enough to
cost little, and at a moment that depends on the customer's own touchpoints alone. What is
resolved goes after ``keep_d`` days without activity, what is still open after ``keep_open_d``. An
episode resolved longer ago than it could reopen says nothing any more, nor does effort that has
decayed away, nor a detector's memory that is as it was in the beginning.
"""

from functools import cache
from typing import Any

from msgspec.structs import astuple

from streams.engine.effort import half_life_ms
from streams.engine.journey import Journey
from streams.engine.judgement import is_history
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS

EVERY_D = 7
"""Days from one sweep to the next."""
FADED_POINTS = 0.005
"""Effort that no alert shows any more, points."""


def once_a_week(journey: Journey, now_ms: int, rules: Rules) -> None:
    """Forget what is old, if it has not been done for a week.

    Args:
        journey: changed in place.
        now_ms: the customer's latest event time.
        rules: the policy's.
    """
    day = now_ms // DAY_MS
    if day < journey.swept_day + EVERY_D:
        return
    journey.swept_day = day
    old_ms = now_ms - int(rules.limits.keep_d * DAY_MS)
    lost_ms = now_ms - int(rules.limits.keep_open_d * DAY_MS)
    if journey.n > 1:
        _forget_old(journey, now_ms, old_ms, lost_ms, rules)
    memories: Any = journey.memories
    for kind, memory in zip(memories.__struct_fields__, astuple(memories), strict=True):
        if memory is not None and memory == _blank(memory.__class__):
            setattr(memories, kind, None)


def _forget_old(journey: Journey, now_ms: int, old_ms: int, lost_ms: int, rules: Rules) -> None:
    if journey.recent:  # evidence reaches back over several billing periods
        journey.recent = [mark for mark in journey.recent if mark.at_ms > lost_ms]
    if journey.contacts:
        journey.contacts = [c for c in journey.contacts if c.last_ms > old_ms]
    if journey.contact_times:
        journey.contact_times = [ms for ms in journey.contact_times if ms > lost_ms]
    if journey.cases:
        journey.cases = [
            c for c in journey.cases if c.last_ms > (old_ms if c.resolved_ms else lost_ms)
        ]
    if journey.issues:
        needed = {case.issue for case in journey.cases} | {c.issue for c in journey.contacts}
        journey.issues = [
            i
            for i in journey.issues
            if i.key in needed or i.last_ms > (old_ms if i.resolved_ms else lost_ms)
        ]
    if journey.promises:
        journey.promises = [p for p in journey.promises if not 0 < p.broken_ms <= old_ms]
    if journey.episodes:
        journey.episodes = [
            e for e in journey.episodes if not (e.resolved_ms and is_history(e, now_ms, rules))
        ]
    _faded_effort(journey, now_ms, rules)


@cache
def _blank(memory: type) -> Any:
    return memory()


def _faded_effort(journey: Journey, now_ms: int, rules: Rules) -> None:
    effort = journey.effort
    if not effort.parts:
        return
    scale = 2.0 ** (-(now_ms - effort.base_ms) / effort.half_life_ms)
    effort.parts = {
        name: value for name, value in effort.parts.items() if value * scale >= FADED_POINTS
    }
    reach_ms = 10 * half_life_ms(rules.effort)
    effort.top = [c for c in effort.top if now_ms - c.at_ms <= reach_ms]
