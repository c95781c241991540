"""The engine: one touchpoint or one moment in, alerts out; the journey is changed in place.

Theory of operation. For each touchpoint of a customer, in log order: timers due at or before its
event time fire first, stamped with *their* due time; then the journey remembers it; then every
detector that listens is asked; then findings become alerts or silence; then those are asked that
listen to what was said. A timer also fires when the
partition's watermark passes it (``wake``). Either way it fires once, with the same stamp and the
same journey, so the answer depends on the customer's own touchpoints in log order and not on who
shares the partition or when we noticed. Pure: no clock, no chance, no I/O.

What would break it: a detector that keeps anything outside its memory, a wake that is not moved
after waking (refused here), reading ``heard.touchpoint`` on a wake (it is None).
"""

from collections.abc import Sequence
from typing import Any

from streams.engine import people
from streams.engine.asking import Asking
from streams.engine.detector import EPISODE, PROMISE_BROKEN
from streams.engine.due import next_due_ms, reaches_out
from streams.engine.heard import Heard
from streams.engine.journey import Journey, Mark
from streams.engine.judgement import Question
from streams.engine.outreach import flow
from streams.engine.outreach.facts import FACTS
from streams.engine.remember import forget, promises, remember
from streams.engine.rules import Rules
from streams.engine.said import Said
from streams.engine.sources import NEVER_MS

CHAIN_PRIME, CHAIN_MASK = 1_099_511_628_211, (1 << 64) - 1


class WakeNotMoved(AssertionError):
    """A detector was woken and still wants waking at or before that time: a fault of ours."""


