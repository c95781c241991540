"""What lanes lean on, as one list of promises, asked of every world that lanes live in.

The fakes of the simulation (``tests/simulation/test_fakes_keep_the_contract.py``) and a real Kafka
behind the real adapters (``tests/live/test_kafka_keeps_the_contract.py``) run the same list. So
what is proven in the one world holds in the other, as far as the list goes: whoever finds a
behaviour that the protocol needs adds it here first.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

import pytest

from streams.engine.record import Record, Send
from streams.kafka.ports import (
    Abandoned,
    Batch,
    Changelog,
    Entry,
    Fenced,
    NotDurable,
    Source,
    TooLarge,
    TopicPartition,
    Writer,
)
from streams.kafka.store import lease_of

ALERTS = "alerts.effort.v1"

#: Larger than one RecordBatch may be in these worlds, in small entries.
TOO_MUCH = [Entry(b"k%d" % n, b"x" * 2_000) for n in range(60)]
BATCH_BYTES = 65_536

_PATIENCE_S = 20.0


class Reading(Protocol):
    """A consumer that is the only member of its group, with somebody to take its batches."""

    source: Source

    async def batch(self) -> Batch:
        """The next batch of the source partition."""

    async def commit(self, offset: int) -> None:
        """Commit the group's offset of the source partition."""


class Place(Protocol):
    """One deployment with one partition, in one world, with names of its own."""

    tp: TopicPartition
    changelog: Changelog

    def writer(self, transactional: bool) -> Writer:
        """A producer of the lane; each call gives another instance, as another process would."""

    async def produce(self, values: Sequence[bytes]) -> None:
        """Somebody writes to the source topic."""

    async def produce_in_transaction(self, values: Sequence[bytes]) -> Callable[[bool], Awaitable]:
        """Somebody writes to it in a transaction; ends it, committed or not, when called, and waits
        for the marker."""

    async def alerts(self) -> list[bytes]:
        """Values a committed reader finds in the alerts topic."""

    async def delete_before(self, offset: int) -> None:
        """Retention removes the source's records below an offset."""

    def reading(self) -> AbstractAsyncContextManager[Reading]:
        """A consumer of the source topic, assigned."""


def alert(value: bytes) -> Send:
    """One alert."""
    return Send(ALERTS, b"c1", value, (("kind", b"test"),), 1_000)


async def in_a_transaction(writer: Writer, entries: Sequence[Entry]) -> None:
    """Begin one and write to it."""
    await writer.begin()
    await writer.append(entries, 1)


async def entries_of(changelog: Changelog) -> list[Record]:
    """All that a restore would read."""
    bounds = await changelog.bounds()
    return [
        record
        async for records, _ in changelog.read(bounds.start, bounds.end)
        for record in records
    ]


