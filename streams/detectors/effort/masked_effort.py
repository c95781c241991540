"""Is a good score hiding a hard way? (EF10)

Fires when   a satisfaction answer is good (the policy's ``good_score``) while the Journey Effort
             Index of its issue is at or above ``jei``, or the customer was both handed on and asked
             again on that issue (open, or ended within ``after_h`` hours: answers come when a
             contact is over); or when that index gets there within ``after_h`` hours of the answer.
Silent when  the answer is poor, of another kind, or about an issue that was easy.
Forgets      the episode when the issue is resolved and its index below ``calm_jei``, but not before
             ``review_d`` days; or after ``quiet_d`` days without another.
Requirements S3-15, S3-05, S3-19, S0-15
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le, Lt
from msgspec import Struct, field

from streams.engine import effort
from streams.engine.detector import EFFORT, Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Issue, Journey
from streams.engine.units import DAY_MS, HOUR_MS

Jei = Annotated[float, Gt(0), Lt(100)]
BURDENS = ("transfer_burden", "repeat_information")
MASKED_MAX = 3
"""Issues of one customer watched at a time."""


class Masked(Struct, array_like=True, gc=False):
    """When an issue was told of, and when its index will be calm; 0 while it is unresolved."""

    told_ms: int
    calm_ms: int = 0


class Memory(Struct, array_like=True, gc=False):
    """Issues told of, by key, oldest first."""

    issues: dict[str, Masked] = field(default_factory=dict)


@dataclass(frozen=True)
class MaskedEffort(Detector):
    """Thresholds: the index a good answer hides, hours about it, index of calm, days to look."""

    listens: ClassVar = (
        "survey.responded",
        "contact.ended",
        "case.resolved",
        "case.closed",
        EFFORT,
    )
    memory: ClassVar = Memory
    action: ClassVar = "Do not count this score as success: a lead reviews the case and calls back"
    quiet_d: ClassVar = 30
    asked_after: ClassVar = 1

    jei: Jei = 60
    calm_jei: Jei = 50
    after_h: Annotated[float, Ge(0), Le(720)] = 24
    review_d: Annotated[float, Ge(0), Le(30)] = 7

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """A good answer, effort after one, or the resolution that lets the index calm down."""
        issue = heard.issue
        if issue is None:
            return None
        finding = self._hidden(heard, issue)
        if finding is not None and issue.key not in memory.issues:
            memory.issues[issue.key] = Masked(heard.at_ms)
            if len(memory.issues) > MASKED_MAX:
                del memory.issues[next(iter(memory.issues))]
        masked = memory.issues.get(issue.key)
        if masked is not None:
            masked.calm_ms = self._calm_ms(heard, issue, masked) if issue.resolved_ms else 0
        return finding

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """The index of a resolved issue has become calm."""
        calm = [key for key, masked in memory.issues.items() if 0 < masked.calm_ms <= heard.at_ms]
        for key in calm:
            del memory.issues[key]
        return [Clear("effort_decayed", key) for key in calm]

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When the first resolved issue will be calm."""
        return min((m.calm_ms for m in memory.issues.values() if m.calm_ms), default=None)

    def _hidden(self, heard: Heard, issue: Issue) -> Finding | None:
        answered = heard.type == "survey.responded"
        since_ms = heard.at_ms - issue.satisfied_ms
        if not issue.satisfied_ms or not 0 <= since_ms <= self.after_h * HOUR_MS:
            return None
        if (answered and since_ms) or (not answered and heard.points is None):
            return None
        rules = heard.rules.effort
        points = effort.issue_effort_at(heard.journey.effort, issue, heard.now_ms)
        jei = effort.index(points, rules)
        burdened = answered and all(self._open(heard, kind, issue) for kind in BURDENS)
        if jei < self.jei and not burdened:
            return None
        how = "handed on and asked again" if burdened else f"from {self.jei:g} on it is hard"
        return Finding(
            severity=4,
            reason="masked_effort",
            text=f"{jei:.0f} of 100 effort on an issue that was scored as good: {how}",
            object=issue.key,
            number=jei,
            threshold=self.jei,
            marks=_evidence(heard, issue),
            issue=issue.key,
        )

    def _open(self, heard: Heard, kind: str, issue: Issue) -> bool:
        episode = heard.journey.episode(kind, issue.key)
        return episode is not None and (
            not episode.resolved_ms or heard.at_ms - episode.resolved_ms <= self.after_h * HOUR_MS
        )

    def _calm_ms(self, heard: Heard, issue: Issue, masked: Masked) -> int:
        points = effort.points_of(self.calm_jei, heard.rules.effort)
        calm_ms = effort.falls_to_ms(heard.journey.effort, heard.now_ms, points, issue)
        return max(calm_ms, masked.told_ms + int(self.review_d * DAY_MS))


def _evidence(heard: Heard, issue: Issue) -> list[int]:
    answers = [
        m.n
        for m in heard.journey.recent
        if m.type == "survey.responded" and m.at_ms == issue.satisfied_ms
    ]
    return [*issue.contact_marks, *issue.trouble_marks, *answers]


DETECTOR = MaskedEffort()
