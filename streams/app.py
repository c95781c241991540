"""The wiring: the only file that knows everyone. A function makes the app; nothing is global."""

from collections.abc import Callable

import faust
from faust.app.base import BootStrategy

from streams import policy
from streams.agents.cohorts import add_cohorts
from streams.agents.feedback import add_feedback
from streams.agents.feedback_line import FeedbackLine
from streams.agents.intake import add_intake
from streams.agents.intake_line import IntakeLine
from streams.agents.journeys import add_journeys
from streams.agents.wakes import add_wakes
from streams.cohorts.collector import Crowd
from streams.cohorts.line import CohortLine
from streams.kafka import steps, topics
from streams.kafka.changelog import KafkaChangelog
from streams.kafka.lanes import Fittings, Lanes
from streams.kafka.life import Life
from streams.kafka.ports import Limits, Line, TopicPartition
from streams.kafka.rig import Rig
from streams.kafka.standby import KafkaFollower
from streams.kafka.stores import Stores
from streams.kafka.transport import Transport
from streams.kafka.world import RealClock, RealConsumer
from streams.kafka.writer import SharedProducer, SharedWriter, TransactionalWriter
from streams.line import Line as RealLine
from streams.settings import Settings

LineFactory = Callable[[Settings], Line]


class Boot(BootStrategy):
    """Faust without its producer (lanes have their own) and without its web server."""

    enable_kafka_producer = False
    enable_web = False


class Throughline(faust.App):
    """A Faust app with lanes.

    Attributes:
        settings: of the deployment.
        lanes: one per assigned partition.
        life: whether the worker goes on, and why it ends.
        shared: the producer all lanes share where there are no transactions.
        follower: follows what others own, where that is asked for.
    """

    BootStrategy = Boot

    settings: Settings
    lanes: Lanes
    life: Life
    shared: SharedProducer
    follower: KafkaFollower

    def _new_transport(self) -> Transport:
        return Transport(self.conf.broker_consumer, self)

    def _create_directories(self) -> None:
        """Nothing is kept on disk."""


def build_app(settings: Settings, line_factory: LineFactory | None = None) -> Throughline:
    """The app of one worker, not started.

    Args:
        settings: of the deployment.
        line_factory: gives the line of the touchpoints topic; the real one if not given.
    """
    app = Throughline(
        settings.app_id,
        broker=";".join(f"kafka://{address}" for address in settings.bootstrap),
        broker_session_timeout=settings.session_timeout_s,
        broker_request_timeout=max(settings.request_timeout_s, settings.session_timeout_s + 5),
        broker_rebalance_timeout=settings.rebalance_s,
        broker_commit_interval=settings.commit_every_s,
        broker_max_poll_interval=settings.rebalance_s * 4,
        consumer_auto_offset_reset="earliest",
        stream_buffer_maxsize=64,
        stream_wait_empty=False,
        stream_recovery_delay=0.0,
        topic_allow_declare=False,
        topic_disable_leader=True,
        topic_partitions=settings.partitions,
        web_enabled=False,
        reply_create_topic=False,
        store="memory://",
        loghandlers=[],
    )
    app.settings = settings
    app.life = Life(settings.shutdown_s, settings.stall_after_s)
    app.shared = SharedProducer(settings)
    app.follower = KafkaFollower(settings, lambda source: topics.changelog_of(settings, source))
    app.lanes = _lanes(app, line_factory or real_line)
    add_journeys(app, settings.topic(topics.TOUCHPOINTS))
    add_feedback(app, settings.topic(topics.FEEDBACK))
    add_cohorts(app, settings.topic(topics.PORTIONS))
    add_intake(app, settings.sources)
    add_wakes(app, settings.wake_every_s)
    return app


def real_line(settings: Settings) -> Line:
    """The line of the touchpoints topic, under the policy of the deployment."""
    chosen = policy.load(settings.policy)
    topic = settings.topic(topics.TOUCHPOINTS)
    crowd = None
    if chosen.cohorts.enabled:
        crowd = Crowd(settings.cohort_places)
    return RealLine(chosen.rules, chosen.questions, settings.partitions, topic, crowd)


def cohort_line(settings: Settings) -> Line:
    """The line of the second stage, under the same policy."""
    chosen = policy.load(settings.policy)
    return CohortLine(
        chosen.rules,
        chosen.cohorts,
        chosen.cohort_questions,
        settings.partitions,
        settings.cohort_places,
        settings.topic(topics.TOUCHPOINTS),
    )


def _lanes(app: Throughline, line_factory: LineFactory) -> Lanes:
    settings = app.settings
    touchpoints, feedback = settings.topic(topics.TOUCHPOINTS), settings.topic(topics.FEEDBACK)
    lines: dict[str, Line] = {source: IntakeLine(source) for source in settings.sources}
    lines[feedback] = FeedbackLine(feedback)
    lines[touchpoints] = line_factory(settings)
    stores = Stores(settings, touchpoints)
    lines[settings.topic(topics.PORTIONS)] = cohort_line(settings)

    def fit(tp: TopicPartition) -> Fittings:
        changelog = topics.changelog_of(settings, tp.topic)
        if settings.delivery == "exactly_once":
            writer = TransactionalWriter(settings, tp.topic, changelog, tp.partition)
        else:
            writer = SharedWriter(settings, app.shared, changelog, tp.partition)
        reading = KafkaChangelog(settings, changelog, tp.partition)
        return Fittings(lines[tp.topic], reading, writer, stores.of(tp, changelog))

    consumer = RealConsumer(lambda: app.consumer.reader)
    limits = Limits(
        batch_records=settings.batch_records,
        batch_s=settings.batch_s,
        batch_bytes=settings.batch_bytes,
        idle_after_s=settings.idle_after_s,
        alive_within_s=settings.session_timeout_s / 2,
        patrol_s=settings.patrol_every_s,
        rebalance_s=settings.rebalance_s,
        accept_loss=settings.accept_loss,
    )
    reached = steps.from_environment()
    rig = Rig(consumer, consumer, RealClock(), limits, reached, app.life.fail)
    return Lanes(rig, fit, app.follower)
