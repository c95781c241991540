"""Money: invoices, payments, disputes, credits, prices and plans."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.terms import AmountMinor, Code, Count, Currency, Day, Days, Id
from schemas.touchpoints.envelope import Envelope

Attempt = Annotated[int, Field(ge=1, le=100)]


class InvoiceIssued(Envelope):
    """A bill was issued."""

    type: Literal["invoice.issued"] = "invoice.issued"
    invoice_id: Id
    amount_minor: AmountMinor
    currency: Currency
    period_start: Day | None = None
    period_end: Day | None = None
    due_on: Day | None = None
    line_items: Count | None = None
    plan_changed: bool | None = Field(None, description="A plan change explains the amount.")


class InvoiceViewed(Envelope):
    """The customer looked at a bill."""

    type: Literal["invoice.viewed"] = "invoice.viewed"
    invoice_id: Id
    views: Count | None = None


class _Payment(Envelope):
    attempt_no: Attempt | None = None
    max_attempts: Attempt | None = None
    amount_minor: AmountMinor | None = None
    currency: Currency | None = None


class PaymentSucceeded(_Payment):
    """A payment went through."""

    type: Literal["payment.succeeded"] = "payment.succeeded"


class PaymentFailed(_Payment):
    """A payment did not go through."""

    type: Literal["payment.failed"] = "payment.failed"
    attempt_no: Attempt
    decline: Literal["soft", "hard"] | None = None


class _Dispute(Envelope):
    dispute_id: Id
    amount_minor: AmountMinor | None = None
    currency: Currency | None = None
    outcome: Literal["upheld", "partial", "rejected", "withdrawn"] | None = None


class DisputeOpened(_Dispute):
    """The customer disputes a charge."""

    type: Literal["dispute.opened"] = "dispute.opened"


class DisputeUpdated(_Dispute):
    """The dispute moved."""

    type: Literal["dispute.updated"] = "dispute.updated"


class DisputeResolved(_Dispute):
    """The dispute was decided."""

    type: Literal["dispute.resolved"] = "dispute.resolved"


class CreditIssued(Envelope):
    """The customer was credited."""

    type: Literal["credit.issued"] = "credit.issued"
    amount_minor: AmountMinor
    currency: Currency
    goodwill: bool | None = None
    cause: Code | None = None


class _Change(Envelope):
    old_minor: AmountMinor | None = None
    new_minor: AmountMinor | None = None
    currency: Currency | None = None
    notice_days: Days | None = None
    initiated_by: Literal["customer", "company"] | None = None


class PriceChanged(_Change):
    """The price changed."""

    type: Literal["price.changed"] = "price.changed"


class PlanChanged(_Change):
    """The plan changed."""

    type: Literal["plan.changed"] = "plan.changed"
    old_plan: Id | None = None
    new_plan: Id | None = None
