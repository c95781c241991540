"""What would end aiokafka's consumer without anybody hearing of it.

aiokafka tells a caller of its own fetch methods what went wrong with the group, and waits, out of
the group, until it has. We fetch past these methods, and while the group rebalances nobody fetches
at all: it would wait for ever. Its tasks can also die; two of them do so unseen.
"""

import asyncio
from collections.abc import Callable

from aiokafka import AIOKafkaConsumer


def hear(consumer: AIOKafkaConsumer, say: Callable[[Exception], None]) -> None:
    """Have it said, once and at once, when a consumer cannot go on.

    Args:
        consumer: started; in its own loop.
        say: is told why. aiokafka's coordination stands still from then on, until it is closed.
    """
    coordinator = consumer._coordinator

    async def told(fault: Exception) -> None:
        say(fault)
        await asyncio.shield(coordinator._closing)

    def ended(task: asyncio.Task) -> None:
        fault = None if task.cancelled() else task.exception()
        if isinstance(fault, Exception):
            say(fault)

    coordinator._push_error_to_user = told
    fetching, metadata = consumer._fetcher._fetch_task, consumer._client._sync_task
    for task in (coordinator._coordination_task, fetching, metadata):
        task.add_done_callback(ended)