async def eventually(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so; what is decided need not show at once."""
    for _ in range(int(_PATIENCE_S / 0.05)):
        if await is_so():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never came to be")


class PortContract(ABC):
    """The list. A world is a subclass that says how to make a place and run a coroutine."""

    @abstractmethod
    async def place(self) -> Place:
        """A new place, its topics made."""

    @abstractmethod
    def run(self, story: Coroutine[Any, Any, None]) -> None:
        """Run a story to its end."""

    # -- writing without transactions -----------------------------------------------------------

    def test_a_batch_stands_together_at_the_offset_it_is_told(self):
        """An append is one RecordBatch: consecutive offsets from the base that is returned, so that
        the next base tells whether anybody else wrote in between."""

        async def story() -> None:
            place = await self.place()
            one, other = place.writer(False), place.writer(False)
            assert await one.append([Entry(b"a", b"1"), Entry(b"b", b"1")], 1) == 0
            assert await one.append([Entry(b"a", b"2")], 1) == 2
            assert await other.append([Entry(b"b", b"2"), Entry(b"b", b"3")], 2) == 3
            assert await one.append([Entry(b"a", None)], 1) == 5
            found = [(r.offset, r.key, r.value) for r in await entries_of(place.changelog)]
            assert found == [
                (0, b"a", b"1"), (1, b"b", b"1"), (2, b"a", b"2"),
                (3, b"b", b"2"), (4, b"b", b"3"), (5, b"a", None),
            ]  # fmt: skip
            await one.close()
            await other.close()

        self.run(story())

    def test_every_changelog_record_names_its_lease(self):
        """Readers tell an outlived owner's record by it."""

        async def story() -> None:
            place = await self.place()
            writer = place.writer(False)
            await writer.append([Entry(b"a", b"1"), Entry(b"b", None)], 7)
            await writer.append([Entry(b"a", b"2")], 8)
            assert [lease_of(r) for r in await entries_of(place.changelog)] == [7, 7, 8]
            await writer.close()

        self.run(story())

    def test_what_does_not_fit_one_batch_leaves_no_trace(self):
        """Without transactions a RecordBatch is what is atomic: too much is refused whole."""

        async def story() -> None:
            place = await self.place()
            writer = place.writer(False)
            assert not await writer.fits(TOO_MUCH, 1)
            with pytest.raises(TooLarge):
                await writer.append(TOO_MUCH, 1)
            assert (await place.changelog.bounds()).end == 0
            assert await writer.fits([Entry(b"a", b"1")], 1)
            assert await writer.append([Entry(b"a", b"1")], 1) == 0
            await writer.close()

        self.run(story())

    def test_what_is_said_to_fit_is_taken_up_to_the_last_byte(self):
        """``fits`` and ``append`` agree where it becomes tight."""

        async def story() -> None:
            place = await self.place()
            writer = place.writer(False)
            fitted = 0
            for size in range(BATCH_BYTES - 400, BATCH_BYTES + 20, 20):
                entries = [Entry(b"a", b"x" * (size // 2)), Entry(b"b", b"x" * (size // 2))]
                if await writer.fits(entries, 1):
                    await writer.append(entries, 1)
                    fitted += 1
                else:
                    with pytest.raises(TooLarge):
                        await writer.append(entries, 1)
            assert 0 < fitted < 21
            await writer.close()

        self.run(story())

    def test_alerts_keep_their_order_their_key_and_their_headers(self):
        """What was sent in order is read in order, per partition."""

        async def story() -> None:
            place = await self.place()
            writer = place.writer(False)
            await writer.send([alert(b"%d" % n) for n in range(20)])
            await writer.send([alert(b"last")])
            assert await place.alerts() == [*(b"%d" % n for n in range(20)), b"last"]
            await writer.close()

        self.run(story())

    # -- transactions ---------------------------------------------------------------------------

    def test_nothing_shows_before_the_commit_and_all_of_it_afterwards(self):
        """Alerts and journeys of a transaction become visible with it, however many batches."""

        async def story() -> None:
            place = await self.place()
            writer = place.writer(True)
            await writer.fence()
            await writer.begin()
            await writer.send([alert(b"1"), alert(b"2")])
            assert await writer.append(TOO_MUCH, 1) == 0
            assert (await place.changelog.bounds()).end == 0
            assert await place.alerts() == []
            await writer.commit()

            async def all_there() -> bool:
                return len(await entries_of(place.changelog)) == len(
                    TOO_MUCH
                ) and await place.alerts() == [b"1", b"2"]

            await eventually(all_there)
            await writer.close()

        self.run(story())

    def test_markers_take_offsets_that_no_reader_is_given(self):
        """A transaction ends in one marker per partition: the end lies past it, bases skip it, and
        a read up to the end arrives there without a record to show for it."""

        async def story() -> None:
            place = await self.place()
            writer = place.writer(True)
            await writer.fence()
            for number in range(3):
                await writer.begin()
                base = await writer.append([Entry(b"a", b"%d" % number), Entry(b"b", b"")], 1)
                assert base == 3 * number
                await writer.commit()

            async def marked() -> bool:
                return (await place.changelog.bounds()).end == 9

            await eventually(marked)
            positions = [at async for _, at in place.changelog.read(0, 9)]
            assert positions[-1] == 9
            assert [r.offset for r in await entries_of(place.changelog)] == [0, 1, 3, 4, 6, 7]
            await writer.close()

        self.run(story())

    def test_what_was_aborted_is_never_seen(self):
        """Neither alerts nor journeys; their offsets are used up all the same."""

        async def story() -> None:
            place = await self.place()
            writer = place.writer(True)
            await writer.fence()
            await writer.begin()
            await writer.send([alert(b"aborted")])
            await writer.append([Entry(b"a", b"aborted")], 1)
            await writer.abort()
            await writer.begin()
            await writer.send([alert(b"good")])
            assert await writer.append([Entry(b"a", b"good")], 1) == 2
            await writer.commit()

            async def good() -> bool:
                return (await place.changelog.bounds()).end == 4

            await eventually(good)
            assert [r.value for r in await entries_of(place.changelog)] == [b"good"]
            assert await place.alerts() == [b"good"]
            await writer.close()

        self.run(story())

    def test_a_new_owner_aborts_what_was_left_open_and_waits_for_what_was_committed(self):
        """Once it has fenced, the changelog's end is final: all that was committed is below it, and
        nothing of the earlier owner will ever appear."""

        async def story() -> None:
            place = await self.place()
            earlier = place.writer(True)
            await earlier.fence()
            await earlier.begin()
            await earlier.append([Entry(b"a", b"committed")], 1)
            await earlier.commit()
            await earlier.begin()
            await earlier.append([Entry(b"a", b"left open")], 1)
            later = place.writer(True)
            await later.fence()
            assert (await place.changelog.bounds()).end == 4
            assert [r.value for r in await entries_of(place.changelog)] == [b"committed"]
            await earlier.close()
            await later.close()

        self.run(story())

    def test_an_outlived_owner_can_neither_finish_nor_begin(self):
        """Its commit, its next write: ``Fenced`` (or refused), and nothing of it is ever seen."""

        async def story() -> None:
            place = await self.place()
            zombie, owner = place.writer(True), place.writer(True)
            await zombie.fence()
            await zombie.begin()
            await zombie.send([alert(b"stale")])
            await zombie.append([Entry(b"a", b"stale")], 1)
            await owner.fence()
            with pytest.raises(Fenced):
                await zombie.commit()
            with pytest.raises((Fenced, NotDurable)):
                await in_a_transaction(zombie, [Entry(b"a", b"stale again")])
            await owner.begin()
            await owner.append([Entry(b"a", b"good")], 2)
            await owner.commit()
            last = place.writer(True)
            await last.fence()
            assert [r.value for r in await entries_of(place.changelog)] == [b"good"]
            assert await place.alerts() == []
            for writer in (zombie, owner, last):
                await writer.close()

        self.run(story())

    # -- reading the changelog ------------------------------------------------------------------

    def test_a_read_may_begin_anywhere_and_ends_where_it_is_told(self):
        """Restores go on where an earlier one stopped."""

        async def story() -> None:
            place = await self.place()
            writer = place.writer(False)
            await writer.append([Entry(b"k", b"%d" % n) for n in range(30)], 1)
            portions = [portion async for portion in place.changelog.read(25, 30)]
            assert [r.value for records, _ in portions for r in records][-5:] == [
                b"25", b"26", b"27", b"28", b"29",
            ]  # fmt: skip
            assert portions[-1][1] == 30
            await writer.close()

        self.run(story())

    # -- the source -----------------------------------------------------------------------------

    def test_batches_follow_each_other_without_a_hole(self):
        """Each begins where the one before it ended, and names the seek it was fetched after."""

        async def story() -> None:
            place = await self.place()
            await place.produce([b"%d" % n for n in range(50)])
            async with place.reading() as reading:
                seek = await reading.source.seek(place.tp, 10)
                at, values = 10, []
                while at < 50:
                    batch = await reading.batch()
                    assert (batch.seek, batch.from_offset) == (seek, at)
                    assert batch.next_offset > at
                    values += [record.value for record in batch.records]
                    at = batch.next_offset
                assert values == [b"%d" % n for n in range(10, 50)]

        self.run(story())

    def test_seeks_are_numbered_and_begin_where_they_say(self):
        """A later seek has a greater number, and what comes under it begins at its offset, whatever
        had been fetched ahead."""

        async def story() -> None:
            place = await self.place()
            await place.produce([b"%d" % n for n in range(20)])
            async with place.reading() as reading:
                first = await reading.source.seek(place.tp, 0)
                await reading.batch()
                second = await reading.source.seek(place.tp, 5)
                assert second > first
                batch = await reading.batch()
                while batch.seek == first:  # handed over before the seek: a leftover
                    batch = await reading.batch()
                assert (batch.seek, batch.from_offset, batch.records[0].offset) == (second, 5, 5)

        self.run(story())

    def test_markers_and_aborted_records_are_passed_over_and_accounted_for(self):
        """They are in no batch, but ``next_offset`` of the batch, or ``position`` of the tail, lies
        past them: an unbroken chain, and a tail that is known to be caught up."""

        async def story() -> None:
            place = await self.place()
            await place.produce([b"0"])
            end = await place.produce_in_transaction([b"1", b"2"])
            await end(True)
            end = await place.produce_in_transaction([b"4"])
            await end(False)
            await place.produce([b"6"])
            end = await place.produce_in_transaction([b"7"])
            await end(False)
            async with place.reading() as reading:
                await reading.source.seek(place.tp, 0)
                at, offsets = 0, []
                while at < 7:
                    batch = await reading.batch()
                    assert batch.from_offset == at
                    offsets += [record.offset for record in batch.records]
                    at = batch.next_offset
                assert offsets == [0, 1, 2, 6]

                async def caught_up() -> bool:
                    tail = reading.source.tail(place.tp)
                    return tail.end == 9 and tail.position == 9 and tail.handed == at

                await eventually(caught_up)
                assert (await reading.source.bounds(place.tp))[:2] == (0, 9)

        self.run(story())

    def test_an_open_transaction_of_a_producer_holds_readers_back(self):
        """What comes after it waits, too; the readable end is where it begins. Then all comes."""

        async def story() -> None:
            place = await self.place()
            await place.produce([b"0"])
            end = await place.produce_in_transaction([b"1"])
            await place.produce([b"2"])
            async with place.reading() as reading:
                assert (await reading.source.bounds(place.tp)).end == 1
                await reading.source.seek(place.tp, 0)
                batch = await reading.batch()
                assert [record.value for record in batch.records] == [b"0"]
                await end(True)
                values = []
                while len(values) < 2:
                    values += [record.value for record in (await reading.batch()).records]
                assert values == [b"1", b"2"]

        self.run(story())

    def test_the_bounds_say_what_retention_has_left(self):
        """The first offset still there; reading may begin there."""

        async def story() -> None:
            place = await self.place()
            await place.produce([b"%d" % n for n in range(10)])
            await place.delete_before(4)
            async with place.reading() as reading:
                assert (await reading.source.bounds(place.tp))[:2] == (4, 10)
                await reading.source.seek(place.tp, 4)
                assert (await reading.batch()).records[0].offset == 4

        self.run(story())

    def test_the_groups_offset_is_none_until_one_is_committed(self):
        """And then it is the last one committed."""

        async def story() -> None:
            place = await self.place()
            await place.produce([b"%d" % n for n in range(10)])
            async with place.reading() as reading:
                assert await reading.source.committed(place.tp) is None
                await reading.source.seek(place.tp, 0)
                await reading.commit(3)
                await reading.commit(7)
                assert await reading.source.committed(place.tp) == 7

        self.run(story())

    def test_who_is_not_assigned_cannot_seek(self):
        """``Abandoned``: somebody else has it."""

        async def story() -> None:
            place = await self.place()
            async with place.reading() as reading:
                with pytest.raises(Abandoned):
                    await reading.source.seek(TopicPartition(place.tp.topic, 99), 0)

        self.run(story())
