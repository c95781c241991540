"""What became of an agent's contacts, told to the agent seven days later (UP3).

Next to how long they took: an agent whose customers need not come back may take longer.
"""

from collections.abc import Iterable

import msgspec

from streams.cohorts.cell import Mark
from streams.cohorts.dimensions import dimensions_of
from streams.cohorts.measures import share
from streams.cohorts.state import Head
from streams.engine.record import Send
from streams.engine.units import DAY_MS
from streams.wire.alert import instant

TOPIC = "agents.v1"
KIND = "agent"
RIPE_D = 7
OUTCOMES_MAX = 200
_encode = msgspec.json.Encoder().encode


def feedback(cohort: str, day: int, head: Head, at_ms: int, policy: str) -> Send | None:
    """A day of one agent's contacts as ``schemas.insights`` promises it; None if there were none.

    Args:
        cohort: the agent's.
        day: epoch day on which the contacts ended.
        head: what is known of them.
        at_ms: event time up to which everything heard is in it.
        policy: label of the policy in force.
    """
    marks = head.marks.values()
    ended = {
        (mark.customer, mark.about): mark
        for mark in marks
        if mark.what == "ended" and mark.at_ms // DAY_MS == day
    }
    if not ended:
        return None
    again = _of(marks, "again")
    scored = {key: mark for key, mark in _of(marks, "scored").items() if key in ended}
    recurred = sum(key in again for key in ended)
    mean = share(sum(mark.number for mark in scored.values()) / 1000, len(scored))
    agent = dimensions_of(cohort)[KIND]
    outcomes = [
        {
            "contact_id": key[1],
            "recurred": key in again,
            "handle_s": ended[key].number,
            "csat": scored[key].number / 1000 if key in scored else None,
            "verbatim_ref": (scored[key].detail or None) if key in scored else None,
        }
        for key in sorted(ended, key=lambda key: (key[1], key[0]))[:OUTCOMES_MAX]
    ]
    content = {
        "agent_id": agent,
        "window_start": instant(day * DAY_MS),
        "window_end": instant((day + 1) * DAY_MS),
        "contacts": len(ended),
        "recurred": recurred,
        "no_recurrence_share": round(1 - recurred / len(ended), 4),
        "handle_mean_s": round(sum(mark.number for mark in ended.values()) / len(ended), 1),
        "csat_mean": None if mean is None else round(mean, 4),
        "csat_answers": len(scored),
        "outcomes": outcomes,
        "watermark": instant(at_ms),
        "policy_version": policy,
    }
    return Send(TOPIC, agent.encode(), _encode(content), (), at_ms)


def told(head: Head, day: int) -> bool:
    """Forget what was told: contacts that ended on that day or before; whether there were any."""
    over = {
        (mark.customer, mark.about)
        for mark in head.marks.values()
        if mark.what == "ended" and mark.at_ms // DAY_MS <= day
    }
    before = len(head.marks)
    head.marks = {
        name: mark for name, mark in head.marks.items() if (mark.customer, mark.about) not in over
    }
    return len(head.marks) < before


def _of(marks: Iterable[Mark], what: str) -> dict[tuple[str, str], Mark]:
    return {(mark.customer, mark.about): mark for mark in marks if mark.what == what}
