"""The detectors' kinds as the catalogue (section 7) names them: the vocabulary of expectations.

The simulator knows no detector; a story may expect one that is not written yet.
"""

EFFORT = frozenset({
    "repeat_contact", "contact_frequency", "transfer_burden", "repeat_information",
    "channel_switch", "self_service_failed", "wait_excess", "false_resolution",
    "cumulative_effort", "masked_effort", "escalation_ladder", "process_friction",
})  # fmt: skip
FRICTION = frozenset({
    "unanswered_inquiry", "hollow_first_response", "stale_issue", "answered_not_solved",
    "broken_promise", "silent_sufferer", "went_quiet_after_bad_contact", "inconsistent_answer",
    "recurring_issue", "delay_chain", "delay_without_notice", "bad_experience_score",
    "digital_friction",
})  # fmt: skip
ONBOARDING_BILLING = frozenset({
    "onboarding_stall", "time_to_value_overdue", "onboarding_friction", "payment_trouble",
    "bill_shock", "recurring_billing_confusion", "dispute_hard",
})  # fmt: skip
DISCONNECT = frozenset({
    "happy_but_leaving", "satisfied_not_easy", "inconsistent_experience",
    "touchpoint_vs_relationship",
})  # fmt: skip
RELATIONSHIP = frozenset({"renewal_risk_rollup", "compounding_friction"})

MOMENTS = frozenset({
    "first_contact_after_onboarding", "first_thing_goes_wrong", "renewal_conversation",
    "critical_escalation", "leaving", "recovery",
})  # fmt: skip
LOOP = frozenset({"alert_unactioned", "recovery_verified"})

KINDS = EFFORT | FRICTION | ONBOARDING_BILLING | DISCONNECT | RELATIONSHIP
"""Every kind a single customer's story can raise, moments of truth aside: those are no fault."""

MISHANDLED = frozenset(f"{moment}:mishandled" for moment in MOMENTS)
"""A moment of truth that missed its standard: that one is a fault."""

FAILED = "recovery_verified:failed"
"""A recovery that did not repair it; the kind alone is only that one is under watch."""

WORDS = KINDS | MOMENTS | MISHANDLED | LOOP | {FAILED}
"""Everything a story may expect or forbid."""


INFORMATION = frozenset({"detected", "under_watch"})
"""Reasons that ask nothing of anybody: there is a moment, a recovery is under watch."""


def words(kind: str, reason: str) -> tuple[str, ...]:
    """What an alert amounts to in the words of a story.

    Args:
        kind: of the alert.
        reason: its code, e.g. ``mishandled_answer``.
    """
    if reason == "recovery_failed":
        return (kind, FAILED)
    return (kind, f"{kind}:mishandled") if reason.startswith("mishandled") else (kind,)
