"""A partition's progress to bytes and back: the meta record of the changelog.

It is written in the same record batch as the journeys it belongs to, so that state and progress
cannot tear.
"""

from collections.abc import Mapping

import msgspec

from streams.engine.sources import Sources
from streams.engine.watermark import Watermark

KEY = b"\x00progress"
"""Changelog key of the meta record. No customer id contains a control character."""

VERSION = 1


class Progress(msgspec.Struct, array_like=True, gc=False):
    """How far one partition has come.

    Args:
        version: format number.
        partition: partition of the source topic.
        next_offset: first offset not yet applied.
        watermark: event time so far and the wall-clock steps it took.
        crowd: what was collected of the partition's crowd (``streams.cohorts``), as it encodes it.
        erased: hash and time of customers erased lately (``streams.engine.admission``).
        sources: those without which no absence is believed (``streams.engine.sources``).
        incidents: of cohorts: id and beginning by cohort (``streams.cohorts.incidents``).
    """

    version: int
    partition: int
    next_offset: int
    watermark: Watermark
    crowd: bytes = b""
    erased: list[tuple[int, int]] = []
    sources: Sources = msgspec.field(default_factory=Sources)
    incidents: dict[str, tuple[str, int]] = {}


BEGINNING = Progress(VERSION, 0, 0, Watermark())
"""Of a partition of which nothing was read."""

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Progress)


def encode(
    partition: int,
    next_offset: int,
    watermark: Watermark,
    crowd: bytes = b"",
    erased: Mapping[int, int] | None = None,
    sources: Sources | None = None,
    incidents: dict[str, tuple[str, int]] | None = None,
) -> bytes:
    """The meta record's value."""
    lately, watched = list((erased or {}).items()), sources or Sources()
    return _encoder.encode(
        Progress(
            VERSION, partition, next_offset, watermark, crowd, lately, watched, incidents or {}
        )
    )


def decode(encoded: bytes) -> Progress:
    """Read a meta record's value.

    Raises:
        msgspec.MsgspecError: it is not one.
        ValueError: it was written by another version of this program.
    """
    progress = _decoder.decode(encoded)
    if progress.version != VERSION:
        raise ValueError(f"progress has format {progress.version}, this program reads {VERSION}")
    return progress
