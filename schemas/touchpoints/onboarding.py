"""From the start to the first value."""

from typing import Literal

from pydantic import Field

from schemas.terms import Code, Id, Instant, Name, Ordinal, Seconds
from schemas.touchpoints.envelope import Envelope


class OnboardingStarted(Envelope):
    """Onboarding began."""

    type: Literal["onboarding.started"] = "onboarding.started"
    plan_id: Id | None = None
    target_value_at: Instant | None = Field(None, description="When first value is due.")
    segment_model: Literal["self_serve", "smb", "mid", "enterprise"] | None = None


class _Step(Envelope):
    step: Code
    step_no: Ordinal | None = None
    error_code: Code | None = None
    retry_no: Ordinal | None = None


class OnboardingStepStarted(_Step):
    """The customer began a step."""

    type: Literal["onboarding.step_started"] = "onboarding.step_started"


class OnboardingStepCompleted(_Step):
    """The customer finished a step."""

    type: Literal["onboarding.step_completed"] = "onboarding.step_completed"


class OnboardingStepFailed(_Step):
    """A step failed."""

    type: Literal["onboarding.step_failed"] = "onboarding.step_failed"


class OnboardingAssistanceRequested(Envelope):
    """The customer asked for help while getting started; where, is the envelope's channel."""

    type: Literal["onboarding.assistance_requested"] = "onboarding.assistance_requested"
    step: Code | None = None


class OnboardingTrainingAttended(Envelope):
    """The customer took part in a training."""

    type: Literal["onboarding.training_attended"] = "onboarding.training_attended"
    session: Name | None = None
    duration_s: Seconds | None = None


class OnboardingMilestoneReached(Envelope):
    """A milestone was reached."""

    type: Literal["onboarding.milestone_reached"] = "onboarding.milestone_reached"
    milestone: Code
    is_first_value: bool = Field(description="Whether this is the customer's first value.")


class OnboardingCompleted(Envelope):
    """Onboarding is done."""

    type: Literal["onboarding.completed"] = "onboarding.completed"
    outcome: Code | None = None


class OnboardingCancelled(Envelope):
    """Onboarding was given up."""

    type: Literal["onboarding.cancelled"] = "onboarding.cancelled"
    outcome: Code | None = None
