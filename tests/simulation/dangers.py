"""Scenarios built on purpose, where chance comes by too seldom: each was once a loss.

They differ in the instant at which things happen, so that they still meet the danger when the
schedule around them changes.
"""

from collections.abc import Callable, Iterator
from random import Random

from streams.kafka.ports import Limits
from tests.simulation import plan as plans
from tests.simulation.faults import COMPACT, CUT, ECHOED, KILL, RESTART, STOP, At, Upon
from tests.simulation.load import EPOCH_MS, Sent, traffic
from tests.simulation.log import Entry
from tests.simulation.plan import EFFECTIVELY, EXACTLY, Plan
from tests.simulation.world import simulate

#: By name.
DANGERS: dict[str, Callable[[], Iterator[Plan]]] = {}

_LIMITS = Limits(
    batch_records=6,
    idle_after_s=0.6,
    swallowed_after_s=1.0,
    alive_within_s=plans.SESSION_S / 2,
    patrol_s=plans.PATROL_S,
)
_ZOMBIE_S = 2 * plans.SESSION_S

_STARTED = (
    '"type":"contact.started","contact_id":"k%d","channel":"phone","direction":"inbound",'
    '"reason":{"l1":"billing","l2":"bill"}'
)


def _named(danger: Callable[[], Iterator[Plan]]) -> Callable[[], Iterator[Plan]]:
    """Its plans say how to bring them back."""

    def plans_by_name() -> Iterator[Plan]:
        for number, plan in enumerate(danger()):
            yield plan._replace(again=f"--danger {danger.__name__}:{number}")

    DANGERS[danger.__name__] = plans_by_name
    return plans_by_name


def _plan(seed: int, workers: int, sent: list[Sent], *, batch_bytes: int = 100_000) -> Plan:
    return Plan(seed, EFFECTIVELY, workers, 1, sent, [], [], _LIMITS, 4, batch_bytes, [0] * workers)


def _told(at_s: float, number: int, occurred_s: float, rest: str) -> Sent:
    value = (
        f'{{"event_id":"e{number}","source":"urn:sim","customer_id":"c0",'
        f'"occurred_at":{EPOCH_MS + int(occurred_s * 1_000)},{rest}}}'
    )
    return Sent(at_s, 0, Entry(b"c0", value.encode(), (), EPOCH_MS + int(at_s * 1_000)))


@_named
def torn_wakes() -> Iterator[Plan]:
    """A wake says that nobody answered and dies; before the next owner wakes, a late touchpoint
    tells that somebody had. Unless the wake was noted, the alert stands there and no replay knows
    it."""
    ended = '"type":"contact.ended","contact_id":"k0","outcome":"pending"'
    for number in range(20):
        sent = [_told(0.2, 0, 0.2, _STARTED % 0), _told(4.7 + number * 0.05, 1, 2.9, ended)]
        yield _plan(number, 1, sent)._replace(upon=[Upon("sends.acked", 2, KILL)])


@_named
def stale_hand_overs() -> Iterator[Plan]:
    """A paused owner wakes and writes what is not believed; the partition moves on before its owner
    has looked; the cleaner comes. What was not believed must not be all that is left."""
    for number in range(24):
        sent = traffic(Random(number), 24, 1, 6.0)
        stopped = _plan(number, 2, sent)._replace(
            upon=[Upon("journeys.begun", 3 + number % 3 * 3, STOP, _ZOMBIE_S)]
        )
        woken = [told for told in simulate(stopped, tracing=True).story if told.text == "goes on"]
        if not woken:
            continue
        at_s, zombie = woken[0].at_ms / 1_000 + 0.1 + number % 4 * 0.3, int(woken[0].who[1])
        last_s = at_s + 9.0
        yield stopped._replace(
            at=[
                At(at_s, RESTART, 1 - zombie),
                At(at_s + 1.5, COMPACT),
                At(last_s, RESTART, 0),
                At(last_s, RESTART, 1),
            ]
        )


@_named
def tight_batches() -> Iterator[Plan]:
    """Journeys of one poll batch do not fit one RecordBatch, and the batch has alerts to say."""
    for number in range(40):
        limits = _LIMITS._replace(batch_records=50)
        plan = _plan(number, 1, traffic(Random(number), 40, 1, 0.5), batch_bytes=4_000)
        yield plan._replace(limits=limits, fetch_records=50)


@_named
def cut_off_and_back() -> Iterator[Plan]:
    """An owner is cut off while it writes, for two sessions; others come and go; it is given the
    partition again, with the store it had held."""
    for number in range(40):
        peace = _plan(number, 2, traffic(Random(number), 16, 1, 1.0))
        wakes = [told for told in simulate(peace, tracing=True).story if "line.ran" in told.text]
        cut_s, owner = wakes[-1].at_ms / 1_000 - 0.1 - number % 5 * 0.1, int(wakes[-1].who[1])
        later_s = cut_s + _ZOMBIE_S + 3.0
        later = [
            _told(later_s + n * 0.1, 100 + n, later_s + n * 0.1, _STARTED % n) for n in range(4)
        ]
        yield peace._replace(
            sent=peace.sent + later,
            at=[
                At(cut_s, CUT, owner, _ZOMBIE_S),
                At(cut_s + 8.5, RESTART, 1 - owner),
                At(cut_s + _ZOMBIE_S + 8.0, RESTART, 0),
                At(cut_s + _ZOMBIE_S + 8.0, RESTART, 1),
            ],
        )


@_named
def late_endings() -> Iterator[Plan]:
    """A request to commit gets no answer and is made again; its first copy arrives when the next
    transaction holds alerts and no journeys yet, and commits just these. Then the worker dies."""
    for number in range(24):
        plan = _plan(number, 1, traffic(Random(number), 24, 1, 4.0))
        yield plan._replace(
            delivery=EXACTLY,
            upon=[
                Upon("commit", 2 + number % 4, ECHOED),
                Upon("journeys.begun", 3 + number % 4 + number // 12, KILL),
            ],
        )
