"""The line: from bytes to an outcome, and what becomes of what goes wrong on the way."""

import json
from dataclasses import dataclass
from random import Random
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from streams.engine.aside import ASIDE_MAX
from streams.engine.detector import Answer, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.judgement import Question
from streams.engine.partitioning import partition_of
from streams.engine.record import Record
from streams.engine.rules import Rules
from streams.line import Line
from streams.wire import progress
from tests.engine.probe import Probe

START_MS = 1_767_225_600_000
MINUTE_MS, DAY_MS = 60_000, 86_400_000
LATENESS_MS = int(Rules().time.lateness_s * 1000)


class Due(Struct, array_like=True):
    """When to be woken, and how often it was."""

    due_ms: int = 0
    woken: int = 0


@dataclass(frozen=True)
class Reminder(Detector):
    """Reminds a day after the last complaint; crashes where a spec wants it to.

    A complaint of severity 4 crashes it at once, one of severity 3 when it is to be woken.
    """

    listens: ClassVar = ("complaint.filed",)
    memory: ClassVar = Due
    action: ClassVar = "Look"

    def on_touchpoint(self, memory: Due, heard: Heard) -> Answer:
        """Plan a day ahead, or crash."""
        if heard.touchpoint.severity == 4:
            raise ZeroDivisionError("four")
        memory.due_ms = heard.at_ms + DAY_MS
        memory.woken = -9 if heard.touchpoint.severity == 3 else memory.woken
        return None

    def on_wake(self, memory: Due, heard: Heard) -> Answer:
        """Remind, or crash."""
        if memory.woken < 0:
            raise ZeroDivisionError("woken")
        memory.due_ms, memory.woken = 0, memory.woken + 1
        return Finding(2, "reminder", f"{memory.woken} reminders", object=str(memory.woken))

    def wake_at_ms(self, memory: Due, journey: Journey) -> int | None:
        """As planned."""
        return memory.due_ms or None


def line_of(*detectors: Detector, partitions: int = 1) -> Line:
    """A line that asks those detectors; the probe if none."""
    asked = [Question("effort", f"q{n}", d) for n, d in enumerate(detectors or (Probe(),))]
    return Line(Rules(), asked, partitions)


