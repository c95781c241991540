"""How a client of the broker is started: patiently, and never left half open."""

import asyncio

import pytest
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaError,
    NodeNotReadyError,
    TopicAuthorizationFailedError,
)

from streams.kafka.client import started, unanswered
from streams.kafka.ports import TopicPartition, Unanswered
from streams.kafka.reasons import of_lane


class Scripted:
    """A client whose broker behaves as told: one failure per start, then it answers."""

    def __init__(self, failures: list[BaseException]):
        self.failures, self.open = failures, 0

    async def start(self) -> None:
        self.open += 1
        if self.failures:
            raise self.failures.pop(0)

    async def stop(self) -> None:
        self.open -= 1


NOBODY = [
    KafkaConnectionError("Unable to bootstrap"),
    NodeNotReadyError(),
    AssertionError("Did we not perform bootstrap?"),
    OSError("Connection refused"),
]


def test_it_asks_again_while_no_broker_answers():
    """A broker that froze while a lane was being opened costs time, not the worker."""
    client = Scripted(NOBODY[:2])
    assert asyncio.run(started(lambda: client)) is client
    assert client.open == 1, "each failed start was let go of"


def test_it_gives_up_by_name():
    """After the patience the caller hears that nobody answered, and a person what to do."""
    client = Scripted(list(NOBODY))
    with pytest.raises(Unanswered) as heard:
        asyncio.run(started(lambda: client, patience_s=0))
    assert client.open == 0
    refusal = of_lane(TopicPartition("cx.touchpoints.v1", 3), heard.value)
    assert refusal.name == "broker_lost" and "cx.touchpoints.v1[3]" in refusal.what


def test_a_refusal_is_not_asked_again():
    """Who may not, may not: the broker's own words go up at once."""
    client = Scripted([TopicAuthorizationFailedError("cx")])
    with pytest.raises(TopicAuthorizationFailedError):
        asyncio.run(started(lambda: client))
    assert client.open == 0


@pytest.mark.parametrize("fault", NOBODY, ids=lambda fault: type(fault).__name__)
def test_what_means_that_nobody_answered(fault):
    """Also when aiokafka has wrapped it into its general error."""
    wrapped = KafkaError("during delivery")
    wrapped.__cause__ = fault
    assert unanswered(fault) and unanswered(wrapped)


def test_what_does_not():
    """Our own broken assertions are our own."""
    assert not unanswered(AssertionError("wake not moved"))
    assert not unanswered(KafkaError("refused"))
