"""How a topic of ours should be, how it is, and what is said when the two differ."""

from collections.abc import Mapping
from typing import NamedTuple

from streams.kafka.refusal import NOT_READY, Refusal
from streams.settings import Settings


class Wanted(NamedTuple):
    """How a topic of ours should be.

    Args:
        name: real name.
        partitions: how many.
        compact: keep the last record of every key for ever, instead of all for a while.
        batched: compacted, and it takes our largest batches: journeys and progress together.
        by_arrival: its records are kept by when they arrived, not by the event time they bear: the
            past told again must not be deleted before it is read.
    """

    name: str
    partitions: int
    compact: bool = False
    batched: bool = True
    by_arrival: bool = False


class Found(NamedTuple):
    """How a topic is: partition count and the broker's settings for it."""

    partitions: int
    config: Mapping[str, str]


def check(settings: Settings, topic: Wanted, found: Found | None) -> None:
    """Compare one topic with what it should be.

    Raises:
        Refusal: ``topic_missing``, ``topic_partitions``, ``topic_not_compacted`` or
            ``topic_batch_too_small``, with the command that mends it.
    """
    if found is None:
        raise missing([topic.name], "throughline topics create")
    where = f"--bootstrap-server {settings.broker}"
    if found.partitions != topic.partitions:
        raise Refusal(
            "topic_partitions",
            f"{topic.name} has {found.partitions} partitions, {topic.partitions} are needed.",
            "A customer's partition follows from the count; a changelog has as many as its source.",
            f"Set THROUGHLINE_PARTITIONS={found.partitions}, or start under a new app_id and "
            "prefix. Never add partitions to a topic in use: customers would change places.",
            code=NOT_READY,
        )
    if not topic.compact or not found.config:
        return
    alter = f"kafka-configs.sh {where} --alter --entity-type topics --entity-name {topic.name}"
    if found.config.get("cleanup.policy", "compact") != "compact":
        raise Refusal(
            "topic_not_compacted",
            f"{topic.name} has cleanup.policy={found.config['cleanup.policy']}.",
            "Journeys are kept there for good; deleting by age would lose quiet customers.",
            f"{alter} --add-config cleanup.policy=compact",
            code=NOT_READY,
        )
    if not topic.batched:
        return
    room = int(found.config.get("max.message.bytes", settings.changelog_batch_bytes))
    if room < settings.changelog_batch_bytes:
        raise Refusal(
            "topic_batch_too_small",
            f"{topic.name} takes batches of {room} bytes, ours are up to "
            f"{settings.changelog_batch_bytes}.",
            "Journeys and progress of a batch travel together.",
            f"{alter} --add-config max.message.bytes={settings.changelog_batch_bytes + 65_536}, "
            f"or set THROUGHLINE_CHANGELOG_BATCH_BYTES={room}.",
            code=NOT_READY,
        )


def missing(names: list[str], mend: str) -> Refusal:
    """Topics that are not there, and how they come to be."""
    return Refusal(
        "topic_missing",
        f"{', '.join(names)} {'does' if len(names) == 1 else 'do'} not exist.",
        "The worker may not create it here, or it is a team's own topic.",
        f"To make it: {mend}.",
        code=NOT_READY,
    )
