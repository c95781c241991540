"""The garbage collector looks at nothing that a journey keeps: it is a tree, or it could not be
written to the changelog, and what is no longer needed goes by its count of references."""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec

from streams import policy
from streams.cohorts import memory as crowd_memory
from streams.wire.journey import JourneyCodec


def _kept(kind: Any, found: set[type]) -> Iterator[type]:
    """All structs that a value of this type may hold, itself among them."""
    for inner in get_args(kind):
        yield from _kept(inner, found)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in found:
        found.add(kind)
        yield kind
        for held in get_type_hints(kind).values():
            yield from _kept(held, found)


def test_no_struct_of_a_journey_is_looked_through():
    """Every struct within a journey, the memories of all detectors included, says ``gc=False``."""
    codec = JourneyCodec(policy.load().questions, crowd_memory.SLICE)
    journey = codec.blank("c-1", 0)
    kept = {*_kept(type(journey), set()), *_kept(type(journey.memories), set())}
    assert len(kept) > 60
    assert {kind.__name__ for kind in kept if kind.__struct_config__.gc} == set()
