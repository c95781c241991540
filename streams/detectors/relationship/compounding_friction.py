"""Do things go wrong in several places at once, though each may be small? (RN2)

Fires when   within ``window_d`` days something went wrong in ``domains`` of six domains: onboarding
             (a failed step, given up), product (an error of severity ``error_severity`` or more),
             self-service (tried alone, then had to ask), support (a repeated contact, given up in
             the queue, reopened, a cold transfer, an escalation asked for, a complaint, a poor
             score), billing (a failed payment, a dispute, a bill shock) and renewal (asked to
             cancel, reduced or lost, the term talked about as a transaction only).
Silent when  however much goes wrong in fewer domains: others look at that.
Forgets      a domain ``window_d`` days after the last thing that went wrong in it; with fewer than
             ``domains`` left the episode is over.
Requirements S4-01, S3-14
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import DAY_MS

ALWAYS = {
    "onboarding.step_failed": "onboarding",
    "onboarding.cancelled": "onboarding",
    "contact.abandoned": "support",
    "case.reopened": "support",
    "complaint.filed": "support",
    "payment.failed": "billing",
    "dispute.opened": "billing",
    "cancel.requested": "renewal",
}
"""Types that are trouble whatever they say, and the domain they are trouble in."""
POOR = 0.25
"""A normalised score that is poor: 2 of 5."""


class Domain(Struct, array_like=True, gc=False):
    """The last thing that went wrong in one domain."""

    at_ms: int
    mark: int


class Memory(Struct, array_like=True, gc=False):
    """What last went wrong, by domain, and whether it was told."""

    domains: dict[str, Domain] = field(default_factory=dict)
    told: bool = False


@dataclass(frozen=True)
class CompoundingFriction(Detector):
    """Thresholds: how many domains in how many days, and the error that counts."""

    listens: ClassVar = (
        *ALWAYS,
        "product.error",
        "contact.started",
        "contact.transferred",
        "contact.escalated",
        "survey.responded",
        "invoice.issued",
        "renewal.decided",
        "renewal.conversation",
    )
    memory: ClassVar = Memory
    action: ClassVar = (
        "Name one person who owns this customer until every domain is quiet, and call today"
    )
    asked_after: ClassVar = 1

    domains: Annotated[int, Ge(2), Le(6)] = 3
    window_d: Annotated[float, Gt(0), Le(365)] = 60
    error_severity: Annotated[int, Ge(1), Le(4)] = 3

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Something may have gone wrong in one of the domains, or in two."""
        found = self._trouble(heard)
        if not found:
            return None
        mark = heard.note()
        for domain in found:
            before = memory.domains.get(domain)
            if before is None or before.at_ms < heard.at_ms:
                memory.domains[domain] = Domain(heard.at_ms, mark)
        since_ms = heard.now_ms - int(self.window_d * DAY_MS)
        memory.domains = {
            name: domain for name, domain in memory.domains.items() if domain.at_ms > since_ms
        }
        if memory.told or len(memory.domains) < self.domains:
            return None
        memory.told = True
        return self._finding(memory)

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """Too few domains are left in the window."""
        since_ms = heard.at_ms - int(self.window_d * DAY_MS)
        memory.domains = {
            name: domain for name, domain in memory.domains.items() if domain.at_ms > since_ms
        }
        if not memory.told or len(memory.domains) >= self.domains:
            return None
        memory.told = False
        return Clear("calmed_down")

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When the domains in the window will be too few, while it is told."""
        if not memory.told or len(memory.domains) < self.domains:
            return None
        latest = sorted((domain.at_ms for domain in memory.domains.values()), reverse=True)
        return latest[self.domains - 1] + int(self.window_d * DAY_MS)

    def _trouble(self, heard: Heard) -> tuple[str, ...]:
        kind, touchpoint = heard.type, heard.touchpoint
        if kind == "contact.started":
            points = heard.points
            if points is None:
                return ()
            return ("support",) * ("repeat_contact_short" in points) + ("self_service",) * (
                "self_service_failed" in points
            )
        if kind in ALWAYS:
            return (ALWAYS[kind],)
        if kind == "survey.responded":
            poor = heard.score is not None and heard.score <= POOR and touchpoint.kind == "csat"
            return ("support",) if poor else ()
        if kind == "product.error":
            return ("product",) if touchpoint.severity >= self.error_severity else ()
        if kind == "contact.transferred":
            return ("support",) if touchpoint.mode == "cold" else ()
        if kind == "contact.escalated":
            return ("support",) if touchpoint.requested_by == "customer" else ()
        if kind == "invoice.issued":
            shock = heard.journey.is_open("bill_shock", touchpoint.invoice_id)
            return ("billing",) if shock else ()
        if kind == "renewal.decided":
            return ("renewal",) if touchpoint.outcome in ("reduced", "lost") else ()
        return ("renewal",) if touchpoint.tone == "transactional" else ()

    def _finding(self, memory: Memory) -> Finding:
        by_time = sorted(memory.domains.items(), key=lambda item: (item[1].at_ms, item[0]))
        names = [name.replace("_", "-") for name, _ in by_time]
        days = (by_time[-1][1].at_ms - by_time[0][1].at_ms) / DAY_MS
        return Finding(
            severity=4,
            reason="compounding_friction",
            text=f"{len(names)} domains in {days:.1f} days: {', '.join(names)}",
            number=len(names),
            threshold=self.domains,
            marks=[domain.mark for _, domain in by_time],
        )


DETECTOR = CompoundingFriction()
