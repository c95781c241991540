"""What one batch or one wake amounts to."""

from streams.engine.record import Send


class Outcome:
    """What one batch (or wake) amounts to.

    Attributes:
        sends: alerts, dead letters, late and forwarded records, in order; they must be
            acknowledged before the journeys are written.
        changed: encoded journey by customer key; None is a tombstone.
        meta: the partition's encoded progress, written in the same record batch as ``changed``.
        next_offset: first offset not covered.
        counts: what happened, by name.
    """

    __slots__ = ("changed", "counts", "meta", "next_offset", "sends")

    def __init__(self, next_offset: int) -> None:
        self.sends: list[Send] = []
        self.changed: dict[bytes, bytes | None] = {}
        self.meta = b""
        self.next_offset = next_offset
        self.counts: dict[str, int] = {}

    def count(self, name: str, by: int = 1) -> None:
        """Add to one of the counts."""
        self.counts[name] = self.counts.get(name, 0) + by
