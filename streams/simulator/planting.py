"""Which customers live which story, and when: the truth about a simulated log."""

from collections.abc import Mapping
from random import Random
from typing import NamedTuple

from streams.simulator.rhythm import weekday
from streams.simulator.stories import Story, stories
from streams.simulator.telling import DAY_MS, HOUR_MS, instant

_EACH = 0.005
_OPENS_MS, _OPEN_MS = 8 * HOUR_MS, 6 * HOUR_MS
_THURSDAY = 3


class Planted(NamedTuple):
    """One story in the log: the truth about its customer.

    Args:
        customer_id: whose story it is.
        story: which.
        starts_ms: when it begins, epoch ms.
        settles_ms: when everything in it has come due, epoch ms.
        expects: kinds of finding it must raise.
        silent: kinds it must not raise.
    """

    customer_id: str
    story: str
    starts_ms: int
    settles_ms: int
    expects: frozenset[str]
    silent: frozenset[str]

    def as_json(self) -> dict[str, object]:
        """The same with plain values: instants as RFC 3339, kinds sorted."""
        return {
            "customer_id": self.customer_id,
            "story": self.story,
            "starts_at": instant(self.starts_ms),
            "settles_at": instant(self.settles_ms),
            "expects": sorted(self.expects),
            "silent": sorted(self.silent),
        }


def customer_id(index: int) -> str:
    """The id of the customer of that number."""
    return f"c-{index:06d}"


def plant(
    seed: int, customers: int, start_ms: int, end_ms: int, mix: Mapping[str, float] | None
) -> dict[int, Planted]:
    """Customer number → the story they live.

    Args:
        seed: same seed and arguments, same planting.
        customers: how many there are.
        start_ms: the log's beginning, epoch ms.
        end_ms: its end; a story that cannot settle before it is left out.
        mix: story name → share of the customers; None: each story for 0.5 %.

    Raises:
        ValueError: an unknown story, or a share outside 0 to 1.
    """
    rng = Random(f"{seed}:planting")
    shares = _checked(mix)
    cast = [stories()[name] for name in sorted(shares) if shares[name]]
    cast = [story for story in cast if story.span_d * DAY_MS <= end_ms - start_ms]
    # One of each before the second of any, should there be fewer customers than roles.
    roles = sorted(
        (turn, story)
        for story in cast
        for turn in range(round(shares[story.name] * customers) or 1)
    )
    chosen = [story for _, story in roles[:customers]]
    indexes = rng.sample(range(customers), len(chosen))
    return {
        index: _planted(rng, index, story, start_ms, end_ms)
        for index, story in zip(indexes, chosen, strict=True)
    }


def _checked(mix: Mapping[str, float] | None) -> Mapping[str, float]:
    if mix is None:
        return dict.fromkeys(stories(), _EACH)
    for name, share in mix.items():
        if name not in stories():
            raise ValueError(f"no story {name!r}; there are: {', '.join(stories())}")
        if not 0 <= share <= 1:
            raise ValueError(f"share of {name} is {share}, not within 0 to 1")
    return mix


def _planted(rng: Random, index: int, story: Story, start_ms: int, end_ms: int) -> Planted:
    span_ms = int(story.span_d * DAY_MS)
    starts_ms = _office_hours(rng, start_ms, end_ms - span_ms)
    return Planted(
        customer_id(index), story.name, starts_ms, starts_ms + span_ms, story.expects, story.silent
    )


def _office_hours(rng: Random, first_ms: int, last_ms: int) -> int:
    """A start between the two, on a Monday to Thursday morning or noon if there is one.

    Deadlines in business time then fall due within a story's span.
    """
    days = range(first_ms // DAY_MS, last_ms // DAY_MS + 1)
    for _ in range(20):
        day_ms = rng.choice(days) * DAY_MS
        at_ms = day_ms + _OPENS_MS + int(rng.random() * _OPEN_MS)
        if weekday(day_ms) <= _THURSDAY and first_ms <= at_ms <= last_ms:
            return at_ms
    return rng.randint(first_ms, last_ms)
