"""Making an outcome durable: steps 3 and 4 of the protocol, for one partition.

Alerts and dead letters are acknowledged before the journeys that caused them. So a crash in
between leaves journeys and progress where they were: the batch is read again and the same alerts
come out under the same ids. The other way round, progress would skip the records whose alerts
never left.

``exactly_once``: both steps are one transaction under an id that names application, topic and
partition. A later owner's start cuts an earlier one off.

``effectively_once``: no fence, so three looser holds instead. Before each step, our generation must
be the current one and the group must have confirmed us recently. Every record names its lease, and
an owner puts its lease into the changelog before it writes anything. The offset the broker returns
for our batch tells whether somebody else wrote in between; if so, what they overwrote is written
again. A lane with nothing to write looks from time to time.
"""

from collections.abc import Sequence

from streams.engine.record import Record
from streams.kafka.ports import (
    Abandoned,
    Changelog,
    Clock,
    Entry,
    Limits,
    Membership,
    Outcome,
    Pair,
    TooLarge,
    Writer,
)
from streams.kafka.refusal import Refusal
from streams.kafka.steps import Reached
from streams.kafka.store import LEASE_KEY, META_KEY, JourneyStore, lease_of


class Commit:
    """The commit protocol of one partition.

    Args:
        writer, changelog, store: of this partition.
        membership, clock, limits: see ``ports``.
        generation: the group generation in which the partition was assigned.
        reached: crash-point hook.
    """

    def __init__(
        self,
        writer: Writer,
        changelog: Changelog,
        store: JourneyStore,
        membership: Membership,
        clock: Clock,
        limits: Limits,
        generation: int,
        reached: Reached,
    ):
        self.writer = writer
        self.generation = generation
        self.given_up = False  # the lane is being released and must not wait any longer
        self.double_writers = 0  # times another writer was met in our changelog
        self.mended_keys = 0
        self._changelog, self._store = changelog, store
        self._membership, self._clock, self._limits = membership, clock, limits
        self._reached = reached
        self._foreign_from: int | None = None
        self._lease = 0  # in transactions: what we write under

    @property
    def met_another(self) -> bool:
        """Another writer was met in our changelog; it is not known yet who is to be believed."""
        return self._foreign_from is not None

    async def claim(self) -> None:
        """Take the next lease; without a fence, write it down before anything else is written."""
        while True:
            lease = self._store.lease + 1
            if self.writer.transactional:
                # The store goes by what is written: a lease that nobody has seen, in a store that
                # is held until the partition comes back, would make us disbelieve who had it since.
                self._lease = lease
                return
            await self.sure()
            end = self._store.next_offset
            note = f"generation {self.generation}".encode()
            base = await self.writer.append([Entry(LEASE_KEY, note)], lease)
            if base == end:
                self._store.lease = lease
                self._store.next_offset = base + 1
                self._reached("lane.claimed")
                await self._write_over_stale()
                return
            # Somebody wrote between our reading and our claim: read that too, and claim again.
            await self._store.restore(self._changelog)

    async def durable(self, outcome: Outcome) -> None:
        """Return once alerts, journeys and progress are acknowledged (and committed).

        Raises:
            TooLarge: nothing was kept; try a smaller batch.
            Abandoned: the partition is no longer ours; nothing of the journeys was written.
            NotDurable, Fenced: nothing was committed; the process must not go on.
        """
        entries = self._store.entries(outcome)
        if self.writer.transactional:
            await self._in_transaction(outcome, entries)
        else:
            await self._one_by_one(outcome, entries)

    async def _in_transaction(self, outcome: Outcome, entries: list[Pair]) -> None:
        writer = self.writer
        await writer.begin()
        try:
            if outcome.sends:
                await writer.send(outcome.sends)
            self._reached("sends.acked")
            self._reached("journeys.begun")
            base = await writer.append(entries, self._lease)
            self._reached("journeys.acked")
        except Exception:
            await writer.abort()
            raise
        await writer.commit()
        self._reached("transaction.committed")
        self._store.lease = self._lease
        self._store.next_offset = max(self._store.next_offset, base + len(entries))

    async def note(self, outcome: Outcome) -> None:
        """Write down that a wake is taken, before any of its alerts leaves; no transaction does it.

        A batch that dies between its alerts and its journeys is read again and says the same. A
        wake is not read from anywhere: by the time the next owner wakes, touchpoints may have come
        that change what it would say. With the step in the progress, that owner first fires what
        the watermark has passed.
        """
        if self.writer.transactional or not outcome.sends:
            return
        await self.sure()
        base = await self.writer.append([Entry(META_KEY, outcome.meta)], self._store.lease)
        if self._follows(base, 1):
            self._store.meta = outcome.meta
        await self.mend()  # whoever was taken over learns it here, before anything leaves

    async def _one_by_one(self, outcome: Outcome, entries: list[Pair]) -> None:
        if outcome.sends:
            if not await self.writer.fits(entries, self._store.lease):
                raise TooLarge  # now, or its alerts would leave again with each smaller batch
            await self.sure()
            await self.writer.send(outcome.sends)
        self._reached("sends.acked")
        await self.sure()
        self._reached("journeys.begun")
        base = await self.writer.append(entries, self._store.lease)
        self._reached("journeys.acked")
        self._follows(base, len(entries))

    def _follows(self, base: int, count: int) -> bool:
        """Whether a batch of ours came right after what we know of the changelog.

        If not, what lies between is unread, and our knowledge still ends before it: should the
        partition be taken from us now and come back, it is restored from there.
        """
        expected = self._store.next_offset
        if base == expected:
            self._store.next_offset = base + count
        elif self._foreign_from is None:
            self._foreign_from = expected
        return base == expected

    async def sure(self) -> None:
        """Wait until we know that the partition is still ours; never write on a stale belief."""
        while True:
            if self.given_up or self._membership.generation() != self.generation:
                raise Abandoned
            if self._membership.alive_age_s() <= self._limits.alive_within_s:
                return
            await self._clock.sleep(0.1)

    async def patrol(self) -> None:
        """Look whether somebody else has written to our changelog while we had nothing to write.

        Without this a stale record could stay the last of its key until compaction removed the good
        one before it.
        """
        bounds = await self._changelog.bounds()
        if bounds.end > self._store.next_offset:
            self._foreign_from = self._store.next_offset
            await self.mend()

    async def mend(self) -> None:
        """After ``settle``: if another writer was met, write our values over theirs.

        Raises:
            Refusal: they hold a higher lease, so the one that should not be here is us.
        """
        while self._foreign_from is not None:
            start, self._foreign_from = self._foreign_from, None
            keys, highest = await self._foreign(start)
            if highest > self._store.lease:
                raise Refusal(
                    "superseded",
                    "Another worker has taken this partition over and is writing to it.",
                    f"The changelog holds records of lease {highest}; ours is {self._store.lease}: "
                    "this process was paused or cut off for longer than the session timeout.",
                    "Nothing to do: it stops, and comes back clean when it is restarted.",
                )
            if not keys:
                return  # only our own records: the broker had no offset to tell us
            self._store.stale_keys |= keys
            await self._write_over_stale()

    async def _write_over_stale(self) -> None:
        """A record that is not believed must not stay the last one of its key: in time compaction
        would remove the good one before it, and with it a customer, or all progress.

        Whoever met it may go before it is written over; the next owner restores past it, and does.
        """
        if not self._store.stale_keys:
            return
        self.double_writers += 1
        entries = self._store.mended(self._store.stale_keys)
        await self.sure()
        self._follows(await self.writer.append(entries, self._store.lease), len(entries))
        self.mended_keys += len(entries)
        self._store.stale_keys = set()

    async def _foreign(self, start: int) -> tuple[set[bytes], int]:
        """Keys written since ``start`` under another lease than ours, and the highest lease."""
        bounds = await self._changelog.bounds()
        keys: set[bytes] = set()
        highest = 0
        records: Sequence[Record]
        async for records, _ in self._changelog.read(max(start, bounds.start), bounds.end):
            for record in records:
                lease = lease_of(record)
                highest = max(highest, lease)
                if lease != self._store.lease and record.key is not None:
                    keys.add(record.key)
        self._store.next_offset = max(self._store.next_offset, bounds.end)
        return keys, highest
