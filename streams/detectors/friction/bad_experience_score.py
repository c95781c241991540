"""Did somebody say, in a score or in words, that it was bad? (FR12)

Fires when   satisfaction is ``csat_max`` of 5 or less, ease ``ces_max`` of 7, recommendation
             ``nps_max`` of 10, a review ``review_max`` of 5, assessed quality below ``qa_min``,
             sentiment ``sentiment_max`` or less at ``confidence_min`` confidence; or a complaint is
             filed. Scores on other scales are converted. Higher when a promoter became a detractor
             and for a complaint to a regulator; a fall from good to bad is said as such.
Silent when  the score is better, without a scale, or a model was not sure of it.
Forgets      an episode when somebody followed up and the next score of its kind (any good one, for
             a complaint) is better, or after ``quiet_d`` days.
Requirements S4-09, S2-11, S4-06
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard

SCALES = {"csat": (1.0, 5.0), "ces": (1.0, 7.0), "nps": (0.0, 10.0), "review": (1.0, 5.0)}
GOOD = {"csat": 4.0, "ces": 5.0, "nps": 9.0, "review": 4.0, "qa": 80.0, "sentiment": 0.2}
"""From here on a score is in the best of its three bands."""
SAID = {"csat": "satisfaction", "ces": "ease", "nps": "recommendation", "review": "a review",
        "qa": "assessed quality", "sentiment": "sentiment"}  # fmt: skip
COMPLAINT = "complaint"
FOLLOW_UPS = ("contact.started", "case.response_sent", "recovery.action_taken", "account.touch",
              "callback.done")  # fmt: skip


class Last(Struct, array_like=True, gc=False):
    """What was last said of one kind: bad, middling or good (0 to 2); whether it is open."""

    band: int
    at_ms: int
    mark: int = 0
    open: bool = False
    followed: bool = False


class Memory(Struct, array_like=True, gc=False):
    """The last of each kind."""

    last: dict[str, Last] = field(default_factory=dict)


@dataclass(frozen=True)
class BadExperienceScore(Detector):
    """Thresholds: the scores that are bad, each on its own scale."""

    listens: ClassVar = (
        "survey.responded",
        "review.posted",
        "qa.assessed",
        "sentiment.scored",
        "complaint.filed",
        *FOLLOW_UPS,
    )
    memory: ClassVar = Memory
    action: ClassVar = "Call within two days: listen, say what will change, and see that it does"
    quiet_d: ClassVar = 90

    csat_max: Annotated[float, Ge(1), Le(5)] = 2
    ces_max: Annotated[float, Ge(1), Le(7)] = 3
    nps_max: Annotated[float, Ge(0), Le(10)] = 6
    review_max: Annotated[float, Ge(1), Le(5)] = 2
    qa_min: Annotated[float, Ge(0), Le(100)] = 60
    sentiment_max: Annotated[float, Ge(-1), Le(1)] = -0.6
    confidence_min: Annotated[float, Ge(0), Le(1)] = 0.8

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """A score or complaint, or somebody who follows one up."""
        if heard.type in FOLLOW_UPS:
            _followed(memory, heard)
            return None
        if heard.type == "complaint.filed":
            return _complained(memory, heard)
        kind, score = self._scored(heard)
        if score is None:
            return None
        bad = self._is_bad(kind, score)
        band = 0 if bad else 2 if score >= GOOD[kind] else 1
        before = memory.last.get(kind)
        if before is not None and heard.at_ms < before.at_ms:
            return self._finding(kind, score, heard, None) if bad else None
        last = memory.last[kind] = Last(band, heard.at_ms, heard.note())
        if bad:
            last.open = True
            return self._finding(kind, score, heard, before)
        return _better(memory, kind, before, last)

    def _scored(self, heard: Heard) -> tuple[str, float | None]:
        """The kind of score, and the score on that kind's own scale."""
        touchpoint = heard.touchpoint
        if heard.type == "qa.assessed":
            return "qa", touchpoint.score
        if heard.type == "sentiment.scored":
            sure = touchpoint.confidence is not None and (
                touchpoint.confidence >= self.confidence_min
            )
            return "sentiment", touchpoint.score if sure else None
        kind = "review" if heard.type == "review.posted" else touchpoint.kind
        if kind not in SCALES or touchpoint.score is None:
            return kind, None
        return kind, _converted(touchpoint, *SCALES[kind])

    def _is_bad(self, kind: str, score: float) -> bool:
        if kind == "qa":
            return score < self.qa_min
        return score <= getattr(self, f"{kind}_max")

    def _finding(self, kind: str, score: float, heard: Heard, before: Last | None) -> Finding:
        fell = before is not None and before.band == 2
        left = fell and kind == "nps"
        of = f" of {SCALES[kind][1]:g}" if kind in SCALES else " of 100" if kind == "qa" else ""
        where = getattr(heard.touchpoint, "verbatim_ref", None)
        return Finding(
            severity=4 if left else 3,
            reason="promoter_became_detractor"
            if left
            else "fell_from_good"
            if fell
            else f"bad_{kind}",
            text=f"{score:.3g}{of} in {SAID[kind]}"
            + (", which was good before" if fell else "")
            + (f"; the words are at {where}" if where else ""),
            object=kind,
            number=score,
            threshold=self.qa_min if kind == "qa" else getattr(self, f"{kind}_max"),
            marks=[before.mark, heard.note()] if fell else [heard.note()],
            action="Call in person and ask what happened: this customer recommended us before"
            if left
            else None,
        )


