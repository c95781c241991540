"""How service contacts change a journey: starts, repeats, escalations, ends."""

from streams.engine.heard import Heard
from streams.engine.remember import issues
from streams.engine.remember.basics import contact_of, keep, score_points, touch, trouble
from streams.engine.remember.waiting import waited
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS, HOUR_MS, MINUTE_MS


def begin(heard: Heard, rules: Rules) -> None:
    """``contact.started``: a first contact, a repeat, a reconnection or a company's own call."""
    contact = contact_of(heard, rules)
    touchpoint = heard.touchpoint
    if contact is None:
        return
    contact.quoted_wait_s = getattr(touchpoint, "quoted_wait_s", None) or contact.quoted_wait_s
    if contact.counted or not contact.inbound or heard.issue is None:
        touch(heard)
        return
    contact.counted = True
    if _reconnects(heard, rules):
        touch(heard)
        return
    count_contact(heard, rules, touchpoint.channel)
    contact.marks.append(heard.note())


def _reconnects(heard: Heard, rules: Rules) -> bool:
    window_ms = rules.effort.reconnect_min * MINUTE_MS
    return any(
        other.outcome == "dropped"
        and other.issue == heard.issue.key
        and other is not heard.contact
        and 0 <= heard.at_ms - other.ended_ms <= window_ms
        for other in heard.journey.contacts
    )


def count_contact(heard: Heard, rules: Rules, channel: str | None) -> None:
    """Count a new inbound contact on ``heard.issue``: chain, frequency, effort, channel switch."""
    issue, journey, at_ms = heard.issue, heard.journey, heard.at_ms
    heard.new_contact = True
    if 0 < issue.claimed_ms <= at_ms:
        heard.claimed_before = True
        if at_ms - issue.claimed_ms <= rules.effort.repeat_short_d * DAY_MS:
            issues.refute(heard, issue)
        issue.claimed_ms = 0
    if issue.contact_ms - at_ms > rules.effort.repeat_long_d * DAY_MS:
        # History told late: it is no repeat, and what is later does not become one by it.
        score_points(heard, rules, "first_contact")
        touch(heard)
        return
    _score_contact(heard, rules)
    heard.previous_contact_ms = issue.contact_ms
    issue.chain += 1
    if issue.disputes and issue.chain == 2:
        score_points(heard, rules, "dispute_second_contact")
    open_before = issue.resolved_ms == 0 and issue.contact_ms != 0
    if open_before and channel and issue.channel and channel != issue.channel:
        score_points(heard, rules, "channel_switch")
    if issue.resolved_ms and at_ms >= issue.resolved_ms:
        issues.reopen(heard, issue)
    issue.channel = channel or issue.channel
    ended_ms = heard.contact.ended_ms if heard.contact is not None else 0
    issue.contact_ms = max(issue.contact_ms, at_ms, ended_ms)
    keep(issue.contact_marks, heard.note(), issues.MARKS_MAX)
    _keep_time(journey.contact_times, at_ms, rules.limits.contact_times_max)
    _assisted_after_attempt(heard, rules)
    touch(heard)


def _score_contact(heard: Heard, rules: Rules) -> None:
    """Points for a first or a repeated contact; after a long silence the chain begins anew."""
    issue = heard.issue
    gap_ms = heard.at_ms - issue.contact_ms
    if issue.contact_ms == 0 or gap_ms > rules.effort.repeat_long_d * DAY_MS:
        issue.chain = 0
        issue.contact_marks.clear()
        score_points(heard, rules, "first_contact")
    elif gap_ms <= rules.effort.repeat_short_d * DAY_MS:
        score_points(heard, rules, "repeat_contact_short")
    else:
        score_points(heard, rules, "repeat_contact_long")


def _keep_time(times: list[int], at_ms: int, most: int) -> None:
    times.append(at_ms)
    if len(times) > 1 and times[-2] > at_ms:
        times.sort()
    if len(times) > most:
        del times[0]


def _assisted_after_attempt(heard: Heard, rules: Rules) -> None:
    attempt = heard.journey.attempt
    if attempt is None:
        return
    if 0 <= heard.at_ms - attempt.at_ms <= rules.effort.self_service_h * HOUR_MS:
        score_points(heard, rules, "self_service_failed")
    heard.journey.attempt = None


def escalated(heard: Heard, rules: Rules) -> None:
    """``contact.escalated``: counted per issue; effort only if the customer had to ask."""
    if contact_of(heard, rules) is None:
        heard.issue = issues.find(heard.journey, heard.touchpoint, heard.at_ms)
    touch(heard)
    if heard.issue is not None:
        heard.issue.escalations += 1
        trouble(heard.issue, heard)
    if heard.touchpoint.requested_by == "customer":
        score_points(heard, rules, "escalation_requested")


def ended(heard: Heard, rules: Rules) -> None:
    """``contact.ended``: holds, the resolution claimed, the end the next gap counts from."""
    contact = contact_of(heard, rules)
    touchpoint = heard.touchpoint
    touch(heard)
    if contact is not None:
        contact.ended_ms = heard.at_ms
        contact.outcome = touchpoint.outcome
        # Holds may be told one by one or only as a sum at the end: count what was not yet told.
        unheard_s = (touchpoint.hold_s or 0.0) - contact.held_s
        if unheard_s > 0:
            contact.held_s += unheard_s
            waited(heard, rules, unheard_s)
    issue = heard.issue
    if issue is None:
        return
    if contact is not None and contact.counted:
        # Not before the customer's own start of it was heard, or it would be its own predecessor.
        issue.contact_ms = max(issue.contact_ms, heard.at_ms)
    if touchpoint.agent_says_resolved or touchpoint.outcome == "resolved":
        issues.claim(heard, issue, heard.at_ms)
