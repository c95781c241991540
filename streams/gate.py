"""The gate: which records come in, as what, and which are sent on or refused instead.

A record is read; what cannot be is refused with its reason. A record in the wrong partition is sent
to its right one, one under an id that joined another customer goes on to that customer, one beyond
the horizon goes to the late topic, and what tells of a time before an erasure is dropped. All of it
is counted.
"""

from typing import Any

from streams.cohorts import incidents
from streams.engine import admission
from streams.engine.desk import Desk
from streams.engine.identity_kept import Alias
from streams.engine.journey import Journey
from streams.engine.outcome import Outcome
from streams.engine.partitioning import partition_of
from streams.engine.record import Record
from streams.engine.rules import Rules
from streams.engine.units import DAY_MS
from streams.identity import Identity
from streams.wire import internal
from streams.wire.dead_letter import dead_letter
from streams.wire.decoder import STRUCTS
from streams.wire.journey import JourneyCodec
from streams.wire.onward import sent_on
from streams.wire.touchpoint import Limits, Unreadable, read

TOUCHPOINTS = "touchpoints.v1"
LATE = "touchpoints.v1.late"
_Heartbeat: Any = STRUCTS["source.heartbeat"]
_BEATS = frozenset({_Heartbeat, internal.Beat})
_NOBODYS = _BEATS | {internal.Incident}
"""Records in which there is no customer."""


class Gate:
    """What a line does with a record before its customer's journey takes it in.

    Args:
        rules: the policy's judgement calls.
        partitions: number of partitions of the touchpoints topic.
        topic: its full name.
        codec: of journeys.
        identity: what is to be done with records about identity.
    """

    def __init__(
        self, rules: Rules, partitions: int, topic: str, codec: JourneyCodec, identity: Identity
    ) -> None:
        self._horizon_ms = rules.time.horizon_d * DAY_MS
        self._partitions, self._topic = partitions, topic
        self._time, self._watched = rules.time, bool(rules.time.watched)
        self._codec, self._identity = codec, identity
        self._limits = Limits(
            value_bytes=rules.limits.value_bytes_max,
            future_skew_ms=int(rules.time.future_s * 1000),
            past_horizon_ms=int(rules.time.past_d * DAY_MS),
        )

    def read(self, record: Record) -> Any:
        """The touchpoint, or one of our own records about identity, or why it is neither."""
        if record.headers and internal.is_marked(record.headers):
            return internal.read(record, self._topic)
        return read(record, self._limits)

    def refuse(self, desk: Desk, record: Record, fault: Unreadable, outcome: Outcome) -> None:
        """It becomes a dead letter."""
        outcome.sends.append(dead_letter(record, fault, self._topic, desk.partition))
        outcome.count("dead_letter." + fault.code)

    def watches(self, desk: Desk, touchpoint: Any) -> bool:
        """Whether it matters who told it, or it is nobody's: most of the time neither is so."""
        return bool(desk.sources.heard) or self._watched or touchpoint.__class__ in _NOBODYS

    def hear_source(self, desk: Desk, record: Record, touchpoint: Any, outcome: Outcome) -> bool:
        """A source was heard; true if that was all, and there is no customer in it. (So it is with
        our own records about incidents.)

        A heartbeat lies in one partition and is meant for all: its producer knows none of them, so
        the one that hears it tells the others.
        """
        if touchpoint.__class__ is internal.Incident:
            desk.incidents = incidents.told(desk.incidents, touchpoint)
            return True
        beats = touchpoint.__class__ in _BEATS
        if touchpoint.__class__ is _Heartbeat:
            for partition in range(self._partitions):
                if partition != desk.partition:
                    made = internal.beat(touchpoint, self._topic, record, partition)
                    outcome.sends.append(made)
            outcome.count("heartbeats")
            if desk.crowd is not None:
                desk.crowd.beat(touchpoint.source, touchpoint.occurred_at, desk.watermark.ms)
        if (beats or desk.sources.heard or self._watched) and touchpoint.origin == "live":
            source, at_ms = touchpoint.source, touchpoint.occurred_at
            desk.sources.hear(source, at_ms, beats, desk.watermark.ms, self._time)
        return beats

    def place(
        self, desk: Desk, record: Record, touchpoint: Any, outcome: Outcome
    ) -> Journey | None:
        """The customer's journey; None when the record is sent on instead of taken in."""
        key: Any = record.key  # never None: it was read
        journey: Any = desk.journey(key, self._codec.decode)
        if journey.__class__ is Alias:
            fault = self._identity.onward(journey, record, outcome)
            if fault is not None:
                self.refuse(desk, record, fault, outcome)
            return None
        if journey is None and self.misrouted(desk, record, touchpoint, outcome):
            return None
        if desk.erased and admission.was_erased(
            desk.erased, key, touchpoint.occurred_at, desk.watermark.ms
        ):
            outcome.count("after_erasure")
            return None
        horizon_ms = desk.watermark.ms - self._horizon_ms
        if touchpoint.occurred_at < horizon_ms and touchpoint.origin == "live":
            outcome.sends.append(sent_on(LATE, record))
            outcome.count("beyond_horizon")
            return None
        if journey is None:
            journey = self._codec.blank(touchpoint.customer_id, touchpoint.occurred_at)
            desk.live[key] = journey
        return journey

    def misrouted(self, desk: Desk, record: Record, touchpoint: Any, outcome: Outcome) -> bool:
        """Whether the customer belongs to another partition; then the record is sent there."""
        if partition_of(record.key or b"", self._partitions) == desk.partition:
            return False
        outcome.sends.append(sent_on(TOUCHPOINTS, record))
        outcome.count("misrouted")
        outcome.count("misrouted." + touchpoint.source)
        return True
