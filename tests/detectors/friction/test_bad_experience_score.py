"""Whoever says that it was bad is heard at once, whatever they were asked (FR12)."""

import pytest

from tests.story import Story, policy_of, told

KIND = "bad_experience_score"
SCALES = {"csat": (1, 5), "ces": (1, 7), "nps": (0, 10)}


def scores(story, kind, score, days=0.0, **fields):
    """An answer to that survey, so many days on."""
    low, high = SCALES.get(kind, (1, 5))
    return story.after(days=days).tell(
        "survey.responded",
        **{
            "kind": kind,
            "score": score,
            "scale_min": low,
            "scale_max": high,
            "higher_is_better": True,
            **fields,
        },
    )


def called_back(story, days=1.0):
    """Somebody of the company calls."""
    return story.after(days=days).contact("service/sorry", direction="outbound")


@pytest.mark.parametrize(("kind", "bad", "better"), [("csat", 2, 3), ("ces", 3, 4), ("nps", 6, 7)])
def test_where_a_score_begins_to_be_bad(kind, bad, better):
    """2 of 5, 3 of 7, 6 of 10: at arrival; one better is not."""
    story = scores(Story(only=KIND), kind, bad)
    assert told(story) == [("trigger", 3, f"bad_{kind}")]
    assert story.alerts[0]["object_id"] == kind

    assert scores(Story(only=KIND), kind, better).lines == []


@pytest.mark.parametrize(
    ("touchpoint", "reason"),
    [
        ({"type_": "qa.assessed", "contact_id": "k-1", "score": 59.9}, "bad_qa"),
        ({"type_": "sentiment.scored", "score": -0.6, "confidence": 0.8}, "bad_sentiment"),
        (
            {
                "type_": "review.posted",
                "site": "s",
                "score": 2,
                "scale_min": 1,
                "scale_max": 5,
                "higher_is_better": True,
            },
            "bad_review",
        ),
        ({"type_": "complaint.filed", "severity": 2}, "complaint_filed"),
    ],
)
def test_other_ways_of_saying_so(touchpoint, reason):
    """Assessed quality, sentiment, a review, a complaint.

    Requirement: S2-11 S2-25
    """
    assert told(Story(only=KIND).tell(**touchpoint)) == [("trigger", 3, reason)]


@pytest.mark.parametrize(
    "touchpoint",
    [
        {"type_": "qa.assessed", "contact_id": "k-1", "score": 60},
        {"type_": "sentiment.scored", "score": -0.9, "confidence": 0.79},
        {"type_": "sentiment.scored", "score": -0.9},
        {"type_": "sentiment.scored", "score": -0.59, "confidence": 0.99},
        {
            "type_": "review.posted",
            "site": "s",
            "score": 3,
            "scale_min": 1,
            "scale_max": 5,
            "higher_is_better": True,
        },
        {"type_": "survey.responded", "kind": "exit"},
        {
            "type_": "survey.responded",
            "kind": "fcr_confirm",
            "score": 0,
            "scale_min": 0,
            "scale_max": 1,
            "higher_is_better": True,
        },
    ],
)
def test_what_is_not_bad_or_not_sure(touchpoint):
    """Good enough, a model that is not sure, or a survey that does not ask how it was."""
    assert Story(only=KIND).tell(**touchpoint).lines == []


@pytest.mark.parametrize(
    ("score", "low", "high", "higher", "count"),
    [
        (2, 0, 10, True, 1),
        (3, 0, 10, True, 0),
        (25, 0, 100, True, 1),
        (26, 0, 100, True, 0),
        (4, 1, 5, False, 1),
        (3, 1, 5, False, 0),
    ],
)
def test_other_scales_are_converted(score, low, high, higher, count):
    """2 of 5 is a quarter of the way up; and on some scales low is good."""
    story = scores(
        Story(only=KIND), "csat", score, scale_min=low, scale_max=high, higher_is_better=higher
    )

    assert len(story.alerts) == count


def test_a_promoter_who_became_a_detractor():
    """From 9 to 6: worse than a 6 by itself."""
    story = scores(scores(Story(only=KIND), "nps", 9), "nps", 6, days=30)

    assert told(story) == [("trigger", 4, "promoter_became_detractor")]
    assert story.alerts[0]["reason"]["text"] == "6 of 10 in recommendation, which was good before"
    assert [e["event_id"] for e in story.alerts[0]["evidence"]] == ["e-0", "e-1"]
    assert told(scores(scores(Story(only=KIND), "nps", 8), "nps", 6)) == [("trigger", 3, "bad_nps")]


