"""Judgement calls about cohorts: which there are, how much is kept, what the standards are."""

from dataclasses import dataclass, field
from typing import Annotated

from annotated_types import Ge, Gt, Le

from streams.cohorts.dimensions import DIMENSIONS

Days = Annotated[int, Ge(1), Le(400)]
Count = Annotated[int, Ge(1), Le(100_000)]
Share = Annotated[float, Ge(0), Le(1)]
Seconds = Annotated[float, Gt(0), Le(1e9)]

CAUSES = {
    "billing": "billing",
    "payment": "billing",
    "invoice": "billing",
    "onboarding": "onboarding",
    "setup": "onboarding",
    "product": "product_quality",
    "outage": "product_quality",
    "technical": "product_quality",
    "bug": "product_quality",
    "delivery": "external",
    "order": "external",
    "knowledge": "knowledge",
    "contract": "expectation",
    "sales": "expectation",
}


@dataclass(frozen=True)
class CohortRules:
    """How touchpoints are told apart into cohorts, and what is measured against.

    Args:
        enabled: whether anything is collected at all.
        dimensions: each value of these is a cohort of its own.
        pairs: and each combination of two of them that stands here.
        values_max: cohorts of one dimension or pair; what is over counts as ``other``.
        hours_kept: hours a closed hour stays open to amendment of its own record; later ones
            amend the day alone.
        days_kept: the same for days; what comes later still is only counted.
        response_s: a customer should be answered within so many seconds, on average.
        fcr: share of first contacts after which the customer should not need another one.
        sla: share of service levels that should be met.
        containment: share of self-service attempts that should do without a person.
        causes: first level of a contact's reason to cause class; any other is service_process.
    """

    enabled: bool = True
    dimensions: tuple[str, ...] = DIMENSIONS
    pairs: tuple[tuple[str, str], ...] = (
        ("segment", "stage"),
        ("segment", "channel"),
        ("product", "reason"),
    )
    values_max: Count = 200
    hours_kept: Annotated[int, Ge(1), Le(1000)] = 48
    days_kept: Days = 38
    response_s: Seconds = 1800
    fcr: Share = 0.7
    sla: Share = 0.9
    containment: Share = 0.5
    causes: dict[str, str] = field(default_factory=lambda: dict(CAUSES))

    def cause(self, reason: str | None) -> str:
        """The cause class of a reason ``l1/l2``."""
        return self.causes.get((reason or "").split("/")[0], "service_process")
