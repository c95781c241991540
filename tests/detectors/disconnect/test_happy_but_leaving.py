"""Five stars, and gone (DC3)."""

import pytest

from tests.story import Story, policy_of, told

KIND = "happy_but_leaving"


def scored(story=None, score=5, **fields):
    """An answer, on a scale of 1 to 5 unless told otherwise."""
    story = story or Story(only=KIND)
    given = {"kind": "csat", "scale_min": 1, "scale_max": 5, "higher_is_better": True, **fields}
    return story.tell("survey.responded", score=score, **given)


FOUND = [("trigger", 4, KIND)]


def test_five_stars_and_then_they_cancel():
    """Told at the cancellation, with the answer beside it."""
    story = scored().after(days=3).tell("cancel.requested")

    assert told(story) == FOUND
    alert = story.alerts[0]
    assert alert["reason"]["text"] == (
        "5 of 5 in satisfaction 3.0 days before the customer asked to cancel"
    )
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0", "e-1"]


def test_they_cancel_and_praise_the_agent():
    """The answer that comes after it is as telling."""
    story = scored(Story(only=KIND).tell("cancel.requested").after(hours=5))

    assert told(story) == FOUND
    assert "0.2 days after the customer asked to cancel" in story.alerts[0]["reason"]["text"]


@pytest.mark.parametrize(
    ("type_", "fields", "count"),
    [
        ("customer.churned", {"voluntary": True}, 1),
        ("customer.churned", {}, 1),
        ("customer.churned", {"voluntary": False}, 0),
        ("cancel.requested", {"voluntary": False}, 0),
        ("renewal.decided", {"outcome": "lost"}, 1),
        ("renewal.decided", {"outcome": "reduced"}, 0),
        ("renewal.decided", {"outcome": "renewed"}, 0),
    ],
)
def test_what_is_a_sign(type_, fields, count):
    """Left, unless made to; lost, not renewed for less."""
    assert len(told(scored().after(days=1).tell(type_, **fields))) == count


@pytest.mark.parametrize(("score", "count"), [(4, 1), (3.9, 0), (2, 0)])
def test_only_the_last_answer_counts(score, count):
    """A five, then that one, then the cancellation."""
    story = scored(scored().after(days=1), score).after(days=1).tell("cancel.requested")

    assert len(told(story)) == count


@pytest.mark.parametrize(("days", "count"), [(30, 1), (30.1, 0)])
def test_within_thirty_days(days, count):
    """Praise of two months ago says nothing about today."""
    assert len(told(scored().after(days=days).tell("cancel.requested"))) == count


@pytest.mark.parametrize("kind", ["nps", "ces"])
def test_other_questions_are_other_questions(kind):
    """Ease and recommendation are not satisfaction."""
    assert told(scored(kind=kind).tell("cancel.requested")) == []


def suffering(story):
    """Two errors, and not a word."""
    for _ in range(2):
        story.after(hours=3).tell("product.error", severity=3, feature="export")
    return story


def test_satisfied_and_suffering_in_silence():
    """Five stars for the contact; then two errors, and two days later it is told, by a timer."""
    story = suffering(scored()).crash().quiet(days=3)

    assert told(story) == FOUND
    assert story.alerts[0]["reason"]["text"].endswith("the customer suffers in silence")


def test_the_praise_comes_while_they_suffer():
    """Silent since yesterday, and the survey of last week's call comes back with a five."""
    assert told(scored(suffering(Story(only=KIND)).quiet(days=3))) == FOUND


def test_when_they_speak_the_sign_is_gone():
    """They call: no silence any more."""
    story = suffering(scored()).quiet(days=3).contact("product/export")

    assert told(story)[1:] == [("resolve", 4, "no_sign_any_more")]


def test_satisfied_and_gone_quiet():
    """Given up in the queue, a five for another contact, and half the use of before."""
    story = Story(only=KIND)

    def used(logins):
        story.after(days=7).tell(
            "product.usage_summary", period_start=story.now_ms - 7 * 86_400_000, period_s=604_800,
            key_actions={"login": logins},
        )  # fmt: skip

    for _ in range(4):
        used(20)
    story.contact().tell("contact.abandoned", contact_id="k-1", wait_s=400)
    scored(story.after(hours=1))
    for _ in range(3):
        used(4)

    assert told(story) == FOUND
    text = story.alerts[0]["reason"]["text"]
    assert text.endswith("the customer went quiet after a bad contact")


@pytest.mark.parametrize(
    ("type_", "fields"),
    [("customer.reactivated", {}), ("renewal.decided", {"outcome": "renewed"})],
)
def test_they_stay(type_, fields):
    """Asked to cancel, and stayed; a later five finds nothing."""
    story = scored().tell("cancel.requested").after(days=3).tell(type_, **fields)
    scored(story.after(days=1))

    assert told(story) == [*FOUND, ("resolve", 4, "stays")]


def test_it_ends_by_itself():
    """Nobody says what became of it."""
    assert told(scored().tell("cancel.requested").quiet(days=70))[-1] == ("resolve", 4, "quiet")


def test_the_limits_are_the_policys():
    """A three is good enough, for a year."""
    policy = policy_of(detectors={KIND: {"good_score": 3, "window_d": 365}})
    story = scored(Story(policy, only=KIND), 3).after(days=300).tell("cancel.requested")

    assert len(told(story)) == 1
