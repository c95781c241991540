"""How far event time has come on one partition.

The watermark is the largest of (event time - allowed lateness of its source) over all touchpoints
heard, and of the steps taken from the wall clock while the partition was caught up and idle. It
never goes back. Steps are remembered with the offset at which they were taken, so that a replay of
the topic takes the same steps at the same places and says the same.
"""

from msgspec import Struct, field

from streams.engine.rules import TimeRules

STEPS_MAX = 64


class Watermark(Struct, array_like=True, gc=False):
    """Event time of one partition, epoch milliseconds; 0 before anything was heard."""

    ms: int = 0
    steps: list[tuple[int, int]] = field(default_factory=list)

    def hear(self, at_ms: int, source: str, rules: TimeRules) -> None:
        """A touchpoint of that source and event time moves the watermark."""
        by_source = rules.lateness_by_source_s
        lateness_s = by_source.get(source, rules.lateness_s) if by_source else rules.lateness_s
        behind_ms = at_ms - int(lateness_s * 1000)
        if behind_ms > self.ms:
            self.ms = behind_ms

    def step(self, to_ms: int, next_offset: int) -> None:
        """The wall clock moves the watermark before the record at ``next_offset`` is read."""
        if to_ms <= self.ms:
            return
        self.ms = to_ms
        if self.steps and self.steps[-1][0] == next_offset:
            self.steps.pop()
        self.steps.append((next_offset, to_ms))
        if len(self.steps) > STEPS_MAX:
            del self.steps[0]
