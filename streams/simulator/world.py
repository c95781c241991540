"""A whole log: planted stories among everyday traffic, in the order in which it arrives.

The same arguments give the same bytes. What is kept while it runs grows with the customers and
with what is under way at once, not with the length of the log.
"""

from collections.abc import Iterator, Mapping
from heapq import heapify, heappop, heapreplace
from random import Random

from schemas.instants import instant_ms
from streams.simulator.background import ACTS, first_acts, next_act_ms
from streams.simulator.noise import Carrier, Noise
from streams.simulator.planting import Planted, customer_id, plant
from streams.simulator.resident import Resident
from streams.simulator.stories import stories
from streams.simulator.telling import Touchpoint

BACKGROUND = "background"
"""The story of a customer who has none."""

_STORY = "story"


class World:
    """One seeded world.

    Args:
        seed: same seed and arguments, same bytes.
        customers: how many, named ``c-000000`` and on.
        start_ms: epoch milliseconds at which it begins.
        duration_ms: how long it lasts; nothing arrives after it.
        mix: story name → share of the customers who live it, but at least one customer; a story
            that cannot settle in time is left out. Default: each story for 0.5 %.
        noise: what goes wrong on the way.

    Raises:
        ValueError: no customers, no time, an unknown story, or a share outside 0 to 1.
    """

    def __init__(
        self,
        seed: int,
        customers: int,
        start_ms: int,
        duration_ms: int,
        mix: Mapping[str, float] | None = None,
        noise: Noise | None = None,
    ) -> None:
        if customers < 1 or duration_ms < 1:
            raise ValueError("a world needs at least one customer and some time")
        self.seed, self.customers, self.noise = seed, customers, noise or Noise()
        self.start_ms, self.end_ms = start_ms, start_ms + duration_ms
        self._planted = plant(seed, customers, start_ms, self.end_ms, mix)

    def story_of(self, customer: str) -> str:
        """The story of a customer; ``background`` for most.

        Args:
            customer: a customer id of this world, ``c-000412``.
        """
        planted = self._planted.get(int(customer.removeprefix("c-")))
        return BACKGROUND if planted is None else planted.story

    def truth(self) -> Iterator[Planted]:
        """Every planted story, by customer."""
        for _, planted in sorted(self._planted.items()):
            yield planted

    def arrivals(self) -> Iterator[tuple[int, Touchpoint]]:
        """(arrival in epoch ms, touchpoint), in order of arrival."""
        rng = Random(f"{self.seed}:life")
        carrier = Carrier(Random(f"{self.seed}:noise"), self.noise)
        under_way = carrier.under_way
        residents = [
            None if index in self._planted else Resident(rng, customer_id(index))
            for index in range(self.customers)
        ]
        starts = self._starts(rng, residents)
        heapify(starts)
        while starts:
            at_ms, index, act = starts[0]
            # Nothing that is still to begin can arrive before it has begun.
            while under_way and under_way[0][0] <= at_ms:
                arrival_ms, _, touchpoint = heappop(under_way)
                yield arrival_ms, touchpoint
            resident = residents[index]
            if resident is None:
                self._tell(self._planted[index], carrier)
                heappop(starts)
                continue
            if resident.gone:
                heappop(starts)
                continue
            life = resident.telling(rng, at_ms)
            ACTS[act](life, resident)
            carrier.send(life.touchpoints, life.instants_ms, spared=False)
            again_ms = next_act_ms(rng, resident, act, at_ms)
            if again_ms is None or again_ms >= self.end_ms:
                heappop(starts)
            else:
                heapreplace(starts, (again_ms, index, act))
        while under_way and under_way[0][0] < self.end_ms:
            arrival_ms, _, touchpoint = heappop(under_way)
            yield arrival_ms, touchpoint

    def _starts(self, rng: Random, residents: list[Resident | None]) -> list[tuple[int, int, str]]:
        """(when, customer number, act): the first of everything that anybody does."""
        starts: list[tuple[int, int, str]] = []
        for index, resident in enumerate(residents):
            if resident is None:
                starts.append((self._planted[index].starts_ms, index, _STORY))
                continue
            acts = first_acts(rng, resident, self.start_ms)
            starts += [(at_ms, index, act) for at_ms, act in acts]
        return [start for start in starts if start[0] < self.end_ms]

    def told(self, planted: Planted) -> list[Touchpoint]:
        """A planted story's touchpoints, in order; its chance is its customer's own."""
        rng = Random(f"{self.seed}:{planted.customer_id}")
        return stories()[planted.story].tell(rng, planted.customer_id, planted.starts_ms)

    def _tell(self, planted: Planted, carrier: Carrier) -> None:
        """Send a planted story."""
        told = self.told(planted)
        instants_ms = [instant_ms(touchpoint["occurred_at"]) for touchpoint in told]
        carrier.send(told, instants_ms, self.noise.spare_stories)


def simulate(
    seed: int,
    customers: int,
    start_ms: int,
    duration_ms: int,
    mix: Mapping[str, float] | None = None,
    noise: Noise | None = None,
) -> Iterator[tuple[int, Touchpoint]]:
    """(arrival in epoch ms, touchpoint) of a ``World`` with these arguments, as they arrive."""
    return World(seed, customers, start_ms, duration_ms, mix, noise).arrivals()
