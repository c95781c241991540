"""How waiting changes a journey: menus, queues, holds, and help that did not help."""

from streams.engine import effort
from streams.engine.heard import Heard
from streams.engine.journey import Attempt
from streams.engine.remember import issues
from streams.engine.remember.basics import contact_of, score_points, touch, trouble
from streams.engine.remember.handing import information_asked, visit
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS


def wait(heard: Heard, rules: Rules) -> None:
    """``contact.queued``, ``answered``, ``abandoned``, ``hold``: waiting, and lost context."""
    contact = contact_of(heard, rules)
    touchpoint = heard.touchpoint
    touch(heard)
    quoted_s = getattr(touchpoint, "quoted_wait_s", None)
    if contact is not None and quoted_s:
        contact.quoted_wait_s = quoted_s
    queue = getattr(touchpoint, "queue", None)
    if contact is not None and queue:
        visit(contact.path, queue, rules)
    if heard.type == "contact.queued":
        return
    seconds = getattr(touchpoint, "duration_s", None) or getattr(touchpoint, "wait_s", None) or 0.0
    if seconds:
        waited(heard, rules, seconds)
    if heard.type == "contact.hold":
        if contact is not None:
            contact.held_s += seconds
        return
    _over_quote(heard, rules, seconds)
    if heard.type == "contact.abandoned":
        score_points(heard, rules, "abandoned")
        if contact is not None:
            contact.outcome = "abandoned"
    elif heard.type == "contact.answered":
        if touchpoint.context_loaded is False and _contact_before(heard, rules):
            information_asked(heard, contact, rules, "answered_without_context")


def _contact_before(heard: Heard, rules: Rules) -> bool:
    window_ms = rules.effort.context_d * DAY_MS
    current = heard.contact
    return any(
        other is not current and 0 <= heard.at_ms - other.last_ms <= window_ms
        for other in heard.journey.contacts
    )


def _over_quote(heard: Heard, rules: Rules, seconds: float) -> None:
    contact = heard.contact
    if contact is None or not contact.quoted_wait_s or contact.over_quote:
        return
    if seconds >= contact.quoted_wait_s * rules.effort.quote_ratio:
        contact.over_quote = True
        score_points(heard, rules, "wait_over_quote")


def waited(heard: Heard, rules: Rules, seconds: float) -> None:
    """Add queue or hold time to contact and issue; points only for what is above the free part."""
    contact, issue = heard.contact, heard.issue
    heard.waited_s += seconds
    before_s = contact.wait_s if contact is not None else 0.0
    if contact is not None:
        contact.wait_s += seconds
    if issue is not None:
        issue.wait_s += seconds
        trouble(issue, heard)
    _metered(heard, rules, "wait", before_s, seconds)


def _metered(heard: Heard, rules: Rules, name: str, before_s: float, seconds: float) -> None:
    points = rules.effort.points_of(heard.journey.profile.segment)
    rate, most = getattr(points, name + "_minute"), getattr(points, name + "_max")

    def cost(total_s: float) -> float:
        return min(most, max(0.0, total_s / 60.0 - rules.effort.free_min) * rate)

    effort.add(
        heard,
        rules.effort,
        name,
        cost(before_s + seconds) - cost(before_s),
        rules.limits.top_contributions_max,
    )


def ivr(heard: Heard, rules: Rules) -> None:
    """``ivr.segment_ended``: menu time is effort; a hang-up is a failed self-service attempt."""
    contact = contact_of(heard, rules)
    touchpoint = heard.touchpoint
    if contact is None:
        heard.issue = issues.find(heard.journey, touchpoint, heard.at_ms)
    seconds = touchpoint.duration_s or 0.0
    heard.waited_s += seconds
    before_s = contact.ivr_s if contact is not None else 0.0
    if contact is not None:
        contact.ivr_s += seconds
    if heard.issue is not None and seconds:
        heard.issue.wait_s += seconds
        trouble(heard.issue, heard)
    _metered(heard, rules, "ivr", before_s, seconds)
    if touchpoint.exit == "hangup":
        heard.journey.attempt = Attempt(heard.at_ms, heard.note())
    touch(heard)


def self_served(heard: Heard, rules: Rules) -> None:
    """``selfservice.ended``, ``bot.session_ended``: an unresolved attempt may lead to a contact."""
    heard.issue = issues.find(heard.journey, heard.touchpoint, heard.at_ms)
    if heard.touchpoint.outcome in ("abandoned", "escalated"):
        heard.journey.attempt = Attempt(heard.at_ms, heard.note())
    elif heard.touchpoint.outcome == "resolved":
        heard.journey.attempt = None
