"""What is kept of an answer: one scale, and how far it lies from what is usual (S0-08, S4-26)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.engine.long_run import RATINGS_MAX, Rating, Ratings
from tests.story import Story, policy_of

CSAT = {"kind": "csat", "scale_min": 1, "scale_max": 5, "higher_is_better": True}
NPS = {"kind": "nps", "scale_min": 0, "scale_max": 10, "higher_is_better": True}


def ratings(story: Story) -> dict[str, Ratings]:
    """All ratings kept of the customer."""
    return profile_and_ratings(story)[1]


def profile_and_ratings(story: Story):
    """The customer's profile, and their ratings."""
    journey = story.house.line.codec.decode(story.house.journeys[story.customer.encode()])
    return journey.profile, journey.ratings


def answered(*scores: int, story: Story | None = None) -> Story:
    """A customer who gave those satisfaction scores, a day apart."""
    story = story or Story()
    for score in scores:
        story.after(days=1).tell("survey.responded", score=score, **CSAT)
    return story


def test_a_rating_knows_how_far_it_lies_from_the_customers_own_mean():
    """5, 5, 4, 2 of 5: the last lies 667 of 1000 below what this customer had given so far."""
    kept = ratings(answered(5, 5, 4, 2))["csat"]

    assert [(one.value, one.own) for one in kept.last] == [
        (1000, None),
        (1000, 0),
        (750, -250),
        (250, -667),
    ]
    assert (kept.n, kept.total) == (4, 3000)


def test_the_same_answer_weighs_differently_by_who_gives_it():
    """A 3 of 5 is a fall from somebody who is always delighted, a rise from one who never is."""
    delighted, never = answered(5, 5, 3), answered(1, 1, 3)

    assert ratings(delighted)["csat"].last[-1].own == -500
    assert ratings(never)["csat"].last[-1].own == 500


def test_the_segments_mean_is_the_policys():
    """A journey sees no other customers: the table says what is usual in the segment."""
    policy = policy_of(scores={"segment_means": {"smb": {"csat": 0.8}}})
    story = Story(policy).tell("customer.profile_changed", segment="smb")

    assert [one.segment for one in ratings(answered(4, story=story))["csat"].last] == [-50]
    story.tell("customer.profile_changed", segment="enterprise")
    assert ratings(answered(4, story=story))["csat"].last[-1].segment is None


@pytest.mark.parametrize(
    ("type_", "fields", "kind", "value"),
    [
        ("survey.responded", {**CSAT, "score": 4}, "csat", 750),
        ("survey.responded", {**NPS, "score": 9, "scope": "interaction"}, "nps", 900),
        ("survey.responded", {**NPS, "score": 9, "scope": "relationship"}, "nps_relationship", 900),
        (
            "survey.responded",
            {"kind": "ces", "score": 1, "scale_min": 1, "scale_max": 5, "higher_is_better": False},
            "ces",
            1000,
        ),
        (
            "review.posted",
            {"site": "s", "score": 2, "scale_min": 1, "scale_max": 5, "higher_is_better": True},
            "review",
            250,
        ),
        ("qa.assessed", {"contact_id": "k-1", "score": 62}, "qa", 620),
        ("sentiment.scored", {"score": -0.5, "confidence": 0.9}, "sentiment", 250),
    ],
)
def test_all_kinds_are_kept_on_one_scale(type_, fields, kind, value):
    """Nought to a thousand, a thousand is best, whatever the scale and its direction were."""
    assert [one.value for one in ratings(Story().tell(type_, **fields))[kind].last] == [value]


def test_a_model_that_is_not_sure_is_not_listened_to():
    """Sentiment below the confidence of the policy leaves no trace."""
    assert ratings(Story().tell("sentiment.scored", score=-1, confidence=0.79)) == {}


@pytest.mark.parametrize("kind", ["exit", "fcr_confirm"])
def test_what_is_no_rating_is_not_kept(kind):
    """An exit survey and a yes-or-no are answers, but no ratings."""
    assert ratings(Story().tell("survey.responded", score=5, **{**CSAT, "kind": kind})) == {}


def test_a_late_answer_takes_its_place_in_time():
    """Told last, given first: it lies first, and is measured against what was known by then."""
    story = answered(5, 4).after(days=-1.5).tell("survey.responded", score=1, **CSAT)
    last = ratings(story)["csat"].last

    assert [(one.value, one.own) for one in last] == [(0, -875), (1000, None), (750, -250)]


def test_only_the_last_five_are_kept_and_all_are_counted():
    """The mean is of all, the memory of the last five."""
    kept = ratings(answered(*[5] * 9, 1))["csat"]

    assert (kept.n, len(kept.last)) == (10, RATINGS_MAX)
    assert kept.last[-1].own == -1000


@pytest.mark.parametrize(
    ("type_", "fields", "lets_down"),
    [
        ("survey.responded", {**CSAT, "score": 2}, True),
        ("survey.responded", {**CSAT, "score": 3}, False),
        ("survey.responded", {**NPS, "score": 6}, True),
        ("survey.responded", {**NPS, "score": 7}, False),
        ("order.delayed", {"order_id": "o-1"}, True),
        ("task.abandoned", {"task_kind": "return"}, True),
        ("cancel.requested", {}, True),
        ("sentiment.scored", {"score": -0.6, "confidence": 0.8}, True),
        ("sentiment.scored", {"score": -0.5, "confidence": 0.8}, False),
        ("product.error", {"severity": 2}, False),
        ("product.error", {"severity": 3}, True),
    ],
)
def test_goodwill_is_used_up_by_one_letting_down(type_, fields, lets_down):
    """What counts as a negative signal is what the customer would call one (sections 6 and 7)."""
    story = answered(5, 5, 5).after(days=1).tell(type_, **fields)

    assert (profile_and_ratings(story)[0].negative_ms == story.now_ms) is lets_down


def test_goodwill_comes_from_contacts_not_from_liking_the_company():
    """A promoter's answer about the whole relationship is no good contact."""
    story = Story()
    for _ in range(3):
        story.after(days=1).tell("survey.responded", score=10, scope="relationship", **NPS)

    assert profile_and_ratings(story)[0].goodwill_ms == []


kept = st.lists(
    st.builds(Rating, st.integers(0, 99), st.integers(0, 1000), st.none(), st.none()), max_size=5
).map(lambda last: Ratings(len(last) + 3, 1000, sorted(last, key=lambda r: (r.at_ms, r.value))))


@given(kept, kept)
def test_two_customers_ratings_become_one_in_either_order(mine, theirs):
    """Counts add up, the last five of both stay, and who is asked does not matter."""
    joined = mine.joined(theirs)

    assert joined == theirs.joined(mine)
    assert joined.n == mine.n + theirs.n
    assert len(joined.last) == min(RATINGS_MAX, len(mine.last) + len(theirs.last))
