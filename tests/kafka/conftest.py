"""What more than one spec of this folder is given."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.kafka.broker.embedded import EmbeddedBroker
from tests.kafka.disk import House


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    """An embedded broker with one topic of two partitions."""
    with EmbeddedBroker({"cx.t": 2}) as broker:
        yield broker


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A worker's house with nothing in it."""
    return House(tmp_path)
