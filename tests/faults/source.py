"""The one source of the bench: customers who suffer by the second, told from a seed.

Same seed, same touchpoints in the same order, so every system under test reads the same log (only
the hour may differ: see ``Source.shift_ms``). Per customer a sequence number (part of
``event_id``), acts that overlap, and silences in which timers run out. Of all records 5 % come
twice, 10 % out of order, 1 % late, 0.5 % cannot be read, 0.1 % are older than the horizon and 0.1 %
lie in the wrong partition.
"""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from random import Random
from typing import NamedTuple

from tests.faults.acts import ACTS, CALM, CALM_SHARE
from tests.faults.unreadable import POISONS, Hostile, Told, home, poisons

AGAIN, UNORDERED, LATE, POISON, BEYOND, ASTRAY = 0.05, 0.10, 0.01, 0.005, 0.001, 0.001

#: How far behind the watermark the bench's policy still takes touchpoints in.
HORIZON_MS = 30 * 86_400_000

#: Out of order stays within the allowed lateness of the policy (2 s); late does not.
_DISORDER_MS, _LATE_MS = 1_500, (5_000, 60_000)

#: Beyond-horizon touchpoints need a watermark to be behind of.
_SETTLED = 2_000


class Shape(NamedTuple):
    """What a source is made from.

    Args:
        seed: where chance comes from.
        slots: touchpoints, those that come twice not counted.
        customers: how many there are.
        base_ms: event time of the first, epoch milliseconds.
        step_ms: event time from one to the next.
        partitions: of the topic.
        hot: share of the traffic that is one customer's.
        noise: how much goes wrong, 1.0 as in this module's docstring.
        horizon: whether some lie beyond it.
        stray: whether some lie in the wrong partition.
        hostile: share of records that are made to do harm.
    """

    seed: int
    slots: int
    customers: int
    base_ms: int
    step_ms: float
    partitions: int = 4
    hot: float = 0.0
    noise: float = 1.0
    horizon: bool = True
    stray: bool = True
    hostile: float = 0.0


_Due = tuple[int, int, Told]


class Source:
    """Every record of a source, in the order of arrival.

    Args:
        shape: what it is made from.

    Attributes:
        shift_ms: added to event time from now on, so that a source told in pieces can keep up with
            the wall clock. It is the one thing that is not from the seed.
    """

    def __init__(self, shape: Shape):
        self.shape = shape
        self.shift_ms = 0
        self._slot = 0
        self._waiting: list[_Due] = []
        self._number = 0

    @property
    def now_ms(self) -> int:
        """Event time of what is told next."""
        return self.shape.base_ms + self.shift_ms + int(self._slot * self.shape.step_ms)

    def catch_up(self, wall_ms: int) -> None:
        """Go on at that time, unless event time is further on."""
        self.shift_ms += max(0, wall_ms - self.now_ms)

    def __iter__(self) -> Iterator[Told]:
        shape, waiting = self.shape, self._waiting
        rng, chance = Random(f"{shape.seed}:acts"), Random(f"{shape.seed}:noise").random
        crowd = _Crowd(shape, rng)
        spoiled = poisons(shape.seed, shape.partitions, shape.base_ms)
        hostile = Hostile(shape.seed, shape.partitions)
        disorder = max(2, int(_DISORDER_MS / shape.step_ms))
        p_unordered, p_again = UNORDERED * shape.noise, AGAIN * shape.noise
        for slot in range(shape.slots):
            self._slot = slot
            while waiting and waiting[0][0] <= slot:
                yield heappop(waiting)[2]
            if shape.hostile and chance() < shape.hostile:
                yield hostile.next(self.now_ms)
                continue
            what, at_ms, shift = self._fate(chance(), chance)
            if what == "poison":
                yield spoiled[int(chance() * POISONS)]._replace(timestamp_ms=self.now_ms)
                continue
            told = crowd.next(self.now_ms, at_ms, what, shift)
            if chance() < p_unordered:
                self._later(slot + 1 + int(chance() * disorder), told)
            else:
                yield told
            if what == "good" and chance() < p_again:
                later = slot + disorder + 1 + int(chance() * disorder)
                self._later(later, told._replace(what="again"))
        while waiting:
            yield heappop(waiting)[2]

    def _fate(self, drawn: float, chance: Callable[[], float]) -> tuple[str, int, int]:
        """(what becomes of the next touchpoint, its event time, partitions it is off by)."""
        now_ms, noise = self.now_ms, self.shape.noise
        if drawn < POISON * noise:
            return "poison", now_ms, 0
        drawn -= POISON * noise
        if drawn < LATE * noise:
            return "late", now_ms - int(_LATE_MS[0] + chance() * _LATE_MS[1]), 0
        drawn -= LATE * noise
        if drawn < BEYOND * noise and self._slot > _SETTLED and self.shape.horizon:
            return "beyond", self.shape.base_ms - 2 * HORIZON_MS, 0
        drawn -= BEYOND * noise
        if 0 <= drawn < ASTRAY * noise and self.shape.stray:
            return "astray", now_ms, 1
        return "good", now_ms, 0

    def _later(self, slot: int, told: Told) -> None:
        self._number += 1
        heappush(self._waiting, (slot, self._number, told))


class _Crowd:
    """Customers with their acts under way; a part of them is awake at a time, the rest silent."""

    def __init__(self, shape: Shape, rng: Random):
        self._shape, self._draw = shape, rng.random
        self._keys = [b"c-%06d" % number for number in range(shape.customers)]
        self._homes = [home(key, shape.partitions) for key in self._keys]
        self._told = [0] * shape.customers
        self._acts: list[list[str]] = [[] for _ in range(shape.customers)]
        self._ids: list[int] = [0] * shape.customers
        self._awake = max(1, shape.customers // 4)
        self._first = 0
        self._busy = [0] * 32

    def next(self, now_ms: int, at_ms: int, what: str, shift: int) -> Told:
        """The next thing that happens to somebody."""
        shape, draw = self._shape, self._draw
        who = self._who(draw)
        act = self._acts[who]
        if not act:
            acts = CALM if draw() < CALM_SHARE else ACTS
            act = self._acts[who] = list(acts[int(draw() * len(acts))])
            self._ids[who] += 1
        self._told[who] += 1
        key = self._keys[who]
        name = key.decode()
        fields = act.pop(0) % {
            "k": f"{name[2:]}-{self._ids[who]}",
            "soon": at_ms + 1_000 + int(draw() * 4_000),
            "a": 1_000 + int(draw() * 9_000),
        }
        value = (
            f'{{"event_id":"{name}-{self._told[who]}","source":"bench","customer_id":"{name}",'
            f'"occurred_at":{at_ms},{fields}}}'
        )
        partition = (self._homes[who] + shift) % shape.partitions
        return Told(key, value.encode(), (), now_ms, partition, what)

    def _who(self, draw) -> int:
        shape = self._shape
        if shape.hot and draw() < shape.hot:
            return 0
        if draw() < 0.5:
            return self._busy[int(draw() * 32)]
        if draw() < 0.02:
            self._first = (self._first + 1) % shape.customers
        who = (self._first + int(draw() * self._awake)) % shape.customers
        self._busy[int(draw() * 32)] = who
        return who
