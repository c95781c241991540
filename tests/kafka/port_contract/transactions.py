"""Writing in transactions: what is seen of them and when, and how an outlived owner is cut off."""

import pytest

from streams.kafka.ports import Entry, Fenced, NotDurable
from tests.kafka.port_contract.world import (
    TOO_MUCH,
    World,
    alert,
    entries_of,
    eventually,
    in_a_transaction,
)


class Transactions(World):
    """What a transactional writer promises."""

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
