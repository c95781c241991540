"""What all lanes of a worker share."""

from collections.abc import Callable

from streams.kafka.ports import Clock, Limits, Membership, Source
from streams.kafka.refusal import Refusal
from streams.kafka.steps import Reached


class Rig:
    """What all lanes of a worker share."""

    def __init__(
        self,
        source: Source,
        membership: Membership,
        clock: Clock,
        limits: Limits,
        reached: Reached,
        on_failure: Callable[[Refusal, BaseException], None],
    ):
        self.source, self.membership, self.clock = source, membership, clock
        self.limits, self.reached, self.on_failure = limits, reached, on_failure
