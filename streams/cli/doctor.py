"""``throughline doctor``: run first when anything is odd. Says what is wrong and how to mend it."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

import typer

from streams.cli import options, screen
from streams.cli.trouble import FAILED, NOT_READY, Trouble, known

if TYPE_CHECKING:
    from streams.kafka.reading import TopicReading
    from streams.kafka.topic_check import Found, Wanted
    from streams.settings import Settings

_SAMPLE_RECORDS = 2_000
_HOT_SHARE = 0.2
_LAG_RECORDS = 10_000
_SIGNS = {"well": "✔", "odd": "!", "wrong": "✘"}


class Finding(NamedTuple):
    """One thing looked at.

    Args:
        state: well; odd, to be looked at; or wrong, to be mended.
        about: stable name of the check.
        text: what was found.
        mend: what to do about it, if anything.
    """

    state: Literal["well", "odd", "wrong"]
    about: str
    text: str
    mend: str = ""


def doctor(broker: options.Broker = None, as_json: options.Json = False) -> None:
    """Look at settings, policy, broker, topics, partitioning, lag and dead letters.

    Exit code 0 if all is well or only odd, 1 if something is wrong, 3 if no broker answers.
    """
    import logging

    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    wrong = set()
    for finding in _findings(broker):
        _tell(finding, as_json)
        if finding.state == "wrong":
            wrong.add(finding.about)
    if wrong:
        raise typer.Exit(NOT_READY if "broker" in wrong else FAILED)


def _tell(finding: Finding, as_json: bool) -> None:
    if as_json:
        screen.record(finding._asdict())
        return
    screen.result(f"{_SIGNS[finding.state]} {finding.text}")
    if finding.mend:
        screen.result(f"    fix: {finding.mend}")


def _findings(broker: str | None) -> Iterator[Finding]:
    from streams.kafka.refusal import Refusal
    from streams.policy import PolicyError

    yield from _versions()
    try:
        deployed = options.settings(broker=broker)
        yield Finding(
            "well",
            "settings",
            f"settings: app {deployed.app_id}, prefix "
            f"{deployed.prefix}, {deployed.partitions} partitions, {deployed.delivery}",
        )
        policy = options.policy(None, deployed)
    except (Trouble, PolicyError) as error:
        yield _told("settings", error)
        return
    yield Finding(
        "well", "policy", f"policy {policy.rules.label}, {len(policy.questions)} detectors"
    )
    try:
        yield from _cluster(deployed)
    except (Refusal, OSError) as error:
        yield _told("broker", error)


def _told(about: str, error: Exception) -> Finding:
    """An error of ours in one line, or the error itself."""
    trouble = known(error)
    if trouble is None:
        raise error
    if about == "broker" and trouble.code != NOT_READY:
        about = "cluster"
    return Finding("wrong", about, f"{trouble.what} {trouble.why}", trouble.todo)


def _versions() -> Iterator[Finding]:
    """The engine is pinned: what we override of it is known of one version only."""
    import re
    import sys
    from importlib.metadata import requires, version

    yield Finding("well", "python", f"Python {sys.version.split()[0]}")
    for requirement in requires("throughline") or ():
        pinned = re.match(r"([a-z-]+)==([0-9.]+)$", requirement)
        if pinned:
            name, wanted = pinned.groups()
            found = version(name)
            if found == wanted:
                yield Finding("well", name, f"{name} {found}")
            else:
                yield Finding("wrong", name, f"{name} is {found}, not {wanted}", "make setup")


def _cluster(deployed: "Settings") -> Iterator[Finding]:
    import asyncio

    from streams.kafka import topics
    from streams.kafka.reading import reading

    found = asyncio.run(_describe(deployed))
    yield Finding("well", "broker", f"broker {deployed.broker} answers")
    wrong = [_unfit(deployed, topic, found) for topic in topics.wanted(deployed, {})]
    missing = [name for name, finding in wrong if finding and name not in found]
    if missing:
        yield Finding(
            "wrong",
            "topics",
            f"{len(missing)} of {len(wrong)} topics are missing, e.g. {missing[0]}",
            "throughline topics create",
        )
    yield from (finding for name, finding in wrong if finding and name in found)
    if any(finding for _, finding in wrong):
        return
    yield Finding("well", "topics", f"topics present, {deployed.partitions} partitions each")
    yield from _timestamps(deployed, found)
    with reading(deployed, deployed.topic(topics.TOUCHPOINTS)) as read:
        yield from _lag(deployed, read)
        yield from _sample(deployed, read)
    with reading(deployed, deployed.topic("touchpoints.v1.dlq")) as read:
        yield _letters(read)


def _unfit(
    deployed: "Settings", topic: "Wanted", found: "dict[str, Found]"
) -> tuple[str, Finding | None]:
    from streams.kafka import topic_check
    from streams.kafka.refusal import Refusal

    try:
        topic_check.check(deployed, topic, found.get(topic.name))
    except Refusal as refusal:
        return topic.name, Finding("wrong", "topics", f"{refusal.what} {refusal.why}", refusal.todo)
    return topic.name, None


def _timestamps(deployed: "Settings", found: "dict[str, Found]") -> Iterator[Finding]:
    from streams.kafka import timestamps, topics

    for topic in topics.wanted(deployed, {}):
        odd = timestamps.oddity(deployed, topic, found[topic.name])
        if odd is not None:
            yield Finding("odd", "timestamps", *odd)


async def _describe(deployed: "Settings") -> "dict[str, Found]":
    from aiokafka.errors import KafkaConnectionError

    from streams.kafka import topics

    try:
        async with topics.admin_of(deployed) as admin:
            return await topics.describe(
                admin, [topic.name for topic in topics.wanted(deployed, {})]
            )
    except KafkaConnectionError as fault:
        raise topics.no_broker(deployed, fault) from None


def _lag(deployed: "Settings", read: "TopicReading") -> Iterator[Finding]:
    """How far behind workers are, by the progress in their changelog."""
    from streams.cli.guarded import refused
    from streams.kafka.reading import kept_of

    done, journeys = kept_of(deployed)
    ends = {tp.partition: end for tp, end in read.ends().items()}
    starts = {tp.partition: start for tp, start in read.starts().items()}
    worked = {p: progress.next_offset for p, progress in done.items()}
    for text, mend in refused(worked, journeys, starts, ends):
        yield Finding("wrong", "progress", text, mend)
    lags = {
        p: end - max(starts[p], done[p].next_offset if p in done else 0) for p, end in ends.items()
    }
    if not done and any(lags.values()):
        yield Finding("odd", "lag", "no worker has ever worked here", "throughline worker")
        return
    worst = max(lags, key=lambda p: lags[p])
    text = f"lag {sum(lags.values()):,} records, most on partition {worst}: {lags[worst]:,}"
    if lags[worst] > _LAG_RECORDS:
        yield Finding(
            "odd",
            "lag",
            text,
            "start more workers, as many as there are partitions; "
            "if one partition alone lags, see its customers below",
        )
    else:
        yield Finding("well", "lag", text)


def _sample(deployed: "Settings", read: "TopicReading") -> Iterator[Finding]:
    """The latest records of every partition: are they where they belong, and whose are they?"""
    from streams.cli.dlq import _source
    from streams.engine.partitioning import partition_of

    starts, ends = read.starts(), read.ends()
    each = max(1, _SAMPLE_RECORDS // max(1, read.partitions))
    latest = {tp: max(starts[tp], end - each) for tp, end in ends.items()}
    seen = misplaced = 0
    sources: Counter[str] = Counter()
    customers: Counter[bytes] = Counter()
    for _, partition, record in read.up_to_now(latest):
        seen += 1
        if record.key is None:
            continue
        customers[record.key] += 1
        if partition_of(record.key, deployed.partitions) != partition:
            misplaced += 1
            sources[_source(record.value) or "?"] += 1
    if not seen:
        yield Finding(
            "odd",
            "touchpoints",
            "the touchpoints topic is empty",
            "throughline publish FILE, or point a producer at it",
        )
        return
    yield _keys(seen, misplaced, sources)
    hot, count = customers.most_common(1)[0] if customers else (b"", 0)
    if len(customers) > 10 and count > seen * _HOT_SHARE:
        yield Finding(
            "odd",
            "hot_customer",
            f"one customer has {count / seen:.0%} of sampled "
            f"records: {hot.decode('utf-8', 'replace')}",
            "a shared or test account? Give each person an id of their own",
        )


def _keys(seen: int, misplaced: int, sources: "Counter[str]") -> Finding:
    if not misplaced:
        return Finding("well", "keys", f"{seen:,} sampled records sit in their right partitions")
    return Finding(
        "wrong",
        "keys",
        f"{misplaced / seen:.1%} of {seen:,} sampled records sit in "
        f"the wrong partition, most from {sources.most_common(1)[0][0]}",
        "set partitioner=murmur2_random in that producer (librdkafka's default "
        "differs); see docs/producers.md",
    )


def _letters(read: "TopicReading") -> Finding:
    starts, ends = read.starts(), read.ends()
    latest = {tp: max(starts[tp], end - _SAMPLE_RECORDS) for tp, end in ends.items()}
    codes: Counter[str] = Counter()
    for _, _, record in read.up_to_now(latest):
        said = dict(record.headers).get("cx.error.code") or b"?"
        codes[said.decode("utf-8", "replace")] += 1
    if not codes:
        return Finding("well", "dead_letters", "no dead letters")
    ours = codes["processing_error"]
    code, count = codes.most_common(1)[0]
    text = f"{sum(codes.values()):,} latest dead letters, {count / sum(codes.values()):.0%} {code}"
    if ours:
        return Finding(
            "wrong",
            "dead_letters",
            f"{text}; {ours:,} are faults of ours",
            "report it: throughline dlq show --code processing_error",
        )
    return Finding("odd", "dead_letters", text, f"throughline dlq show --code {code}")
