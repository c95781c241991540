"""What a broker says of its topics just now."""

from collections.abc import Sequence

from confluent_kafka import Consumer, KafkaException, TopicPartition

from tests.faults.watch import consumer


def decided(bootstrap: str, prefix: str) -> bool:
    """No transaction is open in any topic of that prefix: one that has been acknowledged becomes
    visible a moment later, and not everywhere at once."""
    ends = []
    for level in ("read_committed", "read_uncommitted"):
        with consumer(bootstrap, **{"isolation.level": level}) as asked:
            known = asked.list_topics(timeout=10).topics
            places = [
                TopicPartition(name, partition)
                for name in sorted(known)
                if name.startswith(prefix)
                for partition in sorted(known[name].partitions)
            ]
            found = (asked.get_watermark_offsets(p, timeout=10, cached=False) for p in places)
            ends.append([end for _, end in found])
    return ends[0] == ends[1]


def standing(bootstrap: str, topics: Sequence[str]) -> str:
    """What a broker says of topics just now: each partition's leader and end, a line a topic."""
    try:
        with consumer(bootstrap) as asked:
            return "\n".join(_standing(asked, topic) for topic in topics)
    except KafkaException as fault:
        return f"it does not answer: {fault}"


def _standing(asked: Consumer, topic: str) -> str:
    known = asked.list_topics(topic, timeout=5).topics[topic].partitions
    said = []
    for number, one in sorted(known.items()):
        place = TopicPartition(topic, number)
        _, end = asked.get_watermark_offsets(place, timeout=5, cached=False)
        said.append(f"[{number}] leader {one.leader} end {end}")
    return f"{topic}: " + ", ".join(said)
