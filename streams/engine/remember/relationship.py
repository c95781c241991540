"""How the rest of the relationship changes a journey: tasks, onboarding, billing, scores, profile.

Also the lifecycle stage: prospect, purchase, onboarding, active, renewal_window, renewed,
expanded, churned (catalogue section 10).
"""

from streams.engine.heard import Heard
from streams.engine.remember import issues
from streams.engine.remember.basics import score_points, touch
from streams.engine.rules import Rules


def stage(heard: Heard, name: str) -> None:
    """Move the customer to a lifecycle stage."""
    profile = heard.journey.profile
    if profile.stage != name:
        profile.stage = name
        profile.stage_since_ms = heard.at_ms


def negative(heard: Heard) -> None:
    """Note a negative signal: it uses up goodwill."""
    profile = heard.journey.profile
    profile.negative_ms = max(profile.negative_ms, heard.at_ms)


def task_step(heard: Heard, rules: Rules) -> None:
    """``task.step``: steps above the expected number and retries are effort."""
    touchpoint = heard.touchpoint
    if touchpoint.expected_steps and (touchpoint.step_no or 0) > touchpoint.expected_steps:
        score_points(heard, rules, "extra_step")
    if touchpoint.retry_no:
        score_points(heard, rules, "step_retry")


def onboarding_started(heard: Heard, rules: Rules) -> None:
    """``onboarding.started``."""
    stage(heard, "onboarding")


def onboarding_failed(heard: Heard, rules: Rules) -> None:
    """``onboarding.step_failed``."""
    negative(heard)
    score_points(heard, rules, "onboarding_step_failed")


def onboarding_assistance(heard: Heard, rules: Rules) -> None:
    """``onboarding.assistance_requested``."""
    score_points(heard, rules, "onboarding_assistance")


def onboarding_ended(heard: Heard, rules: Rules) -> None:
    """``onboarding.completed``, ``onboarding.cancelled``."""
    stage(heard, "active")


def ordered(heard: Heard, rules: Rules) -> None:
    """``order.placed``: a prospect becomes a buyer."""
    if heard.journey.profile.stage == "prospect":
        stage(heard, "purchase")


def payment_failed(heard: Heard, rules: Rules) -> None:
    """``payment.failed``: a negative signal, and effort when the customer retried."""
    negative(heard)
    payment_retried(heard, rules)


def payment_retried(heard: Heard, rules: Rules) -> None:
    """``payment.succeeded`` and ``payment.failed``: a retry the customer made is effort."""
    touchpoint = heard.touchpoint
    by_customer = touchpoint.actor is not None and touchpoint.actor.kind == "customer"
    if by_customer and (touchpoint.attempt_no or 1) >= 2:
        score_points(heard, rules, "payment_retry")


def dispute_opened(heard: Heard, rules: Rules) -> None:
    """``dispute.opened``: an issue of its own unless it belongs to one."""
    negative(heard)
    own_key = "d:" + heard.touchpoint.dispute_id
    issue = heard.journey.issue(own_key) or issues.find_or_open(heard, rules, own_key)
    if issue.alias is None and issue.key != own_key:
        issue.alias = own_key
    if 0 < issue.resolved_ms <= heard.at_ms:
        issues.reopen(heard, issue)
    issue.disputes += 1
    heard.issue = issue
    touch(heard)
    score_points(heard, rules, "dispute_opened")


def dispute_followed(heard: Heard, rules: Rules) -> None:
    """``dispute.updated``, ``dispute.resolved``: the issue of a decided dispute is resolved, unless
    a case about it is open and will say when that is so.
    """
    journey = heard.journey
    own = journey.issue("d:" + heard.touchpoint.dispute_id)
    heard.issue = own or issues.find(journey, heard.touchpoint, heard.at_ms)
    touch(heard)
    if own is None or heard.type != "dispute.resolved" or issues.has_open_case(journey, own):
        return
    issues.resolve(heard, own)


def complained(heard: Heard, rules: Rules) -> None:
    """``complaint.filed``: opens an issue."""
    negative(heard)
    heard.issue = issues.find_or_open(heard, rules)
    touch(heard)


def normalised(score: float, low: float, high: float, higher_is_better: bool) -> float:
    """A survey score on 0-1 where 1 is best, whatever its scale and direction."""
    share = (score - low) / (high - low)
    return share if higher_is_better else 1.0 - share


def surveyed(heard: Heard, rules: Rules) -> None:
    """``survey.responded``: the score, its issue, goodwill."""
    touchpoint, journey = heard.touchpoint, heard.journey
    heard.contact = journey.contact(touchpoint.contact_id)
    heard.issue = issues.find(journey, touchpoint, heard.at_ms)
    if touchpoint.score is None:
        return
    heard.score = normalised(
        touchpoint.score, touchpoint.scale_min, touchpoint.scale_max, touchpoint.higher_is_better
    )
    good = journey.profile.goodwill_ms
    if heard.score >= rules.severity.good_score:
        good.append(heard.at_ms)
        if len(good) > rules.severity.goodwill_contacts:
            del good[0]
        if heard.issue is not None and touchpoint.kind == "csat":
            heard.note()
            heard.issue.satisfied_ms = heard.at_ms
    elif heard.score <= 0.4:
        negative(heard)


def profile_changed(heard: Heard, rules: Rules) -> None:
    """``customer.profile_changed``: segment and tier, where given."""
    profile, touchpoint = heard.journey.profile, heard.touchpoint
    profile.segment = touchpoint.segment or profile.segment
    tier = touchpoint.tier
    profile.tier = str(tier) if tier is not None else profile.tier


def contract_changed(heard: Heard, rules: Rules) -> None:
    """``account.contract_changed``: value and end of the contract."""
    profile, touchpoint = heard.journey.profile, heard.touchpoint
    if touchpoint.acv_minor is not None:
        profile.acv_minor = touchpoint.acv_minor
        profile.currency = touchpoint.currency
    profile.contract_ends_ms = touchpoint.ends_on or profile.contract_ends_ms


def renewal_opened(heard: Heard, rules: Rules) -> None:
    """``renewal.window_opened``."""
    stage(heard, "renewal_window")
    heard.journey.profile.contract_ends_ms = heard.touchpoint.ends_on or (
        heard.journey.profile.contract_ends_ms
    )


def renewal_decided(heard: Heard, rules: Rules) -> None:
    """``renewal.decided``: renewed, expanded, or lost."""
    outcome = heard.touchpoint.outcome
    stage(heard, {"lost": "churned", "expanded": "expanded"}.get(outcome, "renewed"))


def churned(heard: Heard, rules: Rules) -> None:
    """``customer.churned``."""
    stage(heard, "churned")


def reactivated(heard: Heard, rules: Rules) -> None:
    """``customer.reactivated``."""
    stage(heard, "active")


def incident_opened(heard: Heard, rules: Rules) -> None:
    """``product.incident_opened``: while it lasts it explains this customer's product trouble."""
    incidents = heard.journey.profile.incidents
    if heard.touchpoint.incident_id not in incidents:
        incidents.append(heard.touchpoint.incident_id)
        del incidents[:-4]


def incident_closed(heard: Heard, rules: Rules) -> None:
    """``product.incident_closed``."""
    incidents = heard.journey.profile.incidents
    if heard.touchpoint.incident_id in incidents:
        incidents.remove(heard.touchpoint.incident_id)


def product_error(heard: Heard, rules: Rules) -> None:
    """``product.error``: severity 3 and 4 are negative signals."""
    if (heard.touchpoint.severity or 0) >= 3:
        negative(heard)
