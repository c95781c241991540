"""The long run: renewal, expansion, referral, leaving and coming back."""

from typing import Literal

from schemas.terms import AmountMinor, Codes, Count, Currency, Day, Days
from schemas.touchpoints.envelope import Envelope


class RenewalWindowOpened(Envelope):
    """The contract's end came into view."""

    type: Literal["renewal.window_opened"] = "renewal.window_opened"
    ends_on: Day
    days_left: Days | None = None


class RenewalConversation(Envelope):
    """Renewal was talked about."""

    type: Literal["renewal.conversation"] = "renewal.conversation"
    tone: Literal["relational", "transactional", "unknown"] | None = None
    initiator: Literal["customer", "company"] | None = None


class RenewalDecided(Envelope):
    """The customer decided."""

    type: Literal["renewal.decided"] = "renewal.decided"
    outcome: Literal["renewed", "expanded", "reduced", "lost"]
    value_minor: AmountMinor | None = None
    currency: Currency | None = None


class _Expansion(Envelope):
    value_minor: AmountMinor | None = None
    currency: Currency | None = None


class ExpansionDiscussed(_Expansion):
    """Buying more was talked about."""

    type: Literal["expansion.discussed"] = "expansion.discussed"


class ExpansionClosed(_Expansion):
    """The customer bought more."""

    type: Literal["expansion.closed"] = "expansion.closed"


class ReferralMade(Envelope):
    """The customer recommended the company."""

    type: Literal["referral.made"] = "referral.made"
    count: Count | None = None


class AccountTouch(Envelope):
    """The company kept in touch."""

    type: Literal["account.touch"] = "account.touch"
    kind: Literal["review", "check_in", "training"]
    proactive: bool | None = None


class _Leaving(Envelope):
    reason_codes: Codes | None = None
    voluntary: bool | None = None


class CancelRequested(_Leaving):
    """The customer wants to leave."""

    type: Literal["cancel.requested"] = "cancel.requested"


class CustomerChurned(_Leaving):
    """The customer has left."""

    type: Literal["customer.churned"] = "customer.churned"


class CustomerReactivated(_Leaving):
    """The customer came back."""

    type: Literal["customer.reactivated"] = "customer.reactivated"
