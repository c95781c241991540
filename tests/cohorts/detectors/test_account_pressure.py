"""RN3: several people of one account in trouble at once (S4-05)."""

from streams.cohorts.cell import Mark
from streams.cohorts.detectors.account_pressure import DETECTOR
from tests.cohorts.detectors.asked import DAY_MS, ask, reason

END_MS = 20_000 * DAY_MS


def mark(customer: str, severity: int = 3, days_ago: float = 1, issue: str = "") -> Mark:
    """An open alert of somebody."""
    at_ms = END_MS - round(days_ago * DAY_MS)
    return Mark(at_ms, "open", customer, f"a-{customer}", severity, issue)


def pressure(*marks: Mark):
    """The account as it stands."""
    return ask(DETECTOR, cohort="account=acme", marks=marks, end_ms=END_MS)


def test_two_people_with_severe_alerts_are_pressure():
    """Severity 3 each; both are named."""
    found = pressure(mark("ann"), mark("bob"))
    assert (reason(found), found.severity, list(found.customers)) == (
        "several_people", 4, ["ann", "bob"],
    )  # fmt: skip


def test_one_person_with_two_alerts_is_not():
    """Nor is a second one whose alert is mild, or two weeks old."""
    assert pressure(mark("ann"), mark("ann", 5)) is None
    assert pressure(mark("ann"), mark("bob", 2)) is None
    assert pressure(mark("ann"), mark("bob", days_ago=14)) is None


def test_three_people_with_one_issue_are_pressure_even_if_mild():
    """Severity 2, but the same known issue."""
    same = [mark(name, 2, issue="k:BUG-1") for name in ("ann", "bob", "cyd")]
    assert reason(pressure(*same)) == "same_issue"
    assert pressure(*same[:2], mark("cyd", 2, issue="k:BUG-2")) is None
