"""Which issue a touchpoint belongs to.

First that applies (catalogue section 4): its ``issue_id``; the issue of its case; its known issue;
the issue of its contact; product and reason. A touchpoint with none of these joins the only open
issue if exactly one was active in seven days; else a contact opens an *unclassified* issue, which a
later touchpoint may give a specific key (its ``alias``) without changing its identity.
"""

from typing import Any

from streams.engine.heard import Heard
from streams.engine.journey import Issue, Journey
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS

ACTIVE_MS = 7 * DAY_MS
MARKS_MAX = 6
"""Evidence kept of one kind and issue, touchpoints."""


def specific_key(touchpoint: Any) -> str | None:
    """The issue key the touchpoint itself names, or None."""
    if touchpoint.issue_id is not None:
        return "i:" + touchpoint.issue_id
    known = getattr(touchpoint, "known_issue_id", None)
    if known is not None:
        return "k:" + known
    reason = touchpoint.reason
    if reason is not None:
        return f"r:{touchpoint.product_id or ''}/{reason.l1}/{reason.l2 or ''}"
    return None


def find(journey: Journey, touchpoint: Any, at_ms: int) -> Issue | None:
    """The remembered issue this touchpoint belongs to, or None."""
    if touchpoint.issue_id is not None:
        issue = journey.issue("i:" + touchpoint.issue_id)
        if issue is not None:
            return issue
    case = journey.case(touchpoint.case_id)
    if case is not None:
        return journey.issue(case.issue)
    contact = journey.contact(touchpoint.contact_id)
    key = specific_key(touchpoint)
    if contact is not None:
        issue = journey.issue(contact.issue)
        if issue is not None and (key is None or not issue.key.startswith("u:")):
            return issue
        if issue is not None and issue.alias is None and journey.issue(key) is None:
            issue.alias = key
            return issue
    if key is not None:
        return journey.issue(key)
    return _only_active(journey, at_ms)


def _only_active(journey: Journey, at_ms: int) -> Issue | None:
    active = [i for i in journey.issues if i.resolved_ms == 0 and at_ms - i.last_ms <= ACTIVE_MS]
    return active[0] if len(active) == 1 else None


def find_or_open(heard: Heard, rules: Rules, own_key: str | None = None) -> Issue:
    """The issue this touchpoint belongs to, opened if there is none.

    Args:
        heard: the touchpoint.
        rules: the limits.
        own_key: key of an issue that the touchpoint opens for a thing of its own, e.g. a dispute.
    """
    touchpoint, journey = heard.touchpoint, heard.journey
    issue = find(journey, touchpoint, heard.at_ms)
    if issue is None:
        key = specific_key(touchpoint) or own_key
        if key is None:
            thread = touchpoint.contact_id or touchpoint.case_id or touchpoint.event_id
            key = "u:" + thread
        issue = Issue(key, heard.at_ms, heard.at_ms)
        journey.issues.append(issue)
        if len(journey.issues) > rules.limits.issues_max:
            forget_oldest(journey)
    return issue


def renew(issue: Issue | None, at_ms: int, rules: Rules) -> None:
    """After a silence longer than the long repeat window, what was counted is another story."""
    if issue is None or at_ms - issue.last_ms <= rules.effort.repeat_long_d * DAY_MS:
        return
    issue.reopens = issue.false_resolutions = issue.escalations = issue.information = 0
    issue.wait_s = 0.0
    for marks in (issue.transfer_times, issue.trouble_marks, issue.information_marks):
        marks.clear()


def classify(heard: Heard) -> None:
    """An unclassified contact turned out to be about a known issue: it belongs there from now on.

    What was gathered under the contact's own provisional issue moves along.
    """
    journey, contact, issue = heard.journey, heard.contact, heard.issue
    if issue is None or issue.key == contact.issue or not contact.issue.startswith("u:"):
        return
    former = journey.issue(contact.issue)
    if former is not None and former.alias is not None:
        return
    contact.issue = issue.key
    if former is None or former.key != "u:" + contact.contact_id:
        return
    journey.issues.remove(former)
    issue.wait_s += former.wait_s
    issue.information += former.information
    issue.escalations += former.escalations
    issue.effort += former.effort
    issue.chain += former.chain
    issue.contact_ms = max(issue.contact_ms, former.contact_ms)
    if former.resolved_ms and former.resolved_ms >= issue.last_ms:
        issue.resolved_ms, issue.claimed_ms = former.resolved_ms, former.claimed_ms
        issue.claim_mark = former.claim_mark
        heard.resolved = True
    for name in ("transfer_times", "contact_marks", "trouble_marks", "information_marks"):
        marks = sorted([*getattr(issue, name), *getattr(former, name)])
        setattr(issue, name, marks[-MARKS_MAX:])
    for other in (*journey.cases, *journey.contacts, *journey.promises, *journey.episodes):
        if other.issue == former.key:
            other.issue = issue.key


def forget_oldest(journey: Journey) -> None:
    """Drop one issue: the longest quiet resolved one, else the longest quiet."""
    resolved = [i for i in journey.issues[:-1] if i.resolved_ms]
    victim = min(resolved or journey.issues[:-1], key=lambda i: i.last_ms)
    journey.issues.remove(victim)
    journey.forgotten += 1


def has_open_case(journey: Journey, issue: Issue) -> bool:
    """Whether a case about it is known and not resolved."""
    return any(case.issue == issue.key and not case.resolved_ms for case in journey.cases)


def claim(heard: Heard, issue: Issue, at_ms: int) -> None:
    """Someone said that the issue is resolved, as of that time; until the customer says not so."""
    issue.claimed_ms = at_ms
    issue.claim_mark = heard.note()
    resolve(heard, issue)


def resolve(heard: Heard, issue: Issue | None) -> None:
    """Mark an issue as resolved by this touchpoint; it may be said again."""
    if issue is not None:
        issue.resolved_ms = issue.resolved_ms or heard.at_ms
        heard.resolved = True


def refute(heard: Heard, issue: Issue) -> None:
    """A claim that the issue was resolved has turned out to be false."""
    heard.refuted = True
    issue.false_resolutions += 1
    issue.refuted_ms = heard.at_ms


def reopen(heard: Heard, issue: Issue | None) -> None:
    """Mark a resolved issue as open again."""
    if issue is not None:
        issue.resolved_ms = 0
