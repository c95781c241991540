"""Records that cannot be read, or are made to do harm; and what every record of the bench is."""

from itertools import islice
from random import Random
from typing import NamedTuple

from aiokafka.partitioner import murmur2

from streams.simulator.spoiled import Spoiled, faults, spoil
from tests.faults.acts import ACTS

POISONS = 1_000


class Told(NamedTuple):
    """One record.

    Args:
        key, value, headers, timestamp_ms: as produced.
        partition: where it is put.
        what: ``good``, ``again``, ``late``, ``beyond``, ``astray``, ``either`` (nobody can say
            beforehand whether it can be read), or a dead letter's code.
    """

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    timestamp_ms: int
    partition: int
    what: str


def home(key: bytes | None, partitions: int) -> int:
    """The partition a key belongs to; the Java client's rule, as aiokafka has it."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions if key else 0


class Hostile:
    """Records made to do harm: the corpus of ``streams.simulator.spoiled``, each with its code, and
    touchpoints with bytes changed at random, of which nobody can say beforehand what they are."""

    def __init__(self, seed: int, partitions: int):
        self._rng = Random(f"{seed}:hostile")
        self._partitions = partitions
        self._number = 0

    def next(self, now_ms: int) -> Told:
        """The next one."""
        self._number += 1
        rng = self._rng
        if rng.random() < 0.5:
            bad = _spoiled(rng, now_ms, self._number)
            place = home(bad.key, self._partitions)
            return Told(bad.key, bad.value, bad.headers, now_ms, place, bad.code)
        name = f"x-{self._number}"
        fields = ACTS[rng.randrange(len(ACTS))][0] % {"k": name, "soon": now_ms, "a": 5}
        value = bytearray(
            f'{{"event_id":"{name}","source":"bench","customer_id":"{name}",'
            f'"occurred_at":{now_ms},{fields}}}'.encode()
        )
        for _ in range(rng.choice((1, 1, 2, 5, 40))):
            at = rng.randrange(len(value))
            how = rng.randrange(4)
            if how == 0:
                value[at] = rng.randrange(256)
            elif how == 1:
                del value[at : at + rng.randrange(1, 9)]
            elif how == 2:
                value[at:at] = rng.choice(_INSERTED)
            else:
                value[at:at] = value[at : at + rng.randrange(60)]
        key = name.encode()
        return Told(key, bytes(value), (), now_ms, home(key, self._partitions), "either")


_INSERTED = (
    b"\x00", b"\xff", b'"', b"{", b"[" * 300, b"}", b"\\ud800", b"1e400", b"-", b"9" * 400, b",",
    b"null", b'"customer_id":"', b"\xe2\x80\xae", b" " * 70_000, b'"a":' * 50,
)  # fmt: skip


def _spoiled(rng: Random, now_ms: int, number: int) -> Spoiled:
    kinds = len(faults())
    return next(islice(spoil(rng, kinds, now_ms), number % kinds, None))


def poisons(seed: int, partitions: int, at_ms: int) -> list[Told]:
    """Unreadable records of every kind; the timestamps are theirs only until they are told."""
    rng = Random(f"{seed}:poison")
    made = []
    for bad in spoil(rng, POISONS, at_ms):
        place = home(bad.key, partitions)
        made.append(Told(bad.key, bad.value, bad.headers, bad.timestamp_ms, place, bad.code))
    return made
