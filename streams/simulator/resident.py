"""A resident: somebody with a life of their own, and how often they do what."""

from random import Random
from typing import Any

from streams.simulator.rhythm import heavy_tailed
from streams.simulator.telling import Telling

_PLACES: tuple[dict[str, str], ...] = (
    {"timezone": "Europe/Lisbon", "locale": "pt-PT", "region": "pt"},
    {"timezone": "Europe/Warsaw", "locale": "pl-PL", "region": "pl"},
    {"timezone": "Europe/Berlin", "locale": "de-DE", "region": "de"},
    {"locale": "en-IE", "region": "ie"},
    {"timezone": "Asia/Jakarta", "region": "id"},
    {},
)
_BILL_DAYS = (1, 8, 15, 22)


class Resident:
    """Somebody with a life of their own.

    Args:
        rng: where chance comes from.
        customer_id: who they are.

    ``bill_day`` is the day of the month of their billing run, ``contract_d`` the days until a
    business's contract ends, ``gone`` that they have left.
    """

    __slots__ = (
        "always",
        "bill_day",
        "business",
        "contract_d",
        "customer_id",
        "gone",
        "plan_minor",
        "rates_per_day",
        "told",
    )

    def __init__(self, rng: Random, customer_id: str) -> None:
        self.customer_id = customer_id
        self.business = rng.random() < 0.15
        self.always: dict[str, Any] = _PLACES[int(rng.random() * len(_PLACES))]
        self.plan_minor = 990 + 1000 * int(rng.random() * (60 if self.business else 5))
        self.bill_day = _BILL_DAYS[int(rng.random() * len(_BILL_DAYS))]
        self.contract_d = 95 + int(rng.random() * 270)
        self.gone = False
        self.told = 0
        self.rates_per_day = {
            "asks": heavy_tailed(rng, 0.008, 0.15),
            "writes": heavy_tailed(rng, 0.003, 0.05),
            "looks_up": heavy_tailed(rng, 0.02, 0.5),
            "shops": heavy_tailed(rng, 0.02, 0.4),
            "visits": heavy_tailed(rng, 0.001, 0.05),
            "leaves": 0.004 / 30,
        }

    def telling(self, rng: Random, start_ms: int) -> Telling:
        """The next thing they do; one in five systems knows nothing about where they live."""
        self.told += 1
        always = self.always if rng.random() < 0.8 else {}
        return Telling(rng, self.customer_id, start_ms, f".{self.told}", **always)
