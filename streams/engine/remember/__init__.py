"""What a journey takes in from each touchpoint type: one table, type to function.

A type that is not in the table leaves no trace in the shared journey; detectors may still listen
to it and keep what they need in their own memory.
"""

from collections.abc import Callable

from streams.engine import diary
from streams.engine.heard import Heard
from streams.engine.remember import (
    cases,
    consents,
    contacts,
    handing,
    lifecycle,
    promises,
    ratings,
    relationship,
    waiting,
)
from streams.engine.rules import Rules

Fold = Callable[[Heard, Rules], None]

FOLDS: dict[str, Fold] = {
    "contact.started": contacts.begin,
    "contact.queued": waiting.wait,
    "contact.answered": waiting.wait,
    "contact.abandoned": waiting.wait,
    "contact.hold": waiting.wait,
    "contact.info_requested": handing.information,
    "contact.transferred": handing.transferred,
    "contact.escalated": contacts.escalated,
    "contact.ended": contacts.ended,
    "ivr.segment_ended": waiting.ivr,
    "selfservice.ended": waiting.self_served,
    "bot.session_ended": waiting.self_served,
    "case.opened": cases.opened,
    "case.response_sent": cases.followed,
    "case.customer_replied": cases.replied,
    "case.reassigned": cases.reassigned,
    "case.status_changed": cases.followed,
    "case.blocked": cases.followed,
    "case.resolved": cases.resolved,
    "case.closed": cases.resolved,
    "case.reopened": cases.reopened,
    "case.linked": cases.linked,
    "promise.made": promises.made,
    "promise.changed": promises.changed,
    "promise.kept": promises.settled,
    "promise.withdrawn": promises.settled,
    "callback.promised": promises.made,
    "callback.done": promises.settled,
    "callback.missed": promises.missed,
    "task.step": relationship.task_step,
    "onboarding.started": relationship.onboarding_started,
    "onboarding.step_failed": relationship.onboarding_failed,
    "onboarding.assistance_requested": relationship.onboarding_assistance,
    "onboarding.completed": relationship.onboarding_ended,
    "onboarding.cancelled": relationship.onboarding_ended,
    "order.placed": relationship.ordered,
    "order.delayed": relationship.let_down,
    "order.delivered": relationship.customer_of,
    "invoice.issued": relationship.customer_of,
    "task.abandoned": relationship.let_down,
    "product.usage_summary": relationship.used,
    "payment.failed": relationship.payment_failed,
    "payment.succeeded": relationship.payment_retried,
    "dispute.opened": relationship.dispute_opened,
    "dispute.updated": relationship.dispute_followed,
    "dispute.resolved": relationship.dispute_followed,
    "complaint.filed": relationship.complained,
    "survey.responded": ratings.surveyed,
    "review.posted": ratings.reviewed,
    "qa.assessed": ratings.assessed,
    "sentiment.scored": ratings.felt,
    "customer.profile_changed": lifecycle.profile_changed,
    "account.contract_changed": lifecycle.contract_changed,
    "consent.changed": consents.changed,
    "renewal.window_opened": lifecycle.renewal_opened,
    "renewal.decided": lifecycle.renewal_decided,
    "expansion.closed": lifecycle.expanded,
    "referral.made": lifecycle.referred,
    "cancel.requested": lifecycle.cancelling,
    "customer.churned": lifecycle.churned,
    "customer.reactivated": lifecycle.reactivated,
    "product.incident_opened": relationship.incident_opened,
    "product.incident_closed": relationship.incident_closed,
    "product.error": relationship.product_error,
}


def remember(heard: Heard, rules: Rules) -> None:
    """Fold one touchpoint into its journey, in place, and tell ``heard`` what it found out."""
    touchpoint = heard.touchpoint
    diary.turn(heard.journey, heard.now_ms, rules)
    if touchpoint.account_id is not None:
        heard.journey.profile.account_id = touchpoint.account_id
    if touchpoint.timezone is not None and heard.at_ms >= heard.now_ms:
        heard.journey.profile.timezone = touchpoint.timezone
    fold = FOLDS.get(heard.type)
    if fold is not None:
        fold(heard, rules)
