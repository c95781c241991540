"""What the company said: answers, promises, notices."""

from typing import Literal

from pydantic import Field

from schemas.terms import Code, Id, Instant
from schemas.touchpoints.envelope import Envelope


class AnswerGiven(Envelope):
    """The customer got an answer on a topic."""

    type: Literal["answer.given"] = "answer.given"
    topic: Code
    answer_key: Code = Field(description="Same key, same answer.")
    answered_by: Literal["agent", "web", "app", "bot", "doc"] = Field(
        description="The catalogue's source, which the envelope owns."
    )
    article_id: Id | None = None
    version: Code | None = None
    agent: Id | None = None
    shift: Code | None = None
    correction: bool | None = Field(None, description="It corrects an earlier answer.")


class _Promise(Envelope):
    promise_id: Id
    kind: (
        Literal["callback", "refund", "fix", "delivery", "credit", "feature", "price", "other"]
        | None
    ) = None
    made_by: Literal["sales", "service", "billing", "system"] | None = None
    due_at: Instant | None = None


class PromiseMade(_Promise):
    """Something was promised by a time."""

    type: Literal["promise.made"] = "promise.made"
    kind: Literal["callback", "refund", "fix", "delivery", "credit", "feature", "price", "other"]
    due_at: Instant


class PromiseChanged(_Promise):
    """The promised time moved."""

    type: Literal["promise.changed"] = "promise.changed"
    due_at: Instant


class PromiseKept(_Promise):
    """The promise was kept."""

    type: Literal["promise.kept"] = "promise.kept"


class PromiseWithdrawn(_Promise):
    """The promise was taken back."""

    type: Literal["promise.withdrawn"] = "promise.withdrawn"


class NotificationSent(Envelope):
    """The company told the customer something."""

    type: Literal["notification.sent"] = "notification.sent"
    proactive: bool = Field(description="Before the customer asked.")
    about: Id | None = Field(None, description="event_id of what it is about.")
    trigger: Literal["problem", "value", "renewal"] | None = None
