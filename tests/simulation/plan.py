"""From a seed to a scenario: how many workers, what traffic, which faults, and when."""

from random import Random
from typing import NamedTuple

from streams.kafka.ports import Limits
from streams.kafka.steps import STEPS
from tests.simulation.faults import (
    COMPACT,
    CUT,
    DOUBLE,
    DOUBLED,
    ECHOED,
    GROW,
    KILL,
    LATE,
    LOST,
    REQUESTS,
    RESTART,
    SHRINK,
    STALL,
    STOP,
    SWALLOW,
    UNANSWERED,
    At,
    Upon,
)
from tests.simulation.load import Sent, traffic

SESSION_S = 6.0
REBALANCE_S = 10.0
TRAFFIC_S = 8.0
LAST_FAULT_S = 12.0
PATROL_S = 2.0

EXACTLY, EFFECTIVELY = "exactly_once", "effectively_once"

#: Nothing is said twice because of the others.
_HARD = {KILL, STOP, CUT, STALL, LOST, UNANSWERED, DOUBLED}


class Plan(NamedTuple):
    """One scenario.

    Args:
        seed: of everything that is drawn while it runs.
        delivery: ``exactly_once`` or ``effectively_once``.
        workers: slots of the deployment.
        partitions: of the source topic.
        sent: the traffic.
        faults: by instant, and upon something.
        limits, fetch_records, batch_bytes: knobs of the workers.
        skew_ms: by how much each machine's wall clock is wrong.
        again: arguments that bring this very plan back; by seed and delivery if not given.
    """

    seed: int
    delivery: str
    workers: int
    partitions: int
    sent: list[Sent]
    at: list[At]
    upon: list[Upon]
    limits: Limits
    fetch_records: int
    batch_bytes: int
    skew_ms: list[int]
    again: str = ""

    @property
    def transactional(self) -> bool:
        return self.delivery == EXACTLY

    @property
    def settled_after_s(self) -> float:
        """From here on there are neither new records nor faults by instant."""
        last_s = max((fault.at_s + fault.seconds for fault in self.at), default=0.0)
        return max(last_s, self.sent[-1].at_s if self.sent else 0.0)

    @property
    def can_repeat(self) -> bool:
        """Something happens after which an alert may be said again, without transactions."""
        return any(fault.kind in _HARD for fault in (*self.at, *self.upon))


def drawn(seed: int, delivery: str | None = None) -> Plan:
    """The scenario of a seed; even seeds are exactly_once unless told otherwise."""
    rng = Random(seed)
    if delivery is None:
        delivery = EFFECTIVELY if seed % 2 else EXACTLY
    workers, partitions = rng.choice((1, 1, 2, 2, 3)), rng.choice((1, 2, 2, 3))
    at: list[At] = []
    upon: list[Upon] = []
    for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4))):
        _fault(rng, delivery, workers, at, upon)
    at.sort()
    limits = Limits(
        batch_records=rng.choice((3, 8, 50)),
        idle_after_s=rng.choice((0.6, 1.5)),
        swallowed_after_s=1.0,
        alive_within_s=SESSION_S / 2,
        patrol_s=PATROL_S,
    )
    skew_ms = [0 if rng.random() < 0.7 else rng.randrange(-800, 800) for _ in range(workers)]
    return Plan(
        seed, delivery, workers, partitions,
        traffic(rng, rng.choice((8, 20, 28)), partitions, TRAFFIC_S * rng.random() + 0.1),
        at, upon, limits, rng.choice((2, 5, 20)), rng.choice((9_000, 100_000)), skew_ms,
    )  # fmt: skip


def _fault(rng: Random, delivery: str, workers: int, at: list[At], upon: list[Upon]) -> None:
    """Draw one fault."""
    kind = rng.choices(_KINDS, _WEIGHTS)[0]
    when_s, slot = rng.random() * LAST_FAULT_S, rng.randrange(workers)
    pause_s = rng.choice((0.3, 2.0, 2.0 * SESSION_S))
    nth = 1 + int(rng.random() ** 2 * 12)
    if kind == "step":
        kind = KILL if rng.random() < 0.6 else STOP
        upon.append(Upon(rng.choice(STEPS), nth, kind, 0.0 if kind == KILL else pause_s))
    elif kind == "request":
        kinds = (KILL, LOST, UNANSWERED, ECHOED if delivery == EXACTLY else DOUBLED)
        kind = rng.choice(kinds)
        upon.append(Upon(rng.choice(REQUESTS[kind]), nth, kind))
    elif kind == "batch":
        upon.append(Upon("batch", nth, rng.choice((SWALLOW, DOUBLE, LATE)), 3.0))
    elif kind == SHRINK:
        at += [At(when_s, SHRINK, slot), At(when_s + 1.0 + rng.random() * 3.0, GROW, slot)]
    else:
        at.append(At(when_s, kind, slot, pause_s if kind in (STOP, CUT, STALL) else 0.0))


#: How often each is drawn; ``step``, ``request`` and ``batch`` stand for faults upon one.
_KINDS = ("step", KILL, STOP, CUT, STALL, RESTART, SHRINK, "request", "batch", COMPACT)
_WEIGHTS = (24, 8, 8, 8, 4, 8, 6, 14, 15, 5)
