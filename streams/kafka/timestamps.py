"""What a topic does with the timestamps of records: what may be odd, and what mends it.

Touchpoints are judged against their record's timestamp and alerts carry that of what caused them,
also where it lies far back (a history that was published) or a little ahead (a source's clock). A
topic that puts its own clock there, or refuses times that the touchpoints topic has let in, works
until such a record comes; so it is no reason not to start, and every reason to be told. What is
kept by its arrival (``Wanted.by_arrival``) wants the opposite: there the broker's clock is right.
"""

from streams.kafka.topic_check import Found, Wanted
from streams.settings import Settings

_TYPE = "message.timestamp.type"
_AHEAD, _BACK = "message.timestamp.after.max.ms", "message.timestamp.before.max.ms"

#: Kafka's own limit ahead since 4.0; touchpoints topics have it too, so alerts need no more.
_AHEAD_MS = 3_600_000

#: Histories are published under the time of what happened; a hundred years hold any.
_BACK_MS = 100 * 365 * 86_400_000


def oddity(settings: Settings, topic: Wanted, found: Found) -> tuple[str, str] | None:
    """What is odd about a topic's timestamps, and the command that mends it; None if nothing is.

    Args:
        settings: of the deployment.
        topic: one of ours.
        found: as the broker describes it; without settings nothing is said.
    """
    if topic.by_arrival:
        return _not_by_arrival(settings, topic, found)
    if found.config.get(_TYPE, "CreateTime") == "LogAppendTime":
        text = (
            f"{topic.name} puts the broker's clock in place of every record's time "
            f"({_TYPE}=LogAppendTime): a published history looks as if it had happened now"
        )
        return text, _alter(settings, topic, f"{_TYPE}=CreateTime")
    if topic.compact:
        return None  # its records carry the time they were written at
    for name, least_ms in ((_AHEAD, _AHEAD_MS), (_BACK, _BACK_MS)):
        limit_ms = int(found.config.get(name, least_ms))
        if limit_ms < least_ms:
            text = (
                f"{topic.name} refuses records by their time ({name}={limit_ms}): what the "
                "touchpoints topic has let in may not get out, and ends a worker (write_refused)"
            )
            return text, _alter(settings, topic, f"{name}={least_ms}")
    return None


def _not_by_arrival(settings: Settings, topic: Wanted, found: Found) -> tuple[str, str] | None:
    if found.config.get(_TYPE, "LogAppendTime") == "LogAppendTime":
        return None
    text = (
        f"{topic.name} keeps records by the time they bear ({_TYPE}=CreateTime): portions of a "
        "published history may be deleted before they are read"
    )
    return text, _alter(settings, topic, f"{_TYPE}=LogAppendTime")


def _alter(settings: Settings, topic: Wanted, config: str) -> str:
    return (
        f"kafka-configs.sh --bootstrap-server {settings.broker} --alter --entity-type topics "
        f"--entity-name {topic.name} --add-config {config}"
    )
