"""Asking the detectors: who listens, what they remember with, and what becomes of their answers."""

from collections.abc import Callable, Sequence
from typing import Any

from streams.engine import effort, judgement
from streams.engine.alert import Alert
from streams.engine.detector import EFFORT, EPISODE, Answer, Clear, Finding
from streams.engine.heard import Heard
from streams.engine.judgement import Question
from streams.engine.rules import Rules
from streams.engine.said import Said

_Ask = tuple[Question, str, type | None, bool, Callable[..., Answer], Callable[..., Any] | None]
"""A question as it is put to touchpoints of one type: its kind, what it remembers with, whether it
begins to with that type, and what is called."""


def _ask_of(question: Question, kind: str) -> _Ask:
    detector = question.detector
    begins = not detector.begins or kind in detector.begins
    wake_at_ms = detector.wake_at_ms if question.wakes else None
    return question, question.kind, detector.memory, begins, detector.on_touchpoint, wake_at_ms


class Asking:
    """The questions of an engine.

    Args:
        rules: the policy's judgement calls.
        questions: in the order they are to be asked.
    """

    def __init__(self, rules: Rules, questions: Sequence[Question]) -> None:
        self.rules = rules
        self._by_kind = {question.kind: question for question in questions}
        self._of_episodes = [q for q in questions if EPISODE in q.detector.listens]
        self._asks: dict[str, tuple[_Ask, ...]] = {}
        for question in questions:
            for kind in question.detector.listens:
                self._asks[kind] = (*self._asks.get(kind, ()), _ask_of(question, kind))

    def about(self, heard: Heard, alerts: list[Said]) -> None:
        """Ask all that listen to a touchpoint, or to a promise that breaks."""
        asks = self._asks.get(heard.type)
        if asks is not None:
            self._ask_each(asks, heard, alerts)
        if heard.points is not None:
            rules = self.rules.effort
            heard.jei = effort.index(effort.effort_at(heard.journey.effort, heard.now_ms), rules)
            self._ask_each(self._asks.get(EFFORT, ()), heard, alerts)
        if heard.resolved:
            self._issue_resolved(heard, alerts)

    def _ask_each(self, asks: Sequence[_Ask], heard: Heard, alerts: list[Said]) -> None:
        """What ``one`` does, for what is heard alone: nine in ten questions come this way."""
        journey = heard.journey
        memories = journey.memories
        memory: Any
        for question, kind, blank, begins, on_touchpoint, wake_at_ms in asks:
            memory = None
            if blank is not None:
                memory = getattr(memories, kind)
                if memory is None:
                    if not begins:
                        continue
                    memory = blank()
                    setattr(memories, kind, memory)
            answer = on_touchpoint(memory, heard)
            if answer is not None:
                self._judge(question, heard, answer, alerts)
            if wake_at_ms is not None:
                due_ms = wake_at_ms(memory, journey)
                if due_ms is not None:
                    journey.wakes[kind] = due_ms
                elif kind in journey.wakes:
                    del journey.wakes[kind]

    def one(self, question: Question, heard: Heard, alerts: list[Said]) -> None:
        """Ask one question that is woken, or that listens to what was said."""
        detector, memories = question.detector, heard.journey.memories
        memory = None
        if detector.memory is not None:
            memory = getattr(memories, question.kind)
            if memory is None:
                if detector.begins and heard.type not in detector.begins:
                    heard.journey.wakes.pop(question.kind, None)
                    return
                memory = detector.memory()
                setattr(memories, question.kind, memory)
        if heard.type == EPISODE:
            answer = detector.on_touchpoint(memory, heard)
        else:
            answer = detector.on_wake(memory, heard)
        if answer is not None:
            self._judge(question, heard, answer, alerts)
        if not question.wakes:
            return
        due_ms = detector.wake_at_ms(memory, heard.journey)
        if due_ms is None:
            heard.journey.wakes.pop(question.kind, None)
        else:
            heard.journey.wakes[question.kind] = due_ms

    def episodes_changed(self, by: Heard, alerts: list[Said], said: int) -> None:
        """Ask those who listen to what was said, but for what they said themselves."""
        for question in self._of_episodes:
            if all(one.kind == question.kind for one in alerts[said:] if isinstance(one, Alert)):
                continue  # only what it said itself, or nothing of episodes
            heard = Heard(by.journey, self.rules, EPISODE, by.at_ms)
            heard.live, heard.late = by.live, by.late
            self.one(question, heard, alerts)

    def _judge(self, question: Question, heard: Heard, answer: Answer, alerts: list[Said]) -> None:
        answers = (answer,) if isinstance(answer, Finding | Clear) else answer
        for one in answers:
            if isinstance(one, Clear):
                alerts.extend(judgement.clear(heard, question, one, self.rules))
                continue
            alert = judgement.find(heard, question, one, self.rules)
            if alert is not None:
                alerts.append(alert)

    def _issue_resolved(self, heard: Heard, alerts: list[Said]) -> None:
        key = heard.issue.key
        for episode in heard.journey.episodes:
            if episode.issue != key or episode.resolved_ms:
                continue
            question = self._by_kind.get(episode.kind)
            if question is not None and question.detector.clears_with_issue:
                self.resolve(heard, question, episode, "issue_resolved", alerts)

    def resolve(self, heard, question, episode, reason: str, alerts: list[Said]) -> None:
        """End an episode, and say so."""
        alert = judgement.resolve(heard, question, episode, reason, self.rules)
        if alert is not None:
            alerts.append(alert)
