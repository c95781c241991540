"""Each topic is shared out evenly on its own, and a partition stays where it was if it can."""

from aiokafka.cluster import ClusterMetadata
from aiokafka.coordinator.protocol import ConsumerProtocolMemberMetadata
from aiokafka.structs import PartitionMetadata, TopicPartition

from streams.kafka.assignor import StickyByTopicAssignor

TOPICS = {"busy": 8, "quiet": 8, "odd": 3}


def cluster() -> ClusterMetadata:
    """A cluster of one broker that knows the topics above."""
    known = ClusterMetadata()
    known._partitions = {
        topic: {p: PartitionMetadata(topic, p, 0, [0], [0], None) for p in range(count)}
        for topic, count in TOPICS.items()
    }
    return known


def member(had: list[TopicPartition] | None = None) -> ConsumerProtocolMemberMetadata:
    """A member that subscribes to all topics and had these partitions before."""
    return StickyByTopicAssignor._metadata(sorted(TOPICS), had, 1)


def shares(members: dict[str, ConsumerProtocolMemberMetadata]) -> dict[str, dict[str, set[int]]]:
    """Partitions by member and topic."""
    given = StickyByTopicAssignor.assign(cluster(), members)
    return {
        name: {topic: set(partitions) for topic, partitions in one.assignment}
        for name, one in given.items()
    }


def test_two_workers_share_the_busy_topic():
    """A busy and a quiet topic are each halved, not dealt one to each worker."""
    given = shares({"a": member(), "b": member()})

    assert [len(given[name]["busy"]) for name in "ab"] == [4, 4]
    assert [len(given[name]["quiet"]) for name in "ab"] == [4, 4]


def test_nothing_is_given_twice_or_left_out():
    """Every partition of every topic has exactly one owner, however many workers there are."""
    for count in (1, 2, 3, 5, 11):
        given = shares({f"w{i}": member() for i in range(count)})
        for topic, partitions in TOPICS.items():
            held = [p for one in given.values() for p in one.get(topic, ())]
            assert sorted(held) == list(range(partitions))


def test_who_stays_keeps_what_it_had():
    """When a second worker joins, the first keeps half of each topic and gets nothing new."""
    everything = [TopicPartition(t, p) for t, count in TOPICS.items() for p in range(count)]
    given = shares({"old": member(everything), "new": member()})

    assert len(given["old"]["busy"]) == len(given["new"]["busy"]) == 4
    back = [TopicPartition(t, p) for t, held in given["old"].items() for p in held]
    moved = [TopicPartition(t, p) for t, held in given["new"].items() for p in held]
    again = shares({"old": member(back), "new": member(moved)})
    assert again == given
