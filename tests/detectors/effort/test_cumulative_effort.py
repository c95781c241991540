"""The sum becomes too much, though each contact may have been fine (EF9)."""

import pytest

from tests.story import Story, policy_of

KIND = "cumulative_effort"


def codes(story):
    """Action, severity and reason of each alert."""
    return [(a["action"], a["severity"], a["reason"]["code"]) for a in story.alerts]


def contacts(story, count, gap_d=2.0):
    """So many contacts about one thing, with that gap between them."""
    story.contact()
    for _ in range(count - 1):
        story.after(days=gap_d).contact()
    return story


def test_medium_then_high():
    """Contacts two days apart on one issue: the third is medium, the fifth high."""
    story = contacts(Story(only=KIND), 5)

    assert codes(story) == [("trigger", 3, "effort_medium"), ("update", 4, "effort_high")]
    assert story.lines[0].startswith("day 4 ") and story.lines[1].startswith("day 8 ")
    assert round(story.alerts[1]["jei"]["value"]) == 62


def test_the_largest_contributions_are_the_evidence():
    """Up to five of what weighs most now, and the three largest in words."""
    story = contacts(Story(only=KIND), 5)

    assert [e["event_id"] for e in story.alerts[1]["evidence"]] == [f"e-{n}" for n in range(5)]
    assert "repeat contact short +8" in story.alerts[1]["reason"]["text"]
    assert [e["contribution"] for e in story.alerts[1]["evidence"]] == [2, 8, 8, 8, 8]


def test_critical_at_once():
    """Much effort in one hour crosses all three bands and is told at the highest it reached."""
    story = Story(only=KIND).contact()
    for number in range(9):
        story.after(minutes=5).tell(
            "contact.transferred",
            contact_id="k-1",
            mode="cold",
            from_queue=f"q-{number}",
            to_queue=f"q-{number + 1}",
        )

    assert [severity for _, severity, _ in codes(story)] == [3, 4, 5]


def test_within_a_band_nothing_new_is_said():
    """More effort inside the band already told is counted, not told."""
    assert len(contacts(Story(only=KIND), 4).lines) == 1


def test_it_eases_by_itself_and_ends():
    """Effort halves in fourteen days: high eases to medium ten below its band, then resolves."""
    story = contacts(Story(only=KIND), 5).quiet(days=60)

    assert codes(story)[2:] == [("update", 3, "effort_medium"), ("resolve", 3, "effort_medium")]
    assert [round(a["jei"]["value"]) for a in story.alerts[2:]] == [50, 30]
    assert story.alerts[-1]["resolved_reason"] == "effort_decayed"


def test_hovering_about_a_band_is_told_once():
    """Between thirty and forty the episode stays open, and crossing forty again says nothing."""
    story = contacts(Story(only=KIND), 3).quiet(days=4).after(days=1).contact()

    assert codes(story) == [("trigger", 3, "effort_medium")]


def test_easing_is_kept_through_a_crash():
    """The moment at which it will have eased is part of what is kept."""
    story = contacts(Story(only=KIND), 3).crash().quiet(days=60)

    assert codes(story)[1:] == [("resolve", 3, "effort_medium")]


def test_one_contact_is_no_burden():
    """A first contact is six of a hundred."""
    assert Story(only=KIND).contact().lines == []


@pytest.mark.parametrize(("medium", "count"), [(27.8, 1), (28.0, 0)])
def test_the_band_begins_at_its_value(medium, count):
    """Two contacts two days apart come to 27.9."""
    policy = policy_of(detectors={KIND: {"medium": medium}})

    assert len(contacts(Story(policy, only=KIND), 2).lines) == count


def test_what_the_company_does_is_not_the_customers_effort():
    """Outbound calls add nothing."""
    story = Story(only=KIND)
    for _ in range(8):
        story.after(days=1).contact(direction="outbound")

    assert story.lines == []


def test_effort_before_a_backfill_is_history():
    """What is read as history is remembered but raises nothing."""
    story = Story(only=KIND)
    for _ in range(5):
        story.after(days=2).contact(origin="backfill")

    assert story.lines == []
