"""A topic of several partitions in memory, through the real line: what one partition sends another
lies at the end of the other's log, as on Kafka.
"""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from streams.engine.identity_kept import Alias
from streams.engine.journey import Journey
from streams.engine.judgement import Question
from streams.engine.partitioning import partition_of
from streams.engine.record import Record, Send
from streams.engine.rules import Rules
from streams.gate import TOUCHPOINTS
from streams.line import Line

START_MS = 1_767_225_600_000


def id_in(partition: int, partitions: int = 2, number: int = 0) -> str:
    """The so-manieth customer id that belongs into a partition."""
    found = (f"c-{n}" for n in range(10_000) if partition_of(b"c-%d" % n, partitions) == partition)
    return [next(found) for _ in range(number + 1)][number]


class Topic:
    """Logs, one desk for each, and the line over them.

    Args:
        rules, questions: of the line.
        partitions: how many.
    """

    def __init__(self, rules: Rules, questions: Sequence[Question], partitions: int = 2) -> None:
        self.line = Line(rules, questions, partitions)
        self.logs: list[list[Record]] = [[] for _ in range(partitions)]
        self.stores: list[dict[bytes, bytes]] = [{} for _ in range(partitions)]
        self.metas: list[bytes | None] = [None] * partitions
        self.desks = [self.line.open(n, None, store) for n, store in enumerate(self.stores)]
        self.sends: list[Send] = []
        self.counts: Counter[str] = Counter()
        self.told = 0

    def tell(self, customer: str, type_: str, at_ms: int, **fields: Any) -> None:
        """A producer's record lies at the end of its customer's log; nobody has read it yet."""
        touchpoint = {
            "event_id": fields.pop("event_id", f"e-{self.told}"),
            "source": "urn:test",
            "type": type_,
            "customer_id": customer,
            "occurred_at": at_ms,
            **fields,
        }
        self.told += 1
        key = customer.encode()
        self.put(key, json.dumps(touchpoint).encode(), (), at_ms)

    def put(self, key: bytes, value: bytes | None, headers: Any, at_ms: int) -> None:
        """Any record, into the partition of its key."""
        log = self.logs[partition_of(key, len(self.logs))]
        log.append(Record(len(log), at_ms, key, value, tuple(headers)))

    def read(self, partition: int, most: int | None = None, dies: bool = False) -> int:
        """One partition reads on; how many records it took.

        Args:
            partition: which.
            most: how many records at most.
            dies: after what it sends has left and before its journeys are written, so that
                somebody else begins again from what is durable (``effectively_once``).
        """
        desk, log = self.desks[partition], self.logs[partition]
        batch = log[desk.next_offset :][:most]
        if not batch:
            return 0
        outcome = self.line.run(desk, batch, batch[-1].offset + 1)
        for send in outcome.sends:
            if send.topic == TOUCHPOINTS:
                self.put(send.key or b"", send.value, send.headers, send.timestamp_ms)
        self.sends += outcome.sends
        if dies:
            self.restart(partition)
            return 0
        self.counts.update(outcome.counts)
        self.line.settle(desk, outcome)
        self.metas[partition] = outcome.meta
        return len(batch)

    def restart(self, partition: int) -> None:
        """Whoever owned a partition is gone; another opens it from what is durable."""
        durable = self.stores[partition] = dict(self.desks[partition].journeys)
        self.desks[partition] = self.line.open(partition, self.metas[partition], durable)

    def settle(self) -> None:
        """All read until nothing is left to read."""
        while sum(self.read(partition) for partition in range(len(self.logs))):
            pass

    def kept(self, customer: str) -> Journey | Alias | None:
        """What the store holds under an id."""
        key = customer.encode()
        encoded = self.desks[partition_of(key, len(self.logs))].journeys.get(key)
        return None if encoded is None else self.line.codec.decode(encoded)

    @property
    def alerts(self) -> list[dict[str, Any]]:
        """Everything said, in the order in which it was."""
        said = (send for send in self.sends if send.topic.startswith("alerts."))
        return [json.loads(send.value or b"") for send in said]

    @property
    def refused(self) -> list[dict[str, str]]:
        """The headers of dead letters."""
        letters = (send for send in self.sends if send.topic.endswith(".dlq"))
        return [{name: value.decode() for name, value in letter.headers} for letter in letters]
