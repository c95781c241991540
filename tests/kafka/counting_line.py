"""A small honest line for testing the shell without the engine.

Per customer it keeps how many touchpoints it took in, a 64-bit rolling hash of their offsets (so
that loss, doubling and reordering all show), and at most one timer. Every tenth touchpoint of a
customer is an alert; a timer that fires is an alert too. The oracle at the end recomputes all of it
from the log in a dozen lines that share no code with the shell.
"""

import hashlib
from collections.abc import Iterable, MutableMapping, Sequence

import msgspec

from streams.engine.record import Record, Send

_MASK = (1 << 64) - 1


class Chain(msgspec.Struct):
    """What is kept of one customer."""

    n: int = 0
    chain: int = 0
    due_ms: int | None = None


class Progress(msgspec.Struct):
    """The partition's progress record."""

    next: int
    watermark_ms: int = 0


class CountingOutcome:
    """The shell's ``Outcome``, as a plain object."""

    __slots__ = ("changed", "counts", "meta", "next_offset", "sends")

    def __init__(self) -> None:
        self.sends: list[Send] = []
        self.changed: dict[bytes, bytes | None] = {}
        self.meta = b""
        self.next_offset = 0
        self.counts: dict[str, int] = {}


class CountingDesk:
    """Live chains over an encoded baseline."""

    def __init__(
        self, partition: int, progress: Progress | None, journeys: MutableMapping[bytes, bytes]
    ):
        self.partition = partition
        self.journeys = journeys
        self.live: dict[bytes, Chain] = {}
        self.next_offset = progress.next if progress else 0
        self.watermark_ms = progress.watermark_ms if progress else 0
        self.next_due_ms: int | None = None
        self.due: dict[bytes, int] = {}
        for key, value in journeys.items():
            chain = msgspec.msgpack.decode(value, type=Chain)
            if chain.due_ms is not None:
                self.due[key] = chain.due_ms
        self.settled_watermark_ms = self.watermark_ms

    def chain(self, key: bytes) -> Chain:
        """The live chain of a customer, decoded when first touched."""
        chain = self.live.get(key)
        if chain is None:
            encoded = self.journeys.get(key)
            chain = msgspec.msgpack.decode(encoded, type=Chain) if encoded else Chain()
            self.live[key] = chain
        return chain

    def rollback(self) -> None:
        """Forget everything not settled."""
        self.live.clear()
        self.watermark_ms = self.settled_watermark_ms


def link(chain: int, offset: int) -> int:
    """The next hash of a chain of offsets."""
    digest = hashlib.blake2b(b"%d:%d" % (chain, offset), digest_size=8).digest()
    return int.from_bytes(digest, "big") & _MASK


def alert(key: bytes, n: int, chain: int) -> Send:
    """The alert of a customer's tenth, twentieth, … touchpoint."""
    value = b'{"customer":"%s","n":%d,"chain":%d}' % (key, n, chain)
    return Send("alerts.effort.v1", key, value, (("kind", b"tenth"),), 1_000)


class CountingLine:
    """The line; ``widest`` bounds how many journeys one wake may change, and a value that holds
    ``crash_on`` makes it fail."""

    def __init__(self, widest: int = 100, crash_on: bytes = b"POISON"):
        self._widest = widest
        self._crash_on = crash_on

    def open(
        self, partition: int, meta: bytes | None, journeys: MutableMapping[bytes, bytes]
    ) -> CountingDesk:
        progress = msgspec.msgpack.decode(meta, type=Progress) if meta else None
        return CountingDesk(partition, progress, journeys)

    def run(
        self, desk: CountingDesk, records: Sequence[Record], next_offset: int
    ) -> CountingOutcome:
        outcome = CountingOutcome()
        touched: set[bytes] = set()
        for record in records:
            if record.value is not None and self._crash_on in record.value:
                raise ValueError("this record crashes the line")
            key = record.key or b""
            chain = desk.chain(key)
            chain.n += 1
            chain.chain = link(chain.chain, record.offset)
            if record.value is not None and record.value.startswith(b"due="):
                chain.due_ms = int(record.value[4:])
            touched.add(key)
            desk.watermark_ms = max(desk.watermark_ms, record.timestamp_ms)
            if chain.n % 10 == 0:
                outcome.sends.append(alert(key, chain.n, chain.chain))
        return self._finish(desk, outcome, touched, next_offset, {"touchpoints": len(records)})

    def wake(self, desk: CountingDesk, wall_ms: int) -> CountingOutcome | None:
        due = sorted(key for key, due_ms in desk.due.items() if due_ms <= wall_ms)[: self._widest]
        if not due:
            return None
        outcome = CountingOutcome()
        for key in due:
            chain = desk.chain(key)
            value = b'{"customer":"%s","due_ms":%d}' % (key, chain.due_ms or 0)
            outcome.sends.append(Send("alerts.friction.v1", key, value, (), chain.due_ms or 0))
            chain.due_ms = None
        return self._finish(desk, outcome, set(due), desk.next_offset, {"timers": len(due)})

    def _finish(
        self,
        desk: CountingDesk,
        outcome: CountingOutcome,
        touched: Iterable[bytes],
        next_offset: int,
        counts: dict[str, int],
    ) -> CountingOutcome:
        encode = msgspec.msgpack.encode
        outcome.changed = {key: encode(desk.live[key]) for key in sorted(touched)}
        outcome.next_offset = next_offset
        outcome.meta = encode(Progress(next_offset, desk.watermark_ms))
        outcome.counts = counts
        return outcome

    def settle(self, desk: CountingDesk, outcome: CountingOutcome) -> None:
        for key, value in outcome.changed.items():
            if value is None:
                desk.journeys.pop(key, None)
                continue
            desk.journeys[key] = value
            due_ms = desk.live[key].due_ms
            if due_ms is None:
                desk.due.pop(key, None)
            else:
                desk.due[key] = due_ms
        desk.next_due_ms = min(desk.due.values(), default=None)
        desk.next_offset = outcome.next_offset
        desk.settled_watermark_ms = desk.watermark_ms


def expected(
    log: Iterable[tuple[bytes, int]],
) -> tuple[dict[bytes, tuple[int, int]], list[tuple[bytes, int]]]:
    """The oracle: (n, chain) per customer and the alerts as (customer, n), from (key, offset)."""
    chains: dict[bytes, tuple[int, int]] = {}
    alerts: list[tuple[bytes, int]] = []
    for key, offset in log:
        n, chain = chains.get(key, (0, 0))
        digest = hashlib.blake2b(b"%d:%d" % (chain, offset), digest_size=8).digest()
        n, chain = n + 1, int.from_bytes(digest, "big")
        chains[key] = (n, chain)
        if n % 10 == 0:
            alerts.append((key, n))
    return chains, alerts
