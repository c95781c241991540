"""What a journey keeps of the long run: ratings, moments of truth, a diary by the week.

The rules of ``streams.engine.journey`` hold here too: plain values, everything bounded, fields are
added at the end with a default, times are epoch milliseconds of event time.
"""

from msgspec import Struct, field


class Rating(Struct, array_like=True, gc=False):
    """One answer or assessment on 0 to 1000, 1000 is best, and how far it lay from what is usual.

    ``own`` is its distance from the mean of the customer's earlier ones of the kind, ``segment``
    from the mean of the segment as the policy has it; None where there is no such mean.
    """

    at_ms: int
    value: int
    own: int | None = None
    segment: int | None = None


class Ratings(Struct, array_like=True):
    """All ratings of one kind: how many, their sum, and the last of them, oldest first."""

    n: int = 0
    total: int = 0
    last: list[Rating] = field(default_factory=list)


class Moment(Struct, array_like=True, gc=False):
    """A moment of truth that was seen; ``missed_ms`` when its standard was, 0 if it was not."""

    kind: str
    object: str
    at_ms: int
    missed_ms: int = 0
    closed_ms: int = 0


class Diary(Struct, array_like=True):
    """The index and the four scores at the turn of each of the last weeks, a byte each.

    ``week`` (since 1970) is that of the last entry; ``n`` and ``total`` count all weeks ever and
    sum their index, so that its mean since any week remembered elsewhere is a difference.
    """

    week: int = 0
    n: int = 0
    total: int = 0
    entries: bytes = b""
