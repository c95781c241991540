"""A moment of truth wants to be settled: solved or dated, followed up, and without a return.

Requirement: S4-21
"""

import pytest

from streams.engine.judgement import Question
from streams.engine.rules import Rules
from streams.policy import Policy
from tests.engine.moments import Jealous, begun, call, end, reply, solved, told
from tests.story import Story


def test_neither_solved_nor_a_date():
    """Answered within the hour, and a day later nothing: Friday at ten."""
    story = reply(begun()).quiet(days=2)

    assert told(story)[1:] == ["day 1.417 · update · severity 4 · mishandled_resolution"]
    assert "24 h and neither solved nor a date given" in story.alerts[1]["reason"]["text"]


def test_the_weekend_is_not_ours():
    """Asked on Friday at ten: a solution is due on Monday at ten; the customer's clock runs on."""
    story = reply(begun(hours=34, follow_up_h=0)).quiet(days=9)

    assert told(story)[1].startswith("day 4.417 · update")


@pytest.mark.parametrize(
    "date",
    [
        lambda s: reply(s, eta=s.now_ms + 5 * 86_400_000),
        lambda s: s.tell("promise.made", promise_id="p", kind="fix", due_at=s.now_ms + 10**8),
        lambda s: s.tell("callback.promised", due_at=s.now_ms + 10**8),
    ],
)
def test_a_date_is_enough_for_the_first_day(date):
    """With a second word on the way, nothing is missed."""
    story = date(reply(begun()))

    assert end(reply(story, hours=30)) == "standard_met"


def test_a_date_and_then_nothing():
    """Told by when, and no word since: forty-eight hours after it began."""
    story = reply(begun(), eta=Story().now_ms + 5 * 86_400_000).quiet(days=5)

    assert told(story)[1:] == ["day 2.417 · update · severity 4 · mishandled_follow_up"]
    assert "48 h without a word from us" in story.alerts[1]["reason"]["text"]


def test_what_is_solved_needs_no_second_word():
    """Solved within the hour, and that was that."""
    assert end(solved(reply(begun()))) == "standard_met"


@pytest.mark.parametrize(("days", "reason"), [(6.9, "mishandled_repeat"), (7.1, "standard_met")])
def test_the_customer_has_to_come_back(days, reason):
    """A call about the same within the week, or after it."""
    story = call(solved(reply(begun())).after(days=days), direction="inbound")

    assert end(story) == reason
    if reason == "mishandled_repeat":
        text = story.alerts[1]["reason"]["text"]
        assert text == "7.0 days until the customer had to come back, standard not in 7: the probe"


def test_reopened_is_a_return_too():
    """The case comes back."""
    story = solved(reply(begun())).after(days=2)
    story.tell("case.reopened", case_id="s-1")

    assert end(story) == "mishandled_repeat"


def test_another_matter_is_no_return():
    """A question about something else."""
    assert end(solved(reply(begun())).after(days=1).contact("how/to")) == "standard_met"


def test_asked_once_and_then_again():
    """The first question is theirs to ask, the second is one too many."""
    story = begun(by="visit.recorded").after(hours=1).contact("line/dead").after(hours=1)
    story.tell("contact.ended", contact_id="k-1", outcome="resolved").after(days=2)

    assert end(story.contact("line/dead")) == "mishandled_repeat"


def test_where_any_return_is_one_too_many():
    """Called about it before the moment, and once after it."""
    story = Story(Policy("test", Rules(), (Question("moment", "probe", Jealous()),)))
    story.contact("line/dead").after(hours=1).tell("visit.recorded").after(hours=1)
    assert end(story.contact("line/dead")) == "mishandled_repeat"

    other = Story(Policy("test", Rules(), (Question("moment", "probe", Jealous()),)))
    other.tell("visit.recorded").after(hours=1).contact("line/dead").after(hours=1)
    assert end(other.tell("contact.ended", contact_id="k-1", outcome="resolved")) == "standard_met"
