"""What a journey keeps of the long run: ratings, moments of truth, a diary by the week.

The rules of ``streams.engine.journey`` hold here too: plain values, everything bounded, fields are
added at the end with a default, times are epoch milliseconds of event time. ``joined`` says how two
customers' become one's, whichever of them is asked.
"""

from msgspec import Struct, field

RATINGS_MAX = 5
"""Ratings kept of each kind: the last five are what the scores look at."""
WEEKS_MAX = 14
"""Weeks in the diary: enough to look back 90 days from any day of a week."""
ENTRY = 5
"""Bytes of one week: the index and the four scores, 0 to 100, ``UNKNOWN`` where there is none."""
UNKNOWN = 255


class Rating(Struct, array_like=True, gc=False):
    """One answer or assessment on 0 to 1000, 1000 is best, and how far it lay from what is usual.

    ``own`` is its distance from the mean of the customer's earlier ones of the kind, ``segment``
    from the mean of the segment as the policy has it; None where there is no such mean.
    """

    at_ms: int
    value: int
    own: int | None = None
    segment: int | None = None


class Ratings(Struct, array_like=True, gc=False):
    """All ratings of one kind: how many, their sum, and the last of them, oldest first."""

    n: int = 0
    total: int = 0
    last: list[Rating] = field(default_factory=list)

    def joined(self, other: "Ratings") -> "Ratings":
        """All of both; distances stay what they were when the rating was given."""
        last = sorted([*self.last, *other.last], key=lambda r: (r.at_ms, r.value))
        return Ratings(self.n + other.n, self.total + other.total, last[-RATINGS_MAX:])


class Moment(Struct, array_like=True, gc=False):
    """A moment of truth that was seen; ``missed_ms`` when its standard was, 0 if it was not.

    ``key`` is the kind of the detector that saw it and the object of its episode, with a colon
    between.
    """

    key: str
    at_ms: int
    missed_ms: int = 0
    closed_ms: int = 0


class Diary(Struct, array_like=True, gc=False):
    """The index and the four scores at the turn of each of the last weeks, a byte each.

    ``week`` (since 1970) is that of the last entry, 0 for none; ``n`` and ``total`` count all weeks
    ever and sum their index, so that its mean since any week remembered elsewhere is a difference.
    """

    week: int = 0
    n: int = 0
    total: int = 0
    entries: bytes = b""

    def joined(self, other: "Diary") -> "Diary":
        """Week by week the worse of both: the higher index, the lower score."""
        first, second = sorted((self, other), key=lambda d: (d.week, d.n, d.total, d.entries))
        lag = min(second.week - first.week, WEEKS_MAX)
        kept = first.entries and first.entries + bytes([UNKNOWN]) * lag * ENTRY
        most = max(len(kept), len(second.entries))
        pairs = zip(_padded(kept, most), _padded(second.entries, most), strict=True)
        worse = bytes(_worse(a, b, at % ENTRY == 0) for at, (a, b) in enumerate(pairs))
        longer = max(self, other, key=lambda d: (d.n, d.total))
        return Diary(second.week, longer.n, longer.total, worse[-WEEKS_MAX * ENTRY :])


def _padded(entries: bytes, most: int) -> bytes:
    return bytes([UNKNOWN]) * (most - len(entries)) + entries


def _worse(one: int, other: int, higher: bool) -> int:
    known = [value for value in (one, other) if value != UNKNOWN]
    if not known:
        return UNKNOWN
    return max(known) if higher else min(known)
