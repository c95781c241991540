"""Our topics: made where they are missing, checked where they are not.

A mismatch is an error that names the command which mends it. Nothing of a topic that exists is
ever altered from here.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaConnectionError, KafkaError, TopicAlreadyExistsError, for_code

from streams.kafka.client import connection
from streams.kafka.refusal import NOT_READY, Refusal
from streams.kafka.topic_check import Found, Wanted, check, missing
from streams.settings import Settings

TOUCHPOINTS = "touchpoints.v1"
FEEDBACK = "feedback.v1"
PORTIONS = "metrics-deltas.v1"
METRICS = "metrics.v1"
COHORT_ALERTS = "alerts.systemic.v1"
LEARNED = ("insights.v1", "agents.v1")
OUTREACH = ("outreach.v1", "outreach.outcomes.v1")
SNAPSHOTS = "journeys.v1"
OUTCOMES = "journeys.outcomes.v1"
AUDIT = "audit.v1"
CUSTOMER_FAMILIES = ("effort", "friction", "disconnect", "moment", "relationship")
ALERT_FAMILIES = (*CUSTOMER_FAMILIES, "systemic")
"""Alerts of one customer each; and those about cohorts, which come from the second stage."""

#: A record of a compacted topic is not compacted away before it is this old, so that a stale write
#: of a paused worker can be seen and mended before it could replace the good one.
_COMPACT_NOT_BEFORE_MS = 10 * 60 * 1_000

#: And within this time it is, however little is written: who was erased is gone after it, and after
#: the topic's delete.retention.ms (a day by default) so is the tombstone that names them.
_COMPACT_WITHIN_MS = 24 * 60 * 60 * 1_000

#: For so long a tombstone stays at least; a copy that was away longer is not trusted.
_TOMBSTONES_MS = 24 * 60 * 60 * 1_000

_ADMIN_S = 20.0


def changelog_of(settings: Settings, source: str) -> str:
    """Name of the topic in which a lane of ``source`` keeps journeys and progress."""
    if source == settings.topic(TOUCHPOINTS):
        return f"{settings.app_id}-journeys-changelog"
    if source == settings.topic(PORTIONS):
        return f"{settings.app_id}-cohorts-changelog"
    return f"{settings.app_id}-{source}-progress"


def wanted(settings: Settings, source_partitions: Mapping[str, int]) -> list[Wanted]:
    """Every topic of ours.

    Args:
        settings: of the deployment.
        source_partitions: partition count of each topic in ``settings.sources``.
    """
    count = settings.partitions
    plain = [TOUCHPOINTS, FEEDBACK, f"{TOUCHPOINTS}.dlq", f"{TOUCHPOINTS}.late"]
    plain += [f"alerts.{family}.v1" for family in ALERT_FAMILIES]
    plain += [OUTCOMES, AUDIT]
    plain += OUTREACH
    plain += [METRICS, *LEARNED]
    topics = [Wanted(settings.topic(name), count) for name in plain]
    portions = settings.topic(PORTIONS)
    topics.append(Wanted(portions, settings.cohort_places, by_arrival=True))
    topics.append(Wanted(settings.topic(SNAPSHOTS), count, compact=True, batched=False))
    widths = {settings.topic(TOUCHPOINTS): count, settings.topic(FEEDBACK): count}
    widths[portions] = settings.cohort_places
    for source, width in {**widths, **source_partitions}.items():
        topics.append(Wanted(changelog_of(settings, source), width, compact=True))
    return topics


async def prepare(settings: Settings) -> list[str]:
    """Make or check every topic, as ``settings.topics`` says; the names made.

    Raises:
        Refusal: no broker, a source is missing, or a topic is not as it must be.
    """
    try:
        if settings.topics == "auto":
            return await _touch(settings)
        return await _create_and_check(settings)
    except KafkaConnectionError as fault:
        raise no_broker(settings, fault) from fault


async def _create_and_check(settings: Settings) -> list[str]:
    async with admin_of(settings) as admin:
        found = await describe(admin, settings.sources)
        nowhere = [name for name in settings.sources if name not in found]
        if nowhere:
            raise missing(nowhere, "its owner makes it (THROUGHLINE_SOURCES names it)")
        topics = wanted(settings, {name: found[name].partitions for name in settings.sources})
        found = await describe(admin, [topic.name for topic in topics])
        absent = [topic for topic in topics if topic.name not in found]
        if absent and settings.topics == "check":
            raise missing([topic.name for topic in absent], "throughline topics create")
        made = await _create(admin, settings, absent)
        found = await _all_known(admin, topics)
        for topic in topics:
            check(settings, topic, found.get(topic.name))
        return made


async def _all_known(admin: AIOKafkaAdminClient, topics: list[Wanted]) -> dict[str, Found]:
    """What there is of these topics, once the broker asked has heard of those just made."""
    deadline_s = time.monotonic() + _ADMIN_S
    while True:
        found = await describe(admin, [topic.name for topic in topics])
        if len(found) == len(topics) or time.monotonic() > deadline_s:
            return found
        await asyncio.sleep(0.1)


async def _create(
    admin: AIOKafkaAdminClient, settings: Settings, topics: Iterable[Wanted]
) -> list[str]:
    topics = list(topics)
    if not topics:
        return []
    brokers = len(admin._client.cluster.brokers())
    replicas = settings.replication or (3 if brokers >= 3 else 1)
    answer = await admin.create_topics(
        [
            NewTopic(
                topic.name,
                topic.partitions,
                replicas,
                topic_configs=_config(topic, settings, replicas),
            )
            for topic in topics
        ],
        timeout_ms=int(_ADMIN_S * 1_000),
    )
    made = []
    for name, code, *reason in answer.topic_errors:
        if code == 0:
            made.append(name)
        elif code != TopicAlreadyExistsError.errno:  # another worker made it just now
            raise Refusal(
                "topic_not_created",
                f"Kafka did not create {name}.",
                f"{for_code(code).__name__}: {reason[0] if reason else ''}",
                "Let an operator create it (throughline topics create --help), or give this "
                "principal Create on it.",
                code=NOT_READY,
            )
    return made


def _config(topic: Wanted, settings: Settings, replicas: int) -> dict[str, str]:
    config = {}
    if replicas >= 3:
        config["min.insync.replicas"] = "2"
    if topic.by_arrival:
        config["message.timestamp.type"] = "LogAppendTime"
    if topic.compact:
        config["cleanup.policy"] = "compact"
        config["max.compaction.lag.ms"] = str(_COMPACT_WITHIN_MS)
        config["delete.retention.ms"] = str(_TOMBSTONES_MS)
    if topic.compact and topic.batched:
        config |= {
            "min.compaction.lag.ms": str(_COMPACT_NOT_BEFORE_MS),
            "max.message.bytes": str(settings.changelog_batch_bytes + 65_536),
        }
    return config


async def describe(admin: AIOKafkaAdminClient, names: Iterable[str]) -> dict[str, Found]:
    """What there is of these topics; those that are not there are left out.

    Args:
        admin: connected.
        names: in full.
    """
    names = list(names)
    if not names:
        return {}
    described = await admin.describe_topics(names)
    counts = {t["topic"]: len(t["partitions"]) for t in described if t["error_code"] == 0}
    if not counts:
        return {}
    answers = await admin.describe_configs(
        [ConfigResource(ConfigResourceType.TOPIC, name) for name in counts]
    )
    configs: dict[str, dict[str, str]] = {}
    for answer in answers:
        for code, _, _, name, entries in answer.resources:
            configs[name] = {} if code else {entry[0]: entry[1] for entry in entries}
    return {name: Found(count, configs.get(name, {})) for name, count in counts.items()}


async def _touch(settings: Settings) -> list[str]:
    """Ask for each topic's metadata, which makes a broker with auto-creation create it."""
    client = AIOKafkaClient(**connection(settings))
    await client.bootstrap()
    try:
        widths = {}
        for name in settings.sources:
            widths[name] = len(await client._wait_on_metadata(name))
        topics = wanted(settings, widths)
        for topic in topics:
            found = Found(len(await client._wait_on_metadata(topic.name)), {})
            check(settings, topic, found)
        return [topic.name for topic in topics]
    finally:
        await client.close()


@asynccontextmanager
async def admin_of(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    """A connected client for topics, closed afterwards.

    Raises:
        KafkaConnectionError: nobody answers there.
    """
    admin = AIOKafkaAdminClient(**connection(settings))
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


def no_broker(settings: Settings, fault: KafkaError) -> Refusal:
    """Nobody answers at the broker's address."""
    why = str(fault) or type(fault).__name__
    if "Unable to bootstrap" in why:  # the client says no more than its own view of the address
        why = "Nothing accepts a connection there, or what does is no Kafka, or wants TLS or SASL."
    return Refusal(
        "no_broker",
        f"No Kafka broker answers at {settings.broker}.",
        why,
        "Start one (docker compose up, or throughline demo for one inside), or set "
        "THROUGHLINE_BROKER to where it is (TLS and SASL: THROUGHLINE_SECURITY__…).",
        code=NOT_READY,
    )
