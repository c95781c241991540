"""What the customer says about it: surveys, reviews, complaints; quality and sentiment scores."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from schemas.terms import Code, Codes, Grade, Id, Name, Percent, Reference, Score, Share
from schemas.touchpoints.envelope import Envelope, Rule

SurveyKind = Literal["csat", "ces", "nps", "exit", "fcr_confirm"]
SurveyScope = Literal["interaction", "journey", "relationship"]
_SCALED = ("score", "scale_min", "scale_max", "higher_is_better")


def scored(answer: Any) -> tuple[str, str] | None:
    """A survey answer is scored on its scale; only an exit survey may do without a score."""
    missing = [name for name in _SCALED if getattr(answer, name) is None]
    if not missing:
        return on_scale(answer)
    if len(missing) == len(_SCALED) and answer.kind == "exit":
        return None
    return missing[0], "is missing: a score comes with its whole scale"


def on_scale(answer: Any) -> tuple[str, str] | None:
    """A scale has an extent and the score lies on it."""
    low, score, high = answer.scale_min, answer.score, answer.scale_max
    if low >= high:
        return "scale_max", f"is {high:g}, not above scale_min {low:g}"
    if not low <= score <= high:
        return "score", f"is {score:g}, outside its own scale {low:g} to {high:g}"
    return None


class SurveySent(Envelope):
    """A survey was sent."""

    type: Literal["survey.sent"] = "survey.sent"
    kind: SurveyKind
    scope: SurveyScope | None = None


class SurveyResponded(Envelope):
    """The customer answered a survey."""

    RULES: ClassVar[tuple[Rule, ...]] = (scored,)

    type: Literal["survey.responded"] = "survey.responded"
    kind: SurveyKind
    scope: SurveyScope | None = None
    score: Score | None = Field(None, description="Required, except for an exit survey.")
    scale_min: Score | None = None
    scale_max: Score | None = None
    higher_is_better: bool | None = None
    verbatim_ref: Reference | None = Field(None, description="Where the words are kept.")
    reason_codes: Codes | None = None


class ReviewPosted(Envelope):
    """The customer reviewed in public."""

    RULES: ClassVar[tuple[Rule, ...]] = (on_scale,)

    type: Literal["review.posted"] = "review.posted"
    site: Name
    score: Score
    scale_min: Score
    scale_max: Score
    higher_is_better: bool
    verbatim_ref: Reference | None = None


class ComplaintFiled(Envelope):
    """The customer complained formally."""

    type: Literal["complaint.filed"] = "complaint.filed"
    severity: Grade | None = None
    regulatory: bool | None = None


class QaAssessed(Envelope):
    """A contact's quality was assessed, each part 0 to 100."""

    type: Literal["qa.assessed"] = "qa.assessed"
    contact_id: Id
    score: Percent
    tone: Percent | None = None
    clarity: Percent | None = None
    empathy: Percent | None = None
    professionalism: Percent | None = None
    accuracy: Percent | None = None


class SentimentScored(Envelope):
    """A model scored the customer's words, -1 to 1."""

    type: Literal["sentiment.scored"] = "sentiment.scored"
    score: float = Field(ge=-1, le=1)
    confidence: Share | None = None
    model: Code | None = None
