"""The store on disk: which copies it does not trust, and what it does about them."""

import asyncio
import logging

import pytest

from streams.kafka import disk_store
from streams.kafka.disk_journeys import DamagedStore
from tests.kafka.disk import LOG, House, filled, journey


def told(caplog) -> list[str]:
    """What was said of copies made anew."""
    return [r.getMessage() for r in caplog.records if "made anew" in r.getMessage()]


async def _wiped(house: House) -> None:
    for path in (house.folder / "worker-0" / "log" / "0").iterdir():
        path.unlink()


async def _ahead(house: House) -> None:
    house.world.logs[LOG] = house.world.logs[LOG][:4]


async def _made_again(house: House) -> None:
    house.topic = "id-2"


async def _unnumbered(house: House) -> None:
    house.topic = ""


async def _left_alone(house: House) -> None:
    house.wall_s += disk_store.TRUSTED_S + 60


async def _truncated(house: House) -> None:
    for path in (house.folder / "worker-0" / "log" / "0").glob("MANIFEST*"):
        path.write_bytes(path.read_bytes()[:20])


async def _scrambled(house: House) -> None:
    for path in (house.folder / "worker-0" / "log" / "0").glob("*.sst"):
        content = bytearray(path.read_bytes())
        content[5:200] = bytes(195)
        path.write_bytes(content)


async def _of_tomorrow(house: House) -> None:
    store, _ = await house.started()
    store.journeys.write(b"\xc1")
    house.stopped(store)


async def _headless(house: House) -> None:
    store, _ = await house.started()
    store.journeys._db.delete(b"h")
    house.stopped(store)


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (_ahead, "it stands at 12, and the log is 0..4"),
        (_made_again, "it is of another topic of that name"),
        (_unnumbered, "it is of another topic of that name"),
        (_left_alone, "it has not followed its log for 20 hours"),
        (_truncated, "it cannot be read"),
        (_scrambled, "it cannot be read"),
        (_of_tomorrow, "another version wrote it"),
        (_headless, "nothing in it says where it stands"),
    ],
)
def test_a_copy_that_cannot_be_trusted_is_made_anew(house, caplog, harm, reason):
    """From the whole changelog, and that is said in one line with the reason."""

    async def story() -> None:
        caplog.set_level(logging.INFO, "throughline.worker")
        await filled(house)
        await harm(house)
        store, count = await house.started()
        left = min(10, house.world.end(LOG))
        assert count >= left
        assert dict(store.journeys) == {b"c%d" % n: journey(n) for n in range(left)}
        assert len(told(caplog)) == 1
        assert reason in told(caplog)[0]
        house.stopped(store)

    asyncio.run(story())


def test_one_that_was_wiped_is_simply_made(house, caplog):
    """Nothing there is nothing to distrust."""

    async def story() -> None:
        caplog.set_level(logging.INFO, "throughline.worker")
        await filled(house)
        await _wiped(house)
        store, count = await house.started()
        assert (count, len(store.journeys)) == (11, 10)
        assert not told(caplog)
        house.stopped(store)

    asyncio.run(story())


def test_damage_met_while_working_ends_the_worker_and_the_next_start_makes_it_anew(house, caplog):
    """A journey that cannot be read is not taken for one that is not there."""

    async def story() -> None:
        caplog.set_level(logging.INFO, "throughline.worker")
        await filled(house)
        store, _ = await house.started()
        store.journeys._db.close()
        with pytest.raises(DamagedStore):
            store.journeys.get(b"c1")
        house.stopped(store)
        store, count = await house.started()
        assert (count, len(store.journeys)) == (11, 10)
        assert "found damaged" in told(caplog)[0]
        house.stopped(store)
        _, count = await house.started()
        assert count == 0

    asyncio.run(story())
