"""What costs one customer little may cost another much: points may differ by segment (S0-13)."""

import pytest

from streams import policy as policies
from streams.policy import PolicyError
from tests.story import Story, policy_of

DEAR = policy_of(
    effort={
        "points": {"transfer_cold": 7},
        "segments": {"enterprise": {"transfer_cold": 20, "wait_minute": 1, "wait_max": 60}},
    }
)


def effort(segment: str | None, policy=DEAR) -> float:
    """Points of a call that was passed on cold after twelve minutes of waiting."""
    story = Story(policy)
    if segment is not None:
        story.tell("customer.profile_changed", segment=segment)
    story.contact().tell("contact.answered", contact_id="k-1", wait_s=720)
    story.tell("contact.transferred", contact_id="k-1", mode="cold", to_queue="second")
    journey = story.house.desk.journey(b"c-1", story.house.line.codec.decode)
    return sum(one.points for one in journey.effort.top)


def test_a_segment_may_have_points_of_its_own():
    """First contact 2; waiting 10 minutes above the free ones, and a cold transfer, as they weigh
    there.

    Requirement: S0-13
    """
    assert effort("enterprise") == pytest.approx(2 + 10 * 1 + 20)
    assert effort("smb") == effort(None) == pytest.approx(2 + 10 * 0.2 + 7)


def test_what_a_segment_leaves_out_is_as_for_everybody():
    """Its table is laid over the points, not in their place."""
    segments = DEAR.rules.effort.segments["enterprise"]

    assert segments.first_contact == DEAR.rules.effort.points.first_contact
    assert policies.from_table(DEAR.as_table()).as_table() == DEAR.as_table()


def test_two_weightings_never_share_a_label():
    """Every alert names the weights it was made with."""
    assert DEAR.rules.label != policy_of(effort={"points": {"transfer_cold": 7}}).rules.label


@pytest.mark.parametrize(
    ("segments", "words"),
    [
        ({"smb": {"transfer": 1}}, "effort.segments.smb.transfer: unknown key"),
        ({"smb": {"transfer_cold": -1}}, "effort.segments.smb.transfer_cold"),
        ([], "effort.segments: must be a table of tables"),
    ],
)
def test_a_mistake_is_named(segments, words):
    """By its key."""
    with pytest.raises(PolicyError, match=words):
        policy_of(effort={"segments": segments})