class Log:
    """Records as they come, one offset after the other."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def say(self, after_ms: int = 0, customer: str = "c-1", **fields) -> "Log":
        """A complaint so long after the start, by default of severity 1."""
        number, at_ms = len(self.records), START_MS + after_ms
        said = {
            "event_id": f"e-{number}",
            "source": "urn:test",
            "type": "complaint.filed",
            "customer_id": customer,
            "occurred_at": at_ms,
            "severity": 1,
            **fields,
        }
        return self.raw(json.dumps(said).encode(), customer, at_ms)

    def raw(self, value: bytes, customer: str = "c-1", at_ms: int = START_MS) -> "Log":
        """Any bytes."""
        self.records.append(Record(len(self.records), at_ms, customer.encode(), value))
        return self


def run(line, log, desk=None, size=1_000):
    """The outcomes of a log in batches of that size, each settled."""
    desk = desk or line.open(0, None, {})
    outcomes = []
    for start in range(0, len(log.records), size):
        part = log.records[start : start + size]
        outcomes.append(line.run(desk, part, part[-1].offset + 1))
        line.settle(desk, outcomes[-1])
    return outcomes


def total(outcomes):
    """All counts of those outcomes together."""
    names = {name for outcome in outcomes for name in outcome.counts}
    return {name: sum(o.counts.get(name, 0) for o in outcomes) for name in sorted(names)}


def alerts(outcomes):
    """The alerts of those outcomes, decoded."""
    return [
        json.loads(send.value)
        for outcome in outcomes
        for send in outcome.sends
        if send.topic.startswith("alerts.")
    ]


def test_a_batch_comes_to_alerts_journeys_and_progress():
    """What was said, what is kept of whom, and how far we are: one outcome."""
    line, log = line_of(), Log().say().say(5, "c-2").say(9)
    (outcome,) = run(line, log)

    assert [(s.topic, s.key) for s in outcome.sends] == [
        ("alerts.effort.v1", b"c-1"),
        ("journeys.v1", b"c-1"),
        ("alerts.effort.v1", b"c-2"),
        ("journeys.v1", b"c-2"),
    ]
    assert set(outcome.changed) == {b"c-1", b"c-2"}
    assert outcome.next_offset == 3
    assert outcome.counts["touchpoints"] == 3
    done = progress.decode(outcome.meta)
    assert (done.next_offset, done.watermark.ms) == (3, START_MS + 9 - LATENESS_MS)


def test_offsets_without_records_are_covered():
    """Transaction markers and compacted records leave holes; progress goes past them."""
    line = line_of()
    desk = line.open(0, None, {})
    outcome = line.run(desk, Log().say().records, 17)
    line.settle(desk, outcome)

    assert desk.next_offset == 17
    assert line.open(0, outcome.meta, {}).next_offset == 17


def test_nothing_is_ours_before_it_is_settled():
    """Until it is durable the baseline stands, and after a rollback the batch runs as before."""
    line, log = line_of(Reminder()), Log().say().say(2 * DAY_MS).say(5 * DAY_MS)
    journeys: dict[bytes, bytes] = {}
    desk = line.open(0, None, journeys)
    first = line.run(desk, log.records, 3)
    assert journeys == {} and desk.next_offset == 0

    desk.rollback()
    second = line.run(desk, log.records, 3)
    assert (second.sends, second.changed, second.meta) == (first.sends, first.changed, first.meta)

    line.settle(desk, second)
    assert journeys == second.changed and desk.next_offset == 3


@given(
    st.lists(
        st.tuples(st.integers(0, 3 * DAY_MS), st.sampled_from("abc"), st.integers(1, 4)),
        min_size=1,
        max_size=12,
    ),
    st.integers(0, 2**32),
)
def test_a_batch_that_came_to_nothing_leaves_no_trace(told, seed: int):
    """Run, rolled back, run again, in other portions: as if it had run once."""
    log, chance = Log(), Random(seed)
    for after_ms, customer, severity in told:
        log.say(after_ms, customer, severity=severity)
    line = line_of(Probe(), Reminder())
    plain = run(line, log)

    desk, torn = line.open(0, None, {}), []
    records = list(log.records)
    while records:
        part = records[: chance.randint(1, len(records))]
        outcome = line.run(desk, part, part[-1].offset + 1)
        if chance.random() < 0.4:
            desk.rollback()
            continue
        line.settle(desk, outcome)
        torn.append(outcome)
        records = records[len(part) :]

    assert alerts(torn) == alerts(plain)
    assert desk.journeys == {k: v for outcome in plain for k, v in outcome.changed.items()}


def test_what_cannot_be_read_goes_aside_and_the_rest_goes_on():
    """Dead letters bear their reason; the touchpoints around them count."""
    log = Log().say().raw(b"{").raw(b'{"type": "no.such"}').say(1)
    (outcome,) = run(line_of(), log)

    assert outcome.counts["touchpoints"] == 2
    assert outcome.counts["dead_letter.invalid_json"] == 1
    letters = [send for send in outcome.sends if send.topic == "touchpoints.v1.dlq"]
    assert [send.value for send in letters] == [b"{", b'{"type": "no.such"}']


def test_a_record_that_crashes_a_detector_is_isolated():
    """It becomes a dead letter that says why; every other touchpoint of the batch counts."""
    log = Log().say().say(1, severity=4).say(2, "c-2").say(3)
    (outcome,) = run(line_of(Reminder()), log)

    assert outcome.counts["touchpoints"] == 3
    assert outcome.counts["dead_letter.processing_error"] == 1
    (letter,) = [send for send in outcome.sends if send.topic == "touchpoints.v1.dlq"]
    assert letter.value == log.records[1].value
    assert any(b"ZeroDivisionError: four" in value for _, value in letter.headers)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_the_same_record_is_set_aside_however_the_batch_is_cut(size):
    """The crash is the record's, not the batch's: a replay sets aside the same."""
    log = Log()
    for number in range(9):
        log.say(number * MINUTE_MS, f"c-{number % 2}", severity=4 if number in (3, 6) else 2)
    outcomes = run(line_of(Reminder(), Probe()), log, size=size)
    set_aside = [
        send.value
        for outcome in outcomes
        for send in outcome.sends
        if send.topic == "touchpoints.v1.dlq"
    ]

    assert set_aside == [log.records[3].value, log.records[6].value]
    assert total(outcomes)["touchpoints"] == 7


def test_a_detector_that_crashes_on_everything_is_our_fault():
    """A few poison records are set aside; a batch full of them is a broken program, and fails."""
    log = Log()
    for number in range(ASIDE_MAX + 2):
        log.say(number, severity=4)

    with pytest.raises(Exception, match="ZeroDivisionError"):
        run(line_of(Reminder()), log)


def test_a_timer_that_crashes_is_dropped_and_counted():
    """It costs neither the touchpoint that noticed it nor anybody else's timers."""
    log = Log().say(severity=3).say(0, "c-2").say(2 * DAY_MS).say(2 * DAY_MS, "c-2")
    outcomes = run(line_of(Reminder()), log)

    counts = total(outcomes)
    assert counts["touchpoints"] == 4 and counts["wake_dropped"] == 1
    assert "dead_letter.processing_error" not in counts
    assert [a["customer_id"] for a in alerts(outcomes)] == ["c-2"]


