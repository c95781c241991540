"""The website says thirty days, the agent says fourteen: which is it? (FR8)"""

import pytest

from tests.story import Story, policy_of, told

KIND = "inconsistent_answer"


def says(story, key, by="agent", days=1.0, topic="return_window", **fields):
    """An answer on a topic, so many days on."""
    return story.after(days=days).tell(
        "answer.given", topic=topic, answer_key=key, answered_by=by, **fields
    )


def at_odds(policy=None, days=2.0):
    """The website, then an agent in a call about returns, and they differ."""
    story = says(Story(policy, only=KIND), "30_days", "web", article_id="kb-204", version="7")
    story.after(days=days).contact("order/return").after(minutes=3)
    return says(story, "14_days", days=0, agent="a-31", contact_id="k-1")


def test_website_and_agent_disagree():
    """Both answers, who gave them and which version of what they had read."""
    story = at_odds()

    assert told(story) == [("trigger", 3, "answers_differ")]
    alert = story.alerts[0]
    assert alert["reason"]["text"] == (
        "2 answers on return_window in 2.0 days: 30_days (web kb-204@7), then 14_days (agent a-31)"
    )
    assert [e["event_id"] for e in alert["evidence"]] == ["e-0", "e-2"]
    assert alert["cause_class"] == "knowledge"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"by": "agent", "agent": "a-1"}, {"by": "agent", "agent": "a-2"}),
        ({"by": "agent", "shift": "early"}, {"by": "agent", "shift": "late"}),
        (
            {"by": "doc", "article_id": "kb", "version": "1"},
            {"by": "doc", "article_id": "kb", "version": "2"},
        ),
        ({"by": "bot"}, {"by": "app"}),
    ],
)
def test_two_of_anything_that_answers(first, second):
    """Two agents, two shifts, two versions of one article, bot and app."""
    story = says(says(Story(only=KIND), "yes", **first), "no", **second)

    assert told(story) == [("trigger", 3, "answers_differ")]


def test_the_same_answer_from_everybody():
    """That is how it should be."""
    story = says(Story(only=KIND), "30_days", "web")
    for by in ("agent", "bot", "app"):
        says(story, "30_days", by)

    assert story.lines == []


def test_one_source_may_have_been_asked_two_things():
    """The same agent, or the same version of one article, is no contradiction by itself."""
    story = says(says(Story(only=KIND), "yes", agent="a-1"), "no", agent="a-1")

    assert story.lines == []


def test_another_topic_or_another_product():
    """Two questions may have two answers."""
    story = says(says(Story(only=KIND), "yes", "web"), "no", "agent", topic="warranty")
    says(story, "no", "agent", product_id="router")

    assert story.lines == []


def test_a_month_later_things_may_have_changed():
    """Thirty days apart is still at odds, more is not."""
    assert len(says(says(Story(only=KIND), "yes", "web"), "no", days=30).lines) == 1
    assert says(says(Story(only=KIND), "yes", "web"), "no", days=30.1).lines == []


def test_a_correction_is_no_contradiction():
    """Whoever says that the former answer was wrong does not disagree by accident."""
    story = says(says(Story(only=KIND), "30_days", "web"), "14_days", correction=True)
    assert story.lines == []

    assert says(story, "14_days", "bot").lines == []
    assert told(says(story, "30_days", "app")) == [("trigger", 3, "answers_differ")]


def test_a_correction_settles_it():
    """And ends what was found."""
    story = says(at_odds(), "30_days", correction=True)

    assert told(story) == [("trigger", 3, "answers_differ"), ("resolve", 3, "corrected")]


@pytest.mark.parametrize("reason", ["order/return", "order/return_window", "return_window"])
def test_the_customer_has_to_ask(reason):
    """A contact about the same issue or the topic itself, within a week: worse."""
    story = at_odds().after(days=3).contact(reason)

    assert told(story) == [
        ("trigger", 3, "answers_differ"),
        ("update", 4, "answers_differ_and_asked_again"),
    ]
    assert len(story.alerts[-1]["evidence"]) == 3
    assert "better one" in story.alerts[-1]["suggested_action"]


@pytest.mark.parametrize(("reason", "days"), [("billing/bill", 3), ("order/return", 7.1)])
def test_a_contact_about_something_else_or_much_later(reason, days):
    """Changes nothing."""
    assert len(at_odds().after(days=days).contact(reason).lines) == 1


def test_answers_told_out_of_order():
    """The earlier answer comes late: they differ all the same, in the order they were given."""
    story = says(says(Story(only=KIND).after(days=3), "14_days"), "30_days", "web", days=-2)

    assert "30_days (web), then 14_days (agent)" in story.alerts[0]["reason"]["text"]


def test_a_month_without_more_of_it_ends_it():
    """Nobody contradicted anybody for thirty days."""
    assert told(at_odds().quiet(days=31))[-1] == ("resolve", 3, "quiet")


@pytest.mark.parametrize(("limits", "days", "count"), [({"window_d": 1}, 2, 0), ({}, 2, 1)])
def test_the_limit_is_the_policys(limits, days, count):
    """How long answers must agree is the policy's to say."""
    assert len(at_odds(policy_of(detectors={KIND: limits}), days).lines) == count


def test_many_topics_stay_small_and_a_crash_changes_nothing():
    """The one longest quiet of more than three is forgotten."""
    story = Story(only=KIND)
    for number in range(5):
        says(story, "yes", "web", topic=f"t-{number}").crash()
    for number in range(5):
        says(story, "no", "agent", topic=f"t-{4 - number}").crash()

    assert [a["object_id"] for a in story.alerts if a["action"] == "trigger"] == [
        "t-4",
        "t-3",
        "t-2",
    ]
