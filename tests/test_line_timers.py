"""The line and time: when timers fire, what a restart knows of them, and what a replay says."""

import json
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from streams.line import Line
from streams.wire import progress
from tests.engine.probe import Probe
from tests.lines import DAY_MS, LATENESS_MS, START_MS, Log, Reminder, alerts, line_of, run


def test_a_timer_fires_when_time_has_passed_and_nobody_speaks():
    """Idle, the clock moves the watermark; the alert bears the due time, not the time of noticing."""
    line, log = line_of(Reminder()), Log().say()
    desk = line.open(0, None, {})
    run(line, log, desk)
    assert line.wake(desk, START_MS + DAY_MS + LATENESS_MS - 1) is None

    outcome = line.wake(desk, START_MS + 5 * DAY_MS)
    line.settle(desk, outcome)
    assert [a["occurred_at"] for a in alerts([outcome])] == ["2026-01-02T00:00:00.000Z"]
    assert progress.decode(outcome.meta).watermark.steps == [
        (1, START_MS + 5 * DAY_MS - LATENESS_MS)
    ]
    assert line.wake(desk, START_MS + 9 * DAY_MS) is None


def test_a_timer_of_a_silent_customer_fires_when_others_speak():
    """The watermark is the partition's: another customer's touchpoint lets time pass."""
    outcomes = run(line_of(Reminder()), Log().say().say(3 * DAY_MS, "c-2"))

    assert [(a["customer_id"], a["occurred_at"][:10]) for a in alerts(outcomes)] == [
        ("c-1", "2026-01-02")
    ]


def test_a_restored_desk_knows_who_is_due():
    """Timers are planned from the encoded journeys alone, and fire as they would have."""
    line, log = line_of(Reminder()), Log().say().say(60_000, "c-2")
    before = line.open(0, None, {})
    (outcome,) = run(line, log, before)
    after = line.open(0, outcome.meta, dict(outcome.changed))

    assert after.next_due_ms == before.next_due_ms == START_MS + DAY_MS
    ends_ms = START_MS + 9 * DAY_MS
    assert line.wake(after, ends_ms).sends == line.wake(before, ends_ms).sends


def test_a_wake_in_portions_says_what_one_wake_says():
    """So many customers' timers at a time; a late touchpoint in between does not overtake them."""
    log = Log()
    for number in range(10):
        log.say(number, f"c-{number}")
    late = Log()
    late.records = list(log.records)
    late.say(DAY_MS - 1, "c-7")

    def told(portioned):
        line = line_of(Reminder())
        line.fires_max = 3 if portioned else 1_000
        desk = line.open(0, None, {})
        outcomes = run(line, log, desk)
        woken = line.wake(desk, START_MS + 5 * DAY_MS)
        line.settle(desk, woken)
        outcomes += [woken, line.run(desk, late.records[-1:], 11)]
        line.settle(desk, outcomes[-1])
        while (woken := line.wake(desk, START_MS + 5 * DAY_MS)) is not None:
            line.settle(desk, woken)
            outcomes.append(woken)
        return sorted(map(json.dumps, alerts(outcomes)))

    assert told(portioned=True) == told(portioned=False)


drawn_log = st.lists(
    st.tuples(st.integers(-DAY_MS // 2, DAY_MS), st.sampled_from("abcd"), st.integers(1, 2)),
    min_size=1,
    max_size=15,
)


def lived(line: Line, log: Log, chance: Random):
    """Outcomes of a log as a worker lives it: idle for a while, in portions, dying now and then."""
    desk, meta, outcomes = line.open(0, None, {}), None, []

    def done(outcome):
        nonlocal meta
        line.settle(desk, outcome)
        meta = outcome.meta
        outcomes.append(outcome)

    for record in log.records:
        if chance.random() < 0.4:
            wall_ms = record.timestamp_ms + chance.randint(0, 2 * DAY_MS)
            for _ in range(chance.randint(1, 4)):  # then a record arrives, and the rest is owed
                woken = line.wake(desk, wall_ms)
                if woken is not None:
                    done(woken)
        if chance.random() < 0.2:
            desk = line.open(0, meta, dict(desk.journeys))
        done(line.run(desk, [record], record.offset + 1))
    while (woken := line.wake(desk, START_MS + 99 * DAY_MS)) is not None:
        done(woken)
    return outcomes


def replayed(line: Line, log: Log, steps: list[tuple[int, int]]):
    """Outcomes of the same log with the same steps of the clock before the same records."""
    desk, outcomes = line.open(0, None, {}), []
    for offset in range(len(log.records) + 1):
        for at, to_ms in steps:
            if at == offset:
                outcomes.append(line.step(desk, to_ms))
                line.settle(desk, outcomes[-1])
        if offset < len(log.records):
            outcomes.append(line.run(desk, [log.records[offset]], offset + 1))
            line.settle(desk, outcomes[-1])
    return outcomes


@given(drawn_log, st.integers(0, 2**32))
def test_a_replay_says_what_the_worker_said(told, seed):
    """With the steps that progress remembers, each customer's alerts come out the same."""
    log, at_ms = Log(), 0
    for gap_ms, customer, severity in told:
        at_ms = max(0, at_ms + gap_ms)
        log.say(at_ms, customer, severity=severity)
    line = line_of(Reminder(), Probe())
    line.fires_max = 1
    live = lived(line, log, Random(seed))
    again = replayed(line, log, progress.decode(live[-1].meta).watermark.steps)

    for customer in "abcd":
        of = [[a for a in alerts(run_) if a["customer_id"] == customer] for run_ in (live, again)]
        assert of[0] == of[1]
