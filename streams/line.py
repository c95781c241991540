"""The line: a batch's whole way from bytes to outcome, with no await, no I/O and no clock.

    1 wire        bytes -> touchpoint | unreadable
    2 admission   misrouted? beyond the horizon? heard before?
    3 engine      timers due before it, remember, ask, judge
    4 time        the watermark moves; timers of others it has passed fire
    5 wire        alerts and journeys -> bytes

The same line serves the worker, a replay and the tests. A record that crashes it twice is set aside
with its reason and the batch runs again without it; so is a timer, known by customer and due time,
whoever noticed that it was due. The crash is deterministic, so a replay sets the same one aside.
"""

from collections.abc import Callable, MutableMapping, Sequence

from streams.engine import admission
from streams.engine.alert import Alert
from streams.engine.aside import Aside, Crash, guarded
from streams.engine.desk import Desk
from streams.engine.engine import Engine
from streams.engine.journey import Journey
from streams.engine.judgement import Question
from streams.engine.outcome import Outcome
from streams.engine.partitioning import partition_of
from streams.engine.record import Record
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS
from streams.engine.watermark import Watermark
from streams.wire import alert as alert_wire
from streams.wire import outreach as outreach_wire
from streams.wire import progress
from streams.wire.dead_letter import dead_letter
from streams.wire.journey import JourneyCodec, next_due_ms
from streams.wire.onward import sent_on
from streams.wire.touchpoint import Limits, Unreadable, read

TOUCHPOINTS = "touchpoints.v1"
LATE = "touchpoints.v1.late"
FIRES_MAX = 256
"""Customers whose timers one wake fires at once: what it changes must fit one record batch."""