def test_after_a_dropped_timer_the_detector_begins_anew():
    """Its memory made it crash; it is forgotten, and the next complaint is reminded of."""
    line, log = line_of(Reminder()), Log().say(severity=3).say(2 * DAY_MS)
    desk = line.open(0, None, {})
    run(line, log, desk)
    woken = line.wake(desk, START_MS + 9 * DAY_MS)

    assert [a["reason"]["code"] for a in alerts([woken])] == ["reminder"]


def test_only_the_timer_that_crashes_is_dropped():
    """Another detector's timer of the same customer at another instant fires."""

    @dataclass(frozen=True)
    class Later(Reminder):
        def wake_at_ms(self, memory: Due, journey: Journey) -> int | None:
            return memory.due_ms + MINUTE_MS if memory.due_ms else None

        def on_wake(self, memory: Due, heard: Heard) -> Answer:
            memory.due_ms = 0
            return Finding(2, "later", "1 reminder a minute later")

    line, log = line_of(Reminder(), Later()), Log().say(severity=3).say(3 * DAY_MS, "c-2")
    outcomes = run(line, log)

    assert total(outcomes)["wake_dropped"] == 1
    assert [a["reason"]["code"] for a in alerts(outcomes)] == ["later"]


def test_duplicates_are_counted_and_change_nothing():
    """The same source and id again: counted, not heard, however it is worded."""
    line, log = line_of(), Log().say().say(5, event_id="e-0", severity=4)
    outcomes = run(line, log)

    assert total(outcomes) == {
        "alert.trigger": 1,
        "duplicate": 1,
        "kind.q0.trigger": 1,
        "snapshot": 1,
        "touchpoints": 1,
    }


def test_a_touchpoint_in_the_wrong_partition_is_sent_to_the_right_one():
    """Another client's partitioner put it here: it is forwarded, and never folded in here."""
    customer = next(f"c-{n}" for n in range(99) if partition_of(f"c-{n}".encode(), 8) != 0)
    log = Log().say(0, customer)
    line = line_of(partitions=8)
    (outcome,) = run(line, log)

    (send,) = outcome.sends
    assert (send.topic, send.key, send.value, send.partition) == (
        "touchpoints.v1",
        customer.encode(),
        log.records[0].value,
        None,
    )
    assert outcome.changed == {} and outcome.counts["misrouted.urn:test"] == 1


def test_what_is_too_late_goes_to_the_late_topic():
    """Beyond the horizon a live touchpoint changes nothing; history may be as old as it is."""
    log = Log().say(40 * DAY_MS).say(5 * DAY_MS).say(5 * DAY_MS, origin="backfill")
    (outcome,) = run(line_of(), log)

    assert outcome.counts["beyond_horizon"] == 1
    assert outcome.counts["touchpoints"] == 2
    assert [s.value for s in outcome.sends if s.topic == "touchpoints.v1.late"] == [
        log.records[1].value
    ]


def test_behind_the_watermark_is_late_and_counts():
    """Later than allowed, but within the horizon: heard, marked, counted."""
    outcomes = run(line_of(), Log().say(DAY_MS).say(0, "c-2"))

    assert total(outcomes)["late"] == 1
    assert [a["late"] for a in alerts(outcomes)] == [False, True]


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
