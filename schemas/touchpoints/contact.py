"""One contact: from reaching out to hanging up; callbacks and visits."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.terms import Code, Grade, Id, Instant, Name, Party, Seconds
from schemas.touchpoints.envelope import Envelope


class _Contact(Envelope):
    contact_id: Id = Field(description="One contact keeps its id through queues and transfers.")


class ContactStarted(_Contact):
    """Customer and company are in touch; direction says who began."""

    type: Literal["contact.started"] = "contact.started"
    medium: Literal["voice", "video", "live_text", "async_text", "in_person", "paper"] | None = (
        Field(None, description="How they talk; async_text and paper expect no answer at once.")
    )
    quoted_wait_s: Seconds | None = Field(None, description="The wait the customer was told.")
    queue: Code | None = None
    known_issue_id: Id | None = None


class _Queue(_Contact):
    queue: Code | None = None
    wait_s: Seconds | None = Field(None, description="Waited in this queue so far.")
    quoted_wait_s: Seconds | None = Field(None, description="The wait the customer was told.")


class ContactQueued(_Queue):
    """The contact entered a queue."""

    type: Literal["contact.queued"] = "contact.queued"


class ContactAnswered(_Queue):
    """A human took the contact."""

    type: Literal["contact.answered"] = "contact.answered"
    context_loaded: bool | None = Field(None, description="The agent had the history before them.")


class ContactAbandoned(_Queue):
    """The customer gave up while queued."""

    type: Literal["contact.abandoned"] = "contact.abandoned"


class ContactHold(_Contact):
    """The customer was put on hold."""

    type: Literal["contact.hold"] = "contact.hold"
    duration_s: Seconds


class ContactInfoRequested(_Contact):
    """The customer was asked for information."""

    type: Literal["contact.info_requested"] = "contact.info_requested"
    item: Literal["account_number", "identity", "problem_description", "order_id", "other"]
    already_given: bool = Field(description="The customer had given it before.")


class ContactTransferred(_Contact):
    """The contact was passed on."""

    type: Literal["contact.transferred"] = "contact.transferred"
    mode: Literal["warm", "tepid", "cold"] = Field(
        description="warm: agents speak first; tepid: announced only; cold: not announced."
    )
    from_queue: Code | None = None
    to_queue: Code | None = None
    context_passed: bool | None = None
    by: Party | None = None


class ContactEscalated(_Contact):
    """The contact went up a level."""

    type: Literal["contact.escalated"] = "contact.escalated"
    level: Annotated[int, Field(ge=0, le=10)] | None = None
    criticality: Grade | None = None
    requested_by: Literal["customer", "agent", "supervisor", "system"] | None = None


class ContactEnded(_Contact):
    """The contact is over."""

    type: Literal["contact.ended"] = "contact.ended"
    talk_s: Seconds | None = None
    hold_s: Seconds | None = None
    acw_s: Seconds | None = Field(None, description="After-contact work, seconds.")
    outcome: Literal["resolved", "pending", "unanswered", "dropped"] | None = None
    agent_says_resolved: bool | None = None
    wrap_up: Code | None = None


class CallbackPromised(Envelope):
    """The customer was promised a call."""

    type: Literal["callback.promised"] = "callback.promised"
    due_at: Instant


class CallbackDone(Envelope):
    """The promised call was made."""

    type: Literal["callback.done"] = "callback.done"
    due_at: Instant | None = None


class CallbackMissed(Envelope):
    """The promised call was not made."""

    type: Literal["callback.missed"] = "callback.missed"
    due_at: Instant | None = None


class VisitRecorded(Envelope):
    """The customer was met in person."""

    type: Literal["visit.recorded"] = "visit.recorded"
    location: Name | None = None
    outcome: Code | None = None
    wait_s: Seconds | None = None
