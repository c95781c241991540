"""The line: a batch's whole way from bytes to outcome, with no await, no I/O and no clock.

    1 wire        bytes -> touchpoint | unreadable
    2 gate        misrouted? moved to another id? beyond the horizon? heard before?
    3 engine      timers due before it, remember, ask, judge
    4 time        the watermark moves; timers of others it has passed fire
    5 wire        alerts and journeys -> bytes

The same line serves the worker, a replay and the tests. A record that crashes it twice is set aside
with its reason and the batch runs again without it; so is a timer, known by customer and due time,
whoever noticed that it was due. The crash is deterministic, so a replay sets the same one aside.
"""

from collections.abc import Iterable, MutableMapping, Sequence

from streams.cohorts import incidents
from streams.cohorts import memory as crowd_memory
from streams.cohorts.collector import Crowd
from streams.engine import admission
from streams.engine.aside import Aside, Crash, guarded
from streams.engine.desk import Desk
from streams.engine.engine import Engine
from streams.engine.far_desk import fitting
from streams.engine.journey import Journey
from streams.engine.judgement import Question
from streams.engine.outcome import Outcome
from streams.engine.record import Record
from streams.engine.rules import Rules
from streams.engine.said import Said
from streams.engine.watermark import Watermark
from streams.gate import TOUCHPOINTS, Gate
from streams.identity import CONCERNED, Identity
from streams.wire import progress
from streams.wire import said as said_wire
from streams.wire.journey import JourneyCodec, next_due_ms
from streams.wire.snapshot import Snapshots
from streams.wire.unreadable import Unreadable

FIRES_MAX = 256
"""Customers whose timers one wake fires at once: what it changes must fit one record batch."""


