"""A real Kafka for whoever needs one: started here, once a session, never skipped.

``THROUGHLINE_TEST_BOOTSTRAP=host:port`` points the tests at a Kafka that already runs instead;
those that must kill or freeze a broker start their own all the same.
"""

import asyncio
import os
import secrets
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from streams.kafka.broker.real import RealKafka

MakeTopic = Callable[..., str]


class Broker(Protocol):
    """All that most tests need to know of a broker."""

    @property
    def bootstrap(self) -> str: ...


class Elsewhere(NamedTuple):
    """A broker that somebody else started."""

    bootstrap: str


@pytest.fixture(scope="session")
def kafka() -> Iterator[Broker]:
    """One Kafka for the whole session: use names of your own, leave it running."""
    bootstrap = os.environ.get("THROUGHLINE_TEST_BOOTSTRAP")
    if bootstrap:
        yield Elsewhere(bootstrap)
        return
    with RealKafka() as broker:
        yield broker


@pytest.fixture(scope="module")
def own_kafka() -> Iterator[RealKafka]:
    """A Kafka for one test file alone, to kill and freeze; whoever does starts it again."""
    with RealKafka() as broker:
        yield broker


@pytest.fixture
def unique() -> Callable[[str], str]:
    """Makes a name nobody else has: ``unique("orders")``."""
    return lambda name: f"{name}-{secrets.token_hex(4)}"


@pytest.fixture
def make_topic(kafka: Broker, unique: Callable[[str], str]) -> MakeTopic:
    """Creates a topic on the session's Kafka: ``make_topic("t", partitions=1, **configs) -> name``.

    Config names are Kafka's with underscores for dots: ``cleanup_policy="compact"``.
    """

    def make(name: str = "t", partitions: int = 4, **configs: str) -> str:
        topic = unique(name)
        create_topic(kafka.bootstrap, topic, partitions, **configs)
        return topic

    return make


def create_topic(bootstrap: str, topic: str, partitions: int, **configs: str) -> None:
    """Create a topic by this exact name; see ``make_topic`` for its configs."""

    async def create() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        await admin.start()
        try:
            named = {name.replace("_", "."): value for name, value in configs.items()}
            answer = await admin.create_topics(
                [NewTopic(topic, partitions, 1, topic_configs=named)], validate_only=False
            )
            failed = [error for error in answer.topic_errors if error[1] != 0]
            assert not failed, failed
        finally:
            await admin.close()

    asyncio.run(create())
