"""Does the customer get two answers to one question? (FR8)

Fires when   within ``window_d`` days two different answers are given on one topic (of one product)
             by different sources, agents or versions of an article. Higher when the customer asks
             about it within ``contact_d`` days.
Silent when  the answers agree, the later one is marked as a correction, or one and the same source
             gave both: then it may have been asked two things.
Forgets      a topic when a correction settles it, or after ``quiet_d`` days without another answer
             that differs; the topic longest quiet of more than three.
Requirements S3-17, S3-21, S3-24
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.units import DAY_MS

TOPICS_MAX, ANSWERS_MAX = 3, 3


class Said(Struct, array_like=True, gc=False):
    """One answer: what, by whom (source, and agent or article and version), when."""

    key: str
    who: str
    at_ms: int
    mark: int = 0


class Topic(Struct, array_like=True, gc=False):
    """What was last said on one topic, by time; when it was found to differ (0: it does not)."""

    name: str
    said: list[Said] = field(default_factory=list)
    differs_ms: int = 0
    issue: str | None = None


class Memory(Struct, array_like=True, gc=False):
    """The topics answered last, longest quiet first."""

    topics: list[Topic] = field(default_factory=list)


@dataclass(frozen=True)
class InconsistentAnswer(Detector):
    """Thresholds: days in which two answers must agree, days in which a contact is about it."""

    listens: ClassVar = ("answer.given", "contact.started")
    memory: ClassVar = Memory
    action: ClassVar = "Tell the customer which answer holds; mend the other where it is written"
    cause: ClassVar = "knowledge"
    quiet_d: ClassVar = 30

    window_d: Annotated[float, Gt(0), Le(365)] = 30
    contact_d: Annotated[float, Gt(0), Le(90)] = 7

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Compare an answer with those before; see whether a contact follows."""
        if heard.type == "contact.started":
            return self._contacted(memory, heard) if heard.new_contact else None
        topic, forgotten = _topic(memory, heard.touchpoint)
        if heard.touchpoint.correction:
            settled = [Clear("corrected", topic.name)] if topic.differs_ms else []
            topic.differs_ms = 0
            topic.said = [one for one in topic.said if one.at_ms > heard.at_ms]
            _keep(topic, heard)
            return [*forgotten, *settled]
        other = self._other(topic, heard)
        said = _keep(topic, heard)
        if other is None:
            return forgotten
        topic.differs_ms = heard.at_ms
        contact = heard.journey.contact(heard.touchpoint.contact_id)
        topic.issue = contact.issue if contact is not None else topic.issue
        return [*forgotten, self._finding(topic, sorted((other, said), key=lambda one: one.at_ms))]

    def _other(self, topic: Topic, heard: Heard) -> Said | None:
        """The latest answer that differs and came from somebody else."""
        touchpoint, who = heard.touchpoint, _who(heard.touchpoint)
        window_ms = self.window_d * DAY_MS
        return next(
            (
                one
                for one in reversed(topic.said)
                if one.key != touchpoint.answer_key
                and one.who != who
                and abs(heard.at_ms - one.at_ms) <= window_ms
            ),
            None,
        )

    def _contacted(self, memory: Memory, heard: Heard) -> Answer:
        about = [topic for topic in memory.topics if self._asks_about(topic, heard)]
        findings = []
        for topic in about:
            pair = _pair(topic)
            if pair is not None:
                findings.append(self._finding(topic, pair, heard.note()))
            topic.differs_ms = 0
        return findings

    def _asks_about(self, topic: Topic, heard: Heard) -> bool:
        since_ms = heard.at_ms - topic.differs_ms
        if not topic.differs_ms or not 0 < since_ms <= self.contact_d * DAY_MS:
            return False
        reason = heard.touchpoint.reason
        name = topic.name.rpartition(":")[2]
        same_issue = topic.issue is not None and heard.issue.key == topic.issue
        return same_issue or (reason is not None and name in (reason.l1, reason.l2))

    def _finding(self, topic: Topic, pair: list[Said], contact: int = 0) -> Finding:
        first, second = pair
        days = (second.at_ms - first.at_ms) / DAY_MS
        marks = [first.mark, second.mark]
        return Finding(
            severity=4 if contact else 3,
            reason="answers_differ_and_asked_again" if contact else "answers_differ",
            text=f"2 answers on {topic.name} in {days:.1f} days: {first.key} ({first.who}), then "
            f"{second.key} ({second.who})" + (", and the customer had to ask" if contact else ""),
            object=topic.name,
            number=2,
            threshold=2,
            marks=[*marks, contact] if contact else marks,
            action="Call back with the answer that holds, and honour the better one"
            if contact
            else None,
        )


def _topic(memory: Memory, touchpoint: Any) -> tuple[Topic, list[Clear]]:
    """The topic answered, moved to the end; and what was forgotten to make room."""
    product = touchpoint.product_id
    name = f"{product}:{touchpoint.topic}" if product else touchpoint.topic
    topic = next((one for one in memory.topics if one.name == name), None) or Topic(name)
    memory.topics = [one for one in memory.topics if one is not topic]
    memory.topics.append(topic)
    if len(memory.topics) <= TOPICS_MAX:
        return topic, []
    gone = memory.topics.pop(0)
    return topic, [Clear("forgotten", gone.name)] if gone.differs_ms else []


def _who(touchpoint: Any) -> str:
    if touchpoint.article_id:
        version = f"@{touchpoint.version}" if touchpoint.version else ""
        return f"{touchpoint.answered_by} {touchpoint.article_id}{version}"
    who = touchpoint.agent or touchpoint.shift
    return f"{touchpoint.answered_by} {who}" if who else touchpoint.answered_by


def _keep(topic: Topic, heard: Heard) -> Said:
    touchpoint = heard.touchpoint
    said = Said(touchpoint.answer_key, _who(touchpoint), heard.at_ms, heard.note())
    topic.said.append(said)
    topic.said.sort(key=lambda one: one.at_ms)
    del topic.said[:-ANSWERS_MAX]
    return said


def _pair(topic: Topic) -> list[Said] | None:
    """The last two answers that differ."""
    for i in range(len(topic.said) - 1, 0, -1):
        for first in reversed(topic.said[:i]):
            second = topic.said[i]
            if first.key != second.key and first.who != second.who:
                return [first, second]
    return None


DETECTOR = InconsistentAnswer()