class Line:
    """The way from bytes to outcome under one policy.

    Args:
        rules: the policy's judgement calls.
        questions: the detectors.
        partitions: number of partitions of the touchpoints topic, for misrouted records.
        topic: full name of the touchpoints topic, for dead letters.
        crowd: how touchpoints are collected for cohorts; None if they are not.
    """

    def __init__(
        self,
        rules: Rules,
        questions: Sequence[Question],
        partitions: int,
        topic: str = "cx." + TOUCHPOINTS,
        crowd: Crowd | None = None,
    ) -> None:
        self.rules = rules
        self.partitions = partitions
        self.topic = topic
        self.fires_max = FIRES_MAX
        self.engine = Engine(rules, questions)
        self.crowd = crowd
        self.codec = JourneyCodec(questions, crowd_memory.SLICE if crowd else None)
        self.snapshots = Snapshots(rules, questions)
        self.identity = Identity(self.engine, self.codec, topic)
        self.gate = Gate(rules, partitions, topic, self.codec, self.identity)

    def open(
        self, partition: int, meta: bytes | None, journeys: MutableMapping[bytes, bytes]
    ) -> Desk:
        """A desk for a restored partition.

        Args:
            partition: its number.
            meta: the last meta record's value, or None on a first start.
            journeys: encoded journeys by customer key.
        """
        fit, due = fitting(journeys, next_due_ms)
        done = progress.BEGINNING if meta is None else progress.decode(meta)
        watermark = Watermark(done.watermark.ms, list(done.watermark.steps))
        desk = fit(
            partition, done.next_offset, watermark, journeys, due,
            done.erased, done.sources.copy(), done.incidents,
        )  # fmt: skip
        if self.crowd is not None:
            desk.crowd = self.crowd.collector(partition, done.crowd)
        return desk

    def run(self, desk: Desk, records: Sequence[Record], next_offset: int) -> Outcome:
        """Take a batch's records, not applied before and in offset order, to an outcome."""
        return guarded(desk.rollback, lambda aside: self._batch(desk, records, next_offset, aside))

    def wake(self, desk: Desk, wall_ms: int) -> Outcome | None:
        """The partition is caught up and idle: fire what is due by the wall clock minus lateness
        (as far as no watched source is silent), then tell the crowd.

        At most ``fires_max`` customers' timers at once; the others are *owed*: the watermark has
        passed them, and they come first at the next call, whatever its wall clock says. So does
        what an owner before us had noted down that it would fire.

        Returns:
            None when nothing is due; the watermark then stays where it is.
        """
        due_ms = desk.next_due_ms
        to_ms = max(wall_ms - int(self.rules.time.lateness_s * 1000), desk.watermark.ms)
        if due_ms is not None and due_ms <= desk.sources.reach_ms(to_ms, self.rules.time):
            return self.step(desk, to_ms, self.fires_max)
        return self.tell(desk, to_ms)

    def tell(self, desk: Desk, to_ms: int) -> Outcome | None:
        """Tell the crowd what was collected, and that time is so far here; None if it knows."""
        if desk.crowd is None or not desk.crowd.owes(to_ms):
            return None
        return self._closed(desk, Outcome(desk.next_offset), to_ms)

    def step(self, desk: Desk, to_ms: int, most: int | None = None) -> Outcome:
        """Move the watermark to ``to_ms`` before the next record is read, and fire what is due:
        all of it, or that of ``most`` customers."""

        def run(aside: Aside) -> Outcome:
            outcome = Outcome(desk.next_offset)
            desk.watermark.step(to_ms, desk.next_offset)
            desk.sources.advance(desk.watermark.ms, self.rules.time)
            desk.record_ms = to_ms
            self._fire(desk, outcome, aside, most)
            return self._closed(desk, outcome)

        return guarded(desk.rollback, run)

    def settle(self, desk: Desk, outcome: Outcome) -> None:
        """The outcome is durable: encoded journeys become the baseline of the desk."""
        desk.settle(outcome.changed, outcome.next_offset, self.rules.limits.live_journeys_max)

    def _batch(
        self, desk: Desk, records: Sequence[Record], next_offset: int, aside: Aside
    ) -> Outcome:
        outcome = Outcome(next_offset)
        watermark, time = desk.watermark, self.rules.time
        taken, most = 0, len(records) + self.fires_max
        for record in records:
            desk.record_ms = record.timestamp_ms
            touchpoint = self.gate.read(record)
            if touchpoint.__class__ is Unreadable:
                self.gate.refuse(desk, record, touchpoint, outcome)
                continue
            if record.offset in aside:
                fault = Unreadable("processing_error", "", aside[record.offset])
                self.gate.refuse(desk, record, fault, outcome)
                continue
            try:
                if touchpoint.__class__ in CONCERNED:
                    self._identify(desk, record, touchpoint, outcome, aside)
                    continue
                watched = self.gate.watches(desk, touchpoint)
                if not (watched and self.gate.hear_source(desk, record, touchpoint, outcome)):
                    journey = self.gate.place(desk, record, touchpoint, outcome)
                    if journey is None:
                        continue
                    taken += self._take(desk, journey, record, touchpoint, outcome, aside)
            except (MemoryError, Crash):
                raise
            except Exception as error:
                raise Crash(record.offset, error) from error
            watermark.hear(touchpoint.occurred_at, touchpoint.source, time)
            if desk.sources.heard:
                desk.sources.advance(watermark.ms, time)
            due_ms = desk.next_due_ms
            if due_ms is not None and due_ms <= desk.passed_ms:
                self._fire(desk, outcome, aside, most)
        if taken:
            outcome.count("touchpoints", taken)
        return self._closed(desk, outcome)

    def _identify(self, desk: Desk, record: Record, told, outcome: Outcome, aside: Aside) -> None:
        """Take in a record about identity: timers owed fire before it, those it brings after."""
        key = record.key
        journey = desk.journey(key, self.codec.decode)
        if journey is None and self.gate.misrouted(desk, record, told, outcome):
            return
        if journey is not None:
            desk.dirty[key] = journey
            self._fire_one(desk, key, journey, desk.passed_ms, outcome, aside)
        answer = self.identity.hear(desk, record, told, outcome)
        if answer.__class__ is Unreadable:
            self.gate.refuse(desk, record, answer, outcome)
            return
        self._publish(key, answer, record.timestamp_ms, outcome)
        journey = desk.dirty.get(key)
        if journey is not None and journey.next_due_ms:
            due_ms = desk.passed_by_ms(journey.clock_ms, self.rules.time)
            self._fire_one(desk, key, journey, due_ms, outcome, aside)
            desk.schedule(key, journey)

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
        seen_max = self.rules.limits.seen_max
        if admission.is_duplicate(journey, touchpoint.source, touchpoint.event_id, seen_max):
            outcome.count("duplicate")
            return 0
        late = touchpoint.occurred_at < desk.watermark.ms
        if late:
            outcome.count("late")
        due_before_ms = journey.next_due_ms
        if due_before_ms:
            passed_ms = desk.passed_by_ms(touchpoint.occurred_at, self.rules.time)
            if due_before_ms <= passed_ms:
                # Here and not in ``hear``: a timer that crashes must not cost the touchpoint.
                self._fire_one(desk, record.key, journey, passed_ms, outcome, aside)
        at = (desk.partition, record.offset, record.timestamp_ms)
        alerts = self.engine.hear(journey, touchpoint, at, late, desk.held_ms(self.rules.time))
        if desk.incidents:
            incidents.inhibit(alerts, journey, self.engine.heard, desk.incidents)
        if desk.crowd is not None:
            desk.crowd.hear(self.engine.heard, alerts, desk.watermark.ms)
        if alerts:
            self._publish(record.key, alerts, record.timestamp_ms, outcome)
        self.snapshots.after(record.key, journey, touchpoint, alerts, record.timestamp_ms, outcome)
        if journey.next_due_ms != due_before_ms:
            desk.schedule(record.key, journey)
        return 1

    def _publish(self, key: bytes, alerts: Iterable[Said], at_ms: int, outcome: Outcome) -> None:
        said_wire.publish(alerts, key, self.topic, at_ms, outcome)

    def _fire(self, desk: Desk, outcome: Outcome, aside: Aside, most: int | None = None) -> None:
        """Fire the timers that the watermark has passed, as far as absences are believed."""
        while most is None or len(desk.dirty) < most:
            key = desk.take_due(desk.passed_ms)
            if key is None:
                return
            journey = desk.journey(key, self.codec.decode)
            if journey is None or not journey.next_due_ms:
                continue
            if journey.next_due_ms <= desk.passed_ms:
                desk.dirty[key] = journey
                self._fire_one(desk, key, journey, desk.passed_ms, outcome, aside)
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
                said_wire.tell_gaps(alerts, desk.sources.without(due_ms))
                incidents.inhibit(alerts, journey, None, desk.incidents)
                if desk.crowd is not None:
                    desk.crowd.say(alerts, desk.watermark.ms)
                at_ms = max(due_ms, desk.record_ms)
                self._publish(key, alerts, at_ms, outcome)
                self.snapshots.after(key, journey, None, alerts, at_ms, outcome)
                outcome.count("wake")

    def _closed(self, desk: Desk, outcome: Outcome, told_ms: int = 0) -> Outcome:
        encode = self.codec.encode
        outcome.changed = {
            key: None if journey is None else encode(journey) for key, journey in desk.dirty.items()
        }
        crowd = b""
        if desk.crowd is not None:
            wakes = outcome.next_offset == desk.next_offset
            crowd = desk.crowd.close(outcome, max(told_ms, desk.watermark.ms), wakes)
        desk.erased = admission.lately(desk.erased, desk.watermark.ms)
        desk.incidents = incidents.lasting(desk.incidents, desk.watermark.ms)
        outcome.meta = progress.encode(
            desk.partition, outcome.next_offset, desk.watermark, crowd,
            desk.erased, desk.sources, desk.incidents,
        )  # fmt: skip
        return outcome
