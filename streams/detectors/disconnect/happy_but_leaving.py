"""Were they satisfied, and are they leaving all the same? (DC3)

Fires when   the last satisfaction answer was ``good_score`` of 5 or more, not longer ago than
             ``window_d`` days, and there is a sign of leaving: a cancellation asked for, the
             contract left or not renewed, silent suffering or having gone quiet after a bad contact
             (as their own detectors tell it); or when so good an answer comes within ``window_d``
             days after such a sign. Scores on other scales are converted.
Silent when  the last answer was not good, or they were made to leave (``voluntary`` is false).
Forgets      the episode when they stay, or after ``quiet_d`` days; answers and signs after
             ``window_d``.
Requirements S1-17
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct

from streams.engine.detector import EPISODE, Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.units import DAY_MS

SIGNS = {
    "cancel.requested": "asked to cancel",
    "customer.churned": "left",
    "renewal.decided": "did not renew",
    "silent_sufferer": "suffers in silence",
    "went_quiet_after_bad_contact": "went quiet after a bad contact",
}
"""Touchpoint types and kinds of detectors that are signs of leaving, in words."""
FOUND = ("silent_sufferer", "went_quiet_after_bad_contact")


class Memory(Struct, array_like=True, gc=False):
    """The last answer (1 to 5, at 0: none), the last touchpoint that was a sign of leaving (""
    none), and the sign told.
    """

    score: float = 0.0
    scored_ms: int = 0
    score_mark: int = 0
    sign: str = ""
    sign_ms: int = 0
    sign_mark: int = 0
    told: str = ""


@dataclass(frozen=True)
class HappyButLeaving(Detector):
    """Thresholds: the answer that is good, and how many days answer and sign may lie apart."""

    listens: ClassVar = (
        "survey.responded",
        "cancel.requested",
        "customer.churned",
        "renewal.decided",
        "customer.reactivated",
        EPISODE,
    )
    begins: ClassVar = frozenset(listens[:-1])
    memory: ClassVar = Memory
    action: ClassVar = (
        "Ask why they leave: the contact was fine, so it is the product, price or fit"
    )
    cause: ClassVar = "expectation"
    quiet_d: ClassVar = 60
    asked_after: ClassVar = 1

    good_score: Annotated[float, Ge(1), Le(5)] = 4
    window_d: Annotated[float, Gt(0), Le(365)] = 30

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """An answer, a sign, or the word that they stay."""
        if heard.type == "survey.responded":
            if heard.touchpoint.kind != "csat" or heard.score is None:
                return None
            if heard.at_ms >= memory.scored_ms:
                memory.score = round(1 + 4 * heard.score, 3)
                memory.scored_ms, memory.score_mark = heard.at_ms, heard.note()
        elif heard.type == EPISODE:
            return self._of_others(memory, heard)
        elif _stays(heard):
            memory.sign, memory.sign_ms, memory.sign_mark, memory.told = "", 0, 0, ""
            return Clear("stays")
        elif _leaves(heard):
            memory.sign, memory.sign_ms, memory.sign_mark = heard.type, heard.at_ms, heard.note()
        else:
            return None
        return self._finding(memory, heard)

    def _of_others(self, memory: Memory, heard: Heard) -> Answer:
        """Other detectors said something: a sign of leaving may have come, or gone."""
        found = any(heard.journey.is_open(kind, "") for kind in FOUND)
        if found:
            return self._finding(memory, heard)
        if memory.told not in FOUND:
            return None
        memory.told = ""
        return Clear("no_sign_any_more")

    def _finding(self, memory: Memory, heard: Heard) -> Finding | None:
        sign, sign_ms = memory.sign, memory.sign_ms
        for kind in FOUND:
            episode = heard.journey.episode(kind, "")
            if episode is not None and not episode.resolved_ms and episode.opened_ms > sign_ms:
                sign, sign_ms = kind, episode.opened_ms
        days = (sign_ms - memory.scored_ms) / DAY_MS
        if not sign or memory.score < self.good_score or abs(days) > self.window_d:
            return None
        memory.told = sign
        when = "before" if days >= 0 else "after"
        return Finding(
            severity=4,
            reason="happy_but_leaving",
            text=f"{memory.score:.3g} of 5 in satisfaction {abs(days):.1f} days {when} the "
            f"customer {SIGNS[sign]}",
            number=memory.score,
            threshold=self.good_score,
            marks=[memory.score_mark, memory.sign_mark],
        )


def _stays(heard: Heard) -> bool:
    if heard.type == "renewal.decided":
        return heard.touchpoint.outcome in ("renewed", "expanded")
    return heard.type == "customer.reactivated"


def _leaves(heard: Heard) -> bool:
    if heard.type == "renewal.decided":
        return heard.touchpoint.outcome == "lost"
    return heard.touchpoint.voluntary is not False


DETECTOR = HappyButLeaving()
