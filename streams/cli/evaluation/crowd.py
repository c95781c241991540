"""What is found in the crowd, held against planted stories of whole companies.

Each story is a company of its own, told to both stages as its touchpoints would come, and held to
its own kind alone: in another of its cohorts another detector may be right as well.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from schemas.instants import instant_ms
from streams import policy as policies
from streams.cli.evaluation.tally import OfKind
from streams.engine.partitioning import partition_of
from streams.engine.record import Record
from streams.policy import Policy
from streams.replay.house import ReplayHouse
from streams.replay.places import Placed
from streams.simulator.crowds import Many, Tale, tales

PARTITIONS = 4
SEEDS = 3
"""How often each story is told, each time by another chance."""
START_MS = 1_767_571_200_000  # Monday 2026-01-05T00:00:00Z
DAY_MS = 86_400_000
MADE_OF = {"insights.v1": "upstream_insight", "agents.v1": "agent_feedback"}
"""Records that are made of the crowd and are no alerts, as kinds."""


@dataclass
class CrowdTally:
    """All stories of companies.

    Args:
        kinds: by kind.
        touchpoints: told and replayed.
        missed, wrong: how often, by (variant, kind): expected and not raised; raised and forbidden.
    """

    kinds: dict[str, OfKind] = field(default_factory=dict)
    touchpoints: int = 0
    missed: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)


def judge(in_force: Policy, seed: int) -> CrowdTally:
    """Tell every story that the policy asks about, and compare."""
    tally = CrowdTally()
    asked = {question.kind for question in in_force.cohort_questions} | set(MADE_OF.values())
    for tale in tales():
        if tale.kind not in asked:
            continue
        for number in range(SEEDS):
            many = told(tale, seed * 1_000 + number)
            raised = found(tale, many, in_force, tally)
            _count(tally, tale, many, raised.get(tale.kind))
    return tally


def told(tale: Tale, seed: int) -> Many:
    """The story, told."""
    many = Many(Random(f"{seed}:{tale.kind}:{tale.variant}"), START_MS)
    tale.tell(many)
    return many


def found(tale: Tale, many: Many, in_force: Policy, tally: CrowdTally) -> dict[str, int]:
    """Kinds that were raised, and when first, epoch ms."""
    house = ReplayHouse(in_force, PARTITIONS, crowd=True)
    first: dict[str, int] = {}
    end_ms = START_MS + tale.days * DAY_MS
    for sends in (house.run(records(many)), house.pass_time(end_ms), house.finish()):
        for send in sends:
            kind = MADE_OF.get(send.topic)
            if kind is not None:
                first.setdefault(kind, send.timestamp_ms)
            elif send.topic == "alerts.systemic.v1":
                said = json.loads(send.value or b"")
                if said["action"] == "trigger":
                    first.setdefault(said["kind"], instant_ms(said["occurred_at"]))
    refused = [name for name in house.counts if name.startswith("dead_letter")]
    if refused:
        raise ValueError(f"{tale.kind}, {tale.variant}: {refused}")
    tally.touchpoints += house.counts["touchpoints"]
    return first


def records(many: Many) -> Iterator[Placed]:
    """Its touchpoints as records of so many partitions."""
    offsets = [0] * PARTITIONS
    for one in many.told():
        key = one["customer_id"].encode()
        at = partition_of(key, PARTITIONS)
        yield at, Record(offsets[at], one["occurred_at"], key, json.dumps(one).encode())
        offsets[at] += 1


def with_thresholds(tale: Tale) -> Policy:
    """The default policy, but for the thresholds under which a near miss is none."""
    cohorts = {k.partition(".")[2]: v for k, v in tale.nearly.items() if "." in k}
    own = {k: v for k, v in tale.nearly.items() if "." not in k}
    table = {"version": "nearly", "cohorts": cohorts, "detectors": {tale.kind: own}}
    return policies.from_table(table)


def _count(tally: CrowdTally, tale: Tale, many: Many, raised_ms: int | None) -> None:
    counted = tally.kinds.setdefault(tale.kind, OfKind())
    if tale.variant == "positive":
        counted.planted += 1
        if raised_ms is None:
            tally.missed[tale.variant, tale.kind] += 1
        else:
            counted.found += 1
            counted.delays_ms.append(raised_ms - many.begins_ms)
        return
    counted.silent += 1
    counted.near += tale.variant == "near_miss"
    counted.alike += tale.variant == "look_alike"
    if raised_ms is not None:
        counted.false += 1
        tally.wrong[tale.variant, tale.kind] += 1
