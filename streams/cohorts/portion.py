"""A portion: what one batch of one partition adds to the sums, on its way to the second stage.

A portion tells where touchpoints stood and what they add there, not yet which cohorts those places
belong to: that would be a dozen cells for each, to send, to keep and to read.

Portions of one source partition are numbered and lie in order in the partition they are sent to, so
what arrives again is known and left out. A contribution carries how far time had come where it was
heard: the second stage takes it in when all partitions are past that hour, and not when it happens
to arrive. So what a window holds when it closes depends on the logs alone.
"""

import msgspec
from msgspec import Struct, field

from streams.cohorts.cell import Cell
from streams.cohorts.dimensions import Dims

VERSION = 2
HOUR, DAY = 0, 1


class Page(Struct, array_like=True, gc=False):
    """Sums of one window, heard in one hour.

    Args:
        heard: the hour (epoch hours) in which the partition's watermark stood, or the touchpoint's
            own if that is later.
        kind: ``HOUR`` or ``DAY``.
        window: epoch hour or epoch day.
        places: sums by where touchpoints stood.
        things: sums and marks of an account, an agent or a source, by the name of its cohort.
    """

    heard: int
    kind: int
    window: int
    places: dict[Dims, Cell]
    things: dict[str, Cell]


class Portion(Struct, array_like=True, gc=False):
    """One message to the second stage.

    Args:
        version: of this format.
        source: partition of the touchpoints topic.
        number: rises by at least one from portion to portion of a source.
        told_ms: everything heard before this event time is in this portion or an earlier one.
        pages: what is added.
        erased: hashes of customers who asked to be forgotten.
    """

    version: int
    source: int
    number: int
    told_ms: int
    pages: list[Page] = field(default_factory=list)
    erased: list[int] = field(default_factory=list)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Portion)


def encode(portion: Portion) -> bytes:
    """MessagePack."""
    return _encoder.encode(portion)


def decode(encoded: bytes) -> Portion:
    """A portion.

    Raises:
        ValueError: it is none, or another version's.
    """
    portion = _decoder.decode(encoded)
    if portion.version != VERSION:
        raise ValueError(f"a portion has format {portion.version}, this program reads {VERSION}")
    return portion
