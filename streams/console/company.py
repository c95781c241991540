"""A simulated company that never closes: one world after the other, in order of arrival."""

import re
from collections.abc import Iterator

import orjson

from streams.simulator.stories import stories
from streams.simulator.world import World
from streams.wire import jsonl
from streams.wire.jsonl import Carried

START_MS = 1_767_571_200_000
"""Monday 2026-01-05T00:00:00Z: a demo shows the same stories whenever it is run."""

SEASON_DAYS = 60
_DAY_MS = 86_400_000
_CUSTOMER = re.compile(rb"c-(\d{6})")


def touchpoints(seed: int, customers: int) -> Iterator[tuple[str, Carried]]:
    """(event id, record) for ever. Most customers live a story, so that there is much to see.

    Args:
        seed: same seed, same company.
        customers: how many each season has; every season has new ones.
    """
    mix = dict.fromkeys(stories(), 0.8 / len(stories()))
    season = 0
    while True:
        start_ms = START_MS + season * SEASON_DAYS * _DAY_MS
        world = World(seed + season, customers, start_ms, SEASON_DAYS * _DAY_MS, mix)
        for arrival_ms, touchpoint in world.arrivals():
            line = orjson.dumps(touchpoint)
            if season:  # a world numbers its customers from nought: these are others
                line = _CUSTOMER.sub(b"c%d-\\1" % season, line)
            record = jsonl.read(line)._replace(timestamp_ms=arrival_ms)
            yield orjson.loads(line)["event_id"] if season else touchpoint["event_id"], record
        season += 1
