"""An aiokafka consumer that cannot go on is heard, although nobody calls its fetch methods."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import GroupAuthorizationFailedError

from streams.kafka.broker.embedded import EmbeddedBroker
from streams.kafka.unheard import hear

_WITHIN_S = 20.0


def _heard(broken: Callable[[AIOKafkaConsumer], Awaitable[None]]) -> list[Exception]:
    """What is said of a member of a group, which nobody asks for records, once it is broken."""
    said: list[Exception] = []

    async def run(bootstrap: str) -> None:
        consumer = AIOKafkaConsumer(
            "cx.t", bootstrap_servers=bootstrap, group_id="g", heartbeat_interval_ms=100
        )
        await consumer.start()
        try:
            hear(consumer, said.append)
            while not consumer.assignment():
                await asyncio.sleep(0.05)
            await broken(consumer)
            async with asyncio.timeout(_WITHIN_S):
                while not said:
                    await asyncio.sleep(0.05)
            await asyncio.sleep(0.3)
        finally:
            with contextlib.suppress(ZeroDivisionError):  # of a task it waits for
                await consumer.stop()

    with EmbeddedBroker({"cx.t": 1}) as broker:
        asyncio.run(run(broker.bootstrap))
    return said


def test_what_the_group_refuses_is_heard_once():
    """Without this, coordination waits for somebody to hear it, and sends no heartbeat."""

    async def refused() -> bool:
        raise GroupAuthorizationFailedError("g")

    async def broken(consumer: AIOKafkaConsumer) -> None:
        consumer._coordinator._do_heartbeat = refused

    assert [type(fault) for fault in _heard(broken)] == [GroupAuthorizationFailedError]


def test_a_task_that_dies_unseen_is_heard():
    """The one that asks for metadata dies without a word; who waits for its news waits for ever."""

    def raising(cluster: object) -> None:
        raise ZeroDivisionError

    async def broken(consumer: AIOKafkaConsumer) -> None:
        consumer._client.cluster.add_listener(raising)
        consumer._client.force_metadata_update()

    assert [type(fault) for fault in _heard(broken)] == [ZeroDivisionError]
