"""The input of J-bench: seeded, keyed by customer, 230 to 270 bytes a record, 0.1 % unreadable.

Customers are drawn by a zipf law (0.99) whose ranks are scrambled, so that hot keys spread over
partitions; one record in a hundred is a probe: an escalation of a customer nobody knows, which is
exactly one alert.
"""

import json
import random
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

BEGIN_S, SPAN_S = 1_767_225_600, 14 * 86_400
CHANNELS = ("phone", "chat", "email", "web", "app", "branch")
REASONS = ("billing", "delivery", "login", "outage", "contract", "other")
_KINDS = ("support_contact", "transfer", "billing", "onboarding")
_SHARES = (49, 20, 20, 10)
_BAD_EVERY = 1_000
PROBE_EVERY = 100
PROBE = "probe-"


class Drawn(NamedTuple):
    """One record: Kafka key and value, and its timestamp where it has one of its own."""

    key: bytes
    value: bytes
    timestamp_ms: int = 0


def records(
    count: int,
    customers: int,
    seed: int,
    first: int = 0,
    total: int | None = None,
    probe_every: int = PROBE_EVERY,
) -> Iterator[Drawn]:
    """The input, in order.

    Args:
        count: how many records.
        customers: how many keys the zipf law draws from.
        seed: same seed, same bytes.
        first: number of the first record; a second part goes on where the first ended.
        total: records of all parts, over which event time is spread evenly.
        probe_every: one record in so many is a probe.
    """
    dice = random.Random(f"{seed}/{first}")
    ranks = list(range(customers))
    random.Random(seed).shuffle(ranks)
    weights = list(accumulate(1 / (rank + 1) ** 0.99 for rank in range(customers)))
    drawn = dice.choices(range(customers), cum_weights=weights, k=count)
    kinds = dice.choices(_KINDS, weights=_SHARES, k=count)
    step_s = SPAN_S / (total or first + count)
    for n, (rank, usual) in enumerate(zip(drawn, kinds, strict=True), first):
        probe = n % probe_every == 0
        customer = f"{PROBE}{n:012d}" if probe else f"customer-{ranks[rank]:09d}"
        kind = "escalation" if probe else usual
        fields = _common(n, customer, kind, BEGIN_S + int(n * step_s)) | _own(dice, kind)
        value = json.dumps(fields, separators=(",", ":")).encode()
        if n % _BAD_EVERY == 1:
            value = _spoiled(n // _BAD_EVERY, fields)
        yield Drawn(customer.encode(), value)


def contacts(customers: int, each: int, seed: int) -> Iterator[Drawn]:
    """So many customers with so many contacts each, no probes: what memory is measured with."""
    dice, total = random.Random(seed), customers * each
    for n in range(total):
        fields = _common(n, f"customer-{n % customers:09d}", "support_contact",
                         BEGIN_S + n * SPAN_S // total)  # fmt: skip
        fields |= _own(dice, "support_contact")
        yield Drawn(
            fields["customer_id"].encode(), json.dumps(fields, separators=(",", ":")).encode()
        )


def probe(n: int, ts: int) -> Drawn:
    """One probe of its own: an escalation of a customer nobody knows."""
    fields = _common(n, f"{PROBE}{n:012d}", "escalation", ts) | {"level": 3}
    return Drawn(fields["customer_id"].encode(), json.dumps(fields, separators=(",", ":")).encode())


def _common(n: int, customer: str, kind: str, ts: int) -> dict:
    return {
        "kind": kind, "event_id": f"01JB{n:022d}", "customer_id": customer, "ts": ts,
        "channel": CHANNELS[n % len(CHANNELS)], "schema_version": 1,
    }  # fmt: skip


def _own(dice: random.Random, kind: str) -> dict:
    number = dice.getrandbits(40)
    if kind == "support_contact":
        own = {
            "case_id": f"case-{number:013d}", "reason": dice.choice(REASONS),
            "handle_s": number % 1_800, "wait_s": number % 600, "resolved": number % 3 > 0,
        }  # fmt: skip
        return own | ({"sentiment": (number % 200) / 100 - 1} if number % 2 else {})
    if kind == "transfer":
        return {
            "case_id": f"case-{number:013d}", "from_queue": f"queue-{number % 40:03d}-first",
            "to_queue": f"queue-{number % 37:03d}-second", "hold_s": number % 400,
        }  # fmt: skip
    if kind == "billing":
        return {
            "invoice_id": f"invoice-{number:013d}-{number % 12:02d}", "amount": number % 90_000,
            "status": ("issued", "paid", "failed")[number % 3],
        }  # fmt: skip
    if kind == "onboarding":
        return {
            "step": f"step-{number % 9}-connect-the-first-source", "duration_s": number % 9_000,
            "status": ("started", "completed", "failed")[number % 3],
        }  # fmt: skip
    return {"level": 3}


def _spoiled(n: int, fields: dict) -> bytes:
    """Not JSON, a field missing, an unknown kind, a wrong type, an unknown field, in turn."""
    if n % 5 == 0:
        return json.dumps(fields).encode()[:-9]
    if n % 5 == 1:
        fields = {name: value for name, value in fields.items() if name != "ts"}
    elif n % 5 == 2:
        fields = fields | {"kind": "smoke_signal"}
    elif n % 5 == 3:
        fields = fields | {"ts": "yesterday"}
    else:
        fields = fields | {"surprise": True}
    return json.dumps(fields, separators=(",", ":")).encode()
