"""Reading the changelog and the source: batches without a hole, seeks, markers, bounds, offsets."""

import pytest

from streams.kafka.ports import Abandoned, Entry, TopicPartition
from tests.kafka.port_contract.world import World, eventually


class Reads(World):
    """What a changelog and a source promise their readers."""

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
