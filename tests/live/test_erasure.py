"""Who asks to be forgotten is found in no compacted topic of ours, once Kafka has compacted it."""

import asyncio
import json
from collections.abc import Iterator

import aiokafka
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from streams.kafka.broker.real import RealKafka
from streams.kafka.topics import SNAPSHOTS, changelog_of
from tests.live.workers import Deployment, deployed, eventually, read_all, terminate

START_MS = 1_767_571_200_000
ERASED, OTHERS = 20, 40
#: So that the cleaner comes at once instead of once a day, and takes tombstones too.
AT_ONCE = {
    "segment.ms": "200",
    "min.compaction.lag.ms": "0",
    "max.compaction.lag.ms": "1000",
    "min.cleanable.dirty.ratio": "0.001",
    "delete.retention.ms": "0",
    # Altering replaces all settings of a topic: the room for our batches has to be said again.
    "max.message.bytes": "4259840",
}


@pytest.fixture(scope="module")
def hasty_kafka() -> Iterator[RealKafka]:
    """A Kafka that compacts every fraction of a second."""
    with RealKafka({"log.cleaner.backoff.ms": "300"}) as broker:
        yield broker


async def make_hasty(place: Deployment, topics: list[str]) -> None:
    """The compacted topics are compacted at once."""
    admin = AIOKafkaAdminClient(bootstrap_servers=place.settings.bootstrap)
    await admin.start()
    try:
        config = {"cleanup.policy": "compact", **AT_ONCE}
        await admin.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, name, config) for name in topics]
        )
    finally:
        await admin.close()


async def tell(place: Deployment, told: list[dict]) -> None:
    """Touchpoints, in order."""
    async with aiokafka.AIOKafkaProducer(bootstrap_servers=place.settings.bootstrap) as producer:
        for one in told:
            key, value = one["customer_id"].encode(), json.dumps(one).encode()
            at_ms = one["occurred_at"]
            await producer.send(place.touchpoints, value, key=key, timestamp_ms=at_ms)


def said(number: int, customer: str, type_: str, **fields) -> dict:
    """One touchpoint."""
    return {
        "event_id": f"e-{customer}-{number}", "source": "urn:live", "type": type_,
        "customer_id": customer, "occurred_at": START_MS + number * 1_000, **fields,
    }  # fmt: skip


def contact(number: int, customer: str) -> dict:
    """An inbound contact."""
    return said(
        number, customer, "contact.started", contact_id=f"k-{customer}-{number}", channel="phone",
        direction="inbound", reason={"l1": "billing"},
    )  # fmt: skip


async def naming(place: Deployment, topic: str, word: bytes) -> int:
    """How many records of a topic hold a word, in key or value."""
    records = await read_all(place.settings, topic)
    return sum(word in (r.key or b"") or word in (r.value or b"") for r in records)


def test_no_compacted_topic_names_the_erased(hasty_kafka, tmp_path):
    """Twenty customers with journeys, snapshots, aliases and open alerts are erased: the changelog
    and the public journeys, once compacted, hold none of their ids, not even as a tombstone; the
    others are all there, and each erasure has its receipt. The touchpoints themselves, alerts and
    dead letters keep what they hold until their retention ends: asserted too, so that nobody
    believes otherwise."""
    gone = [f"canary-{n:03}" for n in range(ERASED)]
    aliases = [f"canary-alias-{n:03}" for n in range(ERASED // 2)]
    others = [f"other-{n:03}" for n in range(OTHERS)]

    async def story(place: Deployment) -> None:
        settings = place.settings
        changelog = changelog_of(settings, place.touchpoints)
        compacted = [changelog, settings.topic(SNAPSHOTS)]
        await make_hasty(place, compacted)
        worker = place.start("tests.live.real_worker")
        await tell(place, [contact(n, c) for n in range(4) for c in gone + aliases + others])
        await tell(
            place,
            [
                said(10, one, "identity.merged", from_customer_id=one, into_customer_id=into)
                for one, into in zip(aliases, gone, strict=False)
            ],
        )
        for topic in compacted:
            await eventually(lambda topic=topic: naming(place, topic, b"canary"), 60)
        await tell(place, [said(20, c, "customer.erasure_requested", scope="all") for c in gone])

        async def receipts() -> bool:
            return len(await read_all(settings, settings.topic("audit.v1"))) == ERASED

        await eventually(receipts, 60)
        number = 30

        async def nothing_left() -> bool:
            # Only what lies before the newest segment is compacted: life must go on.
            nonlocal number
            number += 1
            await tell(place, [contact(number, c) for c in others])
            left = [await naming(place, topic, b"canary") for topic in compacted]
            return not any(left)

        await eventually(nothing_left, 90)
        for topic in compacted:
            keys = {record.key for record in await read_all(settings, topic)}
            assert {c.encode() for c in others} <= keys, topic
        assert await naming(place, place.touchpoints, b"canary")
        assert not await naming(place, settings.topic("audit.v1"), b"canary")
        assert await asyncio.to_thread(terminate, worker, 30) == 0

    settings = {"delivery": "exactly_once", "idle_after_s": 600.0, "partitions": 2}
    with deployed(hasty_kafka.bootstrap, tmp_path, **settings) as place:
        asyncio.run(story(place))
