"""The envelope: what every touchpoint carries, whatever its type (catalogue §2).

On the wire a touchpoint is one flat JSON object: the family's own fields stand beside these.
"""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.terms import (
    MAX_SAFE_INT,
    Channel,
    Code,
    Contract,
    CustomerId,
    Direction,
    Id,
    Instant,
    Name,
    Origin,
    Party,
    Uri,
)

Rule = Callable[[Any], tuple[str, str] | None]
"""A rule over several fields: None, or the field at fault and what is wrong with it."""


class Actor(Contract):
    """Who acted."""

    kind: Party
    id: Id | None = None
    team: Code | None = None
    tenure_band: Code | None = None


class Reason(Contract):
    """Why the customer is in touch, in the two levels of the reason taxonomy."""

    l1: Code
    l2: Code | None = None


class Envelope(Contract):
    """What every touchpoint carries."""

    RULES: ClassVar[tuple[Rule, ...]] = ()

    event_id: Id = Field(description="With source, unique for ever: the key of deduplication.")
    source: Uri = Field(description="Producing system and instance, URI-like.")
    type: str
    schema_version: Annotated[int, Field(ge=1, le=1000)] = 1
    customer_id: CustomerId
    account_id: Id | None = Field(None, description="The business customer this person belongs to.")
    occurred_at: Instant
    produced_at: Instant | None = None
    ingested_at: Instant | None = None
    source_seq: Annotated[int, Field(ge=0, le=MAX_SAFE_INT)] | None = Field(
        None, description="The source's own order within the customer."
    )
    origin: Origin = "live"
    channel: Channel | None = None
    direction: Direction | None = Field(None, description="Only inbound counts as effort.")
    actor: Actor | None = None
    issue_id: Id | None = None
    case_id: Id | None = None
    contact_id: Id | None = None
    order_id: Id | None = None
    invoice_id: Id | None = None
    promise_id: Id | None = None
    reason: Reason | None = None
    product_id: Id | None = None
    region: Code | None = None
    locale: Code | None = None
    timezone: Code | None = Field(None, description="IANA zone. Without it outreach is held.")
    caused_by: Id | None = Field(None, description="event_id of the touchpoint that caused this.")
    supersedes: Id | None = Field(None, description="event_id of the touchpoint this corrects.")
    pii: Annotated[list[Name], Field(max_length=64)] | None = Field(
        None, description="Names of the fields that hold personal data, never the data."
    )
    traceparent: Annotated[str, Field(max_length=128)] | None = None

    @model_validator(mode="after")
    def _rules(self) -> "Envelope":
        for rule in self.RULES:
            broken = rule(self)
            if broken is not None:
                field, wrong = broken
                context = {"field": field, "wrong": wrong}
                raise PydanticCustomError("rule", "{field}: {wrong}", context)
        return self
