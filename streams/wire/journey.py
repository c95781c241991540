"""Journey to bytes and back.

Layout: one version byte, eight bytes of the next due time (big-endian milliseconds, so that a
restore can plan timers without decoding), then MessagePack. The memories part is a map from a
detector's kind to its own slice, so that detectors come and go without a new version. An alias (a
customer id whose journey joined another's) lies in the same store under a version byte of its own.

A journey that has grown is packed (LZ4 block, its length before it), under another version byte:
ids, instants and names of detectors come again and again in it, so two fifths go for a few
microseconds. One that has not is not worth them. Both kinds are read whatever their size.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from cramjam import DecompressionError, lz4

from streams.engine.identity_kept import Alias
from streams.engine.journey import Journey
from streams.engine.judgement import Question

VERSION = b"\x03"
PACKED_VERSION = b"\x04"
PACKED_ABOVE_BYTES = 2_048
ALIAS_VERSION = b"\x81"
HEADER_BYTES = 9


class UnknownVersion(ValueError):
    """The encoded journey was written by a newer version of this program."""


class JourneyCodec:
    """Encodes and decodes journeys of one catalogue of detectors.

    Args:
        questions: the detectors whose memories a journey may hold.
        others: further slices by name, kept beside them.
    """

    def __init__(
        self, questions: Sequence[Question], others: Mapping[str, Any] | None = None
    ) -> None:
        slices = {q.kind: q.detector.memory for q in questions if q.detector.memory is not None}
        slices |= others or {}
        fields = [(kind, slices[kind] | None, None) for kind in sorted(slices)]
        self._memories = msgspec.defstruct("Memories", fields, omit_defaults=True, gc=False)
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(Journey[self._memories])
        self._alias_decoder = msgspec.msgpack.Decoder(Alias)

    def blank(self, customer_id: str, at_ms: int) -> Journey:
        """A new customer's journey, first heard of at that event time."""
        return Journey(customer_id, at_ms, at_ms, memories=self._memories())

    def encode(self, journey: Journey | Alias) -> bytes:
        """Version byte, next due time, MessagePack, packed if it is large."""
        version = ALIAS_VERSION if journey.__class__ is Alias else VERSION
        content = self._encoder.encode(journey)
        if len(content) > PACKED_ABOVE_BYTES:
            version, content = PACKED_VERSION, bytes(lz4.compress_block(content))
        return version + journey.next_due_ms.to_bytes(8, "big") + content

    def decode(self, encoded: bytes) -> Journey:
        """The journey; or the ``Alias``, where ``is_alias`` says so.

        Raises:
            UnknownVersion: its version byte is not ours.
            msgspec.MsgspecError: it is not what that version promises.
        """
        if encoded[:1] == ALIAS_VERSION:
            return self._alias_decoder.decode(memoryview(encoded)[HEADER_BYTES:])
        return self._decoder.decode(unpacked(encoded))


def unpacked(encoded: bytes) -> bytes | memoryview:
    """The MessagePack in an encoded journey.

    Raises:
        UnknownVersion: its version byte is not ours.
        msgspec.DecodeError: it was packed and is damaged.
    """
    content = memoryview(encoded)[HEADER_BYTES:]
    if encoded[:1] == VERSION:
        return content
    if encoded[:1] == PACKED_VERSION:
        try:
            return bytes(lz4.decompress_block(content))
        except DecompressionError as error:
            raise msgspec.DecodeError(f"a packed journey is damaged: {error}") from None
    raise UnknownVersion(
        f"a journey has format {encoded[:1]!r}, this program reads {VERSION!r} and "
        f"{PACKED_VERSION!r}: it was written by another version; run that version or restore "
        "from the topic"
    )


def is_alias(encoded: bytes) -> bool:
    """Whether that is kept under an id whose journey has joined another's."""
    return encoded[:1] == ALIAS_VERSION


def next_due_ms(encoded: bytes) -> int:
    """The next due time in an encoded journey's header; 0 for none."""
    return int.from_bytes(encoded[1:HEADER_BYTES], "big")
