"""DC1: operations on target while customers turn away (S0-01, S3-01, S4-07)."""

from streams.cohorts.detector import UNKNOWN
from streams.cohorts.detectors.green_ops_red_outcome import DETECTOR
from tests.cohorts.detectors.asked import ask, cell, reason


def week(csat: float, answers: int = 40, response_s: int = 1_200, **more: int):
    """A week of threes and fours with that mean, answered within so long."""
    fours = round(answers * (csat - 3))
    squares = (fours * 16 + (answers - fours) * 9) * 1_000_000
    return cell(
        csat=answers, csat_m=3_000 * answers + 1_000 * fours, csat_sq=squares,
        response=answers, response_ms=answers * response_s * 1_000, **more,
    )  # fmt: skip


FALLING = (3.8, 3.6, 3.4, 3.2)


def test_three_falls_in_a_row_on_target_are_found():
    """Mean CSAT falls from 3.8 to 3.2 over four weeks answered within 20 minutes."""
    found = ask(DETECTOR, *map(week, FALLING))
    assert (reason(found), found.severity, round(found.number, 1)) == ("satisfaction_falls", 4, 3.2)
    assert [shown["csat_mean"] for shown in found.periods] == list(FALLING)


def test_a_week_without_a_fall_breaks_it():
    """Equal is no fall."""
    assert ask(DETECTOR, *map(week, (3.8, 3.6, 3.6, 3.2))) is None


def test_a_fall_that_chance_explains_is_none():
    """Every week a little lower, by less than the answers scatter."""
    assert ask(DETECTOR, *(week(csat) for csat in (3.60, 3.55, 3.50, 3.40))) is None


def test_operations_off_target_are_not_green():
    """One week answered in 40 minutes, or service levels missed."""
    weeks = [week(csat) for csat in FALLING]
    assert ask(DETECTOR, *weeks[:3], week(3.2, response_s=2_400)) is None
    assert ask(DETECTOR, *weeks[:3], week(3.2, sla=10, sla_met=8)) is None
    assert reason(ask(DETECTOR, *weeks[:3], week(3.2, sla=10, sla_met=9))) == "satisfaction_falls"


def test_too_few_answers_say_nothing():
    """29 in one week: what is open stays open."""
    assert ask(DETECTOR, *map(week, FALLING[:3]), week(3.2, answers=29)) is UNKNOWN


def test_rising_churn_is_found_too():
    """Three rises, more than chance would."""
    weeks = [week(3.5, churned=left) for left in (4, 9, 15, 24)]
    assert reason(ask(DETECTOR, *weeks)) == "churn_rises"
    assert ask(DETECTOR, *(week(3.5, churned=left) for left in (20, 21, 22, 23))) is None
