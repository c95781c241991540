"""O2: who was told what, computed from the log alone, without any of our core."""

import json
from typing import Any

import msgspec
from cramjam import lz4

from tests.faults.unreadable import home

_PRIME, _MASK = 1_099_511_628_211, (1 << 64) - 1
_SEEN_MAX = 48

#: Where a journey keeps its count and its chain of offsets: ``streams/engine/journey.py`` says that
#: fields are only ever added at the end.
_N, _CHAIN, HEADER_BYTES, _PACKED = 3, 23, 9, b"\x04"

Chain = tuple[int, int]


class Chains:
    """O2: who was told what, by the rules on the package and nothing of what is in it.

    Args:
        partitions: of the topic.
        unreadable: (key, value) of records that are no touchpoints.
        oldest_ms: touchpoints before this are beyond the horizon; 0 if there is none.
    """

    def __init__(
        self,
        partitions: int,
        unreadable: frozenset[tuple[bytes | None, bytes | None]],
        oldest_ms: int,
    ):
        self._partitions, self._unreadable, self._oldest_ms = partitions, unreadable, oldest_ms
        self.chains: dict[bytes, Chain] = {}
        self.admitted = self.refused = 0
        self._heard: dict[bytes, list[str]] = {}
        self._homes: dict[bytes, int] = {}

    def take(self, partition: int, offset: int, key: bytes | None, value: bytes | None) -> None:
        """The next record of a partition."""
        if (key, value) in self._unreadable or key is None or value is None:
            self.refused += 1
            return
        place = self._homes.get(key)
        if place is None:
            place = self._homes[key] = home(key, self._partitions)
        if place != partition:
            return
        told = json.loads(value)
        if told["occurred_at"] < self._oldest_ms:
            return
        heard = self._heard.setdefault(key, [])
        if told["event_id"] in heard:
            return
        heard.append(told["event_id"])
        if len(heard) > _SEEN_MAX:
            del heard[0]
        n, chain = self.chains.get(key, (0, 0))
        self.chains[key] = (n + 1, (chain * _PRIME + offset + 1) & _MASK)
        self.admitted += 1


def held_chain(journey: bytes) -> Chain:
    """(n, chain) out of an encoded journey, by its published layout."""
    fields = held_fields(journey)
    return fields[_N], fields[_CHAIN]


def held_fields(journey: bytes) -> list[Any]:
    """All of an encoded journey's fields, by its published layout: a large one is an LZ4 block."""
    content = journey[HEADER_BYTES:]
    if journey[:1] == _PACKED:
        content = bytes(lz4.decompress_block(content))
    return msgspec.msgpack.decode(content)
