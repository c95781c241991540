"""The second stage keeps the same, however the portions it reads are cut into batches."""

from typing import Any

import msgspec
import pytest

from streams.engine.partitioning import partition_of
from tests.cohorts.crowd import HOUR_MS, MONDAY_MS, Company


def kept(company: Company) -> dict[bytes, Any]:
    """What lies in its changelog, without the order in which sums were first met."""
    (store,) = company.cohort_stores
    return {key: msgspec.msgpack.decode(value) for key, value in store.items()}


def two_partitions(company: Company) -> tuple[str, str]:
    """Two customers who lie apart."""
    names = [f"c-{number}" for number in range(20)]
    first = names[0]
    home = partition_of(first.encode(), company.partitions)
    other = next(n for n in names if partition_of(n.encode(), company.partitions) != home)
    return first, other


@pytest.mark.parametrize("cut", [1, 2, 3, 100])
def test_what_was_heard_hours_later_waits_when_its_hour_closes(cut: int):
    """One partition is ten hours ahead. The other comes on, so that the first hour closes; then the
    one ahead has a word about that hour, in the same batch or in a later one: it is kept alike."""
    stores = []
    for batch in (cut, 1):
        company = Company(asked={})
        ahead, behind = two_partitions(company)

        def say(customer: str, hour: float, company: Company = company) -> None:
            at_ms = MONDAY_MS + round(hour * HOUR_MS)
            here = {"channel": "phone", "contact_id": f"k-{company.count}"}
            company.hear([company.told("contact.started", customer, at_ms, **here)])

        for customer, hour in (
            (ahead, 0.5), (behind, 0.5), (ahead, 10.5), (behind, 3.5), (behind, 4.5),
            (ahead, 0.6), (ahead, 10.6),
        ):  # fmt: skip
            say(customer, hour)
        company.second_stage(batch=batch)
        stores.append(kept(company))
    assert stores[0] == stores[1]
    assert stores[0]
