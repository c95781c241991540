"""Who is there when memory, restoring and pauses are measured: many customers, and probes.

A probe is one touchpoint of a customer nobody knows that raises an alert at once, in the same job
as in the whole product.
"""

import json
import random
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from benchmarks.jbench import workload
from benchmarks.jbench.workload import Drawn

_DAY_S = 86_400


class Cast(NamedTuple):
    """How to make the load and the probes of one job.

    Args:
        load: so many customers with so many contacts each.
        probe: the n-th one, at a time in epoch seconds.
    """

    load: Callable[[int, int], Iterable[Drawn]]
    probe: Callable[[int, int], Drawn]


def _same_load(customers: int, each: int) -> Iterator[Drawn]:
    return workload.contacts(customers, each, 13)


def _told(customer: str, kind: str, event: str, ts_s: int, **own: object) -> Drawn:
    at = datetime.fromtimestamp(ts_s, UTC).isoformat().replace("+00:00", "Z")
    touchpoint = {
        "event_id": event, "source": "urn:bench", "type": kind, "schema_version": 1,
        "customer_id": customer, "occurred_at": at, **own,
    }  # fmt: skip
    value = json.dumps(touchpoint, separators=(",", ":")).encode()
    return Drawn(customer.encode(), value, ts_s * 1_000)


def _whole_load(customers: int, each: int) -> Iterator[Drawn]:
    """Everybody calls, about a day of event time in all, and is called back by nobody."""
    dice, total = random.Random(13), customers * each
    for n in range(total):
        yield _told(
            f"customer-{n % customers:09d}", "contact.started", f"e{n:012d}",
            workload.BEGIN_S + n * _DAY_S // total, contact_id=f"k-{n:012d}", channel="phone",
            direction="inbound", medium="voice",
            reason={"l1": dice.choice(("billing", "technical", "contract"))},
        )  # fmt: skip


def _whole_probe(n: int, ts_s: int) -> Drawn:
    return _told(
        f"{workload.PROBE}{n:012d}", "payment.failed", f"p{n:012d}", ts_s, attempt_no=1,
        max_attempts=4, decline="soft", amount_minor=2990, currency="EUR", invoice_id=f"i-{n:012d}",
        actor={"kind": "system"},
    )  # fmt: skip


SAME = Cast(_same_load, workload.probe)
WHOLE = Cast(_whole_load, _whole_probe)
