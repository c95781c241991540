"""One poor contact outweighs three excellent ones, whatever the mean says (DC7)."""

import pytest

from tests.story import Story, policy_of, told

KIND = "inconsistent_experience"


def scored(*scores, story=None, days=10, **fields):
    """So many answers, some days apart, on a scale of 1 to 5 unless told otherwise."""
    story = story or Story(only=KIND)
    for score in scores:
        story.after(days=days).tell(
            "survey.responded",
            **{
                "kind": "csat",
                "score": score,
                "scale_min": 1,
                "scale_max": 5,
                "higher_is_better": True,
                **fields,
            },
        )
    return story


def test_three_good_and_one_poor():
    """Five, five, four, two: the mean is a good four, the worst-weighted one is not."""
    story = scored(5, 5, 4, 2)

    assert told(story) == [("trigger", 3, "poor_after_good")]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == (
        "2 of 5 after 3 good answers; the mean of the last 4 is still 4.0, worst-weighted 3.0"
    )
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0", "e-1", "e-2", "e-3"]
    assert (alert["number"], alert["threshold"]) == (2, 2)


@pytest.mark.parametrize(
    "scores",
    [(5, 4, 2), (5, 5, 4, 3), (5, 2, 5, 4, 2), (2, 2, 2, 2), (3, 3, 3, 2), (5, 5, 5, 5)],
)
def test_what_is_no_surprise(scores):
    """Only two good before it, a middling fourth, poor before, always poor, always good."""
    assert told(scored(*scores)) == []


def test_a_middling_answer_neither_counts_nor_breaks():
    """Five, three, five, four, one: three good ones, none poor."""
    assert told(scored(5, 3, 5, 4, 1)) == [("trigger", 3, "poor_after_good")]


def test_consistent_again_after_three_good_ones():
    """It ends at the third good answer in a row, and may then begin anew; a crash changes nothing."""
    story = scored(5, 5, 5, 1, 5, 5)
    assert len(told(story)) == 1

    scored(4, story=story.crash())
    assert told(story)[1:] == [("resolve", 3, "consistent_again")]
    scored(1, story=story)
    assert told(story)[2:] == [("trigger", 3, "poor_after_good")]


def test_it_ends_by_itself_after_ninety_days():
    """Nobody answers any more."""
    assert told(scored(5, 5, 5, 1).quiet(days=100))[1:] == [("resolve", 3, "quiet")]


@pytest.mark.parametrize(
    ("fields", "scores"),
    [
        ({"scale_max": 10, "scale_min": 0}, (10, 9, 8, 2)),
        ({"higher_is_better": False}, (1, 1, 2, 4)),
    ],
)
def test_other_scales(fields, scores):
    """Nought to ten, and one to five where one is best: nine of ten is a good one."""
    assert len(told(scored(*scores, **fields))) == 1


def test_other_questions_are_other_questions():
    """Ease and recommendation are not satisfaction."""
    assert told(scored(5, 5, 5, 1, kind="ces")) == []
    assert told(scored(1, story=scored(5, 5, 5), kind="nps")) == []


def test_good_ones_of_long_ago_do_not_count():
    """Eighty days apart: of the three only two lie in the window."""
    assert told(scored(5, 5, 5, 1, days=80)) == []


def test_the_limits_are_the_policys():
    """One good one is enough, and a three is poor."""
    policy = policy_of(detectors={KIND: {"good_scores": 1, "poor_score": 3}})

    assert len(told(scored(5, 3, story=Story(policy, only=KIND)))) == 1


def test_an_answer_told_late_is_not_judged_again():
    """The poor answer of day 25 is heard of after the good one of day 40."""
    story = scored(5, 5, 5, 5)
    scored(1, story=story.after(days=-25), days=10)

    assert told(story) == []
