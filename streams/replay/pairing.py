"""Episodes of two sides, paired where they are about the same and overlap in time.

The ids of alerts do not tell: another threshold is crossed by another touchpoint. So an episode is
held against what the other side has open about the same customer, detector and object at any moment
of its life, both ends included; several may pair with one.
"""

from bisect import insort
from collections import Counter
from typing import NamedTuple

from streams.engine.partitioning import partition_of

_OPEN_MS = 1 << 62


class Key(NamedTuple):
    """What an episode is about."""

    kind: str
    customer_id: str
    object: str


class Said(NamedTuple):
    """How an episode began.

    Args:
        alert_id: its name; derived by a digest, so the smallest of many are a fair sample of them.
        at_ms: epoch milliseconds.
        severity: 1 to 5.
        text: why, for a person.
        evidence: a line for each touchpoint it rests on.
    """

    alert_id: str
    at_ms: int
    severity: int
    text: str
    evidence: tuple[str, ...]


class Sampled(NamedTuple):
    """An episode as an example."""

    said: Said
    key: Key


class _Episode:
    __slots__ = ("over_ms", "paired", "said")

    def __init__(self, said: Said) -> None:
        self.said = said
        self.over_ms = _OPEN_MS
        self.paired = False


_Two = tuple[list[_Episode], list[_Episode]]


class Pairing:
    """Takes beginnings and ends of two sides, and counts what has paired once it is over.

    Args:
        sample: examples kept for each detector and each outcome.
        partitions: how many there are; ``settle`` speaks of each.

    Attributes:
        only: episodes without a partner, by detector and side.
        both: episodes with one, by detector and side.
    """

    def __init__(self, sample: int, partitions: int) -> None:
        self.only: Counter[tuple[str, int]] = Counter()
        self.both: Counter[tuple[str, int]] = Counter()
        self._sample = sample
        self._partitions = partitions
        self._samples: dict[tuple[str, str], list[Sampled]] = {}
        self._alive: dict[Key, _Two] = {}
        self._over: dict[Key, int] = {}

    def begin(self, side: int, key: Key, said: Said) -> bool:
        """An episode begins; False if the side has one open about the same and it only goes on."""
        alive = self._alive.setdefault(key, ([], []))
        if alive[side] and alive[side][-1].over_ms == _OPEN_MS:
            return False
        episode = _Episode(said)
        alive[side].append(episode)
        return True

    def over(self, side: int, key: Key, at_ms: int) -> None:
        """An episode ends; nothing happens if it was never raised."""
        own = self._alive.get(key, ([], []))[side]
        if own and own[-1].over_ms == _OPEN_MS:
            own[-1].over_ms = at_ms
            self._over[key] = partition_of(key.customer_id.encode(), self._partitions)

    def settle(self, until_ms: list[int]) -> None:
        """Count and forget what was over by then.

        Args:
            until_ms: by partition, before when nothing is said any more, epoch milliseconds.
        """
        for key, partition in list(self._over.items()):
            self._settle(key, until_ms[partition])

    def close(self) -> None:
        """Count whatever is left: nothing more is said."""
        for key in list(self._alive):
            self._settle(key, _OPEN_MS)

    def samples(self, kind: str, where: str) -> list[Sampled]:
        """Examples, in order of time.

        Args:
            kind: the detector's.
            where: ``only_a``, ``only_b`` or ``both``.
        """
        return sorted(self._samples.get((kind, where), []), key=lambda one: one.said.at_ms)

    def _settle(self, key: Key, until_ms: int) -> None:
        alive = self._alive[key]
        for side, episodes in enumerate(alive):
            settled = [one for one in episodes if one.over_ms <= until_ms]
            for one in settled:
                _pair(one, alive[1 - side])
                episodes.remove(one)
                self._count(side, key, one)
        if not any(one.over_ms < _OPEN_MS for episodes in alive for one in episodes):
            self._over.pop(key, None)
        if not (alive[0] or alive[1]):
            del self._alive[key]

    def _count(self, side: int, key: Key, one: _Episode) -> None:
        (self.both if one.paired else self.only)[key.kind, side] += 1
        if one.paired and side == 1:
            return  # the partner is the example
        where = "both" if one.paired else ("only_a", "only_b")[side]
        kept = self._samples.setdefault((key.kind, where), [])
        insort(kept, Sampled(one.said, key))
        del kept[self._sample :]


def _pair(episode: _Episode, others: list[_Episode]) -> None:
    # When one of them is over and not when it begins: only then is it known how far it reached.
    for other in others:
        if other.said.at_ms <= episode.over_ms and episode.said.at_ms <= other.over_ms:
            episode.paired = other.paired = True