class Line:
    """The way from bytes to outcome under one policy.

    Args:
        rules: the policy's judgement calls.
        questions: the detectors.
        partitions: number of partitions of the touchpoints topic, for misrouted records.
        topic: full name of the touchpoints topic, for dead letters.
    """

    def __init__(
        self,
        rules: Rules,
        questions: Sequence[Question],
        partitions: int,
        topic: str = "cx." + TOUCHPOINTS,
    ) -> None:
        self.rules = rules
        self.partitions = partitions
        self.topic = topic
        self.fires_max = FIRES_MAX
        self.engine = Engine(rules, questions)
        self.codec = JourneyCodec(questions)
        self._limits = Limits(
            value_bytes=rules.limits.value_bytes_max,
            future_skew_ms=int(rules.time.future_s * 1000),
            past_horizon_ms=int(rules.time.past_d * DAY_MS),
        )

    def open(
        self, partition: int, meta: bytes | None, journeys: MutableMapping[bytes, bytes]
    ) -> Desk:
        """A desk for a restored partition.

        Args:
            partition: its number.
            meta: the last meta record's value, or None on a first start.
            journeys: encoded journeys by customer key.
        """
        due = [(ms, key) for key, value in journeys.items() if (ms := next_due_ms(value))]
        if meta is None:
            return Desk(partition, 0, Watermark(), journeys, due)
        done = progress.decode(meta)
        return Desk(partition, done.next_offset, done.watermark, journeys, due)

    def run(self, desk: Desk, records: Sequence[Record], next_offset: int) -> Outcome:
        """Take a batch's records, not applied before and in offset order, to an outcome."""
        return self._guarded(desk, lambda aside: self._batch(desk, records, next_offset, aside))

    def wake(self, desk: Desk, wall_ms: int) -> Outcome | None:
        """The partition is caught up and idle: fire what is due by the wall clock minus lateness.

        At most ``fires_max`` customers' timers at once; the others are *owed*: the watermark has
        passed them, and they come first at the next call, whatever its wall clock says. So does
        what an owner before us had noted down that it would fire.

        Returns:
            None when nothing is due; the watermark then stays where it is.
        """
        due_ms = desk.next_due_ms
        if due_ms is None:
            return None
        to_ms = max(wall_ms - int(self.rules.time.lateness_s * 1000), desk.watermark.ms)
        return self.step(desk, to_ms, self.fires_max) if due_ms <= to_ms else None

    def step(self, desk: Desk, to_ms: int, most: int | None = None) -> Outcome:
        """Move the watermark to ``to_ms`` before the next record is read, and fire what is due:
        all of it, or that of ``most`` customers."""

        def run(aside: Aside) -> Outcome:
            outcome = Outcome(desk.next_offset)
            desk.watermark.step(to_ms, desk.next_offset)
            desk.record_ms = to_ms
            self._fire(desk, outcome, aside, most)
            return self._closed(desk, outcome)

        return self._guarded(desk, run)

    def settle(self, desk: Desk, outcome: Outcome) -> None:
        """The outcome is durable: encoded journeys become the baseline of the desk."""
        desk.settle(outcome.changed, outcome.next_offset, self.rules.limits.live_journeys_max)

    def _guarded(self, desk: Desk, run: Callable[[Aside], Outcome]) -> Outcome:
        return guarded(desk.rollback, run)

    def _batch(
        self, desk: Desk, records: Sequence[Record], next_offset: int, aside: Aside
    ) -> Outcome:
        outcome = Outcome(next_offset)
        watermark, time = desk.watermark, self.rules.time
        taken, most = 0, len(records) + self.fires_max
        for record in records:
            desk.record_ms = record.timestamp_ms
            touchpoint = read(record, self._limits)
            if touchpoint.__class__ is Unreadable:
                self._refuse(desk, record, touchpoint, outcome)
                continue
            if record.offset in aside:
                fault = Unreadable("processing_error", "", aside[record.offset])
                self._refuse(desk, record, fault, outcome)
                continue
            journey = self._journey(desk, record, touchpoint, outcome)
            if journey is None:
                continue
            try:
                taken += self._take(desk, journey, record, touchpoint, outcome, aside)
            except (MemoryError, Crash):
                raise
            except Exception as error:
                raise Crash(record.offset, error) from error
            watermark.hear(touchpoint.occurred_at, touchpoint.source, time)
            due_ms = desk.next_due_ms
            if due_ms is not None and due_ms <= watermark.ms:
                self._fire(desk, outcome, aside, most)
        if taken:
            outcome.count("touchpoints", taken)
        return self._closed(desk, outcome)

    def _refuse(self, desk: Desk, record: Record, fault: Unreadable, outcome: Outcome) -> None:
        outcome.sends.append(dead_letter(record, fault, self.topic, desk.partition))
        outcome.count("dead_letter." + fault.code)

    def _journey(self, desk: Desk, record: Record, touchpoint, outcome: Outcome) -> Journey | None:
        """The customer's journey; None when the record is sent on instead of taken in."""
        key = record.key
        journey = desk.journey(key, self.codec.decode)
        if journey is None and partition_of(key, self.partitions) != desk.partition:
            outcome.sends.append(sent_on(TOUCHPOINTS, record))
            outcome.count("misrouted")
            outcome.count("misrouted." + touchpoint.source)
            return None
        horizon_ms = desk.watermark.ms - self.rules.time.horizon_d * DAY_MS
        if touchpoint.occurred_at < horizon_ms and touchpoint.origin == "live":
            outcome.sends.append(sent_on(LATE, record))
            outcome.count("beyond_horizon")
            return None
        if journey is None:
            journey = self.codec.blank(touchpoint.customer_id, touchpoint.occurred_at)
            desk.live[key] = journey
        return journey

    def _take(
        self,
        desk: Desk,
        journey: Journey,
        record: Record,
        touchpoint,
        outcome: Outcome,
        aside: Aside,
    ) -> int:
        desk.dirty[record.key] = journey
        if admission.is_duplicate(
            journey, touchpoint.source, touchpoint.event_id, self.rules.limits.seen_max
        ):
            outcome.count("duplicate")
            return 0
        late = touchpoint.occurred_at < desk.watermark.ms
        if late:
            outcome.count("late")
        due_before_ms = journey.next_due_ms
        # Also what is owed: a late touchpoint must not come before a timer already passed.
        passed_ms = max(touchpoint.occurred_at, desk.watermark.ms)
        if due_before_ms and due_before_ms <= passed_ms:
            # Here and not in ``hear``: a timer that crashes must not cost the touchpoint.
            self._fire_one(desk, record.key, journey, passed_ms, outcome, aside)
        at = (desk.partition, record.offset, record.timestamp_ms)
        alerts = self.engine.hear(journey, touchpoint, at, late)
        if alerts:
            self._publish(record.key, alerts, record.timestamp_ms, outcome)
        if journey.next_due_ms != due_before_ms:
            desk.schedule(record.key, journey)
        return 1

    def _publish(self, key: bytes, alerts, timestamp_ms: int, outcome: Outcome) -> None:
        for said in alerts:
            if said.__class__ is not Alert:
                outreach_wire.publish(said, key, timestamp_ms, outcome)
                continue
            outcome.sends.append(alert_wire.send(said, key, self.topic, timestamp_ms))
            outcome.count("alert." + said.action)
            outcome.count(f"kind.{said.kind}.{said.action}")

    def _fire(self, desk: Desk, outcome: Outcome, aside: Aside, most: int | None = None) -> None:
        """Fire the timers that the watermark has passed."""
        while most is None or len(desk.dirty) < most:
            key = desk.take_due(desk.watermark.ms)
            if key is None:
                return
            journey = desk.journey(key, self.codec.decode)
            if journey is None or not journey.next_due_ms:
                continue
            if journey.next_due_ms <= desk.watermark.ms:
                desk.dirty[key] = journey
                self._fire_one(desk, key, journey, desk.watermark.ms, outcome, aside)
            desk.schedule(key, journey)

    def _fire_one(
        self,
        desk: Desk,
        key: bytes,
        journey: Journey,
        until_ms: int,
        outcome: Outcome,
        aside: Aside,
    ) -> None:
        """Fire one customer's timers due by then, one instant after the other."""
        while journey.next_due_ms and journey.next_due_ms <= until_ms:
            due_ms = journey.next_due_ms
            where = (key, due_ms, journey.n)
            if where in aside:
                self.engine.drop_due(journey, due_ms)
                outcome.count("wake_dropped")
                continue
            try:
                alerts = self.engine.wake(journey, due_ms)
            except MemoryError:
                raise
            except Exception as error:
                raise Crash(where, error) from error
            if alerts:
                self._publish(key, alerts, max(due_ms, desk.record_ms), outcome)
                outcome.count("wake")

    def _closed(self, desk: Desk, outcome: Outcome) -> Outcome:
        encode = self.codec.encode
        outcome.changed = {key: encode(journey) for key, journey in desk.dirty.items()}
        outcome.meta = progress.encode(desk.partition, outcome.next_offset, desk.watermark)
        return outcome
