"""The broker's word on what was sent: every future awaited, aiokafka's errors in our own words."""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence

from aiokafka.errors import (
    InvalidProducerEpoch,
    KafkaError,
    MessageSizeTooLargeError,
    ProducerFenced,
)

from streams.kafka.ports import Fenced, NotDurable


async def all_of(futures: Sequence[asyncio.Future]) -> list:
    """Results of every future; the first failure, only once all are done."""
    results = await asyncio.gather(*futures, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """aiokafka's errors in our words."""
    try:
        yield
    except (ProducerFenced, InvalidProducerEpoch) as fault:
        raise Fenced from fault
    except MessageSizeTooLargeError as fault:
        raise NotDurable(
            f"a batch is larger than the topic's max.message.bytes allows ({fault})"
        ) from fault
    except KafkaError as fault:
        cause: BaseException | None = fault
        while cause is not None:  # the sender wraps what killed it
            if isinstance(cause, ProducerFenced | InvalidProducerEpoch):
                raise Fenced from fault
            cause = cause.__cause__
        raise NotDurable(f"{type(fault).__name__}: {fault}") from fault
