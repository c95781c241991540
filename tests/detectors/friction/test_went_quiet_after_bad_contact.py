"""A bad contact, and then nothing: not every silence is contentment (FR7)."""

import pytest

from tests.story import Story, policy_of, told, used

KIND = "went_quiet_after_bad_contact"


def called(policy=None, outcome="pending", **fields):
    """Four weeks of use and a call that ends like that, on day 28."""
    story = used(Story(policy, only=KIND), 20, 20, 20, 20).contact("technical/sync")
    return story.tell("contact.ended", contact_id="k-1", outcome=outcome, **fields)


def test_two_weeks_of_quiet_and_half_the_use():
    """Not solved, no word since, and hardly any use: said on the fourteenth day."""
    story = used(called(), 10, 4).quiet(days=1)

    assert story.lines == [
        "day 42 · trigger · went_quiet_after_bad_contact · severity 4 · went_quiet"
    ]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == (
        "14 days of quiet after a contact that ended badly (not solved); use has fallen by 77%"
    )
    assert [e["event_id"] for e in alert["evidence"]] == ["e-5"]


@pytest.mark.parametrize(
    "bad",
    [
        {"type_": "contact.abandoned", "contact_id": "k-1", "wait_s": 900},
        {"type_": "contact.ended", "contact_id": "k-1", "agent_says_resolved": False},
        {
            "type_": "survey.responded",
            "contact_id": "k-1",
            "kind": "csat",
            "score": 2,
            "scale_min": 1,
            "scale_max": 5,
            "higher_is_better": True,
        },
    ],
)
def test_what_a_bad_contact_is(bad):
    """Given up in the queue, said to be unsolved, or scored as poor."""
    story = used(Story(only=KIND), 20, 20, 20, 20).contact("technical/sync").tell(**bad)

    assert told(used(story, 4, 0).quiet(days=1)) == [("trigger", 4, "went_quiet")]


def test_a_contact_that_ended_well():
    """Solved, and scored well or not at all."""
    assert used(called(outcome="resolved"), 4, 0, 0).quiet(days=30).lines == []
    story = called(outcome="resolved").tell(
        "survey.responded",
        contact_id="k-1",
        kind="csat",
        score=3,
        scale_min=1,
        scale_max=5,
        higher_is_better=True,
    )
    assert used(story, 4, 0, 0).quiet(days=30).lines == []


def test_quiet_but_at_work():
    """No word, and the product is used as before."""
    assert used(called(), 18, 20, 20).quiet(days=60).lines == []


def test_of_use_nobody_tells_nothing_is_concluded():
    """No summaries at all, or none any more: the producer may be down."""
    assert called().quiet(days=60).lines == []
    story = Story(only=KIND).contact("technical/sync")
    assert (
        story.tell("contact.ended", contact_id="k-1", outcome="dropped").quiet(days=60).lines == []
    )


@pytest.mark.parametrize(
    "comes_back",
    [
        {
            "type_": "contact.started",
            "contact_id": "k-9",
            "direction": "inbound",
            "channel": "email",
        },
        {"type_": "order.placed", "order_id": "o-1"},
        {"type_": "selfservice.started"},
    ],
)
def test_any_return_ends_the_watch(comes_back):
    """In time nothing is said; later it ends the episode."""
    assert used(called().after(days=5).tell(**comes_back), 4, 0, 0).quiet(days=60).lines == []
    story = used(called(), 4, 0).quiet(days=1).tell(**comes_back)
    assert told(story) == [("trigger", 4, "went_quiet"), ("resolve", 4, "came_back")]


def test_a_call_of_ours_is_no_return_of_theirs():
    """They did not come; we did."""
    story = called().after(days=2).contact("technical/sync", direction="outbound").after(days=-2)

    assert told(used(story, 4, 0).quiet(days=1)) == [("trigger", 4, "went_quiet")]


def test_solved_meanwhile():
    """The company called back and solved it: they may well be content."""
    story = called().after(days=1).contact("technical/sync", direction="outbound")
    story.tell("contact.ended", contact_id="k-2", outcome="resolved").after(days=-1)

    assert used(story, 4, 0).quiet(days=60).lines == []


def test_use_that_falls_later_while_they_stay_quiet():
    """On day 14 as before, the week after much less."""
    story = used(called(), 20, 20, 3)

    assert [line.split(" · ")[0] for line in story.lines] == ["day 49"]


def test_watched_for_so_long_and_no_longer():
    """A fall two months later has another reason."""
    assert used(called(), *[20] * 7, 2).quiet(days=5).lines == []


def test_use_that_recovers_ends_it():
    """They are back at work."""
    story = used(called(), 10, 4, 20)

    assert told(story) == [("trigger", 4, "went_quiet"), ("resolve", 4, "uses_it_again")]


def test_the_watch_ends_and_so_does_the_episode():
    """After forty-five days it is another team's matter."""
    story = used(called(), 10, 4).quiet(days=60)

    assert told(story)[-1] == ("resolve", 4, "watched_long_enough")


@pytest.mark.parametrize(
    ("limits", "count"),
    [({"quiet_after_d": 20}, 0), ({"usage_fall": 0.9}, 0), ({"quiet_after_d": 10}, 1)],
)
def test_the_limits_are_the_policys(limits, count):
    """How long, how far: the policy's to say."""
    story = used(called(policy_of(detectors={KIND: limits})), 10, 4).quiet(days=1)

    assert len(story.lines) == count


def test_a_crash_loses_no_timer():
    """Restarted at every step it says the same."""
    story = called().crash()
    used(story, 10).crash()
    used(story, 4).crash().quiet(days=1)

    assert told(story) == [("trigger", 4, "went_quiet")]
