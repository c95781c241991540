"""The receipt on ``cx.audit.v1``: what was done to a customer's data, not whose it was."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.terms import MAX_SAFE_INT, Contract, Id, Instant, Name

Count = Annotated[int, Field(ge=0, le=MAX_SAFE_INT)]


class AuditReceipt(Contract):
    """A customer was erased."""

    receipt_id: Id = Field(description="Derived from the request: the same in a replay.")
    kind: Literal["customer_erased"]
    subject: Annotated[str, Field(pattern="^[0-9a-f]{32}$")] = Field(
        description="Hash (xxh3, 128 bits) of the touchpoints topic's name and the customer id: "
        "who knows an id can look for its receipt; nobody reads the id from it."
    )
    scope: Literal["all", "anonymise"]
    requested_at: Instant = Field(description="The request's occurred_at.")
    recorded_at: Instant = Field(description="When the request came into the log.")
    partition: Annotated[int, Field(ge=0, le=1_000_000)]
    offset: Count = Field(description="Where the request lies in the touchpoints topic.")
    found: bool = Field(description="Whether anything was kept of the customer.")
    touchpoints: Count = Field(description="How many the forgotten journey was made of.")
    episodes: Count = Field(description="How many open episodes were closed.")
    aliases: Count = Field(description="How many other ids of the customer are forgotten with it.")
    policy_version: Name
