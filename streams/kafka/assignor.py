"""Who gets which partitions: each topic shared out evenly, and as little moved as possible.

aiokafka's sticky assignor balances the *count* of partitions over all topics together. With a busy
touchpoints topic and a quiet feedback topic of eight partitions each, it gave two workers eight
partitions each: all of the busy topic to one, all of the quiet one to the other. Here it is asked
topic by topic.

With the partitions of some topics, the leader also says who *stands by* for each: follows its
changelog, so as to take it over without a restore. Members say in return what they stand by for.
When an owner is gone, its partitions count as having been those of who stood by for them, and being
sticky does the rest. What is said of standing by comes after what aiokafka itself says and reads.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from io import BytesIO
from typing import ClassVar

from aiokafka.cluster import ClusterMetadata
from aiokafka.coordinator.assignors.sticky.sticky_assignor import (
    StickyAssignmentExecutor,
    StickyAssignorMemberMetadataV1,
    StickyAssignorUserDataV1,
    StickyPartitionAssignor,
)
from aiokafka.coordinator.protocol import (
    ConsumerProtocolMemberAssignment,
    ConsumerProtocolMemberMetadata,
    Schema,
)
from aiokafka.protocol.struct import Struct
from aiokafka.protocol.types import Array, Int32, String
from aiokafka.structs import TopicPartition

_Known = Mapping[str, StickyAssignorMemberMetadataV1]
_Places = Mapping[str, Collection[TopicPartition]]


class _StandingBy(Struct):
    """Partitions a member stands by for, by topic."""

    topics: list[tuple[str, list[int]]]
    SCHEMA = Schema(("topics", Array(("topic", String("utf-8")), ("partitions", Array(Int32)))))


class StickyByTopicAssignor(StickyPartitionAssignor):
    """aiokafka's sticky assignor, applied to each topic on its own.

    Attributes:
        followed: topics for whose partitions somebody is to stand by.
        standing_by: what this member stands by for since the last assignment.
    """

    name = "sticky_by_topic"
    followed: ClassVar[frozenset[str]] = frozenset()
    standing_by: ClassVar[list[TopicPartition]] = []

    @classmethod
    def assign(
        cls, cluster: ClusterMetadata, members: Mapping[str, ConsumerProtocolMemberMetadata]
    ) -> dict[str, ConsumerProtocolMemberAssignment]:
        """Share out every subscribed topic.

        Args:
            cluster: topics and their partitions.
            members: what each member of the group subscribes to and had before.

        Returns:
            The partitions of each member, and those it stands by for.
        """
        known = {member: cls.parse_member_metadata(said) for member, said in members.items()}
        stood_by = {member: _stood_by(said.user_data) for member, said in members.items()}
        given: dict[str, dict[str, list[int]]] = {member: defaultdict(list) for member in members}
        standing: dict[str, list[TopicPartition]] = {member: [] for member in members}
        for topic in sorted({topic for one in known.values() for topic in one.subscription}):
            only = _only(topic, known, stood_by)
            executor = StickyAssignmentExecutor(cluster, only)
            executor.perform_initial_assignment()
            executor.balance()
            owners: dict[int, str] = {}
            for member in members:
                for name, partitions in executor.get_final_assignment(member):
                    given[member][name].extend(partitions)
                    owners |= dict.fromkeys(partitions, member)
            if topic in cls.followed:
                for place, member in _standbys(topic, owners, only, stood_by).items():
                    standing[member].append(place)
        return {
            member: ConsumerProtocolMemberAssignment(
                cls.version,
                sorted((topic, sorted(held)) for topic, held in topics.items()),
                _encoded(standing[member]) if cls.followed else b"",
            )
            for member, topics in given.items()
        }

    @classmethod
    def metadata(cls, topics: Iterable[str]) -> ConsumerProtocolMemberMetadata:
        """What this member says of itself: what it had, and what it stands by for."""
        said = super().metadata(topics)
        if not said.user_data or not cls.standing_by:
            return said
        more = said.user_data + _encoded(cls.standing_by)
        return ConsumerProtocolMemberMetadata(said.version, said.subscription, more)

    @classmethod
    def on_assignment(cls, assignment: ConsumerProtocolMemberAssignment) -> None:
        """Note what this member was given."""
        super().on_assignment(assignment)
        told = assignment.user_data
        cls.standing_by = _decoded(BytesIO(told)) if told else []


def following(topics: Iterable[str]) -> type[StickyByTopicAssignor]:
    """An assignor of one's own, for a worker that may be asked to stand by.

    Args:
        topics: real names of those whose partitions are followed; none if nobody stands by.
    """
    own = {"followed": frozenset(topics), "standing_by": []}
    return type("StickyByTopicAssignor", (StickyByTopicAssignor,), own)


def _encoded(places: Iterable[TopicPartition]) -> bytes:
    topics: dict[str, list[int]] = defaultdict(list)
    for topic, partition in sorted(places):
        topics[topic].append(partition)
    return _StandingBy(list(topics.items())).encode()


def _decoded(told: BytesIO) -> list[TopicPartition]:
    said = _StandingBy.decode(told).topics
    return [TopicPartition(topic, partition) for topic, held in said for partition in held]


def _stood_by(user_data: bytes) -> list[TopicPartition]:
    """What a member said it stands by for; nothing if it is of a version that does not."""
    told = BytesIO(user_data or b"")
    try:
        StickyAssignorUserDataV1.decode(told)
        return _decoded(told)
    except Exception:  # noqa: BLE001  the sticky assignor reads it on its own, and says so
        return []


def _only(
    topic: str, known: _Known, stood_by: _Places
) -> dict[str, StickyAssignorMemberMetadataV1]:
    """What the members said, as far as it concerns one topic; what nobody there had before was
    had by who stood by for it."""
    owned = {tp for said in known.values() for tp in said.partitions}
    only = {}
    for member in sorted(known):
        said = known[member]
        held = [tp for tp in said.partitions if tp.topic == topic]
        heir = [tp for tp in stood_by[member] if tp.topic == topic and tp not in owned]
        owned |= set(heir)
        only[member] = StickyAssignorMemberMetadataV1(
            partitions=held + heir,
            generation=said.generation,
            subscription=[topic] if topic in said.subscription else [],
        )
    return only


def _standbys(
    topic: str, owners: Mapping[int, str], known: _Known, stood_by: _Places
) -> dict[TopicPartition, str]:
    """Who stands by for each partition: evenly, and rather who has a copy already."""
    ready = [member for member in sorted(known) if known[member].subscription]
    load = dict.fromkeys(ready, 0)
    most = -(-len(owners) // max(1, len(ready)))
    chosen: dict[TopicPartition, str] = {}
    for partition, owner in sorted(owners.items()):
        place = TopicPartition(topic, partition)

        def fitness(member: str, place: TopicPartition = place) -> tuple[bool, bool, int]:
            has_it = place in stood_by[member] or place in known[member].partitions
            return load[member] >= most, not has_it, load[member]

        others = [member for member in ready if member != owner]
        if others:
            chosen[place] = min(others, key=fitness)
            load[chosen[place]] += 1
    return chosen
