"""One company simulated, replayed and held against its truth, without keeping its log."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from schemas.instants import instant_ms
from streams import policy
from streams.cli.evaluation.tally import Tally
from streams.engine.record import Record
from streams.policy import Policy
from streams.replay.house import ReplayHouse
from streams.replay.places import Placed
from streams.simulator.kinds import INFORMATION, MISHANDLED, words
from streams.simulator.planting import Planted
from streams.simulator.stories import stories
from streams.simulator.telling import DAY_MS
from streams.simulator.world import World

DAYS = 182
"""How long a company is followed: longer than the longest story."""
CUSTOMERS_MAX = 800
_START_MS = 1_767_571_200_000  # Monday 2026-01-05T00:00:00Z
_SHARE = 0.003
_TOUCHPOINTS_EACH = 114
_ROUND = 5_000
SYSTEMIC = "alerts.systemic.v1"
"""What is found in the crowd is about no customer; it has its own proof."""

Raised = dict[str, dict[str, int]]
"""Customer → kind → when it was first raised, epoch ms. A moment that missed its standard is a kind
of its own (``leaving:mishandled``)."""


@dataclass(frozen=True)
class Portion:
    """One world to be evaluated; can be sent to another process.

    Args:
        number: which of the portions; with the seed it makes the world's own.
        seed: of the whole evaluation.
        customers: how many.
        policy_file: the policy; None for the default.
    """

    number: int
    seed: int
    customers: int
    policy_file: Path | None = None

    def world(self) -> World:
        """The world: every other one begins in summer, so that all seasons are met."""
        start_ms = _START_MS + self.number % 2 * 26 * 7 * DAY_MS
        mix = dict.fromkeys(stories(), _SHARE)
        seed = self.seed * 10_000 + self.number
        return World(seed, self.customers, start_ms, DAYS * DAY_MS, mix)


def portions(touchpoints: int, seed: int, policy_file: Path | None) -> list[Portion]:
    """Worlds that have about so many touchpoints together, and each story at least once each.

    Half of the smallest world's customers have no story, so a few touchpoints become some 15,000.
    """
    customers = max(touchpoints // _TOUCHPOINTS_EACH, 2 * len(stories()))
    count = -(-customers // CUSTOMERS_MAX)
    return [Portion(n, seed, -(-customers // count), policy_file) for n in range(count)]


def evaluate(portion: Portion) -> Tally:
    """Simulate, replay, compare."""
    return compare(portion.world(), policy.with_everything(policy.load(portion.policy_file)))


def compare(world: World, in_force: Policy) -> Tally:
    """A world's truth against what is raised in it.

    Args:
        world: is told once, from beginning to end.
        in_force: the policy.
    """
    tally = Tally(customers=world.customers)
    truth = {planted.customer_id: planted for planted in world.truth()}
    tally.stories = len(truth)
    days = (world.end_ms - world.start_ms) / DAY_MS
    tally.background_days = (world.customers - len(truth)) * days
    asked = {question.kind for question in in_force.questions}
    for word in [*asked, *(word for word in MISHANDLED if word.partition(":")[0] in asked)]:
        tally.of(word)
    house = ReplayHouse(in_force, partitions=1)
    raised = _raised(house, world, truth, tally)
    tally.touchpoints = house.records
    for planted in truth.values():
        _judge(tally, world, planted, raised.get(planted.customer_id, {}))
    for key, encoded in house.desks[0].journeys.items():
        if key.decode() not in truth:
            tally.sizes.append(len(encoded))
    return tally


def records(world: World) -> Iterator[Placed]:
    """The world's log as records of one partition, in order of arrival."""
    encode = msgspec.json.Encoder().encode
    for offset, (arrival_ms, told) in enumerate(world.arrivals()):
        yield 0, Record(offset, arrival_ms, told["customer_id"].encode(), encode(told))


def _raised(house: ReplayHouse, world: World, truth: dict[str, Planted], tally: Tally) -> Raised:
    """First alerts of planted customers; those of the others are counted."""
    raised: Raised = {}
    decode = msgspec.json.Decoder(_Said).decode
    for sends in (house.run(records(world), _ROUND), house.pass_time(world.end_ms)):
        for send in sends:
            if not send.topic.startswith("alerts.") or send.topic == SYSTEMIC:
                continue
            said = decode(send.value or b"")
            if said.action not in ("trigger", "update"):
                continue
            amounts_to = words(said.kind, said.reason.code)
            if said.customer_id in truth:
                first = raised.setdefault(said.customer_id, {})
                for word in amounts_to:
                    first.setdefault(word, instant_ms(said.occurred_at))
            elif said.action == "trigger" or len(amounts_to) > 1:
                counted = tally.of(amounts_to[-1])
                informs = said.reason.code in INFORMATION
                counted.background += not informs
                counted.noted += informs
    return raised


class _Why(msgspec.Struct):
    """Of an alert's reason, its code."""

    code: str


class _Said(msgspec.Struct):
    """As much of an alert as is counted."""

    customer_id: str
    kind: str
    action: str
    reason: _Why
    occurred_at: str


def _judge(tally: Tally, world: World, planted: Planted, raised: dict[str, int]) -> None:
    story = stories()[planted.story]
    asked = set(tally.kinds)
    began_ms = _beginnings(world, planted)
    for kind in sorted(planted.expects & asked):
        counted = tally.of(kind)
        counted.planted += 1
        if kind in raised:
            counted.found += 1
            counted.delays_ms.append(raised[kind] - began_ms.get(kind, planted.starts_ms))
        else:
            tally.missed[planted.story, kind] += 1
    for kind in sorted(planted.silent & asked):
        counted = tally.of(kind)
        counted.silent += 1
        counted.near += kind in story.nearly
        counted.alike += kind in story.alike
        if kind in raised:
            counted.false += 1
            tally.wrong[planted.story, kind] += 1


def _beginnings(world: World, planted: Planted) -> dict[str, int]:
    """Kind → when the trouble begins, where the story names a touchpoint of its own for it."""
    since = stories()[planted.story].since
    if not since:
        return {}
    told = world.told(planted)
    began_ms = {}
    for kind, (what, number) in since.items():
        instants = [t["occurred_at"] for t in told if t["type"] == what]
        began_ms[kind] = instant_ms(instants[number - 1])
    return began_ms
