"""Promises: made, changed, kept, withdrawn, and broken when their time has passed.

A promise that falls due unkept is heard as the pseudo type ``+promise.broken`` at exactly its due
time plus grace. Callbacks are promises whose id is derived when the producer gives none.
"""

from streams.engine import diary
from streams.engine.heard import Heard
from streams.engine.journey import Journey, Promise
from streams.engine.remember import issues
from streams.engine.remember.basics import score_points
from streams.engine.rules import Rules
from streams.engine.units import HOUR_MS, MINUTE_MS


def promise_id_of(touchpoint) -> str:
    """The promise's id; callbacks without one are known by their contact, case or customer."""
    if touchpoint.promise_id:
        return touchpoint.promise_id
    return "callback:" + (touchpoint.contact_id or touchpoint.case_id or "")


def _meant(journey: Journey, touchpoint) -> Promise | None:
    """The open promise meant; a callback told elsewhere without an id is the only one there is."""
    promise = journey.promise(promise_id_of(touchpoint))
    if promise is not None or touchpoint.promise_id:
        return promise
    callbacks = [p for p in journey.promises if p.kind == "callback"]
    return callbacks[0] if len(callbacks) == 1 else None


def _due_with_grace(kind: str, due_ms: int, rules: Rules) -> int:
    promises = rules.promises
    if kind == "callback":
        return due_ms + int(promises.grace_callback_min * MINUTE_MS)
    return due_ms + int(promises.grace_other_h * HOUR_MS)


def made(heard: Heard, rules: Rules) -> None:
    """``promise.made``, ``callback.promised``: remembered until kept, withdrawn or broken."""
    touchpoint, journey = heard.touchpoint, heard.journey
    heard.issue = issues.find(journey, touchpoint, heard.at_ms)
    if touchpoint.due_at is None:
        return
    kind = "callback" if heard.type.startswith("callback.") else touchpoint.kind or "other"
    promise_id = promise_id_of(touchpoint)
    promise = journey.promise(promise_id)
    if promise is None:
        promise = _remembered(heard, promise_id, kind, rules)
    promise.due_ms = _due_with_grace(kind, touchpoint.due_at, rules)
    promise.broken_ms = 0
    _mark(heard, promise)


def _remembered(heard: Heard, promise_id: str, kind: str, rules: Rules) -> Promise:
    journey, issue = heard.journey, heard.issue
    promise = Promise(
        promise_id,
        kind,
        getattr(heard.touchpoint, "made_by", None),
        issue.key if issue is not None else None,
        0,
    )
    journey.promises.append(promise)
    if len(journey.promises) > rules.limits.promises_max:
        _forget_one(journey)
    return promise


def _forget_one(journey: Journey) -> None:
    # One whose time has come has been told; only then one that still might be kept.
    broken = [promise for promise in journey.promises[:-1] if promise.broken_ms]
    journey.promises.remove((broken or journey.promises)[0])
    journey.forgotten += 1


def changed(heard: Heard, rules: Rules) -> None:
    """``promise.changed``: a new date in time is a change; too many changes break it."""
    promise = heard.journey.promise(promise_id_of(heard.touchpoint))
    if promise is None:
        made(heard, rules)
        return
    heard.issue = heard.journey.issue(promise.issue)
    promise.changes += 1
    if heard.touchpoint.due_at is not None:
        promise.due_ms = _due_with_grace(promise.kind, heard.touchpoint.due_at, rules)
        # A break stands: a new date does not unsay what the customer lived through. But the new
        # date is a promise too, and can be broken in its turn.
        if promise.changes <= rules.promises.changes_max and promise.due_ms > heard.at_ms:
            promise.broken_ms = 0
    _mark(heard, promise)
    if promise.changes > rules.promises.changes_max and promise.broken_ms == 0:
        promise.due_ms = heard.at_ms


def _mark(heard: Heard, promise: Promise) -> None:
    heard.promise = promise
    promise.marks.append(heard.note())
    del promise.marks[:-4]


def settled(heard: Heard, rules: Rules) -> None:
    """``promise.kept``, ``promise.withdrawn``, ``callback.done``: no longer open."""
    journey = heard.journey
    promise = _meant(journey, heard.touchpoint)
    if promise is None:
        heard.issue = issues.find(journey, heard.touchpoint, heard.at_ms)
        return
    heard.promise = promise
    heard.issue = journey.issue(promise.issue)
    journey.promises.remove(promise)


def missed(heard: Heard, rules: Rules) -> None:
    """``callback.missed``: broken at once, without waiting for the grace to pass.

    One that nobody told us was promised is broken all the same, unless this word comes late.
    """
    journey, touchpoint = heard.journey, heard.touchpoint
    promise = _meant(journey, touchpoint)
    if promise is None and heard.at_ms >= journey.clock_ms:
        heard.issue = issues.find(journey, touchpoint, heard.at_ms)
        promise = _remembered(heard, promise_id_of(touchpoint), "callback", rules)
    if promise is not None and promise.broken_ms == 0:
        promise.due_ms = heard.at_ms
        _mark(heard, promise)


def due_ms(journey: Journey) -> int:
    """The earliest due time of an unbroken promise, or 0."""
    return min((p.due_ms for p in journey.promises if p.broken_ms == 0), default=0)


def break_it(heard: Heard, rules: Rules) -> None:
    """A due promise breaks: effort is added, dated at its due time."""
    diary.turn(heard.journey, heard.now_ms, rules)
    promise = heard.promise
    promise.broken_ms = heard.at_ms
    heard.issue = heard.journey.issue(promise.issue)
    score_points(heard, rules, "promise_broken")
