"""The broker that is always there: librdkafka's mock broker, reachable over loopback by anybody.

It speaks Kafka's protocol well enough for a real worker, and forgets everything at the end. What
holds, each line by a test in ``tests/kafka/test_broker_embedded*.py``:

* produce (single records, whole batches), headers, record timestamps, null keys and values;
* a group of one: it joins in milliseconds, commits, resumes, starts from ``earliest``. After it
  has left, the next one waits for its session timeout less a second;
* idempotent producers; ``read_committed`` readers of what was written without a transaction.

And what does not, so that nobody builds on it:

* **a group of two**: whether a second aiokafka member gets in is a race it can lose with
  ``InvalidRequestError``, after a wait of the session timeout less a second. One worker only;
* **transactions**: commit and abort answer well, but nothing is rolled back, nobody is fenced and
  the markers have no valid checksum: a reader stops there with ``CorruptRecordException``;
* **memory**: each partition keeps its last 5 MiB (or 100,000 batches) and drops older batches in
  silence. A reader or a restore that falls behind that finds the log's start moved;
* **compaction, retention, admin calls** (create topics, describe configs): none;
* **waking a waiting fetch**: an empty fetch waits its whole ``fetch_max_wait_ms`` even when
  records arrive meanwhile. So that setting *is* the latency: use ``FETCH_MAX_WAIT_MS``;
* **filling a fetch**: one answer carries one produced batch per partition, however small. Many
  small batches are slow to read: let producers linger;
* the timestamp in a produce acknowledgement is a constant and means nothing.
"""

from collections.abc import Mapping
from typing import Self

from streams.kafka.broker.librdkafka import MockCluster
from streams.kafka.broker.unavailable import BrokerUnavailable

PARTITIONS_DEFAULT = 4
"""What a topic gets that is created by being used; fixed inside librdkafka."""

FETCH_MAX_WAIT_MS = 20
"""A fair price: 20 ms of latency for 50 empty fetches a second, about 6 % of a core when idle.
Faust's own setting is fixed at 1,500 ms: a worker on this broker has to override it."""

LOG_BYTES_MAX = 5 * 1024 * 1024
"""What one partition keeps, in bytes of record batches; fixed inside librdkafka."""


class EmbeddedBroker:
    """A broker in this process, on a free loopback port, as a context manager.

    Args:
        topics: topics to create at once, name to partition count. Any other topic springs up with
            ``PARTITIONS_DEFAULT`` partitions when it is first used.
        join_delay_ms: how long a group's first member waits for others to join with it.

    Raises:
        BrokerUnavailable: librdkafka would not start it, or refused a topic.
    """

    def __init__(self, topics: Mapping[str, int] | None = None, join_delay_ms: int = 0):
        try:
            self._cluster = MockCluster(join_delay_ms)
        except (OSError, AttributeError) as refusal:
            raise BrokerUnavailable(
                "The embedded broker did not start.",
                f"librdkafka, as confluent-kafka brings it, said: {refusal}",
                "Install the locked versions (make setup), or use another --broker.",
            ) from refusal
        for name, partitions in (topics or {}).items():
            self.create_topic(name, partitions)

    @property
    def bootstrap(self) -> str:
        """``host:port`` for clients, in this process or any other on this machine."""
        return self._cluster.bootstrap

    def create_topic(self, name: str, partitions: int) -> None:
        """Create a topic with this many partitions.

        Raises:
            BrokerUnavailable: it exists already, or the count is not positive.
        """
        if partitions < 1 or self._cluster.create_topic(name, partitions) != 0:
            raise BrokerUnavailable(
                f"The embedded broker did not create the topic {name}.",
                f"It exists already, or {partitions} partitions cannot be.",
                "Create each topic once, before anybody uses it.",
            )

    def refuse(self, api_key: int, error_code: int, times: int = 1) -> None:
        """Fail the next requests of one kind, whoever sends them: a fault for tests.

        Args:
            api_key: Kafka's number of the request, e.g. 0 for Produce, 1 for Fetch.
            error_code: Kafka's number of the error, e.g. 29 for TOPIC_AUTHORIZATION_FAILED.
            times: how many requests to fail.
        """
        self._cluster.refuse(api_key, [error_code] * times)

    def close(self) -> None:
        """End it; every record is gone."""
        self._cluster.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
