"""The shape of a question: what a detector is and what it may answer.

A detector is one file ``streams/detectors/<family>/<kind>.py`` holding one frozen dataclass whose
fields are its thresholds, and one module-level ``DETECTOR`` of it. It is found by being there.

Call order, per touchpoint of a type in ``listens``: ``on_touchpoint`` once, then ``wake_at_ms``.
When the wake it asked for has come: ``on_wake`` once with ``heard.at_ms`` equal to that due time,
then ``wake_at_ms`` again, which must now lie later or be None.
A detector changes only the memory it is handed; journey, issue and contact are for reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from streams.engine import severities, shapes
from streams.engine.heard import Heard
from streams.engine.journey import Journey

EFFORT = "+effort"
"""Pseudo type: the touchpoint added effort points."""
PROMISE_BROKEN = "+promise.broken"
"""Pseudo type: a promise's due time and grace have passed unkept; ``heard.promise`` is it."""
EPISODE = "+episode"
"""Pseudo type: something was said of this customer's episodes: one opened, changed or ended. Asked
once, after all others, with ``heard.touchpoint`` None. What a detector says itself does not ask
it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A detector's claim that something is so.

    Args:
        severity: base severity 1 (info) to 5 (critical), before context moves it.
        reason: stable reason code; a change of it re-emits the alert.
        text: one sentence for a person, starting with the number that matters.
        object: what it is about (issue key, invoice, …); "" for the customer as a whole.
        number: the measured value that crossed.
        threshold: the value it crossed.
        marks: numbers of the remembered touchpoints that are its evidence, oldest first.
        issue: key of the issue concerned, if any (its resolution may clear the episode).
        action: suggested action where it differs from the detector's own.
        cause: cause class where it differs from the detector's own; that of the finding which
            opened the episode stays.
        eases: it may lower the episode's severity; without it severity only rises.
    """

    severity: int
    reason: str
    text: str
    object: str = ""
    number: float = 0.0
    threshold: float = 0.0
    marks: Sequence[int] = ()
    issue: str | None = None
    action: str | None = None
    eases: bool = False
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Clear:
    """A detector's word that a claim no longer holds.

    Args:
        reason: why, e.g. ``paid``, ``answered``, ``kept_late``.
        object: the object of the finding it takes back; None takes back all of this detector's.
    """

    reason: str
    object: str | None = ""


Answer = Finding | Clear | Sequence[Finding | Clear] | None


@dataclass(frozen=True)
class Detector:
    """Base of every detector; see the module's text for the order of calls.

    Class attributes:
        listens: touchpoint types (and pseudo types above) it is asked about.
        memory: msgspec Struct class of its own slice of a journey, or None if it needs none.
        action: what the reader of an alert should do. Never empty.
        cause: cause class, one of service_process, product_quality, expectation, billing,
            onboarding, knowledge, external.
        clears_with_issue: the episode resolves when its issue is resolved.
        quiet_d: days without a new finding after which the episode resolves; None: never.
        asked_after: 0, or higher to be asked after the others (it reads their open episodes).
        begins: the types that matter while it remembers nothing of a customer; of the others it is
            not asked until then, and takes no room. Empty: all that it listens to.
        by_default: whether it is asked unless the policy says otherwise.
        moved_by: what of the customer's context moves its severity (``severities.ALL``): renewal
            says nothing more to a detector that is about nothing else.
    """

    listens: ClassVar[tuple[str, ...]] = ()
    memory: ClassVar[type | None] = None
    action: ClassVar[str] = ""
    cause: ClassVar[str] = "service_process"
    clears_with_issue: ClassVar[bool] = False
    quiet_d: ClassVar[float | None] = None
    asked_after: ClassVar[int] = 0
    begins: ClassVar[frozenset[str]] = frozenset()
    requirements: ClassVar[tuple[str, ...]] = ()
    by_default: ClassVar[bool] = True
    moved_by: ClassVar[tuple[str, ...]] = severities.ALL

    def on_touchpoint(self, memory: Any, heard: Heard) -> Answer:
        """Answer one touchpoint, or pseudo type, in ``listens``."""
        raise NotImplementedError

    def on_wake(self, memory: Any, heard: Heard) -> Answer:
        """Answer the wake asked for; ``heard.at_ms`` is the due time, ``heard.touchpoint`` None."""
        return None

    def wake_at_ms(self, memory: Any, journey: Journey) -> int | None:
        """When to be woken next, epoch ms of event time, or None."""
        return None

    def merge(self, mine: Any, theirs: Any) -> Any:
        """One memory out of those of two customers who turned out to be one.

        Both may be changed. By default ``streams.engine.shapes`` joins them by their shape; a
        detector whose memory means more than its shape shows says it here.
        """
        return shapes.joined(mine, theirs)
