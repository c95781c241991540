"""A silent source is not a silent customer: how far absences are believed on one partition.

A timer asks whether something did *not* happen. Whoever would have told of it must have been heard
since: else an outage of one producer would make up an absence for every customer. A source is
watched once it has sent a heartbeat, or been heard and is named in the policy. Timers fire up to
the latest event time at which *every* watched source was heard. One that stays silent for
``give_up_h`` hours of event time is given up: time goes on without it, and what is said for that
stretch says so.

What was believed once stays so (``ms`` never goes back), and what is known here depends on the log
alone: so a batch may be cut anywhere and a replay fires the same timers with the same words.
"""

from collections.abc import Iterator

from msgspec import Struct, field

from streams.engine.rules import TimeRules
from streams.engine.units import DAY_MS, HOUR_MS

SOURCES_MAX = 64
"""Watched sources of one partition; one more is not watched."""
GAPS_MAX = 16
FORGOTTEN_D = 7
"""A source silent for so many days is watched no more, until it is heard again."""
NEVER_MS = 1 << 62


class Gap(Struct, array_like=True, gc=False):
    """A stretch of event time that was passed without a source; ``to_ms`` 0 while it goes on."""

    source: str
    from_ms: int
    to_ms: int = 0


class Sources(Struct, array_like=True, gc=False):
    """The watched sources of one partition.

    Attributes:
        heard: latest event time heard of each, epoch milliseconds.
        ms: event time up to which absences were believed; means nothing while none is watched.
        gaps: what was passed without a source, oldest first.
    """

    heard: dict[str, int] = field(default_factory=dict)
    ms: int = 0
    gaps: list[Gap] = field(default_factory=list)

    def hear(self, source: str, at_ms: int, beats: bool, passed_ms: int, rules: TimeRules) -> None:
        """A source was heard.

        Args:
            source: its name.
            at_ms: event time.
            beats: it was a heartbeat.
            passed_ms: the watermark, for the first source that is watched.
            rules: which sources are watched without one.
        """
        before_ms = self.heard.get(source)
        if before_ms is None:
            if not (beats or source in rules.watched) or len(self.heard) >= SOURCES_MAX:
                return
            if not self.heard:
                self.ms = passed_ms
            before_ms = 0
        self.heard[source] = max(before_ms, at_ms)

    def advance(self, watermark_ms: int, rules: TimeRules) -> None:
        """The watermark stands there: believe what may be believed, give up whom one must."""
        if not self.heard:
            return
        given_up = set(self._given_up(watermark_ms, rules))
        if given_up or self.gaps:
            self._note_gaps(given_up)
        self.ms = max(self.ms, self.reach_ms(watermark_ms, rules))
        if given_up:
            self._forget(watermark_ms - FORGOTTEN_D * DAY_MS)

    def _note_gaps(self, given_up: set[str]) -> None:
        for gap in self.gaps:
            if not gap.to_ms and gap.source not in given_up:
                gap.to_ms = max(1, self.ms)
        known = {gap.source for gap in self.gaps if not gap.to_ms}
        self.gaps += [
            Gap(source, heard_ms)
            for source, heard_ms in self.heard.items()
            if source in given_up and source not in known
        ]
        del self.gaps[:-GAPS_MAX]

    def _forget(self, before_ms: int) -> None:
        for source in [source for source, ms in self.heard.items() if ms < before_ms]:
            del self.heard[source]
            for gap in self.gaps:
                if gap.source == source:
                    gap.to_ms = gap.to_ms or max(1, self.ms)

    def reach_ms(self, watermark_ms: int, rules: TimeRules) -> int:
        """How far absences would be believed, were the watermark there."""
        reach_ms, by_source = watermark_ms, rules.lateness_by_source_s
        lost_ms = watermark_ms - int(rules.give_up_h * HOUR_MS)
        for source, heard_ms in self.heard.items():
            if heard_ms >= lost_ms:
                lateness_s = by_source.get(source, rules.lateness_s)
                reach_ms = min(reach_ms, heard_ms - int(lateness_s * 1000))
        return max(reach_ms, self.ms) if self.heard else watermark_ms

    def held_ms(self, watermark_ms: int, rules: TimeRules) -> int:
        """A customer's own next touchpoint lets timers fire up to itself, but not beyond this: each
        watched source has told so far."""
        lost_ms = watermark_ms - int(rules.give_up_h * HOUR_MS)
        told = [heard_ms for heard_ms in self.heard.values() if heard_ms >= lost_ms]
        return max(min(told, default=NEVER_MS), self.ms) if self.heard else NEVER_MS

    def without(self, due_ms: int) -> list[Gap]:
        """The sources without which a timer due then was fired."""
        return [gap for gap in self.gaps if gap.from_ms < due_ms and not 0 < gap.to_ms < due_ms]

    def copy(self) -> "Sources":
        """The same, apart."""
        gaps = [Gap(gap.source, gap.from_ms, gap.to_ms) for gap in self.gaps]
        return Sources(dict(self.heard), self.ms, gaps)

    def _given_up(self, watermark_ms: int, rules: TimeRules) -> Iterator[str]:
        lost_ms = watermark_ms - int(rules.give_up_h * HOUR_MS)
        return (source for source, heard_ms in self.heard.items() if heard_ms < lost_ms)
