"""What the engine learned from one touchpoint, as detectors get to see it."""

from typing import Any

from streams.engine.journey import Case, Contact, Issue, Journey, Mark, Promise
from streams.engine.rules import Rules


class Heard:
    """One touchpoint (or wake) together with what remembering it found out.

    Attributes:
        type: the touchpoint's type, or a pseudo type (``streams.engine.detector``).
        touchpoint: the decoded touchpoint; None on a wake.
        at_ms: event time, or the due time of a wake.
        journey: the customer's journey, already including this touchpoint.
        rules: the policy's judgement calls, for reading.
        mark: this touchpoint as evidence; None on a wake.
        issue, contact, case, promise: what it belongs to, if known.
        new_contact: it began an inbound contact that counts as one.
        previous_contact_ms: end of the contact before on the same issue; 0 if none.
        claimed_before: the issue stood as claimed resolved before this touchpoint.
        resolved: it resolved its issue.
        refuted: it showed a claimed resolution of the issue to be false.
        reopened: it reopened a resolved issue or case.
        transfer: it handed the customer or the case on.
        revisit: that transfer went back to a queue already visited.
        asked_again: the customer had to say again what they had said before.
        waited_s: seconds of menu, queue or hold it added.
        points: effort it added, by component.
        now_ms: the customer's own latest event time; later than at_ms if this one came late.
        jei: the customer's Journey Effort Index at ``now_ms``; set when points were added.
        late, live: it arrived behind the watermark; it is neither a backfill nor a replay.
        score: a survey's answer normalised to 0-1, higher is better; None if no survey.
    """

    __slots__ = (
        "asked_again",
        "at_ms",
        "case",
        "claimed_before",
        "contact",
        "issue",
        "jei",
        "journey",
        "late",
        "live",
        "mark",
        "new_contact",
        "now_ms",
        "points",
        "previous_contact_ms",
        "promise",
        "refuted",
        "reopened",
        "resolved",
        "revisit",
        "rules",
        "score",
        "touchpoint",
        "transfer",
        "type",
        "waited_s",
    )

    def __init__(
        self, journey: Journey, rules: Rules, kind: str, at_ms: int, touchpoint: Any = None
    ) -> None:
        self.journey = journey
        self.rules = rules
        self.type = kind
        self.at_ms = at_ms
        self.touchpoint = touchpoint
        self.mark: Mark | None = None
        self.issue: Issue | None = None
        self.contact: Contact | None = None
        self.case: Case | None = None
        self.promise: Promise | None = None
        self.new_contact = False
        self.previous_contact_ms = 0
        self.claimed_before = False
        self.refuted = False
        self.resolved = False
        self.reopened = False
        self.transfer = False
        self.revisit = False
        self.asked_again = False
        self.waited_s = 0.0
        self.points: dict[str, float] | None = None
        self.score: float | None = None
        self.jei = 0.0
        self.late = False
        self.live = True
        self.now_ms = max(at_ms, journey.clock_ms)

    def note(self) -> int:
        """Keep this touchpoint as evidence and return its number; 0 on a wake."""
        mark = self.mark
        if mark is None:
            return 0
        recent = self.journey.recent
        if not recent or recent[-1] is not mark:
            recent.append(mark)
        return mark.n

    @property
    def inbound(self) -> bool:
        """Whether the customer came to us: only that counts as customer effort."""
        return self.touchpoint.direction in (None, "inbound")
