"""The words in which specs of the crowd are told: a company of many customers, both stages, no Kafka.

``Company`` runs touchpoints through the real line of every partition and their portions through the
line of the second stage. What is said of cohorts comes out as dicts. A crash is a word here too.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from streams.cohorts import catalogue
from streams.cohorts.collector import TOPIC, Crowd
from streams.cohorts.detector import CohortDetector, CohortQuestion
from streams.cohorts.line import CohortLine
from streams.cohorts.rules import CohortRules
from streams.engine.outcome import Outcome
from streams.engine.partitioning import partition_of
from streams.engine.record import Record
from streams.engine.rules import Rules
from streams.line import Line

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
MONDAY_MS = 1_767_571_200_000  # 2026-01-05T00:00:00Z


def everybody() -> list[CohortQuestion]:
    """Every cohort detector with its default thresholds."""
    return [CohortQuestion(kind, detector) for kind, detector, _ in catalogue.entries()]


class Company:
    """Many customers, and both stages.

    Args:
        asked: cohort detectors by kind; all of them if None.
        partitions: of the touchpoints topic.
        rules: which cohorts there are.
        places: partitions of the second stage.
        owners: team by cause class.
    """

    def __init__(
        self,
        asked: dict[str, CohortDetector] | None = None,
        partitions: int = 2,
        rules: CohortRules | None = None,
        places: int = 1,
        owners: dict[str, str] | None = None,
    ) -> None:
        self.rules, self.chosen = Rules(owners=owners or {}), rules or CohortRules()
        questions = everybody()
        if asked is not None:
            questions = [CohortQuestion(kind, asked[kind]) for kind in sorted(asked)]
        crowd = Crowd(places)
        self.line = Line(self.rules, [], partitions, crowd=crowd)
        self.second = CohortLine(self.rules, self.chosen, questions, partitions, places)
        self.partitions, self.places = partitions, places
        self.stores: list[dict[bytes, bytes]] = [{} for _ in range(partitions)]
        self.metas: list[bytes | None] = [None] * partitions
        self.desks = [self.line.open(p, None, {}) for p in range(partitions)]
        self.cohort_stores: list[dict[bytes, bytes]] = [{} for _ in range(places)]
        self.cohort_metas: list[bytes | None] = [None] * places
        self.cohorts = [self.second.open(p, None, {}) for p in range(places)]
        self.offsets = [0] * partitions
        self.portions: list[list[Record]] = [[] for _ in range(places)]
        self.read = [0] * places
        self.sends: list[Any] = []
        self.outcomes: list[Outcome] = []
        self.count = 0

    # -- what happens ----------------------------------------------------------------------------

    def told(self, type_: str, customer: str, at_ms: int, **fields: Any) -> dict[str, Any]:
        """One touchpoint, not yet heard. ``reason="billing/bill"`` is short for the two levels."""
        reason = fields.pop("reason", None)
        if isinstance(reason, str):
            l1, _, l2 = reason.partition("/")
            fields["reason"] = {"l1": l1, **({"l2": l2} if l2 else {})}
        self.count += 1
        return {
            "event_id": f"e-{self.count}", "source": "urn:test", "type": type_,
            "customer_id": customer, "occurred_at": at_ms, **fields,
        }  # fmt: skip

    def hear(self, touchpoints: Iterable[dict[str, Any]], batch: int = 1_000) -> "Company":
        """Touchpoints in that order, each in its customer's partition, in batches of so many."""
        waiting: list[list[Record]] = [[] for _ in range(self.partitions)]
        for touchpoint in touchpoints:
            key = touchpoint["customer_id"].encode()
            at = partition_of(key, self.partitions)
            value, stamp_ms = json.dumps(touchpoint).encode(), touchpoint["occurred_at"]
            waiting[at].append(Record(self.offsets[at], stamp_ms, key, value))
            self.offsets[at] += 1
            if len(waiting[at]) == batch:
                self._run(at, waiting[at])
                waiting[at] = []
        for at, records in enumerate(waiting):
            if records:
                self._run(at, records)
        return self

    def until(self, at_ms: int) -> "Company":
        """Nothing is heard until then, by the wall clock; every partition notices."""
        lateness_ms = int(self.rules.time.lateness_s * 1000)
        for at, desk in enumerate(self.desks):
            while (outcome := self.line.wake(desk, at_ms + lateness_ms)) is not None:
                self._done(at, outcome)
        return self.second_stage()

    def second_stage(self, batch: int = 1_000) -> "Company":
        """The second stage reads what has been sent to it."""
        for place, records in enumerate(self.portions):
            while self.read[place] < len(records):
                part = records[self.read[place] : self.read[place] + batch]
                self._merge(place, part)
                self.read[place] += len(part)
        return self

    def crash(self) -> "Company":
        """Every worker dies; what is durable is all that is left."""
        for at in range(self.partitions):
            self.desks[at] = self.line.open(at, self.metas[at], dict(self.stores[at]))
        for place in range(self.places):
            meta, store = self.cohort_metas[place], dict(self.cohort_stores[place])
            self.cohorts[place] = self.second.open(place, meta, store)
        return self

    def _run(self, at: int, records: Sequence[Record]) -> None:
        self._done(at, self.line.run(self.desks[at], records, records[-1].offset + 1))

    def _done(self, at: int, outcome: Outcome) -> None:
        for send in outcome.sends:
            assert not send.topic.endswith(".dlq"), dict(send.headers)
            if send.topic == TOPIC:
                log = self.portions[send.partition]
                log.append(Record(len(log), send.timestamp_ms, send.key, send.value))
        _keep(self.stores[at], outcome)
        self.metas[at] = outcome.meta
        self.line.settle(self.desks[at], outcome)

    def _merge(self, place: int, records: Sequence[Record]) -> None:
        outcome = self.second.run(self.cohorts[place], records, records[-1].offset + 1)
        self.sends += outcome.sends
        self.outcomes.append(outcome)
        _keep(self.cohort_stores[place], outcome)
        self.cohort_metas[place] = outcome.meta
        self.second.settle(self.cohorts[place], outcome)

    # -- what was said ---------------------------------------------------------------------------

    def said(self, topic: str) -> list[dict[str, Any]]:
        """Everything said on a topic."""
        return [json.loads(send.value) for send in self.sends if send.topic == topic]

    @property
    def alerts(self) -> list[dict[str, Any]]:
        """Alerts about cohorts."""
        return self.said("alerts.systemic.v1")

    @property
    def lines(self) -> list[str]:
        """The alerts as one line each."""
        return [
            f"{a['occurred_at'][:10]} · {a['action']} · {a['kind']} · {a['cohort_id']} · "
            f"severity {a['severity']} · {a['reason']['code']}"
            for a in self.alerts
        ]

    def metrics(self, cohort: str, hours: int = 24, family: str = "service", phase: str = "during"):
        """The latest revision of each window of that length, by its start."""
        latest: dict[str, dict[str, Any]] = {}
        for record in self.said("metrics.v1"):
            start, end = (_ms(record[name]) for name in ("window_start", "window_end"))
            wanted = (cohort, hours, family, phase)
            if (record["cohort_id"], (end - start) // HOUR_MS, record["family"],
                    record["phase"]) == wanted:  # fmt: skip
                latest[record["window_start"]] = record
        return latest


def _keep(store: dict[bytes, bytes], outcome: Outcome) -> None:
    for key, value in outcome.changed.items():
        if value is None:
            store.pop(key, None)
        else:
            store[key] = value


def _ms(instant: str) -> int:
    from datetime import datetime

    return round(datetime.fromisoformat(instant).timestamp() * 1000)
