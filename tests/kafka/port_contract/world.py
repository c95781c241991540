"""A world that lanes live in, as far as its promises can be asked for: places, and what is done there."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from streams.engine.record import Record, Send
from streams.kafka.ports import Batch, Changelog, Entry, Source, TopicPartition, Writer

ALERTS = "alerts.effort.v1"

#: Larger than one RecordBatch may be in these worlds, in small entries.
TOO_MUCH = [Entry(b"k%d" % n, b"x" * 2_000) for n in range(60)]
BATCH_BYTES = 65_536

_PATIENCE_S = 20.0


class Reading(Protocol):
    """A consumer that is the only member of its group, with somebody to take its batches."""

    source: Source

    async def batch(self) -> Batch:
        """The next batch of the source partition."""

    async def commit(self, offset: int) -> None:
        """Commit the group's offset of the source partition."""


class Place(Protocol):
    """One deployment with one partition, in one world, with names of its own."""

    tp: TopicPartition
    changelog: Changelog

    def writer(self, transactional: bool) -> Writer:
        """A producer of the lane; each call gives another instance, as another process would."""

    async def produce(self, values: Sequence[bytes]) -> None:
        """Somebody writes to the source topic."""

    async def produce_in_transaction(self, values: Sequence[bytes]) -> Callable[[bool], Awaitable]:
        """Somebody writes to it in a transaction; ends it, committed or not, when called, and waits
        for the marker."""

    async def alerts(self) -> list[bytes]:
        """Values a committed reader finds in the alerts topic."""

    async def delete_before(self, offset: int) -> None:
        """Retention removes the source's records below an offset."""

    def reading(self) -> AbstractAsyncContextManager[Reading]:
        """A consumer of the source topic, assigned."""


def alert(value: bytes) -> Send:
    """One alert."""
    return Send(ALERTS, b"c1", value, (("kind", b"test"),), 1_000)


async def in_a_transaction(writer: Writer, entries: Sequence[Entry]) -> None:
    """Begin one and write to it."""
    await writer.begin()
    await writer.append(entries, 1)


async def entries_of(changelog: Changelog) -> list[Record]:
    """All that a restore would read."""
    bounds = await changelog.bounds()
    return [
        record
        async for records, _ in changelog.read(bounds.start, bounds.end)
        for record in records
    ]


async def eventually(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so; what is decided need not show at once."""
    for _ in range(int(_PATIENCE_S / 0.05)):
        if await is_so():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never came to be")


class World(ABC):
    """What a list of promises needs of a world: how to make a place, and to run a coroutine."""

    @abstractmethod
    async def place(self) -> Place:
        """A new place, its topics made."""

    @abstractmethod
    def run(self, story: Coroutine[Any, Any, None]) -> None:
        """Run a story to its end."""
