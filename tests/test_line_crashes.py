"""The line where a detector crashes: at a touchpoint, at a timer, or at everything."""

from dataclasses import dataclass

import pytest

from streams.engine.aside import ASIDE_MAX
from streams.engine.detector import Answer, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from tests.engine.probe import Probe
from tests.lines import DAY_MS, MINUTE_MS, START_MS, Due, Log, Reminder, alerts, line_of, run, total


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
