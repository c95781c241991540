"""Who the customer is: links, merges, profile, contract, consent, erasure."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from schemas.terms import AmountMinor, Code, Currency, CustomerId, Day, Instant, Name, Share
from schemas.touchpoints.envelope import Envelope, Rule


def names_both(merge: Any) -> tuple[str, str] | None:
    """A merge is about two ids, and is told of one of them."""
    both = (merge.from_customer_id, merge.into_customer_id)
    if both[0] == both[1]:
        return "into_customer_id", "is from_customer_id; a customer cannot join itself"
    if merge.customer_id not in both:
        return "customer_id", "is neither from_customer_id nor into_customer_id; send it as one"
    return None


class IdentityLinked(Envelope):
    """Another identifier was found to belong to this customer.

    It is taken in as a touchpoint and links nothing: no touchpoint is keyed by the hash of an email
    or a phone. That another *customer id* is this customer, also in advance, says identity.merged.
    """

    type: Literal["identity.linked"] = "identity.linked"
    id_kind: Code = Field(description="What is linked: email, phone, device, crm …")
    id_hash: Name = Field(description="The identifier's hash, never the identifier.")


class IdentityMerged(Envelope):
    """Two customer ids are one customer; the journey of the first joins the second.

    It may be keyed by either. What comes under the first id afterwards counts for the second.
    """

    RULES: ClassVar[tuple[Rule, ...]] = (names_both,)

    type: Literal["identity.merged"] = "identity.merged"
    from_customer_id: CustomerId
    into_customer_id: CustomerId


class CustomerProfileChanged(Envelope):
    """What is known about the customer changed; fields left out stay as they were."""

    type: Literal["customer.profile_changed"] = "customer.profile_changed"
    segment: Code | None = None
    tier: Code | None = None
    industry: Code | None = None
    expansion_potential: Share | None = None
    referral_influence: Share | None = None
    language: Code | None = None


class AccountContractChanged(Envelope):
    """The contract changed; fields left out stay as they were."""

    type: Literal["account.contract_changed"] = "account.contract_changed"
    acv_minor: AmountMinor | None = Field(None, description="Annual contract value, minor units.")
    currency: Currency | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    term_months: Annotated[int, Field(ge=0, le=1200)] | None = None
    clv_minor: AmountMinor | None = Field(None, description="Customer lifetime value, minor units.")


class ConsentChanged(Envelope):
    """Consent for one purpose was granted, denied or revoked."""

    type: Literal["consent.changed"] = "consent.changed"
    purpose: Code
    status: Literal["granted", "denied", "revoked"]
    valid_until: Instant | None = None


class CustomerErasureRequested(Envelope):
    """The customer asked to be forgotten."""

    type: Literal["customer.erasure_requested"] = "customer.erasure_requested"
    scope: Literal["all", "anonymise"]
    due_at: Instant | None = None
