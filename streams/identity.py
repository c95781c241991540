"""Who a customer is: merges, aliases, erasure. What the line does with records about identity.

Decision 0006 tells why it is so. *A merge* of A into B is applied where A lives: A's whole journey
goes out as one record of B's (``wire.internal``), in the outcome that also replaces it by an alias,
so that both happen or neither. The alias sends on, as B's, whatever still comes under A. Where B
lives the journey is taken in once. *An erasure* leaves nothing of a journey but a receipt that does
not say whose it was, and tells the partitions of all ids that had joined it to forget those too.

Every step is decided by what the partition itself knows. A circle of merges (told at the same time
in different partitions) is noticed by the journey that comes round; the smallest id in it stays.
"""

from typing import Any

from streams.engine import admission, judgement, merging
from streams.engine.alert import Alert
from streams.engine.desk import Desk
from streams.engine.engine import Engine
from streams.engine.heard import Heard
from streams.engine.identity_kept import Absorbed, Alias
from streams.engine.journey import Journey
from streams.engine.outcome import Outcome
from streams.engine.record import Record, Send
from streams.wire import audit, internal
from streams.wire.decoder import STRUCTS
from streams.wire.journey import JourneyCodec
from streams.wire.rename import HOPS_MAX, path_of, renamed
from streams.wire.unreadable import Unreadable

JOURNEYS = "journeys.v1"
"""The public snapshots: what is no journey any more has none."""
_Merged, _Erasure = STRUCTS["identity.merged"], STRUCTS["customer.erasure_requested"]
CONCERNED = frozenset({_Merged, _Erasure, internal.Absorbed, internal.Forgotten})
"""Classes of touchpoints that are about identity and go here instead of into a journey."""

Answer = list[Alert] | Unreadable


