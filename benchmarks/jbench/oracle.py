"""What the alerts of J-bench must be: a plain loop that shares no code with any system."""

import json
import math
from collections.abc import Iterable
from typing import NamedTuple

WEIGHTS = {
    "onboarding": 0.5, "billing": 1.0, "support_contact": 2.0, "transfer": 1.5, "escalation": 9.0,
}  # fmt: skip
_MUST = {
    "support_contact": {"case_id", "reason", "handle_s", "wait_s", "resolved"},
    "transfer": {"case_id", "from_queue", "to_queue", "hold_s"},
    "billing": {"invoice_id", "amount", "status"},
    "onboarding": {"step", "status", "duration_s"},
    "escalation": {"level"},
}
_COMMON = {"kind", "event_id", "customer_id", "ts", "channel", "schema_version"}


class Answer(NamedTuple):
    """Alerts as {(customer, event_id): (score, repeat)}, and how many records nobody can read."""

    alerts: dict[tuple[str, str], tuple[float, bool]]
    unreadable: int
    closest: float  # smallest distance of a score to a threshold: far above rounding


def answer(values: Iterable[bytes]) -> Answer:
    """Fold the input once."""
    kept: dict[str, list] = {}
    alerts, unreadable, closest = {}, 0, 1.0
    for value in values:
        try:
            e = json.loads(value)
            names = set(e) - {"sentiment"}
            if names != _COMMON | _MUST[e["kind"]] or not isinstance(e["ts"], int):
                raise ValueError
        except (ValueError, KeyError):
            unreadable += 1
            continue
        effort, last, armed, recent = kept.get(e["customer_id"], [0.0, e["ts"], True, []])
        effort = effort * math.exp(-math.log(2) * (e["ts"] - last) / 259_200) + WEIGHTS[e["kind"]]
        repeat = False
        if e["kind"] == "support_contact":
            recent = [one for one in recent if e["ts"] - one[0] <= 604_800]
            repeat = any(reason == e["reason"] for _, reason in recent)
            effort += repeat
            recent = [*recent, (e["ts"], e["reason"])][-20:]
        closest = min(closest, abs(effort - 8), abs(effort - 6)) if effort % 0.5 else closest
        if effort >= 8 and armed:
            alerts[e["customer_id"], e["event_id"]] = (effort, repeat)
            armed = False
        kept[e["customer_id"]] = [effort, e["ts"], armed or effort < 6, recent]
    return Answer(alerts, unreadable, closest)
