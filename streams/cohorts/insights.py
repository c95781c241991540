"""What a day of a team's causes cost: the roll-up that goes to those who can mend them (UP2)."""

from typing import Any

import msgspec

from streams.cohorts.cell import Cell
from streams.cohorts.dimensions import dimensions_of
from streams.cohorts.measures import share
from streams.cohorts.rules import CohortRules
from streams.engine.record import Send
from streams.engine.units import DAY_MS
from streams.wire.alert import instant

TOPIC = "insights.v1"
KIND = "owner"
"""The cohorts it is made of."""
CAUSES_MAX, WORDS_MAX = 20, 10
SAID = "said:"
"""Beginning of the counts that are references to what customers wrote, the worst scores first."""
SAID_MAX = 20
"""So many are kept of an hour; the worst of the day are among them."""
RISK = "risk:"
"""Beginning of the counts of revenue at risk, by currency."""
_encode = msgspec.json.Encoder().encode


def said_code(milli: int, reference: str) -> str:
    """The count under which what a customer wrote is remembered.

    Args:
        milli: their score in thousandths, 1000 worst.
        reference: where it can be read.
    """
    return f"{SAID}{milli:05d}:{reference}"


def trim(cell: Cell) -> None:
    """Keep of what customers wrote the worst; which ones does not depend on any order."""
    said = sorted(code for code in cell.counts if code.startswith(SAID))
    for code in said[SAID_MAX:]:
        del cell.counts[code]


def insight(
    cohort: str, day: int, cell: Cell, revision: int, at_ms: int, rules: CohortRules, policy: str
) -> Send | None:
    """The roll-up of one team and day as ``schemas.insights`` promises it; None if it is empty.

    Args:
        cohort: the team's.
        day: epoch day.
        cell: its sums.
        revision: 1, and one more each time it is said again.
        at_ms: event time up to which everything heard is in it.
        rules: which reason is of which cause class.
        policy: label of the policy in force.
    """
    team = dimensions_of(cohort)[KIND]
    if not (cell["contacts"] or cell["alerts"]):
        return None
    avoidable = share(cell["avoidable"], cell["contacts"])
    content = {
        "owner_team": team,
        "window_start": instant(day * DAY_MS),
        "window_end": instant((day + 1) * DAY_MS),
        "contacts": cell["contacts"],
        "customers": cell.distinct,
        "effort_points": cell["effort_m"] / 1000,
        "avoidable_contacts": cell["avoidable"],
        "avoidable_share": None if avoidable is None else round(avoidable, 4),
        "alerts": cell["alerts"],
        "revenue_at_risk_minor": _after(cell, RISK),
        "causes": _causes(cell, rules),
        "verbatim_refs": [name.partition(":")[2] for name in _after(cell, SAID)][:WORDS_MAX],
        "revision": revision,
        "watermark": instant(at_ms),
        "policy_version": policy,
    }
    return Send(TOPIC, team.encode(), _encode(content), (), at_ms)


def _causes(cell: Cell, rules: CohortRules) -> list[dict[str, Any]]:
    contacts, effort = _after(cell, "contacts:"), _after(cell, "effort_m:")
    avoidable = _after(cell, "avoidable:")
    dearest = sorted({*contacts, *effort}, key=lambda one: (-effort.get(one, 0), one))
    return [
        {
            "reason": reason,
            "cause_class": rules.cause(reason),
            "contacts": contacts.get(reason, 0),
            "effort_points": effort.get(reason, 0) / 1000,
            "avoidable_contacts": avoidable.get(reason, 0),
        }
        for reason in dearest[:CAUSES_MAX]
        if reason
    ]


def _after(cell: Cell, beginning: str) -> dict[str, int]:
    """Counts by the rest of their names, in the order of these."""
    length = len(beginning)
    return {
        code[length:]: cell.counts[code]
        for code in sorted(cell.counts)
        if code.startswith(beginning)
    }