class Identity:
    """What becomes of records about identity, in one line.

    Args:
        engine: of the line.
        codec: of the line.
        topic: full name of the touchpoints topic.
    """

    def __init__(self, engine: Engine, codec: JourneyCodec, topic: str) -> None:
        self._engine, self._codec, self._topic = engine, codec, topic

    def onward(self, alias: Alias, record: Record, outcome: Outcome) -> Unreadable | None:
        """Something came under an id that joined another: it is the other's."""
        if len(path_of(record)) >= HOPS_MAX:
            return _conflict("the ids it was sent on to lead in a circle")
        outcome.sends.append(renamed(record, alias.into))
        outcome.count("alias.sent_on")
        return None

    def hear(self, desk: Desk, record: Record, told: Any, outcome: Outcome) -> Answer:
        """Apply one record about identity.

        Args:
            desk: of the partition in which its key belongs or is known.
            record: as it lay in the log.
            told: the same, decoded; of one of the classes in ``CONCERNED``.
            outcome: takes what is to be sent and counted.

        Returns:
            What is to be said of episodes; or why it cannot be.
        """
        known = desk.journey(record.key or b"", self._codec.decode)
        if told.__class__ is _Merged:
            return self._merged(desk, known, record, told, outcome)
        if told.__class__ is internal.Absorbed:
            return self._absorbed(desk, known, record, told, outcome)
        if told.__class__ is internal.Forgotten and not told.whole:
            return self._forgotten(desk, known, record, told, outcome)
        return self._erased(desk, known, record, told, outcome)

    # -- merges ------------------------------------------------------------------------------

    def _merged(
        self, desk: Desk, known: Any, record: Record, told: Any, outcome: Outcome
    ) -> Answer:
        into, key = told.into_customer_id, record.key or b""
        if told.customer_id == into:
            outcome.sends.append(renamed(record, told.from_customer_id))
            outcome.count("merge.sent_on")
            return []
        by = int.from_bytes(admission.identity_of(told.source, told.event_id), "big")
        if isinstance(known, Alias):
            if known.into == into:
                outcome.count("merge.known")
                return []
            return _conflict("from_customer_id joined another customer before")
        if known is not None and any(one.customer_id == into for one in known.absorbed):
            return _conflict("into_customer_id joined from_customer_id before")
        if _was_erased(desk, key, told.occurred_at):
            # Heard in the wrong order: who was erased had joined that one before.
            erased_ms = desk.erased[admission.key_hash(key)]
            self._forget(into, f"{by:016x}", erased_ms, record, outcome, whole=True)
            outcome.count("after_erasure")
            return []
        live = told.origin == "live"
        encoded = None if known is None else internal.as_text(self._codec.encode(known))
        moved = internal.Absorbed(
            customer_id=into,
            event_id=f"absorbed-{by:016x}",
            occurred_at=told.occurred_at,
            from_customer_id=told.customer_id,
            by=by,
            live=live,
            path=[told.customer_id],
            journey=encoded,
        )
        self._hand_over(desk, key, moved, record, outcome)
        if known is not None:
            outcome.sends.append(Send(JOURNEYS, key, None, (), record.timestamp_ms))
        outcome.count("merge.applied")
        return []

    def _hand_over(
        self, desk: Desk, key: bytes, moved: internal.Absorbed, record: Record, outcome: Outcome
    ) -> None:
        outcome.sends.append(internal.send(moved, self._topic, record.timestamp_ms))
        desk.put(key, Alias(moved.customer_id, moved.by, moved.occurred_at))

    def _absorbed(
        self, desk: Desk, known: Any, record: Record, told: internal.Absorbed, outcome: Outcome
    ) -> Answer:
        key, customer_id = record.key or b"", told.customer_id
        if isinstance(known, Alias):
            if customer_id != _stays(told.path, known.into, customer_id):
                return self._on_its_way(known, record, told, outcome)
            known = None  # a circle, and the smallest id of it stays: it is no alias any more
            outcome.count("merge.circle")
        if _was_erased(desk, key, told.occurred_at):
            # Joined before the erasure, arrived after it: it is erased too, and so is its id.
            for one in told.path:
                self._forget(one, told.event_id, told.occurred_at, record, outcome)
            outcome.count("after_erasure")
            return []
        if known is not None and any(
            (one.customer_id, one.by) == (told.from_customer_id, told.by) for one in known.absorbed
        ):
            outcome.count("absorbed.known")
            return []
        encoded = told.encoded_journey
        theirs = None if encoded is None else self._codec.decode(encoded)
        if known is None:
            first_ms = told.occurred_at if theirs is None else theirs.first_ms
            known = self._codec.blank(customer_id, first_ms)
        if theirs is None:
            theirs = self._codec.blank(told.from_customer_id, told.occurred_at)
        desk.put(key, known)
        outcome.count("absorbed")
        by = Absorbed(told.from_customer_id, told.by)
        return merging.merge(known, theirs, by, self._engine, told.live)

    def _on_its_way(
        self, alias: Alias, record: Record, told: internal.Absorbed, outcome: Outcome
    ) -> Answer:
        """The customer whom it was to join has joined another meanwhile."""
        if len(told.path) >= HOPS_MAX:
            return _conflict("the ids it was sent on to lead in a circle")
        told.path.append(told.customer_id)
        told.customer_id = alias.into
        outcome.sends.append(internal.send(told, self._topic, record.timestamp_ms))
        outcome.count("alias.sent_on")
        return []

    # -- erasure -------------------------------------------------------------------------------

    def _erased(
        self, desk: Desk, known: Any, record: Record, told: Any, outcome: Outcome
    ) -> Answer:
        key = record.key or b""
        if _was_erased(desk, key, told.occurred_at):
            outcome.count("erasure.known")
            return []
        desk.erase(admission.key_hash(key), told.occurred_at)
        if isinstance(known, Alias):
            if told.__class__ is internal.Forgotten:
                self._forget(known.into, "again", told.occurred_at, record, outcome, whole=True)
            else:
                outcome.sends.append(renamed(record, known.into))
            outcome.count("erasure.sent_on")
            desk.put(key, None)
            return []
        found: dict[str, int] = {}
        alerts: list[Alert] = []
        if known is not None:
            alerts = self._ended(known, told.occurred_at)
            for one in known.absorbed:
                self._forget(one.customer_id, told.event_id, told.occurred_at, record, outcome)
            found = {
                "touchpoints": known.n,
                "episodes": len(alerts),
                "aliases": len(known.absorbed),
            }
            desk.put(key, None)
        outcome.sends.append(Send(JOURNEYS, key, None, (), record.timestamp_ms))
        label = self._engine.rules.label
        outcome.sends.append(audit.receipt(record, told, desk.partition, self._topic, label, found))
        outcome.count("erased")
        return alerts

    def _forget(
        self,
        customer_id: str,
        event_id: str,
        at_ms: int,
        record: Record,
        outcome: Outcome,
        whole: bool = False,
    ) -> None:
        made = internal.Forgotten(
            customer_id=customer_id,
            event_id=f"forgotten-{event_id}"[:64],
            occurred_at=at_ms,
            whole=whole,
        )
        outcome.sends.append(internal.send(made, self._topic, record.timestamp_ms))

    def _forgotten(
        self, desk: Desk, known: Any, record: Record, told: internal.Forgotten, outcome: Outcome
    ) -> Answer:
        key = record.key or b""
        desk.erase(admission.key_hash(key), told.occurred_at)
        if isinstance(known, Alias) and known.at_ms <= told.occurred_at:
            desk.put(key, None)
            outcome.count("alias.erased")
        return []

    def _ended(self, journey: Journey, at_ms: int) -> list[Alert]:
        """Open episodes end; what is said of it names nothing but alert, detector and customer."""
        questions = {question.kind: question for question in self._engine.questions}
        moment = Heard(journey, self._engine.rules, "+erased", at_ms)
        alerts = []
        for episode in journey.episodes:
            question = questions.get(episode.kind)
            if question is None or episode.resolved_ms or episode.suppressed == "backfill":
                continue
            alert = judgement.resolve(moment, question, episode, "erased", self._engine.rules)
            if alert is not None:
                alerts.append(_bare(alert))
        return alerts


def _was_erased(desk: Desk, key: bytes, at_ms: int) -> bool:
    return admission.was_erased(desk.erased, key, at_ms, desk.watermark.ms)


def _bare(alert: Alert) -> Alert:
    """An alert without anything that tells of the customer; the id and the key remain."""
    alert.dedupe_key = f"{alert.customer_id}:{alert.kind}:"
    alert.account_id = alert.currency = alert.revenue_at_risk_minor = None
    alert.object, alert.stage, alert.reason = "", "prospect", "erased"
    alert.evidence, alert.parts, alert.jei = [], {}, 0.0
    return alert


def _stays(path: list[str], into: str, here: str) -> str | None:
    """Which id stays, if going on from here to there closes a circle; None if it does not."""
    return min([*path[path.index(into) :], here]) if into in path else None


def _conflict(what: str) -> Unreadable:
    hint = f"{what}; see which merge holds, and say it of the ids as they stand."
    return Unreadable("identity_conflict", "", hint)
