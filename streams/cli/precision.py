"""How often people found a detector's alerts right: counted from the alerts that say so."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from streams.engine.outreach.effect import wilson


class Precision(NamedTuple):
    """One detector: alerts raised, found useful, called wrong.

    ``precision`` is useful / (useful + wrong) with its 95 % interval (Wilson); None if nobody said.
    """

    kind: str
    raised: int
    useful: int
    wrong: int
    precision: float | None
    low: float
    high: float


def precision(alerts: Iterable[dict[str, Any]]) -> list[Precision]:
    """Per detector; the last word on an alert counts, and an alert counts once however often told.

    Args:
        alerts: as ``schemas.alerts`` promises, in the order in which they were said.
    """
    raised: dict[str, set[str]] = {}
    words: dict[str, dict[str, bool]] = {}
    for alert in alerts:
        kind, name = alert["kind"], alert["alert_id"]
        if alert["action"] == "trigger":
            raised.setdefault(kind, set()).add(name)
        if alert.get("useful") is not None:
            words.setdefault(kind, {})[name] = alert["useful"]
    return [
        _of(kind, len(raised.get(kind, ())), list(words.get(kind, {}).values()))
        for kind in sorted(raised.keys() | words.keys())
    ]


def _of(kind: str, raised: int, words: list[bool]) -> Precision:
    useful, n = sum(words), len(words)
    return Precision(
        kind, raised, useful, n - useful, useful / n if n else None, *wilson(useful, n)
    )


def row(one: Precision) -> tuple[str, ...]:
    """For people."""
    share = interval = "nobody said"
    if one.precision is not None:
        share = f"{one.precision * 100:.0f} %"
        interval = f"{one.low * 100:.0f} to {one.high * 100:.0f} %"
    return (one.kind, f"{one.raised:,}", f"{one.useful:,}", f"{one.wrong:,}", share, interval)


HEAD = ("detector", "raised", "useful", "wrong", "precision", "95 %")
"""Names of the columns of ``row``."""
