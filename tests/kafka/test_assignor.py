"""Each topic is shared out evenly on its own, and a partition stays where it was if it can."""

from aiokafka.cluster import ClusterMetadata
from aiokafka.coordinator.protocol import ConsumerProtocolMemberMetadata
from aiokafka.structs import PartitionMetadata, TopicPartition

from streams.kafka.assignor import StickyByTopicAssignor, following

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


class Group:
    """A group over several rebalances: each member says what it was told last."""

    def __init__(self, *names: str) -> None:
        self.kinds = {name: following(["busy"]) for name in names}
        self.owns: dict[str, set[int]] = {}

    def rebalance(self) -> None:
        members = {name: kind.metadata(sorted(TOPICS)) for name, kind in self.kinds.items()}
        leader = next(iter(self.kinds.values()))
        for name, said in leader.assign(cluster(), members).items():
            self.kinds[name].on_generation_assignment(1)
            self.kinds[name].on_assignment(said)
            self.owns[name] = {
                p for topic, held in said.assignment if topic == "busy" for p in held
            }

    def leave(self, name: str) -> set[int]:
        del self.kinds[name]
        return self.owns.pop(name)

    def stands_by(self, name: str) -> set[int]:
        assert {tp.topic for tp in self.kinds[name].standing_by} <= {"busy"}
        return {tp.partition for tp in self.kinds[name].standing_by}


def test_each_partition_of_a_followed_topic_has_one_who_stands_by():
    """Never its owner, evenly, and for no other topic; alone, nobody does."""
    for count in (1, 2, 3, 5):
        group = Group(*(f"w{i}" for i in range(count)))
        group.rebalance()
        stood = [p for name in group.kinds for p in group.stands_by(name)]
        assert sorted(stood) == ([] if count == 1 else list(range(8)))
        for name in group.kinds:
            assert not group.stands_by(name) & group.owns[name]
            assert len(group.stands_by(name)) <= -(-8 // count)


def test_who_stood_by_takes_over():
    """An owner is gone: each of its partitions goes to who has a copy, as far as that is even."""
    group = Group("a", "b", "c", "d")
    group.rebalance()
    stood_by = {name: group.stands_by(name) for name in group.kinds}
    gone = group.leave("b")
    group.rebalance()
    for name in group.kinds:
        assert len(group.owns[name]) in (2, 3)
    heirs = {p for name in group.kinds for p in group.owns[name] & stood_by[name]}
    assert gone <= heirs


def test_who_had_it_or_has_a_copy_goes_on_standing_by():
    """When a worker joins, those it takes partitions from keep their copies up to date, and nobody
    else changes without need."""
    group = Group("a", "b")
    group.rebalance()
    before = {name: group.stands_by(name) | group.owns[name] for name in "ab"}
    group.kinds["c"] = following(["busy"])
    group.rebalance()
    for name in "ab":
        assert group.owns[name] | group.stands_by(name) <= before[name]
    group_after = {name: (group.owns[name], group.stands_by(name)) for name in group.kinds}
    group.rebalance()
    assert group_after == {n: (group.owns[n], group.stands_by(n)) for n in group.kinds}


def test_members_that_know_nothing_of_standing_by_are_understood():
    """One of an earlier version in the group: it is given its share, and what it says is read."""
    older = member([TopicPartition("busy", p) for p in range(4)])
    newer = following(["busy"])
    given = newer.assign(cluster(), {"older": older, "newer": newer.metadata(sorted(TOPICS))})
    assert {len(p) for one in given.values() for t, p in one.assignment if t == "busy"} == {4}
    assert StickyByTopicAssignor.parse_member_metadata(given_back(given["newer"], newer)).partitions


def given_back(said, kind):
    """What a member says after an assignment."""
    kind.on_assignment(said)
    return kind.metadata(sorted(TOPICS))
