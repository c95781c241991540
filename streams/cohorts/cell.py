"""The sums of one cohort in one window: everything that is merged is merged by adding.

Only whole numbers (milliseconds, thousandths), so that the order of adding cannot matter; and the
customers with the smallest hashes, which are a fair sample of them all, exact while they are few.
"""

from collections.abc import Iterable

from msgspec import Struct, field
from xxhash import xxh3_64_intdigest

CUSTOMERS_MAX = 20
"""Customers remembered of a cohort and window; more are estimated."""
_HASHES = 1 << 64

EDGES_S = (
    10, 30, 60, 120, 180, 300, 600, 900, 1200, 1500, 1800, 2700, 3600, 7200, 14_400, 28_800,
    43_200, 86_400, 172_800, 259_200, 604_800, 2_592_000,
)  # fmt: skip
"""Upper ends of the bins of response times, seconds; the last bin is open."""


class Mark(Struct, array_like=True, gc=False):
    """One thing that must be known by itself, of an account or an agent.

    Args:
        at_ms: event time.
        what: ``open``, ``shut``; ``ended``, ``again``, ``scored``.
        customer: whose.
        about: the episode or contact.
        number: severity, seconds or thousandths of a score.
        detail: issue or reference.
    """

    at_ms: int
    what: str
    customer: str
    about: str
    number: int = 0
    detail: str = ""


class Cell(Struct, array_like=True, gc=False):
    """Sums of one cohort in one window."""

    counts: dict[str, int] = field(default_factory=dict)
    customers: dict[int, str] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)

    def __getitem__(self, code: str) -> int:
        return self.counts.get(code, 0)

    def add(self, code: str, by: int = 1) -> None:
        """Count."""
        self.counts[code] = self.counts.get(code, 0) + by

    def merge(self, other: "Cell") -> None:
        """Take another's sums in."""
        counts = self.counts
        if counts:
            for code, by in other.counts.items():
                counts[code] = counts.get(code, 0) + by
        else:  # the commonest by far, and a copy is done in one go
            counts.update(other.counts)
        if other.customers:
            customers = self.customers
            customers.update(other.customers)
            if len(customers) > CUSTOMERS_MAX:
                self.trim()
        if other.marks:
            self.marks.extend(other.marks)

    def trim(self) -> None:
        """Keep the customers with the smallest hashes."""
        if len(self.customers) > CUSTOMERS_MAX:
            kept = sorted(self.customers)[:CUSTOMERS_MAX]
            self.customers = {number: self.customers[number] for number in kept}

    @property
    def distinct(self) -> int:
        """How many customers: exact below ``CUSTOMERS_MAX``, then estimated.

        The k-th smallest of n evenly spread hashes lies at about k / n: n = (k - 1) / kth
        (Bar-Yossef et al. 2002; relative error about 1 / sqrt(k - 2), 24 % for 20).
        """
        if len(self.customers) < CUSTOMERS_MAX:
            return len(self.customers)
        return round((CUSTOMERS_MAX - 1) * _HASHES / (max(self.customers) + 1))

    @property
    def sample(self) -> list[str]:
        """Up to ``CUSTOMERS_MAX`` customers, in the order of their hashes."""
        return [self.customers[number] for number in sorted(self.customers)]


def total(cells: Iterable[Cell]) -> Cell:
    """The sum of some cells."""
    whole = Cell()
    for cell in cells:
        whole.merge(cell)
    return whole


def number_of(customer_id: str) -> int:
    """The hash a customer is sampled by."""
    return xxh3_64_intdigest(customer_id)


def bin_of(seconds: float) -> int:
    """The bin of a response time."""
    for number, edge in enumerate(EDGES_S):
        if seconds < edge:
            return number
    return len(EDGES_S)
