"""Help without a human: self-service, knowledge, bots, voice menus."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.terms import Code, Count, Id, Seconds
from schemas.touchpoints.envelope import Envelope

Outcome = Literal["resolved", "abandoned", "escalated", "unknown"]


class SelfserviceStarted(Envelope):
    """The customer began to help themselves."""

    type: Literal["selfservice.started"] = "selfservice.started"
    topic: Code | None = None


class SelfserviceEnded(Envelope):
    """A self-service session ended."""

    type: Literal["selfservice.ended"] = "selfservice.ended"
    outcome: Outcome
    topic: Code | None = None
    duration_s: Seconds | None = None
    searches: Count | None = None
    zero_result_searches: Count | None = None


class _Article(Envelope):
    article_id: Id
    version: Code | None = None
    by: Literal["customer", "agent", "bot"] | None = None


class KnowledgeViewed(_Article):
    """An article was read."""

    type: Literal["knowledge.viewed"] = "knowledge.viewed"


class KnowledgeUsed(_Article):
    """An article was used in an answer."""

    type: Literal["knowledge.used"] = "knowledge.used"


class BotSessionEnded(Envelope):
    """A bot session ended."""

    type: Literal["bot.session_ended"] = "bot.session_ended"
    outcome: Outcome
    intents: Annotated[list[Code], Field(max_length=50)] | None = None
    fallbacks: Count | None = None
    handed_to: Code | None = None
    topic: Code | None = None
    duration_s: Seconds | None = None


class IvrSegmentEnded(Envelope):
    """The customer left the voice menu."""

    type: Literal["ivr.segment_ended"] = "ivr.segment_ended"
    duration_s: Seconds
    exit: Literal["self_served", "agent", "hangup", "transfer"]
    menu_depth: Count | None = None
    loops: Count | None = None
    no_match: Count | None = None
    zero_out: bool | None = Field(None, description="The customer pressed zero to get out.")
