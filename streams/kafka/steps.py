"""The named steps of the protocol, and the hook that lets a fault test die at any of them.

By default nobody listens. ``THROUGHLINE_DIE_AT=journeys.acked:3`` kills the process with SIGKILL
when it reaches that step for the third time; ``:STOP`` as a third part pauses it with SIGSTOP
instead (a zombie). Tests without processes pass any callable.
"""

import os
import signal
from collections.abc import Callable

#: Every step, in the order a lane meets them. Exhaustive fault tests walk this tuple.
STEPS = (
    "lane.fenced",  # whoever held the partition before can no longer commit
    "lane.restored",  # the changelog is read to its end
    "lane.claimed",  # effectively_once: our lease is in the changelog
    "lane.sought",  # the consumer stands at meta.next
    "batch.taken",  # records are off the queue
    "line.ran",  # the outcome exists in memory only
    "sends.acked",  # alerts, dead letters and forwards are acknowledged
    "journeys.begun",  # the RecordBatch of journeys and progress is about to leave
    "journeys.acked",  # journeys and progress are acknowledged as one RecordBatch
    "transaction.committed",  # exactly_once: visible to read_committed readers
    "line.settled",  # the local copy is written
    "offsets.committed",  # the group's offset, for lag and first start only
    "revoke.begun",  # partitions are being taken away
    "revoke.drained",  # their lanes have finished the batch in hand
)

Reached = Callable[[str], None]

_VARIABLE = "THROUGHLINE_DIE_AT"


def nobody(name: str) -> None:
    """The default listener: does nothing."""


def from_environment(environment: dict[str, str] | None = None) -> Reached:
    """The listener ``THROUGHLINE_DIE_AT`` asks for, else ``nobody``.

    Raises:
        ValueError: when the variable names a step that does not exist.
    """
    wish = (environment if environment is not None else os.environ).get(_VARIABLE, "")
    if not wish:
        return nobody
    name, _, rest = wish.partition(":")
    count, _, how = rest.partition(":")
    if name not in STEPS:
        raise ValueError(f"{_VARIABLE}={wish!r}: no such step; the steps are {', '.join(STEPS)}")
    return _Reaper(name, int(count or 1), signal.SIGSTOP if how == "STOP" else signal.SIGKILL)


class _Reaper:
    """Signals this very process the nth time a step is reached."""

    def __init__(self, name: str, nth: int, how: signal.Signals):
        self._name, self._left, self._how = name, nth, how

    def __call__(self, name: str) -> None:
        if name == self._name:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), self._how)
