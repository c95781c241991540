"""The broker a demo runs on: the embedded one, a real Kafka of our own, or somebody's."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from streams.settings import Settings

PREFIX = "demo"


class Ground(NamedTuple):
    """What a demo stands on.

    Args:
        name: for people.
        given: settings of the deployment, by field name.
        inherits: whether the rest of the settings comes from the environment (somebody's broker,
            with somebody's security) or from nowhere.
    """

    name: str
    given: dict[str, Any]
    inherits: bool = False

    def settings(self) -> Settings:
        """The deployment's settings."""
        return Settings(**self.given) if self.inherits else Settings(_env_file=None, **self.given)


@asynccontextmanager
async def ground(broker: str, note: Callable[[str], None]) -> AsyncIterator[Ground]:
    """A broker, and nothing left of the demo on it afterwards.

    Args:
        broker: ``embedded``, ``kafka``, or ``host:port``.
        note: told each step worth a line.

    Raises:
        BrokerUnavailable: it does not start.
        Refusal: nobody answers there.
    """
    # In accelerated time the wall clock means nothing: it must not fire anybody's timers.
    common = {
        "app_id": f"{PREFIX}-worker",
        "prefix": PREFIX,
        "idle_after_s": 1e6,
        "commit_every_s": 0.5,
        "status_every_s": 0,
        "shutdown_s": 8,
    }
    if broker == "embedded":
        async with _embedded(common) as made:
            yield made
    elif broker == "kafka":
        async with _kafka(common, note) as made:
            yield made
    else:
        async with _somebodys(broker, common) as made:
            yield made


@asynccontextmanager
async def _embedded(common: dict[str, Any]) -> AsyncIterator[Ground]:
    from streams.kafka.broker import embedded

    with embedded.EmbeddedBroker() as running:
        given = {
            **common,
            "broker": running.bootstrap,
            "partitions": embedded.PARTITIONS_DEFAULT,
            "delivery": "effectively_once",
            "topics": "auto",
            "fetch_wait_ms": embedded.FETCH_MAX_WAIT_MS,
        }
        yield Ground(f"embedded broker at {running.bootstrap}", given)


@asynccontextmanager
async def _kafka(common: dict[str, Any], note: Callable[[str], None]) -> AsyncIterator[Ground]:
    from streams.kafka.broker.real import RealKafka, fetch_jars

    await asyncio.to_thread(fetch_jars, note)
    kafka = RealKafka()
    try:
        note("starting Apache Kafka …")
        await asyncio.to_thread(kafka.start)
        name = f"Apache Kafka at {kafka.bootstrap}"
        yield Ground(name, {**common, "broker": kafka.bootstrap, "partitions": 4})
    finally:
        await asyncio.to_thread(kafka.close)


@asynccontextmanager
async def _somebodys(broker: str, common: dict[str, Any]) -> AsyncIterator[Ground]:
    # A name of its own, so that nothing that is there is touched, and all of it can go.
    own = f"{PREFIX}-{secrets.token_hex(3)}"
    given = {
        **common,
        "app_id": f"{own}-worker",
        "prefix": own,
        "broker": broker,
        "partitions": 4,
        "topics": "create",
    }
    made = Ground(f"Kafka at {broker}", given, inherits=True)
    try:
        yield made
    finally:
        await _remove(made.settings(), own)


async def _remove(settings: Settings, own: str) -> None:
    """Delete every topic and the group whose name begins with the demo's own."""
    from aiokafka.admin import AIOKafkaAdminClient
    from aiokafka.errors import KafkaError

    from streams.kafka.client import connection

    admin = AIOKafkaAdminClient(**connection(settings))
    with contextlib.suppress(KafkaError, OSError):
        await admin.start()
        ours = [topic for topic in await admin.list_topics() if topic.startswith(own)]
        if ours:
            await admin.delete_topics(ours)
    with contextlib.suppress(KafkaError, OSError):
        await admin.close()
