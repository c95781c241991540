"""The faults, as scripts: what is broken, how often, and what a run of it must show.

A *chapter* is one deployment, one source and one script, long enough to mean something and short
enough to be repeated; ``make faults`` plays a short one of each fault, ``make faults-long`` all of
``long_chapters``. Numbers are those of ``docs/reliability.md``.
"""

import time
from collections.abc import Callable
from random import Random

from streams.kafka.steps import STEPS
from tests.faults import script as do
from tests.faults import unwell
from tests.faults.chapters import ENDLESS, HUSH, Chapter, Plan, shape
from tests.faults.source import Shape


def deaths(chapter: Chapter) -> Plan:
    """1: SIGKILL to oneself at each step of the protocol, the ``size``-th time it is reached;
    variant 1: beside a worker that lives; variant 2: every other step, those that variant 2 of the
    other delivery leaves out."""
    exactly, beside = chapter.delivery == "exactly_once", chapter.variant == 1
    script: list[do.Step] = [do.Start(9), do.Running()] if beside else []
    rate = chapter.of(700)
    not_met = "lane.claimed" if exactly else "transaction.committed"
    for step in STEPS[exactly::2] if chapter.variant == 2 else STEPS:
        if step == not_met:
            continue
        nth = 1 if step.startswith("revoke") else chapter.size
        if beside and step.startswith(("lane", "offsets")):
            nth = min(nth, 2)  # half the lanes are the other's
        script += [do.Tell(chapter.of(400), wait=True), do.Start(0, die_at=f"{step}:{nth}")]
        if step.startswith("revoke"):
            script += [do.Running()] if beside else []  # what is applied may be the other's doing
            script += [do.Tell(chapter.of(2_500), rate), do.Applied(chapter.of(600))]
            script += [do.Term(0, codes=(-9,))]
        else:  # until it is reached, however late this worker is and whatever the other has taken
            script += [do.Tell(ENDLESS, rate), do.Ended(0, (-9,)), HUSH]
    script += [do.Told(), do.Start(0), do.CaughtUp(), do.Fired()]
    return Plan(shape(chapter, rate), script)


def pending(chapter: Chapter) -> Plan:
    """2: ``size`` clean starts with 0 to 5 touchpoints told while nobody was up."""
    draw = Random(f"{chapter.seed}:pending")
    script: list[do.Step] = [do.Tell(500, wait=True)]
    for _ in range(chapter.size):
        script += [do.Start(0), do.Running(), do.CaughtUp(60), do.Term(0)]
        pending = draw.randrange(6)
        if pending:
            script.append(do.Tell(pending, wait=True))
    script += [do.Start(0), do.CaughtUp()]
    return Plan(shape(chapter, 100, customers=50), script, may_repeat=False)


def scale(chapter: Chapter) -> Plan:
    """3: 1 -> 2 -> 3 -> 1 workers in good order under load, ``size`` times round."""
    draw = Random(f"{chapter.seed}:scale")
    rate = chapter.of(_RATE)

    def pause() -> do.Step:
        return do.Wait(4 + 3 * draw.random())

    script: list[do.Step] = [do.Start(0), do.Running(), do.Tell(ENDLESS, rate)]
    oldest = 0
    for _ in range(chapter.size):
        one, two = oldest + 1, oldest + 2
        script += [do.Start(one), pause(), do.Start(two), pause()]
        script += [do.Term(oldest), pause(), do.Term(one), pause()]
        oldest = two
    script += [HUSH, do.CaughtUp(), do.Fired()]
    return Plan(shape(chapter, rate), script, may_repeat=False)


def kills(chapter: Chapter) -> Plan:
    """4: SIGKILL to two of three workers, ``size`` times, every second time with their disks."""
    draw = Random(f"{chapter.seed}:kills")
    rate = chapter.of(_RATE)
    script: list[do.Step] = [do.Start(n) for n in range(3)]
    script += [do.Running(), do.Tell(ENDLESS, rate)]
    for round_ in range(chapter.size):
        script.append(do.Wait(0.5 + min(9.0, draw.expovariate(1 / 3))))
        victims = draw.sample(range(3), 2)
        script += [do.Kill(n, wipe=bool(round_ % 2)) for n in victims]
        script += [do.Wait(draw.random()), *[do.Start(n) for n in victims]]
    script += [HUSH, do.CaughtUp(), do.Fired()]
    return Plan(shape(chapter, rate), script)


