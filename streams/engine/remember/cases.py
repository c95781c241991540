"""How cases (tickets) change a journey: opened, handed on, resolved, reopened, linked."""

from streams.engine.heard import Heard
from streams.engine.journey import Case
from streams.engine.remember import issues
from streams.engine.remember.basics import begin_case, score_points, touch
from streams.engine.remember.contacts import count_contact
from streams.engine.remember.handing import hand_on
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS


def case_of(heard: Heard, rules: Rules) -> Case:
    """The case this touchpoint belongs to, begun if unknown; sets issue and contact too."""
    touchpoint, journey = heard.touchpoint, heard.journey
    case = journey.case(touchpoint.case_id)
    if case is None:
        case = begin_case(heard, issues.find_or_open(heard, rules), rules)
    heard.case = case
    heard.contact = journey.contact(touchpoint.contact_id)
    heard.issue = journey.issue(case.issue) or issues.find(journey, touchpoint, heard.at_ms)
    issues.renew(heard.issue, heard.at_ms, rules)
    case.last_ms = max(case.last_ms, heard.at_ms)
    touch(heard)
    return case


def opened(heard: Heard, rules: Rules) -> None:
    """``case.opened``: the group it begins with is the first on its path.

    A new case on an issue that was resolved means that the issue is open again.
    """
    case = case_of(heard, rules)
    if heard.issue is not None and 0 < heard.issue.resolved_ms <= heard.at_ms:
        issues.reopen(heard, heard.issue)
    if heard.touchpoint.group and not case.path.queues:
        case.path.queues.append(heard.touchpoint.group)


def followed(heard: Heard, rules: Rules) -> None:
    """Any case touchpoint that only keeps the case alive."""
    case_of(heard, rules)


def replied(heard: Heard, rules: Rules) -> None:
    """``case.customer_replied``: a new contact only when the issue was thought resolved."""
    case_of(heard, rules)
    if heard.issue is not None and heard.issue.resolved_ms and heard.inbound:
        count_contact(heard, rules, heard.touchpoint.channel)


def reassigned(heard: Heard, rules: Rules) -> None:
    """``case.reassigned``: a hand-over between groups. Costs the customer no points by itself."""
    case = case_of(heard, rules)
    touchpoint = heard.touchpoint
    if touchpoint.to_group and touchpoint.to_group != touchpoint.from_group:
        hand_on(heard, case.path, touchpoint.from_group, touchpoint.to_group, rules)


def resolved(heard: Heard, rules: Rules) -> None:
    """``case.resolved``, ``case.closed``: a claim of resolution, until the customer says not so.

    While another case about the same issue is open the issue is, whatever becomes of this one.
    """
    case = case_of(heard, rules)
    case.resolved_ms = case.resolved_ms or heard.at_ms
    if heard.issue is not None and not issues.has_open_case(heard.journey, heard.issue):
        # Closing for good what was resolved before is no new claim.
        issues.claim(heard, heard.issue, heard.issue.claimed_ms or heard.at_ms)


def reopened(heard: Heard, rules: Rules) -> None:
    """``case.reopened``: the claim did not hold."""
    case = case_of(heard, rules)
    case.reopens += 1
    case.resolved_ms = 0
    heard.reopened = True
    heard.claimed_before = True
    heard.note()
    issue = heard.issue
    if issue is not None:
        issue.reopens += 1
        known_ms = heard.at_ms - issue.refuted_ms
        if issue.claimed_ms or known_ms > rules.effort.repeat_short_d * DAY_MS:
            # Otherwise the customer's own contact has already shown the same claim to be false.
            issues.refute(heard, issue)
        issue.claimed_ms = 0
        issues.reopen(heard, issue)
    score_points(heard, rules, "case_reopened")


def linked(heard: Heard, rules: Rules) -> None:
    """``case.linked``: from now on this case belongs to the other case's issue.

    The issue it leaves behind, if no other open case is about it, is closed: nobody else would say
    so.
    """
    case, journey = case_of(heard, rules), heard.journey
    root = journey.case(heard.touchpoint.to_case_id)
    if root is None or root is case or root.issue == case.issue:
        return
    left, case.issue = journey.issue(case.issue), root.issue
    if left is not None and not issues.has_open_case(journey, left):
        heard.issue = left
        issues.resolve(heard, left)
    else:
        heard.issue = journey.issue(root.issue)
