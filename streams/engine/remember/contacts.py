"""How service contacts change a journey: starts, waits, transfers, repeated questions, ends."""

from streams.engine import effort
from streams.engine.heard import Heard
from streams.engine.journey import Attempt, Contact, Issue, Path
from streams.engine.remember import issues
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS, HOUR_MS, MINUTE_MS


def score_points(heard: Heard, rules: Rules, component: str, times: float = 1.0) -> None:
    points = getattr(rules.effort.points, component) * times
    effort.add(heard, rules.effort, component, points, rules.limits.top_contributions_max)


def is_inbound(touchpoint) -> bool:
    """Whether the customer came to us: only that counts as customer effort."""
    return touchpoint.direction in (None, "inbound")


def contact_of(heard: Heard, rules: Rules) -> Contact | None:
    """The contact this touchpoint belongs to, begun if it names an unknown one."""
    touchpoint, journey = heard.touchpoint, heard.journey
    if touchpoint.contact_id is None:
        return None
    contact = journey.contact(touchpoint.contact_id)
    if contact is None:
        issue = issues.find_or_open(heard, rules)
        contact = Contact(touchpoint.contact_id, issue.key, touchpoint.channel,
                          heard.at_ms, heard.at_ms, is_inbound(touchpoint))
        journey.contacts.append(contact)
        if len(journey.contacts) > rules.limits.contacts_max:
            del journey.contacts[0]
    heard.contact = contact
    heard.issue = issues.find(journey, touchpoint, heard.at_ms) or journey.issue(contact.issue)
    issues.classify(heard)
    issues.renew(heard.issue, heard.at_ms, rules)
    contact.last_ms = max(contact.last_ms, heard.at_ms)
    return contact


def touch(heard: Heard) -> None:
    """Move the issue's last activity to this touchpoint."""
    issue = heard.issue
    if issue is not None and heard.at_ms > issue.last_ms:
        issue.last_ms = heard.at_ms


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
        other.outcome == "dropped" and other.issue == heard.issue.key and other is not heard.contact
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
    gap_ms = at_ms - issue.contact_ms
    if issue.contact_ms == 0:
        score_points(heard, rules, "first_contact")
    elif -gap_ms > rules.effort.repeat_long_d * DAY_MS:
        # History told late: it is no repeat, and what is later does not become one by it.
        score_points(heard, rules, "first_contact")
        touch(heard)
        return
    elif gap_ms <= rules.effort.repeat_short_d * DAY_MS:
        score_points(heard, rules, "repeat_contact_short")
    elif gap_ms <= rules.effort.repeat_long_d * DAY_MS:
        score_points(heard, rules, "repeat_contact_long")
    else:
        issue.chain = 0
        issue.contact_marks.clear()
        score_points(heard, rules, "first_contact")
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
    _keep(issue.contact_marks, heard.note(), issues.MARKS_MAX)
    _keep_time(journey.contact_times, at_ms, rules.limits.contact_times_max)
    _assisted_after_attempt(heard, rules)
    touch(heard)


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


def _keep(marks: list[int], number: int, most: int) -> None:
    marks.append(number)
    if len(marks) > most:
        del marks[0]


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
        _visit(contact.path, queue, rules)
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
        _trouble(issue, heard)
    _metered(heard, rules, "wait", before_s, seconds)


def _metered(heard: Heard, rules: Rules, name: str, before_s: float, seconds: float) -> None:
    points = rules.effort.points
    rate, most = getattr(points, name + "_minute"), getattr(points, name + "_max")

    def cost(total_s: float) -> float:
        return min(most, max(0.0, total_s / 60.0 - rules.effort.free_min) * rate)

    effort.add(heard, rules.effort, name, cost(before_s + seconds) - cost(before_s),
               rules.limits.top_contributions_max)


def _trouble(issue: Issue, heard: Heard) -> None:
    number = heard.note()
    if not issue.trouble_marks or issue.trouble_marks[-1] != number:
        _keep(issue.trouble_marks, number, 8)


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
        _trouble(heard.issue, heard)
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


def information(heard: Heard, rules: Rules) -> None:
    """``contact.info_requested``: asking again for what was already given."""
    contact = contact_of(heard, rules)
    touch(heard)
    if heard.touchpoint.already_given:
        information_asked(heard, contact, rules, "information_repeated")


def information_asked(
    heard: Heard, contact: Contact | None, rules: Rules, component: str | None
) -> None:
    """The customer had to say it again; ``component`` names the effort, None costs no points."""
    heard.asked_again = True
    if contact is not None:
        contact.information += 1
    if heard.issue is not None:
        heard.issue.information += 1
        _keep(heard.issue.information_marks, heard.note(), issues.MARKS_MAX)
        _trouble(heard.issue, heard)
    if component is not None:
        score_points(heard, rules, component)


def _visit(path: Path, queue: str, rules: Rules) -> bool:
    """Add a queue to the path; True when it had been visited and left before."""
    if queue in path.queues:
        return path.queues[-1] != queue
    path.queues.append(queue)
    if len(path.queues) > rules.limits.path_max:
        del path.queues[0]
    return False


def hand_on(heard: Heard, path: Path, source: str | None, target: str | None, rules: Rules) -> None:
    """One transfer on a path of queues: counts it and notices the return to a visited queue."""
    heard.transfer = True
    if source:
        _visit(path, source, rules)
    revisit = bool(target) and target in path.queues and target != source
    if target and not revisit:
        _visit(path, target, rules)
    elif revisit:
        # The revisited queue becomes the current one, so that the next hop is judged from it.
        path.queues.remove(target)
        path.queues.append(target)
    path.transfers += 1
    heard.revisit = revisit
    path.revisits += revisit
    _keep(path.marks, heard.note(), 6)
    if heard.issue is not None:
        times = heard.issue.transfer_times
        times.append(heard.at_ms)
        times.sort()
        if len(times) > 6:
            del times[0]
        _trouble(heard.issue, heard)


def transferred(heard: Heard, rules: Rules) -> None:
    """``contact.transferred``: warm, tepid or cold; back to a known queue; without context."""
    contact = contact_of(heard, rules)
    touchpoint = heard.touchpoint
    touch(heard)
    if contact is None:
        return
    hand_on(heard, contact.path, touchpoint.from_queue, touchpoint.to_queue, rules)
    mode = touchpoint.mode or "cold"
    contact.path.cold += mode == "cold"
    score_points(heard, rules, "transfer_" + mode)
    if heard.revisit:
        score_points(heard, rules, "queue_revisited")
    if touchpoint.context_passed is False:
        information_asked(heard, contact, rules, None)


def escalated(heard: Heard, rules: Rules) -> None:
    """``contact.escalated``: counted per issue; effort only if the customer had to ask."""
    if contact_of(heard, rules) is None:
        heard.issue = issues.find(heard.journey, heard.touchpoint, heard.at_ms)
    touch(heard)
    if heard.issue is not None:
        heard.issue.escalations += 1
        _trouble(heard.issue, heard)
    if heard.touchpoint.requested_by == "customer":
        score_points(heard, rules, "escalation_requested")


def ended(heard: Heard, rules: Rules) -> None:
    """``contact.ended``: holds, the claimed or real resolution, the end the next gap counts from."""
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
