"""A worker with a store on disk, across restarts, and a changelog in memory."""

from pathlib import Path

from streams.kafka.disk_store import DiskStore
from streams.kafka.ports import Bounds, Entry, TopicPartition
from streams.kafka.shelf import Shelf
from streams.kafka.store import META_KEY
from tests.kafka.memory import MemoryChangelog, MemoryWriter, World

LOG = TopicPartition("log", 0)


def journey(due_ms: int, rest: bytes = b"x") -> bytes:
    """An encoded journey, as far as anybody looks into it here."""
    return b"\x01" + due_ms.to_bytes(8, "big") + rest


class Named(MemoryChangelog):
    """A changelog whose topic has an id."""

    def __init__(self, world: World, tp: TopicPartition = LOG, name: str = "id-1"):
        super().__init__(world, tp)
        self._name = name

    async def bounds(self) -> Bounds:
        return (await super().bounds())._replace(log=self._name)


async def write(world: World, *entries: Entry, lease: int = 1, commit: bool = True) -> None:
    """One unit of work, committed or given up."""
    writer = MemoryWriter(world, LOG, transactional=True)
    await writer.fence()
    await writer.begin()
    await writer.append(entries, lease)
    if commit:
        await writer.commit()
    else:
        await writer.abort()


def entries(*numbers: int) -> list[Entry]:
    """A journey of each of these customers."""
    return [Entry(b"c%d" % n, journey(n)) for n in numbers]


class House:
    """A worker's folder, its clock, and a changelog, across restarts."""

    def __init__(self, folder: Path):
        self.folder, self.world, self.wall_s, self.topic = folder, World(), 1e9, "id-1"
        self.shelf: Shelf | None = None

    async def started(self) -> tuple[DiskStore, int]:
        """A store as after a restart, and how many records it took."""
        self.shelf = Shelf(self.folder, 384)
        store = DiskStore(self.shelf, LOG.topic, LOG.partition, lambda: self.wall_s)
        return store, await store.restore(Named(self.world, name=self.topic))

    def stopped(self, store: DiskStore) -> None:
        """The process ends, in order."""
        store.close()
        assert self.shelf is not None
        self.shelf._lock.close()


async def filled(house: House) -> None:
    """Ten journeys and their progress, restored once and closed."""
    await write(house.world, *entries(*range(10)), Entry(META_KEY, b"m1"))
    store, count = await house.started()
    assert count == 11
    house.stopped(store)
