"""The broker and the topics of this deployment, as doctor looks at them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streams.cli.doctor import records
from streams.cli.doctor.finding import Finding

if TYPE_CHECKING:
    from streams.kafka.topic_check import Found, Wanted
    from streams.settings import Settings


def looked_at(deployed: "Settings") -> Iterator[Finding]:
    """The broker, our topics and the teams', and if all are as they must be, what lies in them.

    Raises:
        Refusal: no broker answers, or it refuses us.
    """
    import asyncio

    from streams.kafka import topics
    from streams.kafka.reading import reading

    wanted, found = asyncio.run(_describe(deployed))
    yield Finding("well", "broker", f"broker {deployed.broker} answers")
    unfit = [*_sources(deployed, found), *_ours(deployed, wanted, found)]
    yield from unfit
    if unfit:
        return
    yield Finding("well", "topics", f"topics present, {deployed.partitions} partitions each")
    if deployed.sources:
        yield Finding("well", "sources", f"teams' topics present: {', '.join(deployed.sources)}")
    yield from _timestamps(deployed, wanted, found)
    with reading(deployed, deployed.topic(topics.TOUCHPOINTS)) as read:
        yield from records.lag(deployed, read)
        yield from records.sample(deployed, read)
    with reading(deployed, deployed.topic("touchpoints.v1.dlq")) as read:
        yield records.letters(read)


def _sources(deployed: "Settings", found: "dict[str, Found]") -> Iterator[Finding]:
    """Teams' own topics: we neither make nor alter them, and without them no worker starts."""
    for name in deployed.sources:
        if name not in found:
            yield Finding(
                "wrong",
                "sources",
                f"{name} does not exist, or may not be described: a team's own topic",
                "ask its owner for it and for Read and Describe on it, or take it out of "
                "THROUGHLINE_SOURCES",
            )


def _ours(
    deployed: "Settings", wanted: "list[Wanted]", found: "dict[str, Found]"
) -> Iterator[Finding]:
    from streams.kafka import topic_check
    from streams.kafka.refusal import Refusal

    missing = [topic.name for topic in wanted if topic.name not in found]
    if missing:
        yield Finding(
            "wrong",
            "topics",
            f"{len(missing)} of {len(wanted)} topics are missing, e.g. {missing[0]}",
            "throughline topics create",
        )
    for topic in wanted:
        if topic.name not in found:
            continue
        try:
            topic_check.check(deployed, topic, found[topic.name])
        except Refusal as refusal:
            yield Finding("wrong", "topics", f"{refusal.what} {refusal.why}", refusal.todo)


def _timestamps(
    deployed: "Settings", wanted: "list[Wanted]", found: "dict[str, Found]"
) -> Iterator[Finding]:
    from streams.kafka import timestamps

    for topic in wanted:
        odd = timestamps.oddity(deployed, topic, found[topic.name])
        if odd is not None:
            yield Finding("odd", "timestamps", *odd)


async def _describe(deployed: "Settings") -> "tuple[list[Wanted], dict[str, Found]]":
    """The topics there should be beside the teams' own, and what there is of both."""
    from aiokafka.errors import KafkaConnectionError

    from streams.kafka import topics

    try:
        async with topics.admin_of(deployed) as admin:
            teams = await topics.describe(admin, deployed.sources)
            widths = {name: found.partitions for name, found in teams.items()}
            wanted = topics.wanted(deployed, widths)
            ours = await topics.describe(admin, [topic.name for topic in wanted])
            return wanted, teams | ours
    except KafkaConnectionError as fault:
        raise topics.no_broker(deployed, fault) from None
