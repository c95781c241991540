"""The line: from bytes to an outcome, and what becomes of what is not to be taken in."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from streams.engine.partitioning import partition_of
from streams.wire import progress
from tests.engine.probe import Probe
from tests.lines import DAY_MS, LATENESS_MS, START_MS, Log, Reminder, alerts, line_of, run, total


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