class Engine:
    """Rules and questions, applied to one journey at a time.

    Args:
        rules: the policy's judgement calls.
        questions: all detectors, in the order they are to be asked.

    Attributes:
        heard: the last touchpoint as it was understood, for those who count across customers.
    """

    def __init__(self, rules: Rules, questions: Sequence[Question]) -> None:
        self.rules = rules
        self.heard: Heard | None = None
        self.questions = sorted(questions, key=lambda q: (q.detector.asked_after, q.kind))
        self._by_kind = {question.kind: question for question in self.questions}
        self._asking = Asking(rules, self.questions)

    def hear(
        self,
        journey: Journey,
        touchpoint: Any,
        at: tuple[int, int, int],
        late: bool,
        held_ms: int = NEVER_MS,
    ) -> list[Said]:
        """Take in one admitted touchpoint.

        Args:
            journey: the customer's journey, changed in place.
            touchpoint: decoded, its instants in epoch milliseconds.
            at: (partition, offset, record timestamp ms) it was read at.
            late: whether it lies behind the watermark.
            held_ms: timers due later are held (``streams.engine.sources``).

        Returns:
            Alerts, in the order they became true, and what else is to be published or counted.
        """
        alerts: list[Said] = []
        at_ms = touchpoint.occurred_at
        if journey.next_due_ms and journey.next_due_ms <= min(at_ms, held_ms):
            self._fire(journey, min(at_ms, held_ms), alerts)
        journey.n += 1
        journey.chain = (journey.chain * CHAIN_PRIME + at[1] + 1) & CHAIN_MASK
        heard = Heard(journey, self.rules, touchpoint.type, at_ms, touchpoint)
        heard.mark = Mark(
            journey.n, touchpoint.event_id, touchpoint.type, at_ms, at[0], at[1], 0.0, late
        )
        heard.late = late
        if touchpoint.origin != "live":
            heard.live = False
            journey.backfilled_ms = max(journey.backfilled_ms, at[2])
        remember(heard, self.rules)
        self.heard = heard
        said = len(alerts)
        self._asking.about(heard, alerts)
        if heard.type.startswith("alert."):
            alerts.extend(people.hear(heard, self._by_kind, self.rules))
        if len(alerts) > said:
            self._asking.episodes_changed(heard, alerts, said)
        if len(alerts) > said or heard.type in FACTS or reaches_out(journey):
            flow.reach_out(heard, alerts, said, self._by_kind, self.rules)
        if at_ms > journey.clock_ms:
            journey.clock_ms = at_ms
        journey.last_ms = max(journey.last_ms, at_ms)
        forget.once_a_week(journey, journey.clock_ms, self.rules)
        recent = journey.recent
        if len(recent) > self.rules.limits.recent_max:
            del recent[: len(recent) - self.rules.limits.recent_max]
        journey.next_due_ms = next_due_ms(journey)
        until_ms = min(journey.clock_ms, held_ms)
        if journey.next_due_ms and journey.next_due_ms <= until_ms:
            self._fire(journey, until_ms, alerts)
        return alerts

    def drop_due(self, journey: Journey, until_ms: int) -> None:
        """Give up timers due at or before ``until_ms``: they crashed every time they were fired.

        A detector so given up forgets its memory of this customer, or it would ask for the same
        wake again at the next touchpoint.
        """
        for kind in [k for k, ms in journey.wakes.items() if ms <= until_ms]:
            del journey.wakes[kind]
            if kind in self._by_kind and self._by_kind[kind].detector.memory is not None:
                setattr(journey.memories, kind, None)
        for promise in journey.promises:
            if promise.due_ms <= until_ms:
                promise.broken_ms = promise.broken_ms or promise.due_ms
        for episode in journey.episodes:
            if episode.quiet_due_ms <= until_ms:
                episode.quiet_due_ms = 0
            if episode.state == "snoozed" and 0 < episode.snoozed_until_ms <= until_ms:
                episode.state, episode.snoozed_until_ms = "open", 0
        if journey.outreach is not None:
            flow.give_up(journey.outreach, until_ms)
        journey.next_due_ms = next_due_ms(journey)

    def wake(self, journey: Journey, until_ms: int) -> list[Said]:
        """Fire everything due at or before ``until_ms``, each stamped with its due time."""
        alerts: list[Said] = []
        self._fire(journey, until_ms, alerts)
        return alerts

    def _fire(self, journey: Journey, until_ms: int, alerts: list[Said]) -> None:
        due_ms = next_due_ms(journey)
        while due_ms and due_ms <= until_ms:
            self._fire_due(journey, due_ms, alerts)
            moved_ms = next_due_ms(journey)
            if moved_ms and moved_ms <= due_ms:
                raise WakeNotMoved(f"{journey.wakes} at {due_ms}")
            if due_ms > journey.clock_ms:
                journey.clock_ms = due_ms
            due_ms = moved_ms
        journey.next_due_ms = due_ms

    def _fire_due(self, journey: Journey, due_ms: int, alerts: list[Said]) -> None:
        # Order at one instant: promises, detectors by name, quiet episodes, snoozes that end, what
        # was said of them.
        said = len(alerts)
        for promise in [p for p in journey.promises if p.broken_ms == 0 and p.due_ms <= due_ms]:
            heard = self._moment(journey, PROMISE_BROKEN, promise.due_ms)
            heard.promise = promise
            promises.break_it(heard, self.rules)
            self._asking.about(heard, alerts)
        for kind in sorted(k for k, ms in journey.wakes.items() if ms <= due_ms):
            question = self._by_kind.get(kind)
            if question is None:  # a detector the policy no longer has
                del journey.wakes[kind]
                continue
            self._asking.one(question, self._moment(journey, "+wake", journey.wakes[kind]), alerts)
        for episode in journey.episodes:
            if episode.quiet_due_ms and episode.quiet_due_ms <= due_ms:
                question = self._by_kind.get(episode.kind)
                heard = self._moment(journey, "+quiet", episode.quiet_due_ms)
                episode.quiet_due_ms = 0
                if question is not None and not episode.resolved_ms:
                    self._asking.resolve(heard, question, episode, "quiet", alerts)
        moment = self._moment(journey, "+snooze", due_ms)
        alerts.extend(people.snoozes_over(moment, self._by_kind, self.rules))
        if len(alerts) > said:
            self._asking.episodes_changed(self._moment(journey, EPISODE, due_ms), alerts, said)
        if len(alerts) > said or reaches_out(journey):
            moment = self._moment(journey, "+outreach", due_ms)
            flow.reach_out(moment, alerts, said, self._by_kind, self.rules)

    def _moment(self, journey: Journey, kind: str, due_ms: int) -> Heard:
        heard = Heard(journey, self.rules, kind, due_ms)
        heard.live = due_ms > journey.backfilled_ms
        return heard

    def replan(self, journey: Journey) -> None:
        """Plan every timer anew from what is remembered: two journeys have become one."""
        for question in self.questions:
            memory = getattr(journey.memories, question.kind, None)
            if not question.wakes or (memory is None and question.detector.memory is not None):
                continue
            due_ms = question.detector.wake_at_ms(memory, journey)
            if due_ms is None:
                journey.wakes.pop(question.kind, None)
            else:
                journey.wakes[question.kind] = due_ms
        journey.next_due_ms = next_due_ms(journey)
