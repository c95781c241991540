"""From a seed to a scenario: how many workers, what traffic, which faults, and when."""

from random import Random
from typing import NamedTuple

from streams.kafka.ports import Limits
from streams.kafka.steps import STEPS
from tests.simulation.load import Sent, traffic

SESSION_S = 6.0
REBALANCE_S = 10.0
TRAFFIC_S = 8.0
LAST_FAULT_S = 12.0
PATROL_S = 2.0
#: Above the patrol by a margin, as the topics are set up.
COMPACTION_LAG_S = 6.0

EXACTLY, EFFECTIVELY = "exactly_once", "effectively_once"

#: Faults by instant.
KILL, STOP, CUT, RESTART, SHRINK, GROW = "kill", "stop", "cut", "restart", "shrink", "grow"
STALL, COMPACT = "stall", "compact"
#: Faults at the nth time something happens.
LOST, UNANSWERED = "lost", "unanswered"
SWALLOW, DOUBLE, LATE = "swallow", "double", "late"

#: Requests that a failing broker may refuse or leave unanswered.
REQUESTS = ("fence", "send", "append", "commit", "offsets")


class At(NamedTuple):
    """A fault at an instant.

    Args:
        at_s: virtual time.
        kind: see above.
        slot: of the worker it meets, where it meets one.
        seconds: how long it lasts, where it lasts.
    """

    at_s: float
    kind: str
    slot: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        during = f" for {self.seconds:.1f} s" if self.seconds else ""
        whom = "" if self.kind in (STALL, COMPACT) else f" w{self.slot}"
        return f"{self.kind}{whom} at {self.at_s * 1_000:.0f} ms{during}"


class Upon(NamedTuple):
    """A fault when something happens for the nth time.

    Args:
        what: a step of the protocol, a kind of request, or ``batch`` (one handed to an agent).
        nth: counted over all workers, from 1.
        kind: see above; ``kill`` and ``stop`` for steps.
        seconds: how long it lasts, where it lasts.
    """

    what: str
    nth: int
    kind: str
    seconds: float = 0.0

    def __str__(self) -> str:
        during = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.kind} at {self.what} no. {self.nth}{during}"


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

    @property
    def transactional(self) -> bool:
        return self.delivery == EXACTLY

    @property
    def settled_after_s(self) -> float:
        """From here on there are neither new records nor faults by instant."""
        last_s = max((fault.at_s + fault.seconds for fault in self.at), default=0.0)
        return max(last_s, self.sent[-1].at_s if self.sent else 0.0)

    @property
    def can_pause(self) -> bool:
        """Some worker may be taken for dead while it lives."""
        return any(f.kind in (STOP, CUT, STALL) for f in (*self.at, *self.upon))

    @property
    def can_repeat(self) -> bool:
        """Something happens after which an alert may be said again."""
        return bool([f for f in self.at if f.kind != COMPACT] or
                    [f for f in self.upon if f.what != "batch"])


def drawn(seed: int, delivery: str | None = None) -> Plan:
    """The scenario of a seed; even seeds are exactly_once unless told otherwise."""
    rng = Random(seed)
    if delivery is None:
        delivery = EFFECTIVELY if seed % 2 else EXACTLY
    workers, partitions = rng.choice((1, 1, 2, 2, 3)), rng.choice((1, 2, 2, 3))
    at: list[At] = []
    upon: list[Upon] = []
    for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4))):
        _fault(rng, workers, at, upon)
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
        at, upon, limits, rng.choice((2, 5, 20)), rng.choice((4_000, 100_000)) if delivery == EXACTLY else 100_000, skew_ms,
    )  # fmt: skip


def _fault(rng: Random, workers: int, at: list[At], upon: list[Upon]) -> None:
    """Draw one fault."""
    chance, when_s, slot = rng.random(), rng.random() * LAST_FAULT_S, rng.randrange(workers)
    pause_s = rng.choice((0.3, 2.0, 2.0 * SESSION_S))
    if chance < 0.24:
        kind = KILL if rng.random() < 0.6 else STOP
        upon.append(Upon(rng.choice(STEPS), 1 + int(rng.random() ** 2 * 12), kind,
                         0.0 if kind == KILL else pause_s))
    elif chance < 0.34:
        at.append(At(when_s, KILL, slot))
    elif chance < 0.42:
        at.append(At(when_s, STOP, slot, pause_s))
    elif chance < 0.50:
        at.append(At(when_s, CUT, slot, pause_s))
    elif chance < 0.54:
        at.append(At(when_s, STALL, 0, pause_s))
    elif chance < 0.62:
        at.append(At(when_s, RESTART, slot))
    elif chance < 0.68:
        at.append(At(when_s, SHRINK, slot))
        at.append(At(when_s + rng.random() * 4.0, GROW, slot))
    elif chance < 0.78:
        upon.append(Upon(rng.choice(REQUESTS), rng.randrange(1, 12),
                         rng.choice((LOST, UNANSWERED))))
    elif chance < 0.95:
        upon.append(Upon("batch", rng.randrange(1, 12), rng.choice((SWALLOW, DOUBLE, LATE)), 0.5))
    else:
        at.append(At(when_s, COMPACT))
