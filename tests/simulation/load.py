"""What producers send: a seeded mixture of good, repeated, late, broken and misplaced touchpoints."""

from functools import cache
from random import Random
from typing import NamedTuple

from streams.engine.partitioning import partition_of
from tests.simulation.log import Entry
from tests.simulation.small_line import CRASHES, CRASHES_LATER, HORIZON_MS

#: Virtual time 0 as wall clock: Thursday 2026-01-01T00:00:00Z.
EPOCH_MS = 1_767_225_600_000


class Sent(NamedTuple):
    """One record on its way into the source topic.

    Args:
        at_s: virtual time at which the broker takes it.
        partition: where the producer puts it.
        entry: the record.
        group: records of one upstream transaction share a number; 0 for none.
        committed: whether that transaction will be committed.
    """

    at_s: float
    partition: int
    entry: Entry
    group: int = 0
    committed: bool = True


@cache
def customers(partitions: int) -> tuple[bytes, ...]:
    """Seven customers; at least one in each of up to three partitions."""
    return tuple(b"c%d" % number for number in range(7))


@cache
def home(key: bytes, partitions: int) -> int:
    """The partition a customer belongs to."""
    return partition_of(key, partitions)


def touchpoint(rng: Random, number: int, key: bytes, at_ms: int) -> bytes:
    """One readable touchpoint's bytes."""
    customer = key.decode()
    kind = rng.random()
    contact = f"k{rng.randrange(4)}"
    head = (
        f'{{"event_id":"e{number}","source":"urn:sim","customer_id":"{customer}",'
        f'"occurred_at":{at_ms},'
    )
    if kind < 0.36:
        if rng.random() < 0.04:
            contact = f"{CRASHES if rng.random() < 0.5 else CRASHES_LATER}-{number}"
        rest = (
            f'"type":"contact.started","contact_id":"{contact}","channel":"phone",'
            f'"direction":"inbound","reason":{{"l1":"billing","l2":"bill"}}}}'
        )
    elif kind < 0.70:
        rest = f'"type":"contact.ended","contact_id":"{contact}","outcome":"pending"}}'
    elif kind < 0.84:
        rest = f'"type":"contact.transferred","contact_id":"{contact}","mode":"cold"}}'
    elif kind < 0.94:
        due_ms = at_ms + rng.randrange(500, 6_000)
        rest = (
            f'"type":"promise.made","promise_id":"p{rng.randrange(3)}","kind":"fix",'
            f'"due_at":{due_ms}}}'
        )
    else:
        rest = f'"type":"promise.kept","promise_id":"p{rng.randrange(3)}"}}'
    return (head + rest).encode()


def traffic(rng: Random, count: int, partitions: int, during_s: float) -> list[Sent]:
    """So many records over so many seconds, most of them in bursts, in the broker's order."""
    keys = customers(partitions)
    bursts = [rng.random() * during_s for _ in range(rng.choice((1, 2, 4)))]
    at_s = sorted(
        rng.random() * during_s if rng.random() < 0.15 else rng.choice(bursts) + rng.random() * 0.01
        for _ in range(count)
    )
    sent: list[Sent] = []
    numbered = 0
    begun: set[int] = set()  # partitions where event time certainly runs
    for number, when_s in enumerate(at_s):
        chance = rng.random()
        wall_ms = EPOCH_MS + int(when_s * 1_000)
        key = keys[int(rng.random() ** 2 * len(keys))]
        occurred_ms = wall_ms - int(rng.random() ** 3 * 2_500)
        partition = home(key, partitions)
        if chance < 0.03 and partition in begun:
            occurred_ms -= 2 * HORIZON_MS
        value = touchpoint(rng, number, key, occurred_ms)
        if 0.03 <= chance < 0.06:
            value = value[: len(value) // 2]
        elif 0.06 <= chance < 0.11 and sent:
            again = rng.choice(sent[-8:])
            key, value, partition = again.entry.key, again.entry.value, again.partition
        elif 0.11 <= chance < 0.13:
            partition = rng.randrange(partitions)
        entry = Entry(key, value, (), wall_ms)
        if 0.13 <= chance < 0.19:
            numbered += 1
            sent.append(Sent(when_s, partition, entry, numbered, rng.random() < 0.5))
        else:
            sent.append(Sent(when_s, partition, entry))
            if chance >= 0.19 and CRASHES.encode() not in value:
                begun.add(partition)
    return sent
