"""Journey to bytes and back.

Layout: one version byte, eight bytes of the next due time (big-endian milliseconds, so that a
restore can plan timers without decoding), then MessagePack. The memories part is a map from a
detector's kind to its own slice, so that detectors come and go without a new version.
"""

from collections.abc import Sequence

import msgspec

from streams.engine.journey import Journey
from streams.engine.judgement import Question

VERSION = b"\x01"
HEADER_BYTES = 9


class UnknownVersion(ValueError):
    """The encoded journey was written by a newer version of this program."""


class JourneyCodec:
    """Encodes and decodes journeys of one catalogue of detectors.

    Args:
        questions: the detectors whose memories a journey may hold.
    """

    def __init__(self, questions: Sequence[Question]) -> None:
        fields = [
            (q.kind, q.detector.memory | None, None)
            for q in sorted(questions, key=lambda q: q.kind)
            if q.detector.memory is not None
        ]
        self._memories = msgspec.defstruct("Memories", fields, omit_defaults=True)
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(Journey[self._memories])

    def blank(self, customer_id: str, at_ms: int) -> Journey:
        """A new customer's journey, first heard of at that event time."""
        return Journey(customer_id, at_ms, at_ms, memories=self._memories())

    def encode(self, journey: Journey) -> bytes:
        """Version byte, next due time, MessagePack."""
        return VERSION + journey.next_due_ms.to_bytes(8, "big") + self._encoder.encode(journey)

    def decode(self, encoded: bytes) -> Journey:
        """The journey.

        Raises:
            UnknownVersion: its version byte is not ours.
            msgspec.MsgspecError: it is not what that version promises.
        """
        if encoded[:1] != VERSION:
            raise UnknownVersion(
                f"a journey has format {encoded[:1]!r}, this program reads {VERSION!r}: "
                "it was written by another version; run that version or restore from the topic"
            )
        return self._decoder.decode(memoryview(encoded)[HEADER_BYTES:])


def next_due_ms(encoded: bytes) -> int:
    """The next due time in an encoded journey's header; 0 for none."""
    return int.from_bytes(encoded[1:HEADER_BYTES], "big")
