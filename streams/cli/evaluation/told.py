"""An evaluation as a table for people and as one object for programs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from streams.cli import screen
from streams.cli.evaluation.cost import BUDGET_NS, Cost
from streams.cli.evaluation.crowd import CrowdTally
from streams.cli.evaluation.size import TARGET_BYTES, Longest, share
from streams.cli.evaluation.tally import OfKind, Tally
from streams.simulator.exceptions import MISSED, RAISED

LOAD_MAX = 10.0
"""Alerts per thousand customers and day that a team can live with, over all detectors."""


_NO_COST = Cost(0, 0)  # of a moment that missed its standard: its detector's line has it


@dataclass
class Evaluation:
    """Everything measured.

    Args:
        tally: what was found.
        costs: by kind.
        everyday, longest: journeys of 3,000 touchpoints: of everyday life, and of one to whom
            everything happens.
        policy: label of the policy in force.
        seed: of the worlds.
        on_request: kinds that the policy does not ask; they are measured, and no part of the load.
        crowd: what was found in the stories of whole companies.
    """

    tally: Tally
    costs: dict[str, Cost]
    everyday: Longest
    longest: Longest
    policy: str
    seed: int
    on_request: frozenset[str] = frozenset()
    crowd: CrowdTally = field(default_factory=CrowdTally)

    def faults(self) -> list[str]:
        """What was missed or said for nothing and has no written reason, one sentence each."""
        said = [
            f"{kind} was not raised in {count:,} of its stories {story!r}"
            for (story, kind), count in sorted(self.tally.missed.items())
            if (story, kind) not in MISSED
        ]
        said += [
            f"{kind} was {what} in {count:,} companies, {variant.replace('_', ' ')}"
            for what, found in (("not raised", self.crowd.missed), ("raised", self.crowd.wrong))
            for (variant, kind), count in sorted(found.items())
        ]
        return said + [
            f"{kind} was raised in {count:,} stories {story!r}, which forbid it"
            for (story, kind), count in sorted(self.tally.wrong.items())
            if (story, kind) not in RAISED
        ]


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """The same for programs; shares are null where nothing was planted."""
    tally = evaluation.tally
    return {
        "touchpoints": tally.touchpoints,
        "customers": tally.customers,
        "planted_stories": tally.stories,
        "seed": evaluation.seed,
        "policy_version": evaluation.policy,
        "detectors": {
            kind: _kind_json(evaluation, kind, tally.of(kind)) for kind in sorted(tally.kinds)
        },
        "crowd": {
            kind: {
                "planted": counted.planted,
                "found": counted.found,
                "near_misses": counted.near,
                "look_alikes": counted.alike,
                "false": counted.false,
                "delay_median_s": _delay_s(counted, 50),
            }
            for kind, counted in sorted(evaluation.crowd.kinds.items())
        },
        "crowd_touchpoints": evaluation.crowd.touchpoints,
        "load_per_1000_customers_a_day": round(_load(evaluation) + _noted(evaluation), 3),
        "alerts_per_1000_customers_a_day": round(_load(evaluation), 3),
        "for_information_per_1000_customers_a_day": round(_noted(evaluation), 3),
        "on_request": sorted(evaluation.on_request),
        "missed": [[*key, count] for key, count in sorted(tally.missed.items())],
        "wrong": [[*key, count] for key, count in sorted(tally.wrong.items())],
        "exceptions": [[*key, why] for key, why in sorted({**MISSED, **RAISED}.items())],
        "cost_ns_per_touchpoint": round(_cost_ns(evaluation)),
        "journey_bytes": {
            "p50": share(tally.sizes, 50),
            "p99": share(tally.sizes, 99),
            "of_3000_everyday": _weights(evaluation.everyday),
            "of_3000_everything": _weights(evaluation.longest),
        },
        "faults": evaluation.faults(),
    }  # fmt: skip


def _weights(one: Longest) -> dict[str, Any]:
    """In bytes: at most, at the end, and by part before packing."""
    return one._asdict()


def _kind_json(evaluation: Evaluation, kind: str, counted: OfKind) -> dict[str, Any]:
    cost = evaluation.costs.get(kind, _NO_COST)
    return {
        "planted": counted.planted,
        "found": counted.found,
        "recall": _share(counted.found, counted.planted),
        "forbidden": counted.silent,
        "near_misses": counted.near,
        "look_alikes": counted.alike,
        "false": counted.false,
        "precision": _share(counted.found, counted.found + counted.false),
        "delay_median_s": _delay_s(counted, 50),
        "delay_p90_s": _delay_s(counted, 90),
        "background_per_1000_a_day": round(evaluation.tally.per_thousand_a_day(kind), 3),
        "for_information_per_1000_a_day": round(evaluation.tally.noted_a_day(kind), 3),
        "call_ns": round(cost.call_ns),
        "asked_share": round(cost.asked_share, 4),
        "touchpoint_ns": round(cost.touchpoint_ns, 1),
    }


def lines(evaluation: Evaluation) -> Iterator[str]:
    """The same for people: a table, then what it amounts to."""
    tally = evaluation.tally
    yield (
        f"{tally.touchpoints:,} touchpoints of {tally.customers:,} customers, {tally.stories:,} of "
        f"whom live a story; seed {evaluation.seed}, policy {evaluation.policy}"
    )
    yield ""
    yield from screen.table([_HEADS, *_rows(evaluation)], indent=0)
    yield ""
    if evaluation.crowd.kinds:
        yield (
            f"{evaluation.crowd.touchpoints:,} touchpoints of whole companies, each of which lives "
            "one story of many customers"
        )
        yield ""
        yield from screen.table([_CROWD_HEADS, *_crowd_rows(evaluation.crowd)], indent=0)
        yield ""
    yield from _sums(evaluation)
    for fault in evaluation.faults():
        yield f"! {fault}"


_HEADS = (
    "detector", "planted", "found", "recall", "forbidden", "near", "alike", "false", "precision",
    "delay p50", "p90", "load", "noted", "ns/call", "ns/touchpoint",
)  # fmt: skip


_CROWD_HEADS = (
    "found in the crowd", "planted", "found", "recall", "near", "alike", "false", "delay p50",
)  # fmt: skip


def _crowd_rows(crowd: CrowdTally) -> Iterator[tuple[object, ...]]:
    for kind, counted in sorted(crowd.kinds.items()):
        yield (
            kind, counted.planted, counted.found, _two(counted.found, counted.planted),
            counted.near, counted.alike, counted.false, duration(_delay_s(counted, 50)),
        )  # fmt: skip


def _rows(evaluation: Evaluation) -> Iterator[tuple[object, ...]]:
    for kind, counted in sorted(evaluation.tally.kinds.items()):
        cost = evaluation.costs.get(kind, _NO_COST)
        dear = "!" if cost.touchpoint_ns > BUDGET_NS else ""
        yield (
            kind, counted.planted, counted.found, _two(counted.found, counted.planted),
            counted.silent, counted.near, counted.alike, counted.false,
            _two(counted.found, counted.found + counted.false),
            duration(_delay_s(counted, 50)), duration(_delay_s(counted, 90)),
            f"{evaluation.tally.per_thousand_a_day(kind):.2f}",
            f"{evaluation.tally.noted_a_day(kind):.2f}",
            f"{cost.call_ns:.0f}", f"{cost.touchpoint_ns:.0f}{dear}",
        )  # fmt: skip


def _sums(evaluation: Evaluation) -> Iterator[str]:
    sizes = evaluation.tally.sizes
    ask, inform = _load(evaluation), _noted(evaluation)
    yield (
        f"load: {ask + inform:.2f} alerts per 1,000 customers and day where nothing is planted "
        f"({'below' if ask + inform < LOAD_MAX else 'NOT below'} {LOAD_MAX:g}): {ask:.2f} ask "
        f"something of somebody, {inform:.2f} only inform"
    )
    yield (
        f"cost: {_cost_ns(evaluation) / 1000:.1f} µs per touchpoint for all detectors together; "
        f"! is one above {BUDGET_NS} ns"
    )
    everyday, longest = evaluation.everyday, evaluation.longest
    yield (
        f"journeys: {share(sizes, 50):,} bytes in the median, {share(sizes, 99):,} at 99 %; after "
        f"3,000 touchpoints at most {everyday.most:,} in everyday life and {longest.most:,} where "
        f"everything happens to one customer (target {TARGET_BYTES:,})"
    )
    for kind in sorted(evaluation.on_request):
        yield f"no part of the load: {kind}, which this policy does not ask"
    for (story, kind), why in sorted({**MISSED, **RAISED}.items()):
        yield f"exception: {kind} in {story}: {why}"


def _load(evaluation: Evaluation) -> float:
    tally, extra = evaluation.tally, evaluation.on_request
    return sum(tally.per_thousand_a_day(kind) for kind in tally.kinds if kind not in extra)


def _noted(evaluation: Evaluation) -> float:
    tally, extra = evaluation.tally, evaluation.on_request
    return sum(tally.noted_a_day(kind) for kind in tally.kinds if kind not in extra)


def _cost_ns(evaluation: Evaluation) -> float:
    return sum(cost.touchpoint_ns for cost in evaluation.costs.values())


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _two(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


def _delay_s(counted: OfKind, percent: int) -> int | None:
    return round(share(counted.delays_ms, percent) / 1000) if counted.delays_ms else None


def duration(seconds: int | None) -> str:
    """Short: 0, 45 s, 12 min, 3.5 h, 2.0 d; - for none."""
    if seconds is None:
        return "-"
    if seconds < 60:
        return f"{seconds} s" if seconds else "0"
    if seconds < 7_200:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3_600:.1f} h" if seconds < 2 * 86_400 else f"{seconds / 86_400:.1f} d"
