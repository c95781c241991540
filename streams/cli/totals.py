"""What a replay amounted to: for programs as one object, for people as a few lines."""

import re
from typing import TYPE_CHECKING, Any

from streams.cli import screen

if TYPE_CHECKING:
    from streams.replay.house import ReplayHouse

_FATES = ("accepted", "duplicates", "late", "beyond_horizon", "misrouted", "dead_letters")


def totals(house: "ReplayHouse", elapsed_s: float, cpu_s: float) -> dict[str, Any]:
    """Everything counted.

    Args:
        house: after the replay.
        elapsed_s: how long it took.
        cpu_s: and how much of that the processor worked.
    """
    counts = house.counts
    letters = _under(counts, "dead_letter.")
    actions: dict[str, dict[str, int]] = {}
    for name, count in sorted(_under(counts, "kind.").items()):
        kind, action = name.split(".")
        actions.setdefault(kind, {})[action] = count
    return {
        "touchpoints": house.records,
        "accepted": counts["touchpoints"],
        "duplicates": counts["duplicate"],
        "late": counts["late"],
        "beyond_horizon": counts["beyond_horizon"],
        "misrouted": counts["misrouted"],
        "dead_letters": sum(letters.values()),
        "dead_letters_by_code": dict(sorted(letters.items())),
        "customers": house.customers,
        "alerts": {kind: sum(told.values()) for kind, told in actions.items()},
        "alerts_by_action": actions,
        "outreach": dict(sorted(_under(counts, "outreach.").items())),
        "feedback": dict(sorted(_under(counts, "feedback.").items())),
        "timers_fired": counts["wake"],
        "policy_version": house.rules.label,
        "partitions": len(house.desks),
        "elapsed_s": round(elapsed_s, 3),
        "cpu_s": round(cpu_s, 3),
        "touchpoints_per_s": round(house.records / max(elapsed_s, 1e-6)),
        "cpu_us_per_touchpoint": round(cpu_s / max(1, house.records) * 1e6, 2),
    }


def lines(told: dict[str, Any]) -> list[str]:
    """The same for people.

    Args:
        told: what ``totals`` gave.
    """
    said = (
        f"{told['touchpoints']:,} touchpoints of {told['customers']:,} customers in "
        f"{told['elapsed_s']:.1f} s: {told['touchpoints_per_s']:,}/s, "
        f"{told['cpu_us_per_touchpoint']:.1f} µs CPU each"
    )
    shown = [said, *screen.table((fate.replace("_", " "), told[fate]) for fate in _FATES)]
    if told["dead_letters"]:
        shown += ["dead letters by code", *screen.table(told["dead_letters_by_code"].items())]
    actions = told["alerts_by_action"]
    if actions:
        names = sorted({action for by_action in actions.values() for action in by_action})
        rows = [(kind, *(by.get(name, 0) for name in names)) for kind, by in actions.items()]
        shown += ["alerts", *screen.table([("", *names), *rows])]
    for what in ("outreach", "feedback"):
        if told[what]:
            words = {re.sub("[._]", " ", name): n for name, n in told[what].items()}
            shown += [what, *screen.table(words.items())]
    crashed = told["dead_letters_by_code"].get("processing_error")
    if crashed:
        shown.append(f"! {crashed:,} records crashed a detector: a fault of ours, please report it")
    return shown


def _under(counts: dict[str, int], prefix: str) -> dict[str, int]:
    return {name.removeprefix(prefix): n for name, n in counts.items() if name.startswith(prefix)}
