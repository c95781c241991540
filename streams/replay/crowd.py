"""The second stage in a replay: what is said of cohorts, by event time alone.

One partition of it is as good as several: what is said of a cohort depends on that cohort alone.
"""

from collections.abc import Iterable, Iterator

from streams.cohorts.collector import TOPIC, Crowd
from streams.cohorts.line import CohortLine
from streams.cohorts.portion import VERSION, Portion, encode
from streams.engine.outcome import Outcome
from streams.engine.record import Record, Send
from streams.policy import Policy
from streams.wire import internal


class CrowdHouse:
    """The second stage over portions as they come.

    Args:
        policy: in force for the whole replay.
        sources: partitions of the touchpoints topic.
    """

    def __init__(self, policy: Policy, sources: int) -> None:
        self.crowd = Crowd(1)
        self._line = CohortLine(policy.rules, policy.cohorts, policy.cohort_questions, sources)
        self._desk = self._line.open(0, None, {})
        self._waiting: list[Record] = []
        self._offset = 0

    def take(self, outcome: Outcome) -> list[Send]:
        """Keep the portions of an outcome; its other sends."""
        others = []
        for send in outcome.sends:
            if send.topic == TOPIC:
                self._put(send.value or b"")
            else:
                others.append(send)
        return others

    def said(self, counts: dict[str, int]) -> Iterator[Send]:
        """What is said of cohorts because of the portions that came; counted."""
        if not self._waiting:
            return
        records, self._waiting = self._waiting, []
        outcome = self._line.run(self._desk, records, self._offset)
        self._line.settle(self._desk, outcome)
        for name, count in outcome.counts.items():
            counts[name] = counts.get(name, 0) + count
        # What partitions are told of incidents lies in a topic already, and a file has it not.
        yield from (send for send in outcome.sends if send.topic != internal.TOPIC)

    def never_heard(self, sources: Iterable[int]) -> None:
        """Partitions of which a file has no record hold nobody up: they are as far as the rest."""
        furthest_ms = max(source.told_ms for source in self._desk.sources)
        for source in sources:
            self._put(encode(Portion(VERSION, source, 1, furthest_ms)))

    def _put(self, value: bytes) -> None:
        self._waiting.append(Record(self._offset, 0, None, value))
        self._offset += 1
