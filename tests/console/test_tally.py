"""What has been seen of a running stream, counted."""

from typing import Any

from streams.console.tally import Tally


def alert(kind: str = "repeat_contact", action: str = "trigger", **changes: Any) -> dict[str, Any]:
    """As much of an alert as is counted, caused by touchpoint ``e-1``."""
    return {
        "kind": kind,
        "action": action,
        "dedupe_key": f"c-1:{kind}",
        "occurred_at": "2026-01-01T00:00:00.000Z",
        "evidence": [{"event_id": "e-1", "occurred_at": "2026-01-01T00:00:00.000Z"}],
        **changes,
    }


def test_progress_of_the_worker_is_what_is_counted_as_applied() -> None:
    """Not what was sent: what the partitions' own progress says was committed."""
    tally = Tally()
    for partition, next_offset in ((0, 100), (1, 50), (0, 180)):
        tally.note_progress(partition, next_offset, 0.0)
    assert tally.applied == 230


def test_rate_is_over_the_last_seconds() -> None:
    """What lies further back does not count; a single sight is no rate yet."""
    tally = Tally()
    tally.note_progress(0, 100, 10.0)
    assert tally.rate_per_s(10.0) == 0
    tally.note_progress(0, 300, 11.0)
    assert tally.rate_per_s(11.0) == 200
    tally.note_progress(0, 310, 20.0)
    assert tally.rate_per_s(20.0) == 0


def test_open_episodes_are_those_not_resolved() -> None:
    """Raised and raised further is one; resolved is none; kept quiet is none."""
    tally = Tally()
    tally.note_alert(alert(), 0.0)
    tally.note_alert(alert(action="update"), 0.0)
    tally.note_alert(alert("bill_shock"), 0.0)
    tally.note_alert(alert("wait_excess", "suppress"), 0.0)
    assert sorted(tally.open) == ["c-1:bill_shock", "c-1:repeat_contact"]
    tally.note_alert(alert(action="resolve"), 0.0)
    assert sorted(tally.open) == ["c-1:bill_shock"]
    assert tally.alerts_by_kind()["repeat_contact"] == {"resolve": 1, "trigger": 1, "update": 1}


def test_latency_is_from_sending_to_reading() -> None:
    """Of alerts that a touchpoint caused; quantiles of what was measured."""
    tally = Tally()
    for number in range(100):
        tally.note_sent(f"e-{number}", 10.0)
        evidence = [{"event_id": f"e-{number}", "occurred_at": "2026-01-01T00:00:00.000Z"}]
        tally.note_alert(alert(evidence=evidence), 10.0 + (number + 1) / 1000)
    assert round(tally.latency_ms(0.5)) == 51
    assert round(tally.latency_ms(0.99)) == 100


def test_timer_has_no_latency() -> None:
    """An alert of a timer has waited on purpose; one about history we did not send says nothing."""
    tally = Tally()
    tally.note_sent("e-1", 10.0)
    tally.note_alert(alert(occurred_at="2026-01-01T02:00:00.000Z"), 20.0)
    tally.note_alert(alert(evidence=[]), 20.0)
    other = [{"event_id": "e-9", "occurred_at": "2026-01-01T00:00:00.000Z"}]
    tally.note_alert(alert(evidence=other), 20.0)
    assert tally.latency_ms(0.5) is None


def test_line_for_programs_has_everything() -> None:
    """Figures with their units in their names."""
    tally = Tally()
    tally.note_sent("e-1", 0.0)
    tally.note_alert(alert(), 0.25)
    tally.customers.add(b"c-1")
    tally.dead_letters["oversize"] += 2
    assert tally.as_json(1.04, 1.0) == {
        "elapsed_s": 1.0,
        "touchpoints": 0,
        "touchpoints_per_s": 0,
        "sent": 1,
        "journeys": 1,
        "open_episodes": 1,
        "alerts": 1,
        "alerts_by_kind": {"repeat_contact": 1},
        "dead_letters": 2,
        "event_to_alert_ms": {"p50": 250, "p99": 250},
    }


def test_tally_of_a_long_show_stays_small() -> None:
    """What it remembers of single touchpoints and alerts is bounded."""
    tally = Tally()
    for number in range(60_000):
        tally.note_sent(f"e-{number}", 0.0)
    for _ in range(3_000):
        tally.note_alert(alert(), 0.0)
    assert tally.sent == 60_000 and len(tally._sent_at_s) == 50_000
    assert len(tally.last) == 50 and len(tally.examples) == 1