def zombies(chapter: Chapter) -> Plan:
    """5: a worker paused past its session with a batch in hand, another takes over, it wakes;
    ``size`` times, at steps of the protocol and at any moment."""
    draw = Random(f"{chapter.seed}:zombies")
    steps = ("line.ran", "sends.acked", "journeys.begun", "journeys.acked", "line.settled")
    rate = chapter.of(800)
    script: list[do.Step] = [do.Tell(ENDLESS, rate)]
    for number in range(chapter.size):
        zombie, heir = 2 * number, 2 * number + 1
        if number % 2:
            script += [
                do.Start(zombie),
                do.Applied(chapter.of(500)),
                do.Wait(draw.random()),
                do.Pause(zombie),
            ]
        else:
            step = steps[number // 2 % len(steps)]
            script += [do.Start(zombie, die_at=f"{step}:{3 + draw.randrange(9)}:STOP")]
            script += [do.Stopped(zombie)]
        script += [do.Start(heir), do.Applied(chapter.of(800)), do.Wait(1 + draw.random())]
        script += [do.Resume(zombie), do.Wait(3), do.Applied(chapter.of(500))]
        script += [do.Term(zombie, codes=(0, 1)), do.Running(), do.Term(heir)]
    last = 2 * chapter.size
    script += [do.Start(last), HUSH, do.CaughtUp(), do.Fired()]
    settings = {"patrol_every_s": 1.0}
    return Plan(shape(chapter, rate), script, settings)


def broker(chapter: Chapter) -> Plan:
    """6: the broker frozen for 5 and 30 s, then bounced and killed in turn, ``size`` in all; two
    workers under load, which may end, and are started again by whoever looks after them."""
    draw = Random(f"{chapter.seed}:broker")
    rate = chapter.of(800)
    script: list[do.Step] = [do.Start(0), do.Start(1), do.Running(), do.Tell(ENDLESS, rate)]
    for number in range(chapter.size):
        script += [do.Wait(2 + 2 * draw.random())]
        if number < 2:
            frozen_s = (5, 30)[number] if chapter.variant == 0 else (2, 12)[number]
            script += [do.Broker("freeze"), do.Wait(frozen_s), do.Broker("resume")]
        else:
            how = "kill" if number % 2 else "stop"
            script += [do.Broker(how), do.Wait(draw.random() * 3), do.Broker("start")]
        script += [do.Supervise(), do.Applied(chapter.of(1_500), 120)]
    script += [HUSH, do.CaughtUp(), do.Fired()]
    return Plan(shape(chapter, rate), script)


def network(chapter: Chapter) -> Plan:
    """14: connections cut every 2 s, half a second slower, one way dead, nothing getting through;
    ``size`` times round."""
    rate = chapter.of(800)
    script: list[do.Step] = [do.Start(0), do.Start(1), do.Running(), do.Tell(ENDLESS, rate)]
    for _ in range(chapter.size):
        for _ in range(3):
            script += [do.Net("cut"), do.Wait(2)]
        script += [do.Net("delay", 0.5), do.Wait(8), do.Net("heal"), do.Supervise()]
        for what in ("hole_in", "hole_out", "hole", "refuse"):
            script += [do.Net(what), do.Wait(8), do.Net("heal"), do.Net("cut")]
            script += [do.Supervise(), do.Applied(chapter.of(1_500), 120)]
    script += [HUSH, do.CaughtUp(), do.Fired()]
    return Plan(shape(chapter, rate), script)


def refused(chapter: Chapter) -> Plan:
    """7: a write is refused: too large for the alerts, dead letters, changelog; no right to write;
    fewer replicas than needed. The worker ends and says why; mended, a restart makes it whole.
    Variant 1: the changelog only."""
    others = chapter.variant == 0
    rate = chapter.of(600)
    script: list[do.Step] = [
        do.Start(0),
        do.Running(),
        do.Tell(ENDLESS, rate),
        do.Applied(chapter.of(1_000)),
    ]
    said = do.Ended(0, (1,), ("write_refused",), 90)
    again: list[do.Step] = [do.Start(0), do.Applied(chapter.of(1_500), 90)]
    for topic in ("alerts.friction.v1", "touchpoints.v1.dlq", "changelog")[-1 - 2 * others :]:
        script += [do.Config(topic, "max.message.bytes", "100"), said]
        if topic == "changelog":  # its guard notices at once, before anything is read
            script += [do.Start(0), do.Ended(0, (3,), ("topic_batch_too_small",))]
        script += [do.Config(topic, "max.message.bytes", ""), *again]
    for topic in ("alerts.friction.v1", "changelog")[-1 - others :]:
        script += [do.Deny(topic), said, do.Deny(topic, back=True), *again]
    few = "min.insync.replicas"
    for topic in ("alerts.friction.v1", "changelog")[-1 - others :]:
        script += [do.Config(topic, few, "2"), do.Wait(6), do.Config(topic, few, "")]
        script += [do.Supervise(), do.Applied(chapter.of(1_500), 90)]
    script += [HUSH, do.CaughtUp(), do.Fired()]
    return Plan(shape(chapter, rate), script, login=True)


def backlog(chapter: Chapter) -> Plan:
    """20: ``size`` touchpoints told before anybody is up, one customer half of them."""
    now_ms, step_ms = int(time.time() * 1_000), min(1.0, 1_800_000 / chapter.size)
    base_ms = now_ms - int(chapter.size * step_ms)
    source = Shape(chapter.seed, ENDLESS, 2_000, base_ms, step_ms, hot=0.5)
    script: list[do.Step] = [do.Tell(chapter.size, wait=True), do.Mark("backlog"), do.Start(0)]
    script += [do.CaughtUp(600), do.Mark("backlog", chapter.size), do.Fired(), do.Term(0)]
    return Plan(source, script, {"batch_records": 2_500}, live=False, may_repeat=False)


def crowd(chapter: Chapter) -> Plan:
    """24: five days of ``size`` touchpoints, told in parts; two workers, killed in the midst of
    each, who close every window of them, once."""
    draw = Random(f"{chapter.seed}:crowd")
    days_ms, part = 5 * 86_400_000, chapter.size // 5
    base_ms = int(time.time() * 1_000) - days_ms
    source = Shape(chapter.seed, ENDLESS, 500, base_ms, days_ms / chapter.size)
    script: list[do.Step] = [do.Tell(part, wait=True), do.Start(0), do.Start(1), do.Running()]
    for round_ in range(4):
        worker = round_ % 2
        script += [do.Tell(part), do.Applied(part // 4), do.Kill(worker), do.Start(worker)]
        script += [do.Told(), do.Wait(draw.random())]
    script += [do.CaughtUp(), do.Fired(), do.Wait(3)]
    return Plan(source, script, {"batch_records": 100}, live=False)


_RATE = 1_500

FAULTS: dict[str, Callable[[Chapter], Plan]] = {
    "01-death": deaths,
    "02-pending": pending,
    "03-scale": scale,
    "04-kill": kills,
    "05-zombie": zombies,
    "06-broker": broker,
    "07-refused": refused,
    "09-hostile": unwell.hostile,
    "11-timers": unwell.timers,
    "14-network": network,
    "16-stuck": unwell.stuck,
    "17-shutdown": unwell.shutdown,
    "20-backlog": backlog,
    "21-clocks": unwell.clocks,
    "24-crowd": crowd,
}


def plan_of(chapter: Chapter) -> Plan:
    """The plan of a chapter."""
    return FAULTS[chapter.fault](chapter)
