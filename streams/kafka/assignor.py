"""Who gets which partitions: each topic shared out evenly, and as little moved as possible.

aiokafka's sticky assignor balances the *count* of partitions over all topics together. With a busy
touchpoints topic and a quiet feedback topic of eight partitions each, it gave two workers eight
partitions each: all of the busy topic to one, all of the quiet one to the other. Here it is asked
topic by topic.
"""

from collections import defaultdict
from collections.abc import Mapping

from aiokafka.cluster import ClusterMetadata
from aiokafka.coordinator.assignors.sticky.sticky_assignor import (
    StickyAssignmentExecutor,
    StickyAssignorMemberMetadataV1,
    StickyPartitionAssignor,
)
from aiokafka.coordinator.protocol import (
    ConsumerProtocolMemberAssignment,
    ConsumerProtocolMemberMetadata,
)


class StickyByTopicAssignor(StickyPartitionAssignor):
    """aiokafka's sticky assignor, applied to each topic on its own."""

    name = "sticky_by_topic"

    @classmethod
    def assign(
        cls, cluster: ClusterMetadata, members: Mapping[str, ConsumerProtocolMemberMetadata]
    ) -> dict[str, ConsumerProtocolMemberAssignment]:
        """Share out every subscribed topic.

        Args:
            cluster: topics and their partitions.
            members: what each member of the group subscribes to and had before.

        Returns:
            The partitions of each member.
        """
        known = {member: cls.parse_member_metadata(said) for member, said in members.items()}
        given: dict[str, dict[str, list[int]]] = {member: defaultdict(list) for member in members}
        for topic in sorted({topic for one in known.values() for topic in one.subscription}):
            executor = StickyAssignmentExecutor(cluster, _only(topic, known))
            executor.perform_initial_assignment()
            executor.balance()
            for member in members:
                for name, partitions in executor.get_final_assignment(member):
                    given[member][name].extend(partitions)
        return {
            member: ConsumerProtocolMemberAssignment(
                cls.version, sorted((topic, sorted(held)) for topic, held in topics.items()), b""
            )
            for member, topics in given.items()
        }


def _only(
    topic: str, known: Mapping[str, StickyAssignorMemberMetadataV1]
) -> dict[str, StickyAssignorMemberMetadataV1]:
    """What the members said, as far as it concerns one topic."""
    return {
        member: StickyAssignorMemberMetadataV1(
            partitions=[tp for tp in said.partitions if tp.topic == topic],
            generation=said.generation,
            subscription=[topic] if topic in said.subscription else [],
        )
        for member, said in known.items()
    }
