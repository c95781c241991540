"""What lies in the topics, as doctor looks at it: lag, whose records, what is refused."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from streams.cli.doctor.finding import Finding

if TYPE_CHECKING:
    from streams.kafka.reading import TopicReading
    from streams.settings import Settings

_SAMPLE_RECORDS = 2_000
_HOT_SHARE = 0.2
_LAG_RECORDS = 10_000


def lag(deployed: "Settings", read: "TopicReading") -> Iterator[Finding]:
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
    text = f"lag {sum(lags.values()):,} records"
    if lags[worst]:
        text += f", most on partition {worst}: {lags[worst]:,}"
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


def sample(deployed: "Settings", read: "TopicReading") -> Iterator[Finding]:
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


def letters(read: "TopicReading") -> Finding:
    """The latest dead letters, and whether any is a fault of ours."""
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
