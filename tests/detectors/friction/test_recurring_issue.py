"""What comes back every week is not mended by being answered every week (FR9)."""

import pytest

from tests.story import DAY_MS, Story, policy_of

KIND = "recurring_issue"


def report(story, days=7.0, known="KI-1", **fields):
    """The customer gets in touch about it, so many days on."""
    named = {"known_issue_id": known} if known else {}
    return story.after(days=days).contact("product/statement", **named, **fields)


def weekly(policy=None, known="KI-1", gaps=(0, 7, 7)):
    """Reports with those days between."""
    story = Story(policy, only=KIND)
    for days in gaps:
        report(story, days, known)
    return story


def updated(story, status, **fields):
    """Word of the known issue."""
    return story.tell("product.known_issue_updated", known_issue_id="KI-1", status=status, **fields)


def test_the_third_time_in_three_weeks():
    """Days 0, 7 and 14: said on the third."""
    story = weekly()

    assert story.lines == ["day 14 · trigger · recurring_issue · severity 4 · comes_back"]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == "3 reports of the same fault, 4 to 10 days apart"
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0", "e-1", "e-2"]
    assert alert["cause_class"] == "product_quality" and "KI-1" in alert["suggested_action"]


def test_what_nobody_has_named_comes_back_too():
    """By its reason: then it is for service to find out what it is."""
    story = weekly(known=None)

    assert [a["reason"]["code"] for a in story.alerts] == ["comes_back"]
    assert story.alerts[0]["cause_class"] == "service_process"


@pytest.mark.parametrize(
    "gaps", [(0, 7), (0, 2, 2), (0, 3.9, 3.9), (0, 11, 11), (0, 7, 11, 7), (0, 7, 3)]
)
def test_other_gaps_are_another_matter(gaps):
    """Twice only, too close, too far apart, or a row that broke off."""
    assert weekly(gaps=gaps).lines == []


def test_twice_in_one_bout_is_one_report():
    """The error and the call about it, and the call the day after."""
    story = Story(only=KIND)
    for days in (0, 7, 6):
        story.after(days=days).tell("product.error", severity=2, known_issue_id="KI-1")
        report(story, 0.01)
        report(story, 0.99)

    assert story.lines == ["day 15 · trigger · recurring_issue · severity 4 · comes_back"]
    assert story.alerts[0]["number"] == 3


def test_a_bout_may_be_long():
    """Every other day for three weeks is one bout that does not end, and a repeat contact's matter."""
    story = Story(only=KIND)
    for _ in range(10):
        report(story, 2)

    assert story.lines == []


def test_errors_and_cases_are_reports():
    """Whoever notices it."""
    story = Story(only=KIND).tell("product.error", severity=2, known_issue_id="KI-1").after(days=6)
    story.tell("case.opened", case_id="s-1", known_issue_id="KI-1").after(days=6)
    report(story, 0)

    assert [a["number"] for a in story.alerts] == [3]


@pytest.mark.parametrize("type_", ["contact", "error"])
def test_what_is_no_report(type_):
    """A call of ours, or an error that nobody laid to anything."""
    story = Story(only=KIND)
    for _ in range(4):
        if type_ == "contact":
            report(story, direction="outbound")
        else:
            story.after(days=7).tell("product.error", severity=3, code="E1")

    assert story.lines == []


def test_different_things_do_not_add_up():
    """Three faults once each are three faults."""
    story = Story(only=KIND)
    for number in range(3):
        report(story, known=f"KI-{number}")

    assert story.lines == []


def test_a_known_fault_open_for_a_month():
    """Reported twice, and thirty days after it was known still not mended."""
    story = updated(Story(only=KIND), "open", opened_at=Story().now_ms - 5 * DAY_MS)
    report(report(story, 1), 12).quiet(days=20)

    assert story.lines == ["day 25 · trigger · recurring_issue · severity 4 · known_and_open"]
    assert story.alerts[0]["reason"]["text"] == ("30 days a known fault is open, reported 2 times")


def test_the_second_report_of_what_is_long_open():
    """Forty days open when it is reported again: said at once."""
    story = updated(Story(only=KIND), "open", opened_at=Story().now_ms - 40 * DAY_MS)

    assert report(report(story, 0), 12).lines == [
        "day 12 · trigger · recurring_issue · severity 4 · known_and_open"
    ]


def test_one_report_of_a_known_fault_or_one_that_is_mended():
    """Reported once; or reported twice and fixed before the month is over."""
    assert report(updated(Story(only=KIND), "open"), 1).quiet(days=60).lines == []
    story = report(report(updated(Story(only=KIND), "open"), 1), 12).after(days=2)
    assert updated(story, "Fixed").quiet(days=60).lines == []


def test_fixed_and_quiet_for_a_month_is_over():
    """The fix is believed when nobody reports it for thirty days."""
    story = updated(weekly().after(days=3), "fixed").quiet(days=40)

    assert story.lines[1:] == ["day 47 · resolve · recurring_issue · severity 4 · fixed_and_quiet"]


def test_quiet_without_a_fix_is_not_over():
    """The customer may only have given up."""
    assert len(weekly().quiet(days=150).lines) == 1


def test_reported_again_after_the_fix():
    """Then it was none, and the month begins anew with the next."""
    story = updated(weekly().after(days=3), "fixed")
    report(story, 10).quiet(days=60)
    assert len(story.lines) == 1

    updated(story, "fixed").quiet(days=31)
    assert story.lines[-1].startswith("day 117 · resolve")


def test_what_nobody_named_is_over_when_it_is_solved():
    """Its issue resolved, and a month of quiet."""
    story = weekly(known=None)
    story.tell("contact.ended", contact_id="k-3", outcome="resolved").quiet(days=40)

    assert story.lines[-1] == "day 44 · resolve · recurring_issue · severity 4 · fixed_and_quiet"


@pytest.mark.parametrize(
    ("limits", "count"),
    [({"reports": 2}, 1), ({"reports": 4}, 0), ({"gap_min_d": 8}, 0), ({"gap_max_d": 6}, 0)],
)
def test_the_limits_are_the_policys(limits, count):
    """How often, how far apart: the policy's to say."""
    assert len(weekly(policy_of(detectors={KIND: limits})).lines) == count


def test_many_faults_stay_small_and_a_crash_loses_no_timer():
    """The one longest quiet of more than four is forgotten; a restart changes nothing."""
    story = Story(only=KIND)
    for number in range(6):
        report(story, 1, known=f"KI-{number}").crash()
    for number in (2, 5, 2, 5, 0, 0):
        report(story, 5, known=f"KI-{number}").crash()

    assert [a["object_id"] for a in story.alerts] == ["k:KI-2", "k:KI-5"]
