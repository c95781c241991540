"""Who has heard what, from the logs alone: (touchpoints taken in, hash over their offsets).

It shares no code with the core, and follows the touchpoints of a customer through merges, aliases
and erasures from partition to partition.
"""

import json
from collections.abc import Mapping, Sequence

from streams.engine.record import Record
from tests.simulation.load import home
from tests.simulation.small_line import CRASHES, HORIZON_MS, LATENESS_S

PRIME, MASK = 1_099_511_628_211, (1 << 64) - 1

Chain = tuple[int, int]
_ROUNDS_MAX = 8


class Told:
    """What the log of one partition amounts to, customer by customer.

    Args:
        partition: its number.
        partitions: how many there are.
        handed: what journeys that left other partitions had heard, by the id they left.
    """

    def __init__(self, partition: int, partitions: int, handed: Mapping[str, "Held"]):
        self.partition, self.partitions, self.handed = partition, partitions, handed
        self.held: dict[str, Held] = {}
        self.left: dict[str, Held] = {}
        self.aliases: dict[str, tuple[str, int]] = {}  # whom it joined, and when
        self.erased: dict[str, int] = {}
        self.newest_ms = 0

    def hear(self, record: Record) -> None:
        """One record, in log order."""
        try:
            told = json.loads(record.value)
        except ValueError:
            return
        customer, at_ms, kind = told["customer_id"], told["occurred_at"], told["type"]
        if customer not in self.held and customer not in self.aliases:
            if home(record.key, self.partitions) != self.partition:
                return
        if kind == "identity.merged":
            self._merged(customer, told)
        elif kind == "identity.absorbed":
            self._absorbed(customer, told)
        elif kind == "identity.forgotten" and not told["whole"]:
            self.erased[customer] = max(at_ms, self.erased.get(customer, 0))
            if customer in self.aliases and self.aliases[customer][1] <= at_ms:
                del self.aliases[customer]
        elif kind in ("customer.erasure_requested", "identity.forgotten"):
            if at_ms > self.erased.get(customer, -1):
                self.erased[customer] = at_ms
                self.held.pop(customer, None)
                self.aliases.pop(customer, None)
        elif customer not in self.aliases and at_ms > self.erased.get(customer, -1):
            self._touchpoint(customer, told, record.offset)

    def _touchpoint(self, customer: str, told: dict, offset: int) -> None:
        at_ms = told["occurred_at"]
        if self.newest_ms and at_ms < self.newest_ms - LATENESS_S * 1_000 - HORIZON_MS:
            return
        if told.get("contact_id", "").startswith(CRASHES):
            return
        self.newest_ms = max(self.newest_ms, at_ms)
        held = self.held.setdefault(customer, Held())
        if told["event_id"] in held.seen:
            return
        held.seen.add(told["event_id"])
        held.n, held.chain = held.n + 1, (held.chain * PRIME + offset + 1) & MASK

    def _merged(self, customer: str, told: dict) -> None:
        if customer != told["from_customer_id"] or customer in self.aliases:
            return
        if customer in self.held and told["into_customer_id"] in self.held[customer].origins:
            return  # that one has joined this one before
        if told["occurred_at"] <= self.erased.get(customer, -1):
            return
        self.left[customer] = self.held.pop(customer, Held())
        self.aliases[customer] = (told["into_customer_id"], told["occurred_at"])

    def _absorbed(self, customer: str, told: dict) -> None:
        origin = told["from_customer_id"]
        if customer in self.aliases:
            path, into = told["path"], self.aliases[customer][0]
            if into not in path or customer != min([*path[path.index(into) :], customer]):
                return  # it goes on from here; or a circle, of which another id stays
            del self.aliases[customer]
        if told["occurred_at"] <= self.erased.get(customer, -1):
            return
        mine = self.held.setdefault(customer, Held())
        if origin in mine.origins:
            return
        theirs = self.handed.get(origin, Held())
        mine.origins |= {origin, *theirs.origins}
        mine.seen |= theirs.seen
        mine.n += theirs.n
        mine.chain = (mine.chain * PRIME + theirs.chain) & MASK


class Held:
    """What one journey has heard, and whose it has taken in."""

    def __init__(self) -> None:
        self.n, self.chain = 0, 0
        self.seen: set[str] = set()
        self.origins: set[str] = set()


def expected(logs: Sequence[Sequence[Record]]) -> list[dict[bytes, Chain]]:
    """(n, chain) per customer in each partition.

    Journeys move between partitions, each carrying what others had brought it: gone over until
    nothing changes, once per merge in a row at most.

    Args:
        logs: what a committed reader finds in each partition.
    """
    handed: dict[str, Held] = {}
    for _ in range(_ROUNDS_MAX):
        told = [Told(number, len(logs), handed) for number in range(len(logs))]
        for one, records in zip(told, logs, strict=True):
            for record in records:
                one.hear(record)
        left = {origin: held for one in told for origin, held in one.left.items()}
        before = {origin: (held.n, held.chain) for origin, held in handed.items()}
        handed = left
        if before == {origin: (held.n, held.chain) for origin, held in left.items()}:
            break
    return [
        {customer.encode(): (held.n, held.chain) for customer, held in one.held.items()}
        for one in told
    ]
