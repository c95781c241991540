"""Was the relationship repaired (CL3)?"""

import pytest

from tests.story import Story, policy_of, told

KIND = "recovery_verified"


ALONE = {"recovery": {"enabled": False}}
"""Without the moment: one that was mishandled makes everything else weigh more."""


def recovered(policy=None, **fields):
    """A dead line, repaired; a credit two hours later."""
    story = (
        Story(policy or policy_of(detectors=ALONE), only=KIND).contact("line/dead").after(hours=1)
    )
    story.tell("contact.ended", contact_id="k-1", outcome="resolved").after(hours=2)
    return story.tell("recovery.action_taken", **{"kind": "credit", "contact_id": "k-1", **fields})


def scored(story, score, kind="csat", days=1, **fields):
    """An answer some days later."""
    most = {"csat": 5, "ces": 7, "nps": 10}[kind]
    return story.after(days=days).tell(
        "survey.responded", kind=kind, score=score, scale_min=int(kind != "nps"), scale_max=most,
        higher_is_better=True, **fields,
    )  # fmt: skip


WATCHED = ("trigger", 1, "under_watch")
FAILED = ("update", 4, "recovery_failed")


def test_quiet_for_two_weeks_and_a_good_answer():
    """Recovered, on the fourteenth day after the credit."""
    story = scored(recovered(), 5).quiet(days=30)

    assert told(story) == [WATCHED, ("resolve", 1, "recovered")]
    assert story.lines[-1].startswith("day 14.12 ")


def test_the_good_answer_may_come_later():
    """Quiet for three weeks, and then a good answer: recovered at once."""
    story = scored(recovered(), 4, days=21).quiet(days=1)

    assert told(story) == [WATCHED, ("resolve", 1, "recovered")]
    assert story.lines[-1].startswith("day 21.12 ")


def test_back_about_the_same():
    """Dead again on the tenth day."""
    story = scored(recovered(), 5).after(days=9).contact("line/dead")

    assert told(story) == [WATCHED, FAILED]
    alert = story.alerts[1]
    assert alert["reason"]["text"] == "10.0 days after the recovery the customer came back about it"
    assert [e["type"] for e in alert["evidence"]] == ["recovery.action_taken", "contact.started"]


@pytest.mark.parametrize(("days", "failed"), [(14, True), (14.1, False)])
def test_for_two_weeks(days, failed):
    """The last moment, and just after it."""
    assert (FAILED in told(recovered().after(days=days).contact("line/dead"))) is failed


@pytest.mark.parametrize(
    ("kind", "score", "failed"),
    [("csat", 3, True), ("csat", 4, False), ("ces", 4, True), ("ces", 5, False), ("nps", 0, False)],
)
def test_the_next_answer(kind, score, failed):
    """Four of five, or five of seven, is good; recommendation is another question."""
    assert (FAILED in told(scored(recovered(), score, kind))) is failed


def test_only_the_next_answer():
    """Good, and a poor one after it: that is another story."""
    assert FAILED not in told(scored(scored(recovered(), 5), 1))


def test_an_answer_about_something_else():
    """The survey is about the export."""
    story = recovered().contact("how/to")

    assert FAILED not in told(scored(story, 1, contact_id="k-2"))


def test_nobody_answers():
    """Neither failed nor recovered, after a month."""
    story = recovered().quiet(days=60)

    assert told(story) == [WATCHED, ("resolve", 1, "not_confirmed")]
    assert story.lines[-1].startswith("day 30.12 ")


def test_another_question_is_no_return():
    """How do I export?"""
    assert FAILED not in told(recovered().after(days=1).contact("how/to"))


def test_a_recovery_that_does_not_say_of_what():
    """Then a return is a contact about anything that was there before."""
    assert FAILED in told(recovered(contact_id=None).after(days=3).contact("line/dead"))
    assert FAILED not in told(recovered(contact_id=None).after(days=3).contact("how/to"))


def test_reopened():
    """The case comes back."""
    story = Story(policy_of(detectors=ALONE), only=KIND).tell(
        "case.opened", case_id="s-1", reason="line/dead"
    )
    story.after(days=1).tell("case.resolved", case_id="s-1")
    story.tell("recovery.action_taken", kind="credit", case_id="s-1").after(days=3)

    assert told(story.tell("case.reopened", case_id="s-1")) == [WATCHED, FAILED]


def test_a_second_recovery_begins_anew():
    """The days count from the last one."""
    story = recovered().after(days=10).tell("recovery.action_taken", kind="gift", contact_id="k-1")
    story.after(days=10).contact("line/dead")

    assert told(story) == [WATCHED, FAILED]


def test_a_failed_one_ends_by_itself():
    """Nobody took it up again."""
    assert told(scored(recovered(), 1).quiet(days=60))[-1] == ("resolve", 4, "quiet")


def test_the_limits_are_the_policys():
    """Three of five will do, after three days of quiet."""
    policy = policy_of(detectors={**ALONE, KIND: {"csat_min": 3, "quiet_after_d": 3}})

    assert told(scored(recovered(policy), 3).quiet(days=5))[-1] == ("resolve", 1, "recovered")


def test_a_crash_loses_no_timer():
    """What is watched is in the journey."""
    story = scored(recovered().crash(), 5).crash().quiet(days=30)

    assert told(story) == [WATCHED, ("resolve", 1, "recovered")]


@pytest.mark.parametrize("days", [1, 20])
def test_nothing_recovered_nothing_verified(days):
    """Contacts and answers without a recovery are not its matter."""
    story = Story(policy_of(detectors=ALONE), only=KIND).contact("line/dead").after(hours=1)
    story.tell("contact.ended", contact_id="k-1", outcome="resolved")
    assert not scored(story, 1, days=days).after(days=30).alerts
