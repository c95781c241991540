"""How large a journey is after half a year of a life as the simulator tells it."""

import json

from streams import policy
from streams.engine.record import Record
from streams.line import Line
from streams.simulator.world import World
from tests.laws.tellings import DAY_MS, START_MS, outcomes


def test_half_a_year_of_life_stays_small():
    """Nine of ten customers within four kilobytes, and nobody beyond eight.

    The stories that the simulator plants are among them, with every list of theirs in use.
    """
    policy_ = policy.load()
    line = Line(policy_.rules, policy_.questions, partitions=1)
    life = World(7, 120, START_MS, 180 * DAY_MS).arrivals()
    records = [
        Record(offset, at_ms, said["customer_id"].encode(), json.dumps(said).encode())
        for offset, (at_ms, said) in enumerate(life)
    ]
    journeys: dict[bytes, bytes] = {}
    for outcome in outcomes(line, records, size=500):
        journeys.update(outcome.changed)
    sizes = sorted(len(journey) for journey in journeys.values())

    assert len(sizes) == 120
    assert sizes[len(sizes) * 9 // 10] <= 4_096, sizes
    assert sizes[-1] <= 8_192, sizes
