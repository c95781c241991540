"""A worker's life against a real Kafka: time without traffic, refusals, refused writes, intake."""

import asyncio
import signal
import time

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.admin.records_to_delete import RecordsToDelete

from tests.live.workers import (
    Deployment,
    admin_does,
    caught_up,
    deployed,
    ended,
    eventually,
    kept,
    oracle,
    produce,
    read_all,
    terminate,
    wait_for,
)


def test_a_timer_fires_with_no_traffic_and_through_a_restart(kafka, tmp_path):
    """A timer set before a restart fires after it, once, although nothing arrives any more."""

    async def story(place) -> None:
        due_ms = int(time.time() * 1_000) + 4_000
        await produce(place, 40, customers=40, value=b"due=%d" % due_ms)
        first = place.start()
        await caught_up(place)
        assert await asyncio.to_thread(terminate, first) == 0
        second = place.start()
        alerts = place.settings.topic("alerts.friction.v1")

        async def fired():
            return await read_all(place.settings, alerts)

        assert await fired() == [] or time.time() * 1_000 > due_ms
        customers = len(await kept(place.settings))
        await eventually(lambda: enough(fired, customers))
        await asyncio.sleep(1.5)
        said = await fired()
        assert len(said) == len({record.key for record in said}) == customers
        assert all(record.timestamp == due_ms for record in said)
        assert await asyncio.to_thread(terminate, second) == 0

    async def enough(fired, count):
        return len(await fired()) >= count

    with deployed(kafka.bootstrap, tmp_path) as place:
        asyncio.run(story(place))


def test_no_broker_is_three_lines_and_exit_3(tmp_path):
    """What, why, what to do; no traceback."""
    place = Deployment("127.0.0.1:9", tmp_path)
    code, said = ended(place.start())
    lines = [line for line in said.splitlines() if "Unable connect" not in line]
    assert code == 3
    assert [line.split()[0] for line in lines] == ["no_broker:", "why:", "do:"]


def test_wrong_partition_count_is_refused(kafka, tmp_path):
    """A topic with another partition count than configured: refused, with what to do."""
    with deployed(kafka.bootstrap, tmp_path) as place:
        place.settings = place.settings.model_copy(update={"partitions": 5})
        code, said = ended(place.start())
        assert code == 3 and said.startswith("topic_partitions: ")
        assert "THROUGHLINE_PARTITIONS=4" in said


def test_a_log_that_cannot_serve_our_progress_is_refused(kafka, tmp_path):
    """Records deleted before anybody read them: refused; with accept_loss it goes on. A topic
    recreated, so that it ends before our progress: refused."""

    async def delete(admin) -> None:
        places = {TopicPartition(place.touchpoints, p): RecordsToDelete(400) for p in range(4)}
        await admin.delete_records(places)

    async def recreate(admin) -> None:
        await admin.delete_topics([place.touchpoints])
        await asyncio.sleep(1.0)
        await admin.create_topics([NewTopic(place.touchpoints, 4, 1)])

    with deployed(kafka.bootstrap, tmp_path) as place:
        asyncio.run(produce(place, 400))
        worker = place.start()
        asyncio.run(caught_up(place))
        assert terminate(worker) == 0
        asyncio.run(produce(place, 4_000))
        asyncio.run(admin_does(place, delete))
        code, said = ended(place.start())
        assert code == 3 and "unread_deleted: " in said
        worker = place.start(THROUGHLINE_ACCEPT_LOSS="true")
        wait_for(worker, "running 12")
        wait_for(worker, "lag 0")
        assert terminate(worker) == 0
        asyncio.run(admin_does(place, recreate))
        code, said = ended(place.start())
        assert code == 3 and "source_truncated: " in said


def test_a_refused_write_ends_it_and_nothing_is_lost(kafka, tmp_path):
    """The broker no longer takes our alerts: exit 1 with the reason, nothing committed past it;
    once mended, a restart makes it whole."""

    def limit(size: str):
        async def alter(admin) -> None:
            topic = place.settings.topic("alerts.effort.v1")
            await admin.alter_configs(
                [ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": size})]
            )

        return alter

    with deployed(kafka.bootstrap, tmp_path) as place:
        asyncio.run(produce(place, 2_000))
        worker = place.start()
        asyncio.run(caught_up(place))
        asyncio.run(admin_does(place, limit("80")))
        asyncio.run(produce(place, 4_000))
        code, said = ended(worker)
        assert code == 1 and "write_refused: " in said
        assert "Traceback" not in said
        asyncio.run(admin_does(place, limit("1000000")))
        worker = place.start()
        asyncio.run(caught_up(place))
        assert terminate(worker) == 0
        asyncio.run(oracle(place))


def test_the_groups_offset_tells_the_lag(kafka, tmp_path):
    """What the group has committed is what is applied, so any Kafka tool shows the lag; Ctrl-C
    is as good an order to stop as SIGTERM, and quick."""

    async def committed() -> int:
        admin = AIOKafkaAdminClient(bootstrap_servers=place.settings.bootstrap)
        await admin.start()
        try:
            offsets = await admin.list_consumer_group_offsets(place.settings.app_id)
            return sum(at.offset for tp, at in offsets.items() if tp.topic == place.touchpoints)
        finally:
            await admin.close()

    with deployed(kafka.bootstrap, tmp_path) as place:
        asyncio.run(produce(place, 2_000))
        worker = place.start()
        asyncio.run(caught_up(place))
        began_s = time.monotonic()
        worker.send_signal(signal.SIGINT)
        assert worker.wait(10) == 0
        assert time.monotonic() - began_s < 3
        assert asyncio.run(committed()) == 2_000


def test_a_worker_that_is_stuck_ends_itself(kafka, tmp_path):
    """Never up and idle with lag: a main loop that no longer turns is ended from outside it, with
    the place where it hangs; nothing was committed, and a restart makes it whole."""
    with deployed(kafka.bootstrap, tmp_path, stall_after_s=5.0) as place:
        asyncio.run(produce(place, 500))
        code, said = ended(place.start(module="tests.live.stuck_worker"))
        assert code == 1 and "stuck: " in said and "stuck_worker.py" in said
        assert asyncio.run(kept(place.settings)) == {}
        worker = place.start()
        asyncio.run(caught_up(place))
        assert terminate(worker) == 0
        asyncio.run(oracle(place))


def test_a_setting_that_cannot_be_is_said_plainly(kafka, tmp_path):
    """A policy file with an unknown key: refused before anything is started."""
    policy = tmp_path / "policy.toml"
    policy.write_text('version = "x"\n[effort]\nnonsense = 1\n')
    place = Deployment(kafka.bootstrap, tmp_path, policy=policy)
    code, said = ended(place.start(module="tests.live.real_worker"))
    assert code == 3 and said.startswith("policy_invalid: ") and "effort.nonsense" in said
