"""How the rest of the relationship changes a journey: tasks, onboarding, billing, incidents.

Also the lifecycle stage, as far as a touchpoint moves it (``streams.engine.stages``).
"""

from streams.engine import stages
from streams.engine.heard import Heard
from streams.engine.remember import issues
from streams.engine.remember.basics import score_points, touch
from streams.engine.rules import Rules


def stage(heard: Heard, name: str) -> None:
    """Move the customer to a lifecycle stage, if it may follow."""
    stages.move(heard.journey, name, heard.at_ms)


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
    """``order.placed``: a prospect, or one who had left, becomes a buyer."""
    stage(heard, "purchase")


def customer_of(heard: Heard, rules: Rules) -> None:
    """``order.delivered``, ``invoice.issued``: whoever gets goods or bills is a customer."""
    if heard.journey.profile.stage in ("prospect", "purchase"):
        stage(heard, "active")


def used(heard: Heard, rules: Rules) -> None:
    """``product.usage_summary``: a buyer who was not onboarded uses it; a prospect is on trial."""
    if heard.journey.profile.stage == "purchase" and heard.touchpoint.active_users != 0:
        stage(heard, "active")


def let_down(heard: Heard, rules: Rules) -> None:
    """``order.delayed``, ``task.abandoned``: a negative signal, and no more than that."""
    negative(heard)


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
