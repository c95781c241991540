"""The line of the second stage: portions of all partitions in, metrics and cohort alerts out.

Pure, behind the same interface as the line of the touchpoints topic, so that the same lane and the
same commit protocol serve it. Portions known already are left out; all others wait until every
partition has passed the hour in which they were heard (``ticks``). It needs no clock: an idle
partition of the touchpoints topic says so itself.
"""

from collections.abc import MutableMapping, Sequence

import msgspec

from streams.cohorts import portion, state
from streams.cohorts.asking import Everybody
from streams.cohorts.desk import CrowdDesk
from streams.cohorts.detector import CohortQuestion
from streams.cohorts.fanning import Fan
from streams.cohorts.rules import CohortRules
from streams.cohorts.state import Source, Standing
from streams.cohorts.ticks import Ticks
from streams.engine.outcome import Outcome
from streams.engine.record import Record
from streams.engine.rules import Rules


class CohortLine:
    """The way from portions to metrics and alerts, under one policy.

    Args:
        rules: the policy's judgement calls.
        chosen: those about cohorts.
        questions: the cohort detectors.
        sources: number of partitions of the touchpoints topic.
        places: of the second stage itself.
        topic: full name of the touchpoints topic.
    """

    def __init__(
        self,
        rules: Rules,
        chosen: CohortRules,
        questions: Sequence[CohortQuestion],
        sources: int,
        places: int = 1,
        topic: str = "cx.touchpoints.v1",
    ) -> None:
        self._sources = sources
        fan, everybody = Fan(rules, chosen, places), Everybody(topic, sources)
        self._ticks = Ticks(rules, chosen, questions, fan, everybody)

    def open(
        self, partition: int, meta: bytes | None, journeys: MutableMapping[bytes, bytes]
    ) -> CrowdDesk:
        """A desk over a restored partition."""
        standing = Standing(state.VERSION, partition, 0) if meta is None else state.standing(meta)
        missing = self._sources - len(standing.sources)
        standing.sources.extend(Source() for _ in range(missing))
        return CrowdDesk(partition, standing, journeys)

    def run(self, desk: CrowdDesk, records: Sequence[Record], next_offset: int) -> Outcome:
        """Take a batch of portions in, and let time come as far as all partitions have."""
        outcome = Outcome(next_offset)
        for record in records:
            try:
                read = portion.decode(record.value or b"")
            except (msgspec.MsgspecError, ValueError):
                outcome.count("portion_unreadable")
                continue
            taken = read.source < self._sources and desk.take(read)
            outcome.count("portions" if taken else "portions_known")
        self._ticks.advance(desk, outcome)
        outcome.changed = dict(desk.changed())
        outcome.meta = state.encode(desk.standing(next_offset))
        return outcome

    def wake(self, desk: CrowdDesk, wall_ms: int) -> Outcome | None:
        """Time comes with the portions."""
        return None

    def settle(self, desk: CrowdDesk, outcome: Outcome) -> None:
        """The outcome is durable."""
        desk.settle(outcome.changed, outcome.meta)
