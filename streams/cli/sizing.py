"""How large a deployment has to be: a rule fitted to measured runs (``sizing.toml``).

Everything is linear in the touchpoints or in the customers, because that is how it was measured to
be; where a step is not (a whole worker, a power of two of partitions) it is rounded up.
"""

import math
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

_COEFFICIENTS = Path(__file__).with_name("sizing.toml")
_MB = 1_000_000

PARTITIONS_MAX = 1_000
"""The most that the settings take."""
BROKER_MB_PER_S = 100.0
"""What one broker is taken to write in good order, replicas counted; a disk's figure, not ours."""


class Asked(NamedTuple):
    """A deployment to be sized.

    Args:
        touchpoints_per_s: at the busiest hour.
        customers: whose journeys are kept.
        touchpoint_bytes: of one record, as it is sent.
        delivery, store: as in the settings.
        busy: share of a core that a worker may need at the busiest hour.
        growth: how many times as many touchpoints there may be one day.
        replication: copies of each topic.
        partitions: if they are given; else they follow.
    """

    touchpoints_per_s: float
    customers: int
    touchpoint_bytes: int = 400
    delivery: str = "exactly_once"
    store: str = "memory"
    busy: float = 0.6
    growth: float = 4.0
    replication: int = 3
    partitions: int | None = None


class Size(NamedTuple):
    """What it takes.

    Args:
        workers: processes of one core each, one more than are needed so that one may be gone.
        partitions: of the touchpoints topic; fixed once chosen.
        memory_mb: of one worker.
        disk_mb: of one worker's folder; 0 where journeys are in memory.
        broker_cores: of all brokers together, without what replicas cost.
        broker_mb_per_s: written by all brokers together, replicas included; at most, as if no
            customer were heard twice between two commits.
        brokers: how many, at ``BROKER_MB_PER_S`` each and one core's worth of work per core.
        changelog_mb: of all partitions once compacted, replicas not counted.
        restore_s: until the last partition of a worker is there again, from nothing.
        takeover_s: the same with a copy on disk, or with somebody who stood by.
        first: what gives way first when it grows.
    """

    workers: int
    partitions: int
    memory_mb: int
    disk_mb: int
    broker_cores: float
    broker_mb_per_s: float
    brokers: int
    changelog_mb: int
    restore_s: float
    takeover_s: float
    first: str


def coefficients() -> dict[str, dict[str, Any]]:
    """What was measured, by group; each group names its run."""
    return tomllib.loads(_COEFFICIENTS.read_text("utf-8"))


def size(asked: Asked, measured: dict[str, dict[str, Any]] | None = None) -> Size:
    """What a deployment takes.

    Args:
        asked: what is to be done.
        measured: ``coefficients``.
    """
    cost = measured or coefficients()
    on_disk = asked.store == "disk"
    worker_us = cost["worker_us"][asked.delivery] + on_disk * cost["disk_us"]["a_touchpoint"]
    needed = max(1, math.ceil(asked.touchpoints_per_s * worker_us / 1e6 / asked.busy))
    workers = needed + 1
    partitions = asked.partitions or _power_of_two(max(8, needed * asked.growth))
    each = asked.customers / needed  # when one worker is gone
    journey, restore = cost["journey"], cost["restore"]
    a_touchpoint = (
        asked.touchpoint_bytes + cost["broker"]["written_bytes"] + journey["packed_bytes"]
    )
    written = asked.touchpoints_per_s * a_touchpoint
    mb_per_s = written * asked.replication / _MB
    cores = asked.touchpoints_per_s * cost["broker"]["us"] / 1e6
    brokers = max(
        asked.replication, math.ceil(mb_per_s / BROKER_MB_PER_S), math.ceil(cores / 4 / asked.busy)
    )
    return Size(
        workers=workers,
        partitions=partitions,
        memory_mb=_memory_mb(asked, cost, each),
        disk_mb=round(each * journey["on_disk_bytes"] * 2 / _MB) if on_disk else 0,
        broker_cores=round(cores, 2),
        broker_mb_per_s=round(mb_per_s, 2),
        brokers=brokers,
        changelog_mb=round(asked.customers * journey["encoded_bytes"] / _MB),
        restore_s=round(
            restore["start_s"] + each * restore["disk_us" if on_disk else "memory_us"] / 1e6, 1
        ),
        takeover_s=restore["start_s"],
        first=_first(asked, needed, partitions, mb_per_s, each * journey["cold_bytes"] / _MB),
    )


def _memory_mb(asked: Asked, cost: dict[str, dict[str, Any]], each: float) -> int:
    journey = cost["journey"]
    live = min(each, 20_000) * journey["live_bytes"] / _MB
    if asked.store == "disk":
        return max(1_024, 256 * math.ceil((cost["program"]["base_mb"] + 2.5 * live) / 256))
    return 256 * math.ceil(
        (cost["program"]["base_mb"] + live + each * journey["cold_bytes"] / _MB) / 256
    )


def _power_of_two(least: float) -> int:
    return 1 << math.ceil(math.log2(least))


def _first(asked: Asked, needed: int, partitions: int, mb_per_s: float, journeys_mb: float) -> str:
    """What gives way first."""
    if partitions > PARTITIONS_MAX:
        return f"partitions: {partitions} are more than the {PARTITIONS_MAX} a topic may have here"
    if needed > partitions:
        return (
            "partitions: each is worked by one worker at a time, and there are fewer than workers"
        )
    if mb_per_s > 3 * BROKER_MB_PER_S:
        return "the brokers' disks and network: each changed journey is written to the changelog"
    if asked.store == "memory" and journeys_mb > 4_096:
        return "memory: a worker's journeys take gigabytes; THROUGHLINE_STORE=disk"
    return "the workers' CPU; add workers, up to one for each partition"
