"""The ports over logs in memory: changelog and writer of a lane, clock of a worker.

``tests/simulation/test_fakes_keep_the_contract.py`` and ``tests/live/test_kafka_keeps_the_contract``
run the same list of promises against these and against the adapters that speak to Kafka.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence

from streams.engine.partitioning import partition_of
from streams.engine.record import Record, Send
from streams.kafka.ports import (
    Bounds,
    Entry,
    Fenced,
    NotDurable,
    TooLarge,
    TopicPartition,
    Unsure,
)
from streams.kafka.store import lease_headers
from tests.simulation import log as logs
from tests.simulation.load import EPOCH_MS
from tests.simulation.loop import Loop
from tests.simulation.net import Net, Reply, Unanswered

_PORTION_RECORDS = 9


class SimClock:
    """``ports.Clock`` in virtual time.

    Args:
        loop: whose time.
        skew_ms: by how much this machine's wall clock is wrong.
    """

    def __init__(self, loop: Loop, skew_ms: int = 0):
        self._loop, self._skew_ms = loop, skew_ms

    def monotonic_s(self) -> float:
        return self._loop.now

    def wall_ms(self) -> int:
        return EPOCH_MS + int(self._loop.now * 1_000) + self._skew_ms

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class SimChangelog:
    """``ports.Changelog`` of one partition."""

    def __init__(self, net: Net, log: logs.Log):
        self._net, self._log = net, log

    async def bounds(self) -> Bounds:
        return await self._net.call("bounds", lambda reply: reply(self._log.bounds()))

    async def read(self, start: int, end: int) -> AsyncIterator[tuple[Sequence[Record], int]]:
        while start < end:
            records, start = await self._net.call(
                "read", lambda reply, at=start: reply(self._log.read(at, _PORTION_RECORDS, end))
            )
            yield records, start


class SimWriter:
    """``ports.Writer`` of one lane, with or without transactions.

    Args:
        net, broker: the way to the logs, and the logs.
        changelog: of the lane.
        transactional_id: names application, topic and partition; None without transactions.
        partitions: how many a logical topic has.
        prefix: of real topic names.
        batch_bytes: most bytes of one RecordBatch on the client's side.
        sent: told topic and records of whatever is acknowledged.
    """

    def __init__(
        self,
        net: Net,
        broker: logs.Logs,
        changelog: TopicPartition,
        transactional_id: str | None,
        partitions: Callable[[str], int],
        prefix: str = "cx.",
        batch_bytes: int = 100_000,
    ):
        self.transactional = transactional_id is not None
        self._net, self._broker, self._changelog = net, broker, changelog
        self._id, self._partitions, self._prefix = transactional_id, partitions, prefix
        self._batch_bytes = batch_bytes
        self._epoch: int | None = None
        self._unanswered = False

    async def fence(self) -> None:
        if self._id is None:
            return

        def init(reply: Reply) -> None:
            self._broker.init_producer(self._id, reply)

        self._epoch = await self._ask("fence", init)
        self._unanswered = False

    async def begin(self) -> None:
        """The broker hears of it with the first record."""
        if self._unanswered:
            raise Unsure

    async def send(self, sends: Sequence[Send]) -> None:
        groups: dict[TopicPartition, list[logs.Entry]] = {}
        for send in sends:
            count = self._partitions(send.topic)
            if send.partition is not None:
                partition = send.partition % count
            else:
                partition = partition_of(send.key, count) if send.key is not None else 0
            entry = logs.Entry(send.key, send.value, tuple(send.headers), send.timestamp_ms)
            tp = TopicPartition(self._prefix + send.topic, partition)
            groups.setdefault(tp, []).append(entry)
        await self._all([self._produce(tp, group) for tp, group in groups.items()])

    async def fits(self, entries: Sequence[Entry], lease: int) -> bool:
        return self.transactional or len(self._batches(entries, lease)) == 1

    async def append(self, entries: Sequence[Entry], lease: int) -> int:
        batches = self._batches(entries, lease)
        if len(batches) > 1 and not self.transactional:
            raise TooLarge
        return (await self._all([self._produce(self._changelog, *batches)]))[0]

    def _batches(self, entries: Sequence[Entry], lease: int) -> list[list[logs.Entry]]:
        headers = tuple(lease_headers(lease))
        batches: list[list[logs.Entry]] = [[]]
        room = self._batch_bytes
        for key, value in entries:
            entry = logs.Entry(key, value, headers)
            size = entry.size_bytes()
            if size > room and batches[-1]:
                batches.append([])
                room = self._batch_bytes
            room -= size
            batches[-1].append(entry)
        return batches

    async def commit(self) -> None:
        await self._end("commit", "committed")

    async def abort(self) -> None:
        with contextlib.suppress(TimeoutError, NotDurable, Fenced):  # best effort, says the port
            await asyncio.wait_for(self._end("abort", "aborted"), 2.0)

    async def close(self) -> None:
        """Nothing is held."""

    async def _end(self, what: str, outcome: str) -> None:
        if self._id is None:
            return

        epoch = self._epoch  # of the one who asks, whenever it arrives

        def end(reply: Reply) -> None:
            self._broker.end(self._id, epoch, outcome)
            reply(None)

        await self._ask(what, end)

    def _asked_again(self) -> None:
        self._unanswered = True

    def _produce(self, tp: TopicPartition, *batches: list[logs.Entry]) -> asyncio.Future:
        """Batches of one partition go one after the other; the base offset of the first."""
        log, epoch = self._broker.log(tp), self._epoch

        def put(reply: Reply) -> None:
            if self._id is None:
                reply(log.append(*batches))  # without a transaction it is one batch
                return
            try:
                transaction = self._broker.transact(self._id, epoch)
            except logs.Unfinished:
                self._broker.when_ended(self._id, lambda: _guard(put, reply))
                return
            bases = [log.append(batch, transaction) for batch in batches]
            reply(bases[0])

        what = "append" if tp is self._changelog else "send"
        return self._net.call(what, lambda reply: _guard(put, reply))

    async def _all(self, futures: list[asyncio.Future]) -> list:
        if len(futures) == 1:
            try:
                return [await futures[0]]
            except Exception as fault:
                raise _translated(fault) from fault
        results = await asyncio.gather(*futures, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise _translated(result) from result
        return results

    async def _ask(self, what: str, do: Callable[[Reply], None]):
        try:
            return await self._net.call(what, lambda reply: _guard(do, reply), self._asked_again)
        except Exception as fault:
            raise _translated(fault) from fault


def _guard(do: Callable[[Reply], None], reply: Reply) -> None:
    """What the broker refuses is an answer, too."""
    try:
        do(reply)
    except (logs.ProducerFenced, logs.RecordTooLarge) as refused:
        reply(refused)


def _translated(fault: BaseException) -> BaseException:
    """The broker's refusals in the words of the ports."""
    if isinstance(fault, logs.ProducerFenced):
        return Fenced()
    if isinstance(fault, logs.RecordTooLarge):
        return NotDurable(f"{fault}: a batch is larger than max.message.bytes")
    if isinstance(fault, Unanswered):
        return NotDurable(f"{fault}: no answer")
    return fault
