"""A moment of truth that the customer has not asked about: a first word is owed, and then more."""

import pytest

from tests.engine.moments import begun, end, told


def test_nobody_asked_and_nobody_said_anything():
    """Without a question no answer is owed, but a word is; within forty-eight hours."""
    story = begun(by="visit.recorded").quiet(days=5)

    assert told(story)[1:] == ["day 2.417 · update · severity 4 · mishandled_follow_up"]


@pytest.mark.parametrize(
    "word",
    [
        lambda s: s.tell("notification.sent", proactive=True),
        lambda s: s.tell("outreach.sent", alert_id="a-1"),
        lambda s: s.tell("recovery.action_taken", kind="credit"),
        lambda s: s.contact(direction="outbound"),
    ],
)
def test_a_first_word_to_somebody_who_has_not_asked(word):
    """A notice, an outreach, a credit, a call: two days later all is well."""
    assert end(word(begun(by="visit.recorded").after(hours=40))) == "standard_met"


def test_once_they_ask_the_clocks_run():
    """They ask after a day; from then on there are eight hours to answer, and a day to solve it."""
    story = begun(by="visit.recorded").after(days=1).contact("line/dead").quiet(days=1)
    assert told(story)[1:] == ["day 1.75 · update · severity 4 · mishandled_response"]

    solved_in_time = begun(by="visit.recorded").after(days=1).contact("line/dead")
    solved_in_time.after(hours=1).tell("contact.ended", contact_id="k-1", outcome="resolved")
    assert end(solved_in_time) == "standard_met"


def test_a_word_before_the_question_is_no_answer_to_it():
    """We checked in first; an hour later they ask, and nobody answers."""
    story = begun(by="visit.recorded").tell("account.touch", kind="check_in").after(hours=1)

    assert end(story.contact("line/dead")) == "mishandled_response"
