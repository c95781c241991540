"""One producer for all lanes: whoever has to wait for it gets its turn."""

import asyncio

from streams.engine.record import Send
from streams.kafka.broker.embedded import EmbeddedBroker
from streams.kafka.writer import SharedProducer, SharedWriter
from streams.settings import Settings

LANES, EACH = 16, 4


def test_many_lanes_that_write_to_one_partition_all_get_through():
    """Even if each is busy meanwhile, and all of them together take longer than the producer lets
    one wait: no lane is passed over until its time is up."""

    async def run(bootstrap: str) -> list[None]:
        settings = Settings(broker=bootstrap, prefix="cx", delivery="effectively_once")
        shared = SharedProducer(settings)
        (await shared.get())._request_timeout_ms = 1_000
        try:
            return await asyncio.gather(*(lane(settings, shared, n) for n in range(LANES)))
        finally:
            await shared.close()

    async def lane(settings: Settings, shared: SharedProducer, number: int) -> None:
        writer = SharedWriter(settings, shared, "cx-changelog", number)
        for batch in range(EACH):
            busy_until_s = asyncio.get_running_loop().time() + 0.03
            while asyncio.get_running_loop().time() < busy_until_s:
                pass
            await writer.send([Send("told", b"k", b"%d.%d" % (number, batch), (), 0)])

    with EmbeddedBroker({"cx.told": 1}) as broker:
        assert asyncio.run(run(broker.bootstrap)) == [None] * LANES
