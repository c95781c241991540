"""A consumer group coordinator with the eager protocol: generations, heartbeats, eviction.

A member joins and is answered when the rebalance completes. Members hear of a rebalance in the
answer to their next heartbeat; they give up everything and join again. It completes when all known
members have joined, or when the rebalance timeout has passed, without those who have not. A member
not heard of for the session timeout is thrown out.
"""

from collections.abc import Callable, Sequence

from streams.kafka.ports import TopicPartition
from tests.simulation.loop import Loop, Turn

Assigned = tuple[int, list[TopicPartition]]


class UnknownMember(Exception):
    """The group does not know that member (any more), or knows a later generation of it."""


class RebalanceInProgress(Exception):
    """Give up what you have and join again."""


class Member:
    """What the coordinator knows of one member."""

    __slots__ = ("answer", "expiry", "name")

    def __init__(self, name: str):
        self.name = name
        self.answer: Callable | None = None  # its pending join
        self.expiry: Turn | None = None


class Coordinator:
    """The group.

    Args:
        loop: whose time passes.
        partitions: what there is to assign.
        session_s: a member not heard of for so long is thrown out.
        rebalance_s: those who have not joined by then are left behind.
        say: told what happens.
    """

    def __init__(
        self,
        loop: Loop,
        partitions: Sequence[TopicPartition],
        session_s: float,
        rebalance_s: float,
        say: Callable[[str], None] = lambda text: None,
    ):
        self.generation = 0
        self.rebalances = 0
        self.offsets: dict[TopicPartition, int] = {}
        self.watch: Callable[[dict[TopicPartition, int]], None] = lambda offsets: None
        self._loop, self._partitions, self._say = loop, list(partitions), say
        self._session_s, self._rebalance_s = session_s, rebalance_s
        self._members: dict[str, Member] = {}
        self._open: Turn | None = None  # the end of the rebalance under way
        self._names = 0

    def join(self, name: str, known_as: str | None, answer: Callable) -> None:
        """Answer (member id, generation, partitions) when the rebalance completes."""
        if known_as is not None and known_as not in self._members:
            answer(UnknownMember())
            return
        if known_as is None:
            self._names += 1
            known_as = f"{name}#{self._names}"
            self._members[known_as] = Member(known_as)
        member = self._members[known_as]
        member.answer = answer
        self._heard(member)
        self._rebalance()
        self._complete_if_all_joined()

    def heartbeat(self, known_as: str, generation: int) -> None:
        """Raises: UnknownMember, RebalanceInProgress."""
        member = self._members.get(known_as)
        if member is None or (generation != self.generation):
            raise UnknownMember
        self._heard(member)
        if self._open is not None:
            raise RebalanceInProgress

    def commit(self, known_as: str, generation: int, offsets: dict[TopicPartition, int]) -> None:
        """Store offsets. Raises: UnknownMember."""
        member = self._members.get(known_as)
        if member is None or generation != self.generation:
            raise UnknownMember
        self._heard(member)
        self.watch(offsets)
        self.offsets.update(offsets)

    def leave(self, known_as: str) -> None:
        """A member goes at once."""
        if known_as in self._members:
            self._remove(self._members[known_as], "leaves")

    def _heard(self, member: Member) -> None:
        if member.expiry is not None:
            member.expiry.cancel()
        member.expiry = self._loop.outside(self._session_s, self._expire, member)

    def _expire(self, member: Member) -> None:
        if member.answer is not None:
            self._heard(member)  # it waits for us, not we for it
        elif self._members.get(member.name) is member:
            self._remove(member, "is thrown out: not heard of")

    def _remove(self, member: Member, why: str) -> None:
        self._say(f"{member.name} {why}")
        if member.expiry is not None:
            member.expiry.cancel()
        del self._members[member.name]
        if self._members:
            self._rebalance()
            self._complete_if_all_joined()

    def _rebalance(self) -> None:
        if self._open is None:
            self._say("a rebalance begins")
            self._open = self._loop.outside(self._rebalance_s, self._complete)

    def _complete_if_all_joined(self) -> None:
        if all(member.answer is not None for member in self._members.values()):
            self._complete()

    def _complete(self) -> None:
        if self._open is None:
            return
        self._open.cancel()
        self._open = None
        for member in [m for m in self._members.values() if m.answer is None]:
            self._say(f"{member.name} is left behind: it has not joined in time")
            if member.expiry is not None:
                member.expiry.cancel()
            del self._members[member.name]
        self.generation += 1
        self.rebalances += 1
        members = list(self._members.values())
        shares: list[list[TopicPartition]] = [[] for _ in members]
        for number, tp in enumerate(self._partitions):
            if members:
                shares[(number + self.generation) % len(members)].append(tp)
        self._say(
            f"generation {self.generation}: "
            + "; ".join(
                f"{m.name} has {[tp.partition for tp in share]}"
                for m, share in zip(members, shares, strict=True)
            )
        )
        for member, share in zip(members, shares, strict=True):
            answer, member.answer = member.answer, None
            self._heard(member)
            answer((member.name, self.generation, share))
