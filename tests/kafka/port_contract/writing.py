"""Writing alerts and journeys without transactions: one RecordBatch is what stands together."""

import pytest

from streams.kafka.ports import Entry, TooLarge
from streams.kafka.store import lease_of
from tests.kafka.port_contract.world import BATCH_BYTES, TOO_MUCH, World, alert, entries_of


class Writing(World):
    """What a writer without transactions promises."""

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
