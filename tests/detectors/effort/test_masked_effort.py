"""A good score may hide a hard way (EF10)."""

import pytest

from tests.story import Story, policy_of

KIND = "masked_effort"


def hard_call(story):
    """One call: half an hour of menu, two cold transfers, asked twice for what was given."""
    story.contact().after(minutes=30).tell(
        "ivr.segment_ended", contact_id="k-1", duration_s=1800, exit="agent"
    )
    for queue in ("billing", "tech"):
        story.after(minutes=5).tell(
            "contact.transferred", contact_id="k-1", mode="cold", to_queue=queue
        )
        story.after(minutes=5).tell(
            "contact.info_requested", contact_id="k-1", item="account_number", already_given=True
        )
    return story


def handed_and_asked(story):
    """One call of little effort in all: two warm transfers and two repetitions."""
    story.contact()
    for queue in ("billing", "tech"):
        story.after(minutes=5).tell(
            "contact.transferred",
            contact_id="k-1",
            mode="warm",
            to_queue=queue,
            context_passed=False,
        )
    return story


def end(story, contact="k-1"):
    """The call ends, resolved."""
    return story.after(minutes=5).tell("contact.ended", contact_id=contact, outcome="resolved")


def score(story, value, kind="csat", contact="k-1", **fields):
    """The customer answers on a scale of 1 to 5."""
    return story.tell(
        "survey.responded",
        contact_id=contact,
        kind=kind,
        **{"score": value, "scale_min": 1, "scale_max": 5, "higher_is_better": True, **fields},
    )


def test_a_good_score_after_a_hard_way():
    """Satisfied with the agent, after an effort of more than sixty on this one issue."""
    story = score(end(hard_call(Story(only=KIND))).after(hours=1), 5)

    assert [(a["action"], a["severity"]) for a in story.alerts] == [("trigger", 4)]
    assert story.alerts[0]["number"] == pytest.approx(62, abs=0.5)
    assert story.alerts[0]["evidence"][-1]["type"] == "survey.responded"


def test_a_good_score_after_being_handed_on_and_asked_again():
    """Both burdens on one issue are enough, whatever the index says."""
    story = score(handed_and_asked(Story(only=KIND)).after(hours=1), 5)

    assert [a["reason"]["text"].endswith("handed on and asked again") for a in story.alerts] == [
        True
    ]


@pytest.mark.parametrize(("hours", "count"), [(23.9, 1), (24.1, 0)])
def test_the_answer_comes_when_the_call_is_over(hours, count):
    """The burdens ended with the call that resolved the issue; for a day they still count."""
    story = score(end(handed_and_asked(Story(only=KIND))).after(hours=hours), 5)

    assert len(story.lines) == count


def test_a_low_scale_is_a_good_score_too():
    """One of five where lower is better is as good as five where higher is."""
    story = score(end(hard_call(Story(only=KIND))), 1, higher_is_better=False)

    assert len(story.lines) == 1


def test_effort_that_follows_a_good_score():
    """The score was given in good faith; a day of trouble on the same issue came after it."""
    story = score(Story(only=KIND).contact(), 5)
    for queue in ("a", "b", "c", "d"):
        story.after(hours=2).tell(
            "contact.transferred", contact_id="k-1", mode="cold", to_queue=queue
        )
    assert story.lines == []

    story.after(hours=2).tell("contact.transferred", contact_id="k-1", mode="cold", to_queue="e")
    assert [a["action"] for a in story.alerts] == ["trigger"]
    assert "survey.responded" in [e["type"] for e in story.alerts[0]["evidence"]]


def test_effort_after_the_day_is_another_matter():
    """More than a day after the answer it is not what the answer was about."""
    story = score(Story(only=KIND).contact(), 5)
    for queue in ("a", "b", "c", "d", "e", "f"):
        story.after(hours=5).tell(
            "contact.transferred", contact_id="k-1", mode="cold", to_queue=queue
        )

    assert story.lines == []


def test_it_ends_when_resolved_and_calm():
    """The issue is resolved, and its effort has decayed below fifty."""
    policy = policy_of(detectors={KIND: {"review_d": 0}})
    story = score(end(hard_call(Story(policy, only=KIND))), 5).quiet(days=20)

    assert [a["resolved_reason"] for a in story.alerts] == [None, "effort_decayed"]
    assert story.alerts[1]["jei"]["value"] == pytest.approx(50, abs=0.1)


def test_it_stays_open_for_someone_to_look():
    """Where the index was never high, it still stays open for a week."""
    story = score(end(handed_and_asked(Story(only=KIND))), 5).quiet(days=20)

    assert [line.split(" · ")[:2] for line in story.lines] == [
        ["day 0.01042", "trigger"],
        ["day 7.01", "resolve"],
    ]


def test_it_does_not_end_while_unresolved():
    """Effort that has decayed is no comfort while the issue is open; resolving it then is."""
    story = score(hard_call(Story(only=KIND)), 5).quiet(days=20)
    assert [a["action"] for a in story.alerts] == ["trigger"]

    end(story)
    assert [a["resolved_reason"] for a in story.alerts] == [None, "effort_decayed"]


def test_a_reopened_issue_is_not_calm():
    """Resolved, then the customer is back: calm has to be waited for anew."""
    story = score(end(hard_call(Story(only=KIND))), 5).after(days=2).contact().quiet(days=15)

    assert [a["action"] for a in story.alerts] == ["trigger"]


@pytest.mark.parametrize("given", [{"value": 4}, {"value": 1}, {"value": 5, "kind": "nps"}])
def test_what_hides_nothing(given):
    """A middling or poor score is honest, and another question is another question."""
    given = {"value": 3.9, **given} if given.get("value") == 4 else given
    story = score(end(hard_call(Story(only=KIND))), **given)

    assert story.lines == []


def test_a_poor_score_after_a_good_one_hides_nothing():
    """The later answer tells the truth; the effort was already there."""
    story = score(Story(policy_of(detectors={KIND: {"jei": 5}}), only=KIND).contact(), 2)

    assert story.lines == []


def test_an_easy_way_scored_as_good():
    """A good score after one short call is simply good."""
    assert score(end(Story(only=KIND).contact()), 5).lines == []


def test_the_effort_of_another_issue_is_not_hidden_by_this_answer():
    """The answer is about the delivery, the effort was about the bill."""
    story = end(hard_call(Story(only=KIND))).after(hours=1).contact(reason="delivery/late")
    score(end(story, "k-2"), 5, contact="k-2")

    assert story.lines == []
