"""What every fold needs: points, marks, the contact a touchpoint belongs to."""

from streams.engine import effort
from streams.engine.heard import Heard
from streams.engine.journey import Case, Contact, Issue
from streams.engine.remember import issues
from streams.engine.rules import Rules


def score_points(heard: Heard, rules: Rules, component: str, times: float = 1.0) -> None:
    """Add the policy's points for a component, so many times."""
    own = rules.effort.points_of(heard.journey.profile.segment)
    points = getattr(own, component) * times
    effort.add(heard, rules.effort, component, points, rules.limits.top_contributions_max)


def contact_of(heard: Heard, rules: Rules) -> Contact | None:
    """The contact this touchpoint belongs to, begun if it names an unknown one."""
    touchpoint, journey = heard.touchpoint, heard.journey
    if touchpoint.contact_id is None:
        return None
    contact = journey.contact(touchpoint.contact_id)
    if contact is None:
        issue = issues.find_or_open(heard, rules)
        contact = Contact(
            touchpoint.contact_id,
            issue.key,
            touchpoint.channel,
            heard.at_ms,
            heard.at_ms,
            heard.inbound,
        )
        journey.contacts.append(contact)
        if len(journey.contacts) > rules.limits.contacts_max:
            del journey.contacts[0]
        if touchpoint.case_id is not None and journey.case(touchpoint.case_id) is None:
            # What the case will say without a reason of its own is about what this contact is.
            begin_case(heard, issue, rules)
    heard.contact = contact
    heard.issue = issues.find(journey, touchpoint, heard.at_ms) or journey.issue(contact.issue)
    issues.classify(heard)
    issues.renew(heard.issue, heard.at_ms, rules)
    contact.last_ms = max(contact.last_ms, heard.at_ms)
    return contact


def begin_case(heard: Heard, issue: Issue, rules: Rules) -> Case:
    """Remember a case first heard of now, and what it is about."""
    cases = heard.journey.cases
    case = Case(heard.touchpoint.case_id, issue.key, heard.at_ms, heard.at_ms)
    cases.append(case)
    if len(cases) > rules.limits.cases_max:
        cases.remove(min(cases[:-1], key=lambda c: c.last_ms))
    return case


def touch(heard: Heard) -> None:
    """Move the issue's last activity to this touchpoint."""
    issue = heard.issue
    if issue is not None and heard.at_ms > issue.last_ms:
        issue.last_ms = heard.at_ms


def keep(marks: list[int], number: int, most: int) -> None:
    """Remember one more touchpoint's number, at most so many, the oldest forgotten first."""
    marks.append(number)
    if len(marks) > most:
        del marks[0]


def trouble(issue: Issue, heard: Heard) -> None:
    """Remember this touchpoint as part of an issue's trouble, once."""
    number = heard.note()
    if not issue.trouble_marks or issue.trouble_marks[-1] != number:
        keep(issue.trouble_marks, number, 8)
