"""The same worker on the embedded broker: no transactions, no admin calls, topics by touching."""

import asyncio
import time

from streams.kafka.broker.embedded import FETCH_MAX_WAIT_MS, EmbeddedBroker
from tests.live.workers import Deployment, caught_up, oracle, produce, terminate, wait_for

SETTINGS = {
    "delivery": "effectively_once",
    "topics": "auto",
    "fetch_wait_ms": FETCH_MAX_WAIT_MS,
    "changelog_batch_bytes": 1_000_000,
}


def cpu_s(process) -> float:
    """Processor seconds a process has used."""
    with open(f"/proc/{process.pid}/stat") as stat:
        fields = stat.read().split()
    return (int(fields[13]) + int(fields[14])) / 100


def test_the_embedded_broker_carries_a_worker_through_a_restart(tmp_path):
    """A backlog, live traffic and a restart: exact, alerts said once; idle, it does not spin."""

    async def story(place) -> None:
        await place.prepare()
        await produce(place, 3_000)
        first = place.start()
        await caught_up(place)
        assert await asyncio.to_thread(terminate, first) == 0
        second = place.start()
        await asyncio.to_thread(wait_for, second, "running 12")
        await produce(place, 2_000, rate=1_000)
        await caught_up(place)
        before_s, began_s = cpu_s(second), time.monotonic()
        await asyncio.sleep(2)
        share = (cpu_s(second) - before_s) / (time.monotonic() - began_s)
        assert share < 0.35, f"an idle worker uses {share:.0%} of a core"
        assert await asyncio.to_thread(terminate, second) == 0
        await oracle(place)

    with EmbeddedBroker() as broker:
        place = Deployment(broker.bootstrap, tmp_path, **SETTINGS)
        try:
            asyncio.run(story(place))
        except BaseException:
            print(place.logs())
            raise
        finally:
            place.close()
