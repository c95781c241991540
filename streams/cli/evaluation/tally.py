"""What a replay of planted stories amounts to, per detector; tallies of several worlds add up."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class OfKind:
    """One detector against the truth. Counts are of (customer, kind), not of alerts.

    Args:
        planted: customers whose story expects it.
        found: those of them for whom it was raised.
        silent: customers whose story forbids it; ``near`` and ``alike`` are the near misses and the
            look-alikes among them.
        false: those of ``silent`` for whom it was raised all the same.
        delays_ms: from where the trouble begins to the first alert, event time, for each found.
        background: times it was raised for customers who have no story; ``noted`` are those of
            reasons that only inform, which are not among them.
    """

    planted: int = 0
    found: int = 0
    silent: int = 0
    near: int = 0
    alike: int = 0
    false: int = 0
    delays_ms: list[int] = field(default_factory=list)
    background: int = 0
    noted: int = 0

    def add(self, other: "OfKind") -> None:
        """Add another world's."""
        for name in (
            "planted", "found", "silent", "near", "alike", "false", "background", "noted",
        ):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.delays_ms += other.delays_ms


@dataclass
class Tally:
    """One or more worlds.

    Args:
        kinds: per detector.
        touchpoints: records replayed.
        customers: all of them; ``stories`` live one.
        background_days: days times customers without a story.
        missed, wrong: how often, by (story, kind): expected and not raised; forbidden and raised.
        sizes: bytes of the encoded journeys of customers without a story, at the end.
    """

    kinds: dict[str, OfKind] = field(default_factory=dict)
    touchpoints: int = 0
    customers: int = 0
    stories: int = 0
    background_days: float = 0
    missed: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)
    sizes: list[int] = field(default_factory=list)

    def of(self, kind: str) -> OfKind:
        """That detector's, made when first asked for."""
        return self.kinds.setdefault(kind, OfKind())

    def add(self, other: "Tally") -> None:
        """Add another world's."""
        for kind, counted in other.kinds.items():
            self.of(kind).add(counted)
        for name in ("touchpoints", "customers", "stories", "background_days"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.missed.update(other.missed)
        self.wrong.update(other.wrong)
        self.sizes += other.sizes

    def per_thousand_a_day(self, kind: str) -> float:
        """How often it is raised for a thousand customers without a story in a day."""
        return self._daily(self.of(kind).background)

    def noted_a_day(self, kind: str) -> float:
        """The same of what is for information only."""
        return self._daily(self.of(kind).noted)

    def _daily(self, count: int) -> float:
        return count / self.background_days * 1000 if self.background_days else 0.0
