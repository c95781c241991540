"""Everyday traffic: people who shop, look things up, get billed, ask now and then, and are served.

Nothing here is a story: what is found in it is the load an operator would live with. Most of it is
nothing; some is what happens anywhere: a parcel a day late, a card declined, a poor score.
"""

from collections.abc import Callable
from random import Random

from streams.simulator.everyday import belonging, goods, money, service
from streams.simulator.everyday.belonging import RENEWAL_D
from streams.simulator.resident import Resident
from streams.simulator.rhythm import next_ms, next_run_ms, season, time_of_day_ms
from streams.simulator.telling import DAY_MS, HOUR_MS, Telling

ACTS: dict[str, Callable[[Telling, Resident], None]] = {
    "asks": service.asks,
    "writes": service.writes,
    "looks_up": service.looks_up,
    "visits": service.visits,
    "shops": goods.shops,
    "uses": goods.uses,
    "reads": goods.reads,
    "is_billed": money.is_billed,
    "is_surveyed": belonging.is_surveyed,
    "joins": belonging.joins,
    "renews": belonging.renews,
    "leaves": belonging.leaves,
}
"""What a resident may do, by name; those in ``Resident.rates_per_day`` come by chance."""

_EVERY_DAYS = {"uses": 7, "reads": 28, "is_surveyed": 91}
"""Acts that come round: days from one to the next."""


def first_acts(rng: Random, resident: Resident, start_ms: int) -> list[tuple[int, str]]:
    """(when in epoch ms, act): the first of everything that a resident does.

    Args:
        rng: where chance comes from.
        resident: who.
        start_ms: the world's beginning, epoch ms; they are known within its first hour.
    """
    joins_ms = start_ms + int(rng.random() * HOUR_MS)
    acts = [(joins_ms, "joins"), (next_run_ms(rng, joins_ms, resident.bill_day), "is_billed")]
    for act, per_day in resident.rates_per_day.items():
        acts.append((next_ms(rng, joins_ms, per_day), act))
    for act, days in _EVERY_DAYS.items():
        day_ms = (joins_ms // DAY_MS + 1 + int(rng.random() * days)) * DAY_MS
        acts.append((day_ms + time_of_day_ms(rng), act))
    if resident.business:
        day_ms = (joins_ms // DAY_MS + resident.contract_d - RENEWAL_D) * DAY_MS
        acts.append((day_ms + time_of_day_ms(rng), "renews"))
    return acts


def next_act_ms(rng: Random, resident: Resident, act: str, at_ms: int) -> int | None:
    """When a resident does it again, epoch ms, or None for never."""
    if resident.gone:
        return None
    if act in _EVERY_DAYS:
        return at_ms + _EVERY_DAYS[act] * DAY_MS
    if act == "is_billed":
        return next_run_ms(rng, at_ms, resident.bill_day)
    if act in resident.rates_per_day:
        often = season(at_ms) if act == "shops" else 1.0
        return next_ms(rng, at_ms, resident.rates_per_day[act] * often)
    return None
