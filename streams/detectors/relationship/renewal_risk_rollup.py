"""Would you renew after such a contract period? (RN1)

Fires when   ``at_d`` days before the contract's end, when the renewal window is announced, talked
             about or an account review is held, the risk grade over the contract period is D (from
             ``grade_d``) or E (from ``grade_e``). The risk, 0 to 100, weighs effort (its mean and
             peak) above satisfaction (worst and last), then issues that came back, recommendation,
             what is open, promises broken, moments mishandled and disputes; what is not known of a
             customer is left out of the sum, and so is its weight.
Silent when  the grade is A, B or C, or nobody told of a contract's end.
Forgets      the period when the renewal is decided, the customer has left, or the contract has
             ended; a grade that has become better than D is taken back at the next look.
Requirements S4-29, S1-32, S4-04, S3-18, S4-11, S2-12
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le, Len
from msgspec import Struct

from streams.engine import diary, money
from streams.engine.detector import EFFORT, Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import DAY_MS

Weight = Annotated[float, Ge(0), Le(100)]
Grade = Annotated[float, Gt(0), Le(100)]
Jei = Annotated[float, Gt(0), Le(100)]
Often = Annotated[int, Ge(1), Le(100)]
ENDS = {"renewal.decided": "decided", "customer.churned": "churned"}
LOOKS = ("renewal.window_opened", "renewal.conversation", "account.touch")
NO_ANSWER = -1


class Memory(Struct, array_like=True, gc=False):
    """The contract period so far: what is counted, and when to look at it next.

    ``weeks`` and ``jei_sum`` are the diary's as the period began, so that its mean is a difference;
    scores are 0 to 100, ``NO_ANSWER`` for none; ``over_ms`` is the end of a contract whose renewal
    is decided already: it is not looked at any more.
    """

    since_ms: int = 0
    looked_ms: int = 0
    due_ms: int = 0
    weeks: int = 0
    jei_sum: int = 0
    peak: int = 0
    issues: int = 0
    came_back: int = 0
    csat_worst: int = NO_ANSWER
    csat_last: int = NO_ANSWER
    nps: int = NO_ANSWER
    promises: int = 0
    disputes: int = 0
    csat_mark: int = 0
    told: str = ""
    over_ms: int = 0


@dataclass(frozen=True)
class RenewalRiskRollup(Detector):
    """Thresholds: days to look at, weights, where a part is as bad as can be, and the grades."""

    listens: ClassVar = (
        EFFORT,
        "survey.responded",
        "account.contract_changed",
        *LOOKS,
        *ENDS,
    )
    begins: ClassVar = frozenset({"account.contract_changed", "renewal.window_opened"})
    memory: ClassVar = Memory
    action: ClassVar = "Meet the customer before the renewal talk, with the worst of it settled"
    cause: ClassVar = "expectation"
    asked_after: ClassVar = 1
    moved_by: ClassVar = ("tier",)

    at_d: Annotated[tuple[Annotated[float, Gt(0), Le(730)], ...], Len(1, 8)] = (120, 90, 60, 30)
    mean_effort_weight: Weight = 20
    peak_effort_weight: Weight = 20
    came_back_weight: Weight = 10
    worst_csat_weight: Weight = 8
    last_csat_weight: Weight = 7
    nps_weight: Weight = 10
    open_issues_weight: Weight = 8
    promises_weight: Weight = 7
    moments_weight: Weight = 5
    disputes_weight: Weight = 5
    mean_jei: Jei = 50
    peak_jei: Jei = 80
    open_issues: Often = 2
    promises: Often = 2
    moments: Often = 1
    disputes: Often = 2
    grade_b: Grade = 15
    grade_c: Grade = 30
    grade_d: Grade = 50
    grade_e: Grade = 60

    def __post_init__(self) -> None:
        """Grades are a ladder.

        Raises:
            ValueError: a worse grade begins below a better one.
        """
        if not self.grade_b < self.grade_c < self.grade_d < self.grade_e:
            raise ValueError("grade_b, grade_c, grade_d, grade_e must rise in that order")

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Count, plan, look, or end the period."""
        kind = heard.type
        if kind in ENDS:
            return self._ended(memory, heard, ENDS[kind])
        if kind == "survey.responded":
            _answered(memory, heard)
        elif kind == "account.contract_changed" or kind in LOOKS:
            self._plan(memory, heard)
            if kind in LOOKS and getattr(heard.touchpoint, "kind", "review") == "review":
                return self._looked(memory, heard)
        elif heard.points is not None:
            _suffered(memory, heard)
        return None

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """So many days are left; or the contract has ended and nobody said what comes now."""
        ends_ms = heard.journey.profile.contract_ends_ms
        if heard.at_ms >= ends_ms:
            return self._ended(memory, heard, "contract_ended")
        memory.looked_ms = heard.at_ms
        memory.due_ms = self._next_ms(memory, ends_ms)
        return self._looked(memory, heard)

    def wake_at_ms(self, memory: Memory | None, journey: Journey) -> int | None:
        """The next day to look at, then the contract's end."""
        return memory.due_ms or None if memory is not None else None

    def risk(
        self, memory: Memory, journey: Journey, weeks: int, jei_sum: int
    ) -> tuple[float, list[tuple[float, str]]]:
        """The risk, 0 to 100, and what each part adds to it, largest first.

        sum(weight * part) / sum(weight) * 100 over the parts that are known, each part 0 to 1.

        Args:
            memory: the contract period.
            journey: the customer's.
            weeks: that have turned in the period.
            jei_sum: of the index at their turns.
        """
        known = list(self._parts(memory, journey, weeks, jei_sum))
        whole = sum(weight for weight, _, _ in known) or 1.0
        adds = [
            (100.0 * weight * min(1.0, part) / whole, text)
            for weight, part, text in known
            if part > 0
        ]
        return sum(points for points, _ in adds), sorted(adds, key=lambda one: -one[0])

    def _parts(
        self, memory: Memory, journey: Journey, weeks: int, jei_sum: int
    ) -> Iterator[tuple[float, float, str]]:
        """Weight, part and words of everything that is known."""
        if weeks > 0:
            mean = jei_sum / weeks
            yield self.mean_effort_weight, mean / self.mean_jei, f"effort {mean:.0f} on average"
        peak = memory.peak
        yield self.peak_effort_weight, peak / self.peak_jei, f"effort {peak} at its peak"
        if memory.issues:
            came_back = min(memory.came_back, memory.issues)
            text = f"{came_back} of {memory.issues} issues came back"
            yield self.came_back_weight, came_back / memory.issues, text
        if memory.csat_last != NO_ANSWER:
            worst, last = memory.csat_worst, memory.csat_last
            yield self.worst_csat_weight, 1 - worst / 100, f"satisfaction {worst} of 100 once"
            yield self.last_csat_weight, 1 - last / 100, f"satisfaction {last} of 100 at last"
        if memory.nps != NO_ANSWER:
            part = 1.0 if memory.nps <= 60 else 0.4 if memory.nps <= 80 else 0.0
            yield self.nps_weight, part, f"{memory.nps / 10:.0f} of 10 to recommend"
        still = sum(not issue.resolved_ms for issue in journey.issues)
        missed = sum(0 < memory.since_ms <= one.missed_ms for one in journey.moments)
        for weight, often, most, text in (
            (self.open_issues_weight, still, self.open_issues, "issues open"),
            (self.promises_weight, memory.promises, self.promises, "promises broken"),
            (self.moments_weight, missed, self.moments, "moments mishandled"),
            (self.disputes_weight, memory.disputes, self.disputes, "disputes"),
        ):
            yield weight, often / most, f"{often} {text}"

    def _plan(self, memory: Memory, heard: Heard) -> None:
        """The contract's end is known, or another: when to look."""
        journey = heard.journey
        ends_ms = journey.profile.contract_ends_ms
        if not memory.since_ms:
            _begin(memory, journey, getattr(heard.touchpoint, "starts_on", None) or heard.at_ms)
        memory.looked_ms = max(memory.looked_ms, heard.now_ms)
        memory.due_ms = self._next_ms(memory, ends_ms) if ends_ms > memory.over_ms else 0

    def _next_ms(self, memory: Memory, ends_ms: int) -> int:
        """The first look after the last one; at last the contract's end; 0 when that is past."""
        looks = [ends_ms - int(days * DAY_MS) for days in self.at_d] + [ends_ms]
        return min((ms for ms in looks if ms > memory.looked_ms), default=0)

    def _looked(self, memory: Memory, heard: Heard) -> Answer:
        """The grade as of now: D and E are told, a better one takes them back."""
        journey = heard.journey
        if journey.profile.contract_ends_ms <= memory.over_ms:
            return None
        weeks, jei_sum = diary.summed(journey, heard.now_ms, heard.rules)
        weeks, jei_sum = weeks - memory.weeks, jei_sum - memory.jei_sum
        risk, adds = self.risk(memory, journey, weeks, jei_sum)
        ladder = (self.grade_b, self.grade_c, self.grade_d, self.grade_e)
        grade = "ABCDE"[sum(risk >= limit for limit in ladder)]
        if grade < "D":
            told, memory.told = memory.told, ""
            return Clear(f"grade_{grade.lower()}") if told else None
        eases, memory.told = grade < memory.told, grade
        return self._finding(memory, heard, grade, risk, adds, eases)

    def _finding(
        self,
        memory: Memory,
        heard: Heard,
        grade: str,
        risk: float,
        adds: list[tuple[float, str]],
        eases: bool,
    ) -> Finding:
        profile = heard.journey.profile
        left_d = (profile.contract_ends_ms - heard.now_ms) / DAY_MS
        worth = money.told(profile.acv_minor, profile.currency)
        top = sorted(heard.journey.effort.top, key=lambda one: (-one.points, one.at_ms))[:5]
        return Finding(
            severity=4 if grade == "E" else 3,
            reason=f"grade_{grade.lower()}",
            text=f"{risk:.0f} of 100 at risk, grade {grade}, {max(0.0, left_d):.0f} days before "
            + ("the renewal" if not profile.acv_minor else f"the renewal of {worth} a year")
            + ": "
            + ", ".join(text for _, text in adds[:4]),
            number=risk,
            threshold=self.grade_e if grade == "E" else self.grade_d,
            marks=sorted({one.n for one in top} | {memory.csat_mark}),
            eases=eases,
        )

    def _ended(self, memory: Memory, heard: Heard, reason: str) -> Answer:
        """The period is over and the next one begins; its contract may be known already."""
        told, fresh = memory.told, Memory()
        for name in Memory.__struct_fields__:
            setattr(memory, name, getattr(fresh, name))
        _begin(memory, heard.journey, heard.now_ms)
        ends_ms, memory.looked_ms = heard.journey.profile.contract_ends_ms, heard.now_ms
        if ends_ms - heard.now_ms <= max(self.at_d) * DAY_MS:
            memory.over_ms = ends_ms
        else:
            memory.due_ms = self._next_ms(memory, ends_ms)
        return Clear(reason) if told else None


def _begin(memory: Memory, journey: Journey, at_ms: int) -> None:
    """A period begins; what the diary has from before it does not count."""
    memory.since_ms = at_ms
    if at_ms > journey.first_ms:
        memory.weeks, memory.jei_sum = journey.diary.n, journey.diary.total


def _suffered(memory: Memory, heard: Heard) -> None:
    """Effort was added: its peak, and what it was about."""
    memory.peak = max(memory.peak, round(heard.jei))
    if heard.new_contact and heard.issue is not None:
        memory.issues += heard.issue.chain == 1
        memory.came_back += heard.issue.chain == 2
    memory.disputes += heard.type == "dispute.opened"
    memory.promises += heard.promise is not None and heard.touchpoint is None


def _answered(memory: Memory, heard: Heard) -> None:
    if heard.score is None:
        return
    value = round(heard.score * 100)
    if heard.touchpoint.kind == "nps":
        memory.nps = value
    elif heard.touchpoint.kind == "csat":
        memory.csat_last = value
        if memory.csat_worst == NO_ANSWER or value < memory.csat_worst:
            memory.csat_worst, memory.csat_mark = value, heard.note()


DETECTOR = RenewalRiskRollup()
