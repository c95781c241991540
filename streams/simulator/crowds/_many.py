"""The words in which stories of whole companies are told."""

from random import Random
from typing import Any

Touchpoint = dict[str, Any]
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
_CSAT = {"kind": "csat", "scale_min": 1, "scale_max": 5, "higher_is_better": True}
_CES = {"kind": "ces", "scale_min": 1, "scale_max": 7, "higher_is_better": True}


class Many:
    """Touchpoints of many customers.

    Args:
        rng: for what does not matter.
        start_ms: a Monday at midnight, UTC.

    Attributes:
        begins_ms: when the trouble begins, which time to detect counts from.
    """

    def __init__(self, rng: Random, start_ms: int) -> None:
        self.rng, self.start_ms, self.begins_ms = rng, start_ms, start_ms
        self._told: list[Touchpoint] = []

    def at(self, *, week: int = 0, days: float = 0, hours: float = 0) -> int:
        """That long after the start, epoch milliseconds."""
        return self.start_ms + round((7 * week + days) * DAY_MS + hours * HOUR_MS)

    def say(self, type_: str, customer: str, at_ms: int, **fields: Any) -> None:
        """One touchpoint."""
        self._told.append(
            {
                "event_id": f"crowd-{len(self._told)}",
                "source": "urn:sim:crowd",
                "type": type_,
                "customer_id": customer,
                "occurred_at": at_ms,
                **fields,
            }
        )

    def call(
        self,
        customer: str,
        at_ms: int,
        reason: str | None = "billing/bill",
        wait_s: float = 60,
        solved: bool | None = None,
        csat: float | None = None,
        ces: float | None = None,
        agent: str = "a-1",
        **where: Any,
    ) -> None:
        """A call: answered after so many seconds, over after five minutes, perhaps scored."""
        here = {"channel": "phone", "contact_id": f"k-{len(self._told)}", **where}
        if reason is not None:
            l1, _, l2 = reason.partition("/")
            here["reason"] = {"l1": l1, "l2": l2}
        by = {"actor": {"kind": "agent", "id": agent}}
        answered_ms = at_ms + round(wait_s * 1000)
        over = {} if solved is None else {"agent_says_resolved": solved}
        self.say("contact.started", customer, at_ms, direction="inbound", **here)
        self.say("contact.answered", customer, answered_ms, wait_s=wait_s, **by, **here)
        ended_ms = answered_ms + 5 * MINUTE_MS
        self.say("contact.ended", customer, ended_ms, talk_s=300, **over, **by, **here)
        for score, scale in ((csat, _CSAT), (ces, _CES)):
            if score is not None:
                asked_ms = ended_ms + 10 * MINUTE_MS
                self.say("survey.responded", customer, asked_ms, score=score, **scale, **here)

    def told(self) -> list[Touchpoint]:
        """Everything, in order of time."""
        return sorted(self._told, key=lambda one: one["occurred_at"])

    def spread(self, count: int, week: int = 0, days: float = 6.5) -> list[int]:
        """So many instants evenly over the working part of a week."""
        return [self.at(week=week, days=days * n / count, hours=0.5) for n in range(count)]