def _converted(touchpoint: Any, low: float, high: float) -> float:
    """The answer on the usual scale of its kind, high is good; rounded, so that 2 of 5 is 2."""
    share = (touchpoint.score - touchpoint.scale_min) / (
        touchpoint.scale_max - touchpoint.scale_min
    )
    if not touchpoint.higher_is_better:
        share = 1.0 - share
    return round(low + share * (high - low), 6)


def _complained(memory: Memory, heard: Heard) -> Finding:
    touchpoint = heard.touchpoint
    last = memory.last[COMPLAINT] = Last(0, heard.at_ms, heard.note(), True)
    grade = f" of grade {touchpoint.severity}" if touchpoint.severity is not None else ""
    return Finding(
        severity=4 if touchpoint.regulatory else 3,
        reason="regulatory_complaint" if touchpoint.regulatory else "complaint_filed",
        text=f"1 complaint{grade}" + (" to a regulator" if touchpoint.regulatory else ""),
        object=COMPLAINT,
        number=1,
        threshold=1,
        marks=[last.mark],
        action="Have compliance answer it within the regulator's time, and solve it before"
        if touchpoint.regulatory
        else "Answer the complaint in person and say what is done about it",
    )


def _followed(memory: Memory, heard: Heard) -> None:
    """Somebody of the company turned to the customer: a call or a letter, not a machine's."""
    touchpoint = heard.touchpoint
    if heard.type == "contact.started" and touchpoint.direction != "outbound":
        return
    if heard.type == "case.response_sent" and touchpoint.kind != "human":
        return
    for last in memory.last.values():
        if last.open and heard.at_ms >= last.at_ms:
            last.followed = True


def _better(memory: Memory, kind: str, before: Last | None, last: Last) -> list[Clear]:
    """Followed up and better now; a good score of any kind is that for a complaint too."""
    over = []
    if before is not None and before.open:
        last.open, last.followed = not before.followed, before.followed
        if before.followed:
            over.append(Clear("followed_up_and_better", kind))
    complaint = memory.last.get(COMPLAINT)
    if (
        complaint is not None
        and complaint.followed
        and last.band == 2
        and (last.at_ms > complaint.at_ms)
    ):
        del memory.last[COMPLAINT]
        over.append(Clear("followed_up_and_better", COMPLAINT))
    return over


DETECTOR = BadExperienceScore()
