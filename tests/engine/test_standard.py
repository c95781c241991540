"""A moment of truth is told at once, and held to a standard as a whole, whatever happens meanwhile.

Requirement: S1-11 S1-30 S4-15 S4-21
"""

import pytest

from tests.engine.moments import begun, end, reply, solved, told


def test_a_moment_that_is_handled_well():
    """Told at once for information; answered, solved, quiet for a week: the standard is met."""
    story = solved(reply(begun())).quiet(days=20)

    assert told(story) == [
        "day 0.4167 · trigger · severity 1 · detected",
        "day 7.417 · resolve · severity 1 · standard_met",
    ]


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"response_h": 0}, "mishandled_resolution"),
        ({"response_h": 0, "resolve_h": 0}, "mishandled_follow_up"),
        ({"response_h": 0, "resolve_h": 0, "follow_up_h": 0}, "standard_met"),
    ],
)
def test_a_part_that_is_not_asked_for(parts, reason):
    """Nought hours: that part is no part of the standard; the next one is missed instead."""
    assert end(begun(**parts)) == reason


def test_an_unclassified_contact_that_is_classified_later():
    """What began without a reason is about the line after all, and its answer counts."""
    story = begun(by="visit.recorded").contact(reason=None).after(minutes=1)
    story.tell("contact.info_requested", contact_id="k-1", item="other", already_given=False)
    story.tell("contact.answered", contact_id="k-1", reason="line/dead")
    story.after(hours=1).tell("contact.ended", contact_id="k-1", outcome="resolved")

    assert end(story) == "standard_met"


def test_a_crash_anywhere_loses_no_clock():
    """What is watched is in the journey."""
    whole = reply(begun()).quiet(days=5)
    torn = reply(begun().crash()).crash().quiet(days=1).crash().quiet(days=4)

    assert told(torn) == told(whole)


def test_the_same_moment_again_while_it_is_watched():
    """A second complaint about the same does not set the clocks back."""
    story = begun().after(hours=4).tell("complaint.filed", reason="line/dead").quiet(days=1)

    assert told(story)[1:] == ["day 0.75 · update · severity 4 · mishandled_response"]


def test_more_moments_than_are_watched():
    """The oldest of more than two is watched no more; its alert ends by itself."""
    story = begun()
    for name in "ab":
        story.after(minutes=1).tell("complaint.filed", reason=f"line/{name}")
    story.quiet(days=40)

    first = [a for a in story.alerts if a["object_id"] == "r:/line/dead"]
    assert [a["resolved_reason"] for a in first] == [None, "quiet"]
