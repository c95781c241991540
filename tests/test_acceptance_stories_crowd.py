"""Acceptance story 4, told: what no single customer's journey shows."""

from collections.abc import Iterator
from typing import Any

from tests.cohorts.crowd import DAY_MS, HOUR_MS, MONDAY_MS, Company

WEEK_MS = 7 * DAY_MS


def week(company: Company, number: int, csat: float, answers: int = 40) -> Iterator[dict[str, Any]]:
    """A week in Jakarta: every call answered after 20 minutes, and what the callers say of it."""
    good = round(answers * (csat - 3))  # fours and threes with that mean
    for caller in range(answers):
        at_ms = MONDAY_MS + number * WEEK_MS + caller * 4 * HOUR_MS
        customer, contact = f"c-{number}-{caller}", f"k-{number}-{caller}"
        here = {"region": "jakarta", "channel": "phone", "contact_id": contact}
        yield company.told("contact.started", customer, at_ms, direction="inbound", **here)
        yield company.told("contact.answered", customer, at_ms + 1_200_000, wait_s=1_200, **here)
        yield company.told(
            "survey.responded", customer, at_ms + HOUR_MS, kind="csat",
            score=4 if caller < good else 3, scale_min=1, scale_max=5, higher_is_better=True,
            **here,
        )  # fmt: skip


def test_story_4_green_operations_and_a_red_outcome() -> None:
    """Answered within 20 minutes in every week, while CSAT falls 3.8, 3.6, 3.4, 3.2, and stays at
    3.2: the third fall is told as green operations with a red outcome, the second week at 3.2 as
    unhappiness that speed does not cure."""
    company = Company()
    for number, csat in enumerate((3.8, 3.6, 3.4, 3.2, 3.2)):
        company.hear(week(company, number, csat))
    company.until(MONDAY_MS + 5 * WEEK_MS + HOUR_MS)

    jakarta = [line for line in company.lines if "region=jakarta" in line]
    assert jakarta == [
        (
            "2026-02-02 · trigger · green_ops_red_outcome · region=jakarta · severity 4 · "
            "satisfaction_falls"
        ),
        (
            "2026-02-09 · resolve · green_ops_red_outcome · region=jakarta · severity 4 · "
            "satisfaction_falls"
        ),
        (
            "2026-02-09 · trigger · speed_not_the_cause · region=jakarta · severity 3 · "
            "fast_and_unhappy"
        ),
    ]
    first = next(a for a in company.alerts if a["cohort_id"] == "region=jakarta")
    assert [period["csat_mean"] for period in first["periods"]] == [3.8, 3.6, 3.4, 3.2]
    assert {period["n"] for period in first["periods"]} == {40}
    assert len(first["customers"]) == 20 and set(first["customers"]) <= {
        f"c-3-{caller}" for caller in range(40)
    }


def test_story_4_with_too_few_answers_is_no_story() -> None:
    """The same fall told by 29 answers a week proves nothing, and nothing is said."""
    company = Company()
    for number, csat in enumerate((3.8, 3.6, 3.4, 3.2, 3.2)):
        company.hear(week(company, number, csat, answers=29))
    company.until(MONDAY_MS + 5 * WEEK_MS + HOUR_MS)
    assert company.lines == []


def test_story_4_with_slow_answers_is_another_story() -> None:
    """Where operations are not on target, nobody reports green: CSAT falls for a known reason."""
    company = Company()
    for number, csat in enumerate((3.8, 3.6, 3.4, 3.2, 3.2)):
        for touchpoint in week(company, number, csat):
            if touchpoint["type"] == "contact.answered":
                touchpoint["wait_s"] = 3_000
            company.hear([touchpoint])
    company.until(MONDAY_MS + 5 * WEEK_MS + HOUR_MS)
    assert company.lines == []