def test_three_good_one_poor():
    """5, 5, 4 and then 2: a fall from good to bad."""
    story = Story(only=KIND)
    for score in (5, 5, 4, 2):
        scores(story, "csat", score, days=7)

    assert [a["reason"]["code"] for a in story.alerts] == ["fell_from_good"]


def test_a_complaint_to_a_regulator():
    """Somebody with deadlines of their own will ask."""
    story = Story(only=KIND).tell("complaint.filed", severity=3, regulatory=True)

    assert told(story) == [("trigger", 4, "regulatory_complaint")]
    assert "compliance" in story.alerts[0]["suggested_action"]


def test_where_the_words_are_is_told():
    """The verbatim itself never travels."""
    story = scores(Story(only=KIND), "csat", 1, verbatim_ref="survey/77")

    assert story.alerts[0]["reason"]["text"] == "1 of 5 in satisfaction; the words are at survey/77"


def test_followed_up_and_better():
    """A call back, and the next score is not bad: the loop is closed."""
    story = called_back(scores(Story(only=KIND), "csat", 1))
    scores(story, "csat", 3, days=9)

    assert told(story) == [("trigger", 3, "bad_csat"), ("resolve", 3, "followed_up_and_better")]


@pytest.mark.parametrize(
    "follow_up",
    [
        {"type_": "case.response_sent", "case_id": "s-1", "kind": "human"},
        {"type_": "recovery.action_taken", "kind": "credit"},
        {"type_": "account.touch", "kind": "check_in"},
    ],
)
def test_other_ways_to_follow_up(follow_up):
    """A letter by a person, something made good, a visit."""
    story = scores(Story(only=KIND), "nps", 3).after(days=1).tell(**follow_up)
    scores(story, "nps", 8, days=9)

    assert told(story)[-1] == ("resolve", 3, "followed_up_and_better")


def test_better_by_itself_or_followed_up_in_vain_is_not_over():
    """Without a follow-up; with an automatic one; or with one after which it is as bad."""
    assert len(scores(scores(Story(only=KIND), "csat", 1), "csat", 5, days=9).lines) == 1
    story = scores(Story(only=KIND), "csat", 1)
    story.tell("case.response_sent", case_id="s-1", kind="auto")
    assert len(scores(story, "csat", 5, days=9).lines) == 1
    story = called_back(scores(Story(only=KIND), "csat", 1))
    assert len(scores(story, "csat", 2, days=9).lines) == 1


def test_better_first_and_followed_up_then():
    """The order does not matter: the next better score after the call closes it."""
    story = called_back(scores(scores(Story(only=KIND), "csat", 1), "csat", 3, days=3))
    scores(story, "csat", 4, days=5)

    assert told(story)[-1] == ("resolve", 3, "followed_up_and_better")


def test_a_complaint_is_over_with_a_good_score_of_any_kind():
    """Answered, and satisfied again."""
    story = called_back(Story(only=KIND).tell("complaint.filed"))
    scores(scores(story, "csat", 3, days=2), "csat", 5, days=2)

    assert told(story) == [
        ("trigger", 3, "complaint_filed"),
        ("resolve", 3, "followed_up_and_better"),
    ]


def test_a_bad_score_told_late_is_told():
    """It says nothing about what came after it, but it was said."""
    story = scores(scores(Story(only=KIND).after(days=9), "csat", 5), "csat", 1, days=-5)

    assert told(story) == [("trigger", 3, "bad_csat")]


@pytest.mark.parametrize(("limits", "count"), [({"csat_max": 1}, 0), ({"csat_max": 3}, 1)])
def test_the_limits_are_the_policys(limits, count):
    """What is bad is the policy's to say."""
    story = Story(policy_of(detectors={KIND: limits}), only=KIND)

    assert len(scores(story, "csat", 2).alerts) == count
    assert policy_of(detectors={KIND: {"nps_max": 4}}) is not None


def test_each_kind_is_its_own_and_a_crash_changes_nothing():
    """A bad score for ease and one for satisfaction are two things to look into."""
    story = scores(Story(only=KIND), "csat", 1).crash()
    scores(called_back(story).crash(), "ces", 2, days=1).crash()
    scores(story, "csat", 4, days=1)

    assert [(a["action"], a["object_id"]) for a in story.alerts] == [
        ("trigger", "csat"),
        ("trigger", "ces"),
        ("resolve", "csat"),
    ]
