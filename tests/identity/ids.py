"""Two partitions, ids that belong into them, and what is told of who a customer is."""

from streams import policy as policies
from streams.engine.journey import Journey
from tests.partitions import Topic, id_in

A, B, C, FAR = id_in(0), id_in(1), id_in(0, number=1), id_in(1, number=1)
POLICY = policies.load()
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


def topic() -> Topic:
    """Two partitions under the default policy."""
    return Topic(POLICY.rules, POLICY.questions)


def contact(logs: Topic, customer: str, at_ms: int, number: int = 1, **fields) -> None:
    """An inbound contact begins."""
    logs.tell(
        customer,
        "contact.started",
        at_ms,
        **{
            "contact_id": f"k-{customer}-{number}",
            "channel": "phone",
            "direction": "inbound",
            "reason": {"l1": "billing", "l2": "bill"},
            **fields,
        },
    )


def merge(logs: Topic, from_id: str, into_id: str, at_ms: int, key: str | None = None) -> None:
    """Two ids are one customer, told under the first unless said otherwise."""
    logs.tell(
        key or from_id, "identity.merged", at_ms, from_customer_id=from_id, into_customer_id=into_id
    )


def of_journey(logs: Topic, customer: str) -> Journey:
    """The journey under an id."""
    kept = logs.kept(customer)
    assert isinstance(kept, Journey)
    return kept
