"""Faults of what comes in, of time, and of the worker itself: 9, 11, 16, 17 and 21."""

from random import Random

from tests.faults import script as do
from tests.faults.chapters import ENDLESS, HUSH, Chapter, Plan, shape


def hostile(chapter: Chapter) -> Plan:
    """9: ``size`` records, every second one made to do harm, and two workers that must not mind."""
    source = shape(chapter, 2_000, customers=500, hostile=0.5)
    script: list[do.Step] = [do.Tell(chapter.size // 2), do.Start(0), do.Start(1), do.Running()]
    script += [do.Told(), do.Tell(chapter.size - chapter.size // 2, 2_000), do.Wait(1), do.Kill(0)]
    script += [do.Start(0), do.Told(), do.CaughtUp(), do.Fired()]
    return Plan(source, script)


def timers(chapter: Chapter) -> Plan:
    """11: timers armed, then nobody says anything any more; kill, hand-over, a frozen broker and
    nobody up at all between arming and firing, in turn, ``size`` times."""
    draw = Random(f"{chapter.seed}:timers")
    script: list[do.Step] = [do.Start(0), do.Running()]
    for number in range(chapter.size):
        script += [do.Tell(600), do.Told(), do.CaughtUp(), do.Wait(draw.random())]
        between: tuple[list[do.Step], ...] = (
            [do.Kill(0), do.Start(0)],
            [do.Start(1), do.Running(), do.Term(0), do.Start(0), do.Running(), do.Term(1)],
            [do.Broker("freeze"), do.Wait(2), do.Broker("resume")],
            [do.Term(0), do.Wait(6), do.Start(0)],
            [
                do.Kill(0),
                do.Tell(5, wait=True),
                do.Start(0, die_at="line.ran:4"),
                do.Ended(0),
                do.Start(0),
            ],
        )
        script += between[number % len(between)]
        script += [do.Fired(90, ahead_s=8)]
    return Plan(shape(chapter, 200, customers=300), script)


def stuck(chapter: Chapter) -> Plan:
    """16: the main loop blocked for good, blocked for 4 s, and something raised at every stage. The
    watchdog ends who does nothing; nobody stays up unwell. Variant 1: raised at two stages."""
    module, slow = "tests.faults.stuck_worker", ("stuck", "stalled", "unexpected_error")
    rate = chapter.of(500)
    script: list[do.Step] = [do.Tell(ENDLESS, rate)]
    stages = (
        "run:sleep:3", "run:MemoryError:4", "settle:CancelledError:2", "run:ValueError:2",
        "run:RecursionError:2", "run:CancelledError:3", "settle:ValueError:3", "open:ValueError:2",
    )  # fmt: skip
    for where in stages[: 3 if chapter.variant else None]:
        script += [do.Start(0, module=module, extra=(("FAULTS_STUCK", where),))]
        script += [do.Ended(0, (1,), slow, 90)]
    script += [do.Start(0, module=module, extra=(("FAULTS_STUCK", "run:pause:3"),))]
    script += [
        do.Applied(chapter.of(3_000)),
        do.Term(0),
        do.Start(0),
        HUSH,
        do.CaughtUp(),
        do.Fired(),
    ]
    return Plan(shape(chapter, rate), script, {"stall_after_s": 12.0})


def shutdown(chapter: Chapter) -> Plan:
    """17: SIGTERM, SIGINT, and one after the other, ``size`` times at any instant of a worker's
    life; with the broker up, frozen, or gone."""
    draw = Random(f"{chapter.seed}:shutdown")
    rate = chapter.of(500)
    script: list[do.Step] = [do.Tell(ENDLESS, rate)]
    early = (0, 1, 130, -15, -2)  # it may not yet be listening
    for number in range(chapter.size):
        interrupt, twice = draw.random() < 0.3, draw.random() < 0.3
        script += [do.Start(0), do.Wait(draw.random() * 6)]
        broken = number % 4
        if broken == 2:
            script += [do.Broker("freeze"), do.Wait(draw.random())]
        elif broken == 3:
            script += [do.Broker("kill"), do.Wait(draw.random())]
        script += [do.Term(0, 14.0, early, interrupt, twice)]
        if broken == 2:
            script += [do.Broker("resume")]
        elif broken == 3:
            script += [do.Broker("start")]
    script += [do.Start(0), HUSH, do.CaughtUp(), do.Fired()]
    return Plan(shape(chapter, rate), script)


def clocks(chapter: Chapter) -> Plan:
    """21: workers whose clocks are a day fast, a day slow, or jump between; then a right one."""
    module, rate = "tests.faults.clock_worker", chapter.of(500)
    script: list[do.Step] = []
    for skews in ("-86400", "0,86400,5", "86400", "-86400,86400"):
        script += [do.Start(0, module=module, extra=(("FAULTS_CLOCK_S", skews),)), do.Running()]
        script += [
            do.Tell(chapter.of(2_500), rate),
            do.Told(),
            do.Applied(0),
            do.Wait(4),
            do.Term(0),
        ]
    script += [do.Start(0), do.CaughtUp(), do.Fired()]
    return Plan(shape(chapter, rate), script, may_repeat=False)
