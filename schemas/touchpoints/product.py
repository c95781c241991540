"""The product in use: errors, incidents, known issues, usage, digital friction."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.terms import Code, Count, Grade, Id, Instant, Reference, Seconds
from schemas.touchpoints.envelope import Envelope

Actions = Annotated[dict[Code, Count], Field(max_length=64)]


class ProductError(Envelope):
    """The product failed in the customer's hands."""

    type: Literal["product.error"] = "product.error"
    severity: Grade
    feature: Code | None = None
    code: Code | None = None
    known_issue_id: Id | None = None


class _Incident(Envelope):
    incident_id: Id
    scope: Code | None = None
    severity: Grade | None = None


class ProductIncidentOpened(_Incident):
    """An incident that touches this customer began."""

    type: Literal["product.incident_opened"] = "product.incident_opened"


class ProductIncidentClosed(_Incident):
    """The incident is over."""

    type: Literal["product.incident_closed"] = "product.incident_closed"


class ProductKnownIssueUpdated(Envelope):
    """A known issue changed its status."""

    type: Literal["product.known_issue_updated"] = "product.known_issue_updated"
    known_issue_id: Id
    status: Code
    opened_at: Instant | None = None
    fix_eta: Instant | None = None


class ProductUsageSummary(Envelope):
    """How much the customer used the product in a period."""

    type: Literal["product.usage_summary"] = "product.usage_summary"
    period_start: Instant
    period_s: Seconds
    active_users: Count | None = None
    key_actions: Actions | None = Field(None, description="Counts by action.")


class DigitalFriction(Envelope):
    """A page fought back."""

    type: Literal["digital.friction"] = "digital.friction"
    kind: Literal["rage_click", "dead_click", "back_loop", "form_error", "timeout"]
    page: Reference | None = None
    count: Count | None = Field(None, description="How often; one if left out.")
