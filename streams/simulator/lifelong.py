"""One customer to whom everything happens, one thing after the other: the longest of journeys."""

from collections.abc import Iterator
from random import Random

from schemas.instants import instant_ms
from streams.simulator.background import ACTS
from streams.simulator.resident import Resident
from streams.simulator.stories import stories
from streams.simulator.telling import HOUR_MS, Touchpoint

_ONCE = ("joins", "leaves", "renews")


def lifelong(seed: int, customer_id: str, start_ms: int, count: int) -> Iterator[Touchpoint]:
    """Every story in turn and everyday life between them, again and again, in order of time.

    Args:
        seed: same seed, same life.
        customer_id: whose.
        start_ms: when it begins, epoch ms.
        count: touchpoints told; their ids are all different.
    """
    rng = Random(f"{seed}:lifelong")
    resident = Resident(rng, customer_id)
    acts = [act for name, act in ACTS.items() if name not in _ONCE]
    told = chapter = 0
    now_ms = start_ms
    while True:
        for story in stories().values():
            chapter += 1
            passage = story.tell(rng, f"{customer_id}~{chapter}", now_ms)
            life = resident.telling(rng, instant_ms(passage[-1]["occurred_at"]) + HOUR_MS)
            rng.choice(acts)(life, resident)
            for touchpoint in [*passage, *life.touchpoints]:
                yield touchpoint | {"customer_id": customer_id}
                told += 1
                if told == count:
                    return
            now_ms = life.now_ms + HOUR_MS
