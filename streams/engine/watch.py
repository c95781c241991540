"""One moment of truth under way, and what a touchpoint means for it."""

from typing import Any

from msgspec import Struct

from streams.engine.heard import Heard
from streams.engine.journey import Journey

UNANSWERED = frozenset({"unanswered", "dropped"})
"""Outcomes of a contact in which nobody said anything."""
WORDS = frozenset({"callback.done", "account.touch", "recovery.action_taken", "outreach.sent"})
"""A word from us, whatever it says."""
DATES = frozenset({"promise.made", "callback.promised"})
"""A word that says by when."""


class Watch(Struct, array_like=True, gc=False):
    """One moment under way. A due time of 0: that part is met, or not asked for."""

    object: str
    at_ms: int
    issue: str | None = None
    mark: int = 0
    asked_ms: int = 0
    answered_ms: int = 0
    response_ms: int = 0
    resolve_ms: int = 0
    follow_ms: int = 0
    cold: int = 0


def concerns(watch: Watch, heard: Heard) -> bool:
    """Whether a touchpoint may be about the moment: its issue, or no issue that we know."""
    issue = heard.issue
    if watch.issue is None or issue is None or issue.key == watch.issue:
        return True
    if not watch.issue.startswith("u:"):
        return False
    contact = heard.journey.contact(watch.issue[2:])  # unclassified then, and classified since
    return contact is not None and contact.issue == issue.key


def note_word(watch: Watch, heard: Heard) -> None:
    """An answer, a date, another word from us: which parts of the standard it meets."""
    kind, touchpoint = heard.type, heard.touchpoint
    dated = kind in DATES
    answer = word = dated or kind in WORDS
    if kind == "contact.started":
        answer = word = touchpoint.direction == "outbound"
    elif kind == "case.response_sent":
        dated = touchpoint.eta is not None
        hollow = touchpoint.substantive is False and not touchpoint.next_step and not dated
        answer = word = touchpoint.kind == "human" and not hollow
    elif kind == "contact.answered":
        answer = True
    elif kind == "contact.ended":
        answer = touchpoint.outcome not in UNANSWERED
    elif kind == "notification.sent":
        word = bool(touchpoint.proactive)
    if dated:
        watch.resolve_ms = 0
    if word and (watch.answered_ms or not watch.asked_ms):
        watch.follow_ms = 0
    if answer:
        watch.answered_ms = watch.answered_ms or heard.at_ms
        watch.response_ms = 0


def made_good(touchpoint: Any, journey: Journey) -> str | None:
    """Key of the issue that was made up for, as far as it says: by issue, case or contact."""
    issue = journey.issue(f"i:{touchpoint.issue_id}") if touchpoint.issue_id else None
    if issue is not None:
        return issue.key
    case, contact = journey.case(touchpoint.case_id), journey.contact(touchpoint.contact_id)
    return case.issue if case is not None else contact.issue if contact is not None else None
