"""What the second stage keeps: of a cohort, of one of its hours, of one of its days.

Array-like Structs, one changelog record each: fields are added at the end, with a default.
"""

import msgspec
from msgspec import Struct, field

from streams.cohorts.cell import Cell, Mark
from streams.cohorts.dimensions import Dims

VERSION = 2


class CohortEpisode(Struct, array_like=True, gc=False):
    """The life of one finding about a cohort."""

    alert_id: str
    severity: int
    reason: str
    opened_ms: int
    revision: int = 1
    resolved_ms: int = 0
    changed_ms: int = 0


class Head(Struct, array_like=True, gc=False):
    """One cohort.

    Args:
        since: epoch hour it was first heard of.
        rhythm: its main count by hour, the last one for epoch hour ``rhythm_hour``.
        rhythm_hour: see there; 0 if there is none.
        episodes: by kind of detector.
        marks: of an account, the open ones by episode; of an agent, what waits for its outcome.
    """

    since: int
    rhythm: list[int] = field(default_factory=list)
    rhythm_hour: int = 0
    episodes: dict[str, CohortEpisode] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)


class Window(Struct, array_like=True, gc=False):
    """One hour or day of a cohort.

    Args:
        sums: what is taken in.
        said: how often its record was published; 0 while it is open.
        said_after: the same for what only shows later.
        rolled: of the windows of several days that end with this day, how often each was said.
    """

    sums: Cell = field(default_factory=Cell)
    said: int = 0
    said_after: int = 0
    rolled: list[int] = field(default_factory=list)


class Waiting(Struct, array_like=True, gc=False):
    """What has arrived and is not yet taken in, of one place or thing.

    Args:
        heard: the hour in which it was heard.
        kind, window: which window it is about (``portion.Page``).
        about: where touchpoints stood; or the name of a thing's cohort.
        sums: what is to be added.
    """

    heard: int
    kind: int
    window: int
    about: Dims | str
    sums: Cell


class Source(Struct, array_like=True, gc=False):
    """How far one partition of the touchpoints topic is known: last portion, and event time."""

    number: int = 0
    told_ms: int = 0


class Standing(Struct, array_like=True, gc=False):
    """The meta record of one partition of the second stage."""

    version: int
    partition: int
    next_offset: int
    tick: int = 0
    sources: list[Source] = field(default_factory=list)


encode = msgspec.msgpack.Encoder().encode
head = msgspec.msgpack.Decoder(Head).decode
window = msgspec.msgpack.Decoder(Window).decode
waiting = msgspec.msgpack.Decoder(Waiting).decode
_standing = msgspec.msgpack.Decoder(Standing).decode


def standing(encoded: bytes) -> Standing:
    """Read a meta record.

    Raises:
        ValueError: it was written by another version of this program.
    """
    read = _standing(encoded)
    if read.version != VERSION:
        raise ValueError(f"cohorts have format {read.version}, this program reads {VERSION}")
    return read
