"""What the engine said, as sends and counts of an outcome."""

from collections.abc import Iterable, Sequence

from streams.engine.alert import Alert
from streams.engine.outcome import Outcome
from streams.engine.said import Said
from streams.engine.sources import Gap
from streams.wire import alert as alert_wire
from streams.wire import outreach as outreach_wire


def publish(
    said: Iterable[Said], key: bytes, topic: str, timestamp_ms: int, outcome: Outcome
) -> None:
    """Add it to an outcome.

    Args:
        said: alerts, candidates and tallies, in their order.
        key: the customer's.
        topic: full name of the touchpoints topic, for the coordinates of evidence.
        timestamp_ms: of the records to be sent.
        outcome: takes them.
    """
    for one in said:
        if not isinstance(one, Alert):
            outreach_wire.publish(one, key, timestamp_ms, outcome)
            continue
        outcome.sends.append(alert_wire.send(one, key, topic, timestamp_ms))
        outcome.count("alert." + one.action)
        outcome.count(f"kind.{one.kind}.{one.action}")


def tell_gaps(said: Iterable[Said], gaps: Sequence[Gap]) -> None:
    """An alert of a timer that fired without a watched source says without which, and since when.

    Args:
        said: because a timer fired.
        gaps: what was passed without a source then; usually empty.
    """
    told = ", ".join(
        f"{gap.source} was not heard after {alert_wire.instant(gap.from_ms)}" for gap in gaps
    )
    for one in said:
        if told and isinstance(one, Alert) and one.action != "resolve":
            one.text += f" (as far as is known: {told})"
