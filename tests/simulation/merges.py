"""Customers who turn out to be one, and one who wants to be forgotten, amid the usual traffic.

Built, not drawn: merges within a partition and across two, one told under either id, two in a row,
a circle told at the same time, a merge that contradicts another, an erasure of an alias and of whom
it had joined, late touchpoints to all of them. Then every step of the protocol, each time it is
reached, is a place to die or to stop at, as in ``exhaustive``.
"""

import json
from random import Random

from streams.kafka.ports import Limits
from tests.simulation import plan as plans
from tests.simulation.exhaustive import Report, every_step
from tests.simulation.faults import RESTART, At, Upon
from tests.simulation.load import EPOCH_MS, Sent, home, touchpoint
from tests.simulation.log import Entry
from tests.simulation.plan import Plan

PARTITIONS = 2
_TOUCHPOINTS = 26
_DURING_S = 6.0


def ids(partition: int, count: int) -> list[str]:
    """So many customer ids that belong into a partition."""
    found = (f"m{n}" for n in range(1_000) if home(b"m%d" % n, PARTITIONS) == partition)
    return [next(found) for _ in range(count)]


NEAR, FAR = ids(0, 4), ids(1, 4)
#: (seconds, told under, from, into); None for an erasure.
_TOLD: tuple[tuple[float, str, str, str | None], ...] = (
    (1.0, NEAR[0], NEAR[0], FAR[0]),  # across
    (1.6, FAR[1], NEAR[1], FAR[1]),  # across, told under the id it joins
    (2.2, FAR[0], FAR[0], NEAR[2]),  # on from there: two in a row
    (2.8, NEAR[3], NEAR[3], FAR[3]),  # and at the same moment the other way round: a circle
    (2.8, FAR[3], FAR[3], NEAR[3]),
    (3.4, NEAR[0], NEAR[0], FAR[2]),  # contradicts the first
    (3.6, FAR[2], FAR[2], FAR[1]),  # within one partition
    (4.4, NEAR[1], NEAR[1], None),  # an alias wants to be forgotten
)


def traffic(rng: Random) -> list[Sent]:
    """Touchpoints of all of them, before, between and after what is told of their ids."""
    sent = []
    for number in range(_TOUCHPOINTS):
        at_s = _DURING_S * number / _TOUCHPOINTS
        key = rng.choice(NEAR + FAR).encode()
        at_ms = EPOCH_MS + int(at_s * 1_000)
        value = touchpoint(rng, number, key, at_ms - rng.choice((0, 0, 900)))
        sent.append(Sent(at_s, home(key, PARTITIONS), Entry(key, value, (), at_ms)))
        if number % 7 == 3:
            again = sent[-3]
            sent.append(again._replace(at_s=at_s + 0.01))
    for number, (at_s, under, from_id, into_id) in enumerate(_TOLD):
        told = {
            "event_id": f"m{number}",
            "source": "urn:sim",
            "customer_id": under,
            "occurred_at": EPOCH_MS + int(at_s * 1_000),
        }
        if into_id is None:
            told |= {"type": "customer.erasure_requested", "scope": "all"}
        else:
            told |= {
                "type": "identity.merged",
                "from_customer_id": from_id,
                "into_customer_id": into_id,
            }
        key = under.encode()
        entry = Entry(key, json.dumps(told).encode(), (), told["occurred_at"])
        sent.append(Sent(at_s, home(key, PARTITIONS), entry))
    return sorted(sent, key=lambda one: one.at_s)


def scenario(delivery: str, workers: int, *upon: Upon) -> Plan:
    """The scenario, with those faults; one worker comes and goes in its midst."""
    limits = Limits(
        batch_records=6, idle_after_s=0.6, swallowed_after_s=1.0,
        alive_within_s=plans.SESSION_S / 2, patrol_s=plans.PATROL_S,
    )  # fmt: skip
    return Plan(
        11, delivery, workers, PARTITIONS, traffic(Random(11)),
        [At(2.5, RESTART, workers - 1)], list(upon), limits, 4, 100_000, [0] * workers,
        " ".join(
            [f"--merges --delivery {delivery} --workers {workers}"]
            + [f"--at {fault.what}:{fault.nth}:{fault.seconds:g}" for fault in upon]
        ),
    )  # fmt: skip


def merges_at_every_step(deliveries: tuple[str, ...]) -> Report:
    """Two workers, a partition each: every step at every batch."""
    return every_step(deliveries, (2,), scenario)
