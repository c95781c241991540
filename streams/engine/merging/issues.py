"""Issues of two journeys become those of one, and with them contacts, cases and promises.

Two issues are the same when the key or the alias of one is that of the other. Then counts add,
times take their outermost, and what only one of two can be (resolved or not, which claim stands)
is what the more recently active one says.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from streams.engine.journey import Case, Contact, Issue, Journey, Path, Promise
from streams.engine.remember.issues import MARKS_MAX
from streams.engine.rules import Rules

_ADDED = ("reopens", "false_resolutions", "escalations", "information", "disputes")
_BY_ACTIVITY = ("resolved_ms", "claimed_ms", "claim_mark")
_MARKS = ("contact_marks", "trouble_marks", "information_marks")


def merge(mine: Journey, theirs: Journey, rules: Rules) -> None:
    """Join what both have been in touch about; both are on one base of effort afterwards."""
    _rebase(mine, theirs)
    limits = rules.limits
    for issue in theirs.issues:
        same = mine.issue(issue.key) or mine.issue(issue.alias)
        if same is None:
            mine.issues.append(issue)
        else:
            _rename(theirs, issue.key, same.key)
            _join(same, issue, rules)
    mine.issues.sort(key=attrgetter("first_ms", "key"))
    _drop(
        mine, mine.issues, limits.issues_max, lambda issue: (not issue.resolved_ms, issue.last_ms)
    )
    _keyed(mine.contacts, theirs.contacts, "contact_id", "last_ms", _join_contacts)
    mine.contacts.sort(key=attrgetter("started_ms", "contact_id"))
    del mine.contacts[: -limits.contacts_max]
    _keyed(mine.cases, theirs.cases, "case_id", "last_ms", _join_cases)
    mine.cases.sort(key=attrgetter("opened_ms", "case_id"))
    _drop(mine, mine.cases, limits.cases_max, attrgetter("last_ms"))
    _keyed(mine.promises, theirs.promises, "promise_id", "due_ms", _join_promises)
    mine.promises.sort(key=attrgetter("due_ms", "promise_id"))
    _drop(mine, mine.promises, limits.promises_max, lambda one: (not one.broken_ms, one.due_ms))


def _rebase(mine: Journey, theirs: Journey) -> None:
    """Bring effort of both to one base: the later one, for a power of two must not grow too large.

    A half-life of another policy is taken over by value at the later of both customers' clocks.
    """
    one, other = mine.effort, theirs.effort
    if not other.half_life_ms:
        return
    if not one.half_life_ms:
        one.base_ms, one.half_life_ms = other.base_ms, other.half_life_ms
        return
    if one.half_life_ms != other.half_life_ms:
        at_ms = max(mine.clock_ms, theirs.clock_ms, one.base_ms, other.base_ms)
        _carry(theirs, at_ms)
        _carry(mine, at_ms)
        other.half_life_ms = one.half_life_ms
        return
    base_ms = max(one.base_ms, other.base_ms)
    _carry(mine, base_ms)
    _carry(theirs, base_ms)


def _carry(journey: Journey, base_ms: int) -> None:
    effort = journey.effort
    factor = 2.0 ** ((effort.base_ms - base_ms) / effort.half_life_ms)
    effort.parts = {name: value * factor for name, value in effort.parts.items()}
    for issue in journey.issues:
        issue.effort *= factor
    effort.base_ms = base_ms


def _rename(journey: Journey, old: str, new: str) -> None:
    bearers: tuple[Any, ...] = (
        *journey.contacts, *journey.cases, *journey.promises, *journey.episodes,
    )  # fmt: skip
    for one in bearers:
        if one.issue == old:
            one.issue = new


def _join(one: Issue, other: Issue, rules: Rules) -> None:
    # As ``contacts.begin`` would have counted it: a chain ends with a long silence.
    gap_ms = abs(one.contact_ms - other.contact_ms)
    if one.contact_ms and other.contact_ms and gap_ms > rules.effort.repeat_long_d * 86_400_000:
        one.chain = max((one.contact_ms, one.chain), (other.contact_ms, other.chain))[1]
    else:
        one.chain += other.chain
    if (other.contact_ms, other.channel or "") > (one.contact_ms, one.channel or ""):
        one.channel = other.channel or one.channel
    if _activity(other) > _activity(one):
        for name in _BY_ACTIVITY:
            setattr(one, name, getattr(other, name))
    one.first_ms = min(one.first_ms, other.first_ms)
    for name in ("last_ms", "contact_ms", "satisfied_ms", "refuted_ms"):
        setattr(one, name, max(getattr(one, name), getattr(other, name)))
    for name in _ADDED:
        setattr(one, name, getattr(one, name) + getattr(other, name))
    one.wait_s += other.wait_s
    one.effort += other.effort
    one.alias = one.alias or (other.key if other.key != one.key else other.alias)
    one.transfer_times = sorted([*one.transfer_times, *other.transfer_times])[-6:]
    for name in _MARKS:
        setattr(one, name, [*getattr(one, name), *getattr(other, name)][-MARKS_MAX:])


def _activity(issue: Issue) -> tuple[int, int, int]:
    return (max(issue.last_ms, issue.resolved_ms), issue.resolved_ms, issue.claimed_ms)


def _keyed(
    mine: list[Any], theirs: list[Any], key: str, newest: str, join: Callable[[Any, Any], None]
) -> None:
    """Theirs into mine; of two under one key the newer stays, and is told what the other knew."""
    there = {getattr(one, key): number for number, one in enumerate(mine)}
    for other in theirs:
        number = there.get(getattr(other, key))
        if number is None:
            mine.append(other)
            continue
        one = mine[number]
        if getattr(other, newest) > getattr(one, newest):
            one, other = other, one  # noqa: PLW2901
        join(one, other)
        mine[number] = one


def _join_contacts(one: Contact, other: Contact) -> None:
    one.started_ms = min(one.started_ms, other.started_ms)
    one.ended_ms = max(one.ended_ms, other.ended_ms)
    one.outcome = one.outcome or other.outcome
    for name in ("ivr_s", "wait_s", "held_s", "information"):
        setattr(one, name, getattr(one, name) + getattr(other, name))
    one.quoted_wait_s = one.quoted_wait_s or other.quoted_wait_s
    one.over_quote, one.counted = one.over_quote or other.over_quote, one.counted or other.counted
    one.marks = [*one.marks, *other.marks]
    _join_paths(one.path, other.path)


def _join_cases(one: Case, other: Case) -> None:
    one.opened_ms = min(one.opened_ms, other.opened_ms)
    one.reopens += other.reopens
    _join_paths(one.path, other.path)


def _join_paths(one: Path, other: Path) -> None:
    one.queues = [queue for queue in other.queues if queue not in one.queues] + one.queues
    one.transfers += other.transfers
    one.cold += other.cold
    one.revisits += other.revisits
    one.marks = [*other.marks, *one.marks][-6:]


def _join_promises(one: Promise, other: Promise) -> None:
    one.changes = max(one.changes, other.changes)
    one.marks = [*other.marks, *one.marks][-4:]


def _drop(journey: Journey, things: list[Any], most: int, worth: Callable[[Any], Any]) -> None:
    """Forget what is worth least, until it fits; counted."""
    while len(things) > most:
        things.remove(min(things, key=worth))
        journey.forgotten += 1
