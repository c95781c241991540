"""The words in which specs are told, and the house without Kafka to tell them to.

A ``Story`` is one customer's touchpoints told as gaps (``after(days=2)``), run through the real line:
bytes in, bytes out, clock in hand. A crash is a word of the story (``crash()``): everything goes
through the codec and the desk is opened anew.
"""

import json
from typing import Any

from schemas.instants import rfc3339
from streams import policy as policies
from streams.engine.journey import Journey
from streams.engine.record import Record
from streams.line import Line, Outcome
from streams.policy import Policy

START_MS = 1_767_225_600_000  # Thursday 2026-01-01T00:00:00Z
DAY_MS = 86_400_000


def policy_of(**table: Any) -> Policy:
    """The default policy with some tables changed, e.g. ``detectors={"bill_shock": {...}}``."""
    return policies.from_table({"version": "test", **table})


class House:
    """One partition without Kafka: touchpoints as dicts in, alerts as dicts out."""

    def __init__(self, policy: Policy | None = None) -> None:
        policy = policy or policies.load()
        self.line = Line(policy.rules, policy.questions, partitions=1)
        self.journeys: dict[bytes, bytes] = {}
        self.meta: bytes | None = None
        self.desk = self.line.open(0, None, self.journeys)
        self.outcomes: list[Outcome] = []
        self.alerts: list[dict[str, Any]] = []
        self.sends = []
        self.next_offset = 0

    def hear(self, *touchpoints: dict[str, Any], batch: int | None = None) -> list[dict[str, Any]]:
        """Run touchpoints in that order, in batches of ``batch``; the alerts they caused."""
        before = len(self.alerts)
        records = [self._record(touchpoint) for touchpoint in touchpoints]
        size = batch or max(1, len(records))
        for i in range(0, len(records), size):
            part = records[i : i + size]
            self._done(self.line.run(self.desk, part, part[-1].offset + 1))
        return self.alerts[before:]

    def _record(self, touchpoint: dict[str, Any]) -> Record:
        offset, self.next_offset = self.next_offset, self.next_offset + 1
        value = json.dumps(touchpoint).encode()
        at_ms = touchpoint["occurred_at"]
        return Record(offset, at_ms, touchpoint["customer_id"].encode(), value)

    def wait_until(self, ms: int) -> list[dict[str, Any]]:
        """Let event time pass with no traffic; the alerts of the timers that fired."""
        before = len(self.alerts)
        lateness_ms = int(self.line.rules.time.lateness_s * 1000)
        outcome = self.line.wake(self.desk, ms + lateness_ms)
        if outcome is not None:
            self._done(outcome)
        return self.alerts[before:]

    def crash(self) -> None:
        """Forget everything but what is durable, and start again from it."""
        self.desk = self.line.open(0, self.meta, dict(self.journeys))

    def _done(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.sends += outcome.sends
        for send in outcome.sends:
            if send.topic.startswith("alerts."):
                self.alerts.append(json.loads(send.value))
        self.journeys.update({k: v for k, v in outcome.changed.items() if v is not None})
        self.meta = outcome.meta
        self.line.settle(self.desk, outcome)


class Story:
    """One customer's story, told in gaps.

    Args:
        policy: the policy; the default one if None.
        only: keep only alerts of that kind in ``lines``, so that a spec speaks of one detector.
    """

    def __init__(
        self, policy: Policy | None = None, only: str | None = None, customer: str = "c-1"
    ) -> None:
        self.house = House(policy)
        self.only = only
        self.customer = customer
        self.now_ms = START_MS
        self.told: list[dict[str, Any]] = []

    def after(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> "Story":
        """Move the story's clock on; what is told next happens then."""
        self.now_ms += round(days * DAY_MS + hours * 3_600_000 + minutes * 60_000)
        return self

    def tell(self, type_: str, **fields: Any) -> "Story":
        """One touchpoint now. ``reason="billing/bill"`` is short for the two levels."""
        reason = fields.pop("reason", None)
        if isinstance(reason, str):
            l1, _, l2 = reason.partition("/")
            fields["reason"] = {"l1": l1, **({"l2": l2} if l2 else {})}
        touchpoint = {
            "event_id": f"e-{len(self.told)}",
            "source": "urn:test",
            "type": type_,
            "customer_id": self.customer,
            "occurred_at": self.now_ms,
            **fields,
        }
        self.told.append(touchpoint)
        refused = len(self.house.sends)
        self.house.hear(touchpoint)
        for send in self.house.sends[refused:]:
            assert not send.topic.endswith(".dlq"), dict(send.headers)
        return self

    def contact(
        self, reason: str = "billing/bill", channel: str = "phone", **fields: Any
    ) -> "Story":
        """An inbound contact that begins now, with an id of its own."""
        number = sum(t["type"] == "contact.started" for t in self.told) + 1
        return self.tell(
            "contact.started",
            **{
                "contact_id": f"k-{number}",
                "channel": channel,
                "direction": "inbound",
                "reason": reason,
                **fields,
            },
        )

    def quiet(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> "Story":
        """Nothing happens for so long, and time is noticed to have passed."""
        self.after(days=days, hours=hours, minutes=minutes)
        self.house.wait_until(self.now_ms)
        return self

    def crash(self) -> "Story":
        """The worker dies and another restores."""
        self.house.crash()
        return self

    @property
    def alerts(self) -> list[dict[str, Any]]:
        """The alerts so far, of the kind the spec is about."""
        return [a for a in self.house.alerts if self.only in (None, a["kind"])]

    @property
    def lines(self) -> list[str]:
        """The alerts as one line each: day, action, kind, severity, reason."""
        return [
            f"day {(_ms(a['occurred_at']) - START_MS) / DAY_MS:.4g} · {a['action']} · {a['kind']} · "
            f"severity {a['severity']} · {a['resolved_reason'] or a['reason']['code']}"
            for a in self.alerts
        ]


def _ms(instant: str) -> int:
    from datetime import datetime

    return round(datetime.fromisoformat(instant).timestamp() * 1000)


def used(story: Story, *amounts: int) -> Story:
    """Weekly summaries of use."""
    for amount in amounts:
        story.after(days=7).tell(
            "product.usage_summary",
            period_start=story.now_ms - 7 * DAY_MS,
            period_s=604_800,
            key_actions={"login": amount},
        )
    return story


def told(story: Story) -> list[tuple[str, int, str]]:
    """Each alert as action, severity and reason."""
    return [
        (a["action"], a["severity"], a["resolved_reason"] or a["reason"]["code"])
        for a in story.alerts
    ]


def journey_of(story: Story) -> Journey:
    """The story's journey as it is kept."""
    journey = story.house.line.codec.decode(story.house.journeys[story.customer.encode()])
    assert isinstance(journey, Journey)
    return journey


def day(days: float) -> str:
    """A calendar day, so many after the one on which stories begin."""
    return rfc3339(START_MS + round(days * DAY_MS))[:10]
