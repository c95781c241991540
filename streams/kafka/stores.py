"""Which kind of journey store a partition gets."""

from collections.abc import Callable
from functools import partial

from streams.kafka.disk_store import DiskStore
from streams.kafka.ports import TopicPartition
from streams.kafka.shelf import Shelf
from streams.kafka.store import JourneyStore
from streams.settings import Settings


class Stores:
    """The stores of one worker.

    Only the touchpoints' journeys grow with the customers; what other lanes keep stays in memory.

    Args:
        settings: of the deployment.
        many: real name of the source topic whose journeys may be too many for memory.

    Raises:
        Refusal: ``store_unusable``.
    """

    def __init__(self, settings: Settings, many: str) -> None:
        self._many = many
        self._shelf: Shelf | None = None
        if settings.store == "disk":
            self._shelf = Shelf(settings.store_dir / settings.app_id, settings.memory_mb)

    def of(self, tp: TopicPartition, changelog: str) -> Callable[[], JourneyStore]:
        """What makes the store of a source partition.

        Args:
            tp: topic and partition of the source.
            changelog: real name of its changelog topic.
        """
        if self._shelf is None or tp.topic != self._many:
            return JourneyStore
        return partial(DiskStore, self._shelf, changelog, tp.partition)
