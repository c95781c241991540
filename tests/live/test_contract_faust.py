"""Every internal of Faust that we override or lean on, held by a hash of its source.

A failing test here means: the code beneath changed. Read its diff against the reason in the test's
docstring and in ``docs/decisions``, run the live tests, and only then put in the new hash.
"""

import hashlib
import inspect
from collections.abc import Callable

import faust
from faust.app.base import App, BootStrategy
from faust.serializers.schemas import Schema
from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery
from faust.transport import conductor, consumer
from faust.transport.drivers import aiokafka as driver
from mode.threads import ServiceThread

from streams.agents.whole import Whole
from streams.app import Boot, Throughline
from streams.kafka.reader import Reader
from streams.kafka.transport import Consumer, Transport


def source_hash(thing: Callable | type) -> str:
    """Twelve hex digits of a function's or class's source; of mode's tasks, the function's."""
    thing = getattr(thing, "fun", thing)
    return hashlib.blake2b(inspect.getsource(thing).encode(), digest_size=6).hexdigest()


def unchanged(thing: Callable | type, known: str) -> None:
    """Fail when upstream has changed what we know it to be."""
    now = source_hash(thing)
    assert now == known, f"{thing} changed upstream: {known} -> {now}"


def test_versions_are_the_ones_these_hashes_are_of():
    """All of this is true of Faust 0.15.3 only."""
    assert faust.__version__ == "0.15.3"


def test_drain_messages():
    """Overridden. It marks an offset as read whether or not the message was delivered, files what
    was not under gaps, and commits over gaps (A1, A2); and it goes message by message."""
    assert Consumer._drain_messages is not consumer.Consumer._drain_messages
    unchanged(consumer.Consumer._drain_messages, "b62bd6539aeb")


def test_getmany():
    """Bypassed by our fetch loop. It drops records of partitions that are not active (A3), and
    seeks to committed offsets when flow is suspended."""
    unchanged(consumer.Consumer.getmany, "5c87d5d37428")


def test_perform_seek():
    """Overridden with nothing. It seeks every partition to its committed offset each time flow
    resumes, while lanes have sought to their own progress."""
    unchanged(consumer.Consumer.perform_seek, "3abec3df46b4")


def test_commit():
    """Overridden. It commits what Faust's ack lists say; ours commits what lanes have applied. The
    commit timer that calls it is Faust's."""
    unchanged(consumer.Consumer.commit, "ca4e85d024ef")
    unchanged(consumer.Consumer._commit_handler, "b4ef67a5eece")


def test_wait_empty():
    """Leaned on: with ``acks=False`` no message is ever tracked, so it only commits."""
    unchanged(consumer.Consumer.wait_empty, "75adf6c03e52")


def test_on_partitions_revoked():
    """Overridden: lanes drain and commit first. It forgets partitions before it waits for what is
    in flight, so nothing since the last timer was committed (B1)."""
    unchanged(consumer.Consumer.on_partitions_revoked, "bff85c032527")
    unchanged(App._on_partitions_revoked, "289e06db160c")


def test_on_partitions_assigned():
    """Overridden: lanes are opened, not awaited, because aiokafka sends no heartbeat while this
    callback runs."""
    unchanged(consumer.Consumer.on_partitions_assigned, "cb323f47e1bb")
    unchanged(App._on_partitions_assigned, "87d6dabfbdaf")


def test_the_rebalance_listener():
    """Leaned on: it sets ``consumer_generation_id`` and calls the main loop from the thread."""
    unchanged(driver.ConsumerRebalanceListener, "7dfbfdb8cd03")
    unchanged(consumer.ThreadDelegateConsumer, "c30d7ed4e84f")


def test_verify_event_path():
    """Overridden with nothing. The livelock detector goes by Faust's acks, which we do not keep,
    and crashes before the consumer is up (C8); our watchdog goes by what lanes apply."""
    unchanged(driver.Consumer.verify_event_path, "64f42f2013b4")
    unchanged(consumer.Consumer._commit_livelock_detector, "1ed7ae3bb4a8")


def test_to_message():
    """Imitated by ``_as_message``: a batch becomes one ConsumerMessage, without any header of its
    records, so that ``Faust-Ag-ReplyTo`` never reaches an agent."""
    unchanged(driver.Consumer._to_message, "54f816ca1d22")


def test_new_consumer_thread():
    """Overridden: our thread in place of Faust's."""
    assert issubclass(Reader, driver.AIOKafkaConsumerThread)
    unchanged(driver.Consumer._new_consumer_thread, "991867355aba")


def test_create_worker_consumer():
    """Overridden. Faust's reads uncommitted records unless in its own exactly-once mode (A11),
    falls back to the earliest offset when ours is gone (so a loss passes in silence), and lets a
    fetch wait 1.5 s, which a seek has to sit out."""
    unchanged(driver.AIOKafkaConsumerThread._create_worker_consumer, "9246a21942b3")


def test_thread_start_and_fetch():
    """``on_start`` is extended (heartbeats noted); ``_fetch_records`` is imitated by ``_fetch``."""
    unchanged(driver.AIOKafkaConsumerThread.on_start, "5550ff514f9b")
    unchanged(driver.AIOKafkaConsumerThread.__post_init__, "dd2c62b1dafa")
    unchanged(driver.AIOKafkaConsumerThread._fetch_records, "8e15801cd1ae")


def test_the_thread_has_a_loop_of_its_own():
    """Leaned on: ``thread_loop`` is where aiokafka lives; we send coroutines there ourselves."""
    unchanged(ServiceThread.__init__, "8fa67d930f16")


def test_recovery_resumes_streams():
    """Leaned on: without tables it only seeks (nothing, see above), clears queues, and lets flow
    resume. What is cleared was fetched before a seek of ours, or is read again."""
    unchanged(Recovery._resume_streams, "65a824f3789d")
    unchanged(TableManager.on_start, "ff7f72f993a6")


def test_the_conductor_delivers_to_agents():
    """Leaned on: one message, one put into the agent's queue, in order per partition."""
    unchanged(conductor.ConductorCompiler.build, "e37d7ab0a66a")
    unchanged(conductor.Conductor._subscriber, "ddd387dc8b95")


def test_a_schema_that_decodes_nothing():
    """Overridden ``loads_key`` and ``loads_value``: the value already is a batch."""
    assert issubclass(Whole, Schema)
    unchanged(Schema.compile, "46a59f0edae9")


def test_transport_directories_and_boot():
    """Overridden: our transport, nothing on disk, no producer (lanes have theirs), no server."""
    assert issubclass(Transport, driver.Transport) and issubclass(Throughline, App)
    assert issubclass(Boot, BootStrategy)
    unchanged(App._new_transport, "bcd71ef2af8c")
    unchanged(App._create_directories, "5f68f68ff65c")
    unchanged(BootStrategy, "60e6bcab0e33")
