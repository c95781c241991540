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


def find_or_open(heard: Heard, rules: Rules) -> Issue:
    """The issue this touchpoint belongs to, opened if there is none."""
    touchpoint, journey = heard.touchpoint, heard.journey
    issue = find(journey, touchpoint, heard.at_ms)
    if issue is None:
        key = specific_key(touchpoint)
        if key is None:
            thread = touchpoint.contact_id or touchpoint.case_id or touchpoint.event_id
            key = "u:" + thread
        issue = Issue(key, heard.at_ms, heard.at_ms)
        journey.issues.append(issue)
        if len(journey.issues) > rules.limits.issues_max:
            forget_oldest(journey)
    return issue


def forget_oldest(journey: Journey) -> None:
    """Drop one issue: the longest quiet resolved one, else the longest quiet."""
    resolved = [i for i in journey.issues[:-1] if i.resolved_ms]
    victim = min(resolved or journey.issues[:-1], key=lambda i: i.last_ms)
    journey.issues.remove(victim)
    journey.forgotten += 1


def resolve(heard: Heard, issue: Issue | None) -> None:
    """Mark an issue as resolved by this touchpoint."""
    if issue is not None and issue.resolved_ms == 0:
        issue.resolved_ms = heard.at_ms
        heard.resolved = True


def reopen(heard: Heard, issue: Issue | None) -> None:
    """Mark a resolved issue as open again."""
    if issue is not None:
        issue.resolved_ms = 0
