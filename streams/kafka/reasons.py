"""What ended a lane, as a reason a person can act on."""

from streams.kafka.client import unanswered
from streams.kafka.ports import Fenced, NotDurable, TopicPartition, Unanswered
from streams.kafka.refusal import Refusal, unexpected


def of_lane(tp: TopicPartition, fault: BaseException) -> Refusal:
    """What ended a lane."""
    place = f"{tp.topic}[{tp.partition}]"
    if isinstance(fault, Refusal):
        return fault
    if isinstance(fault, Fenced):
        return Refusal(
            "fenced",
            f"Another worker has taken {place} over.",
            "This process was paused or cut off for longer than the session timeout, or two "
            "applications share one app_id.",
            "Nothing is lost. Restart it; if it comes back at once, give each application its own "
            "app_id.",
        )
    if isinstance(fault, NotDurable):
        return Refusal(
            "write_refused",
            f"Kafka did not take what {place} had to write.",
            str(fault),
            "Nothing of the batch was committed. Mend the cause (access rights, size limits, "
            "in-sync replicas) and restart.",
        )
    if isinstance(fault, Unanswered) or unanswered(fault):
        return Refusal(
            "broker_lost",
            f"Kafka stopped answering while {place} was being opened.",
            str(fault) or type(fault).__name__,
            "Nothing is lost. See whether the brokers are up and reachable; a supervisor that "
            "restarts the worker is enough.",
        )
    return unexpected(f"The lane of {place}", fault)
