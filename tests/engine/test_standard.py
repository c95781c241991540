"""A moment of truth is told at once, and held to a standard: each part, met, just met and missed.

The stories begin on Thursday at midnight; a complaint begins the moment, a visit one nobody asked
about.

Requirement: S1-11 S1-30 S4-15 S4-21
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from streams.engine.detector import Finding
from streams.engine.heard import Heard
from streams.engine.judgement import Question
from streams.engine.rules import Rules
from streams.engine.standard import HEARD, MomentOfTruth
from streams.opening_hours import read
from streams.policy import Policy
from tests.story import Story


@dataclass(frozen=True)
class Probe(MomentOfTruth):
    """A complaint begins a moment; a visit begins one that the customer did not ask about."""

    listens: ClassVar = ("complaint.filed", "visit.recorded", *HEARD)
    begins: ClassVar = frozenset({"complaint.filed", "visit.recorded"})
    action: ClassVar = "Look at the probe"
    called: ClassVar = "the probe"

    def begun(self, memory: Any, heard: Heard) -> Finding | None:
        """As told."""
        if heard.type not in self.begins:
            return None
        asked = heard.type == "complaint.filed"
        issue = heard.issue.key if asked else None
        self.watch(memory, heard, issue or "", issue, asked)
        return Finding(1, "detected", "1 probe begun", issue or "", 1, issue=issue)


class Jealous(Probe):
    """Any return is one too many."""

    any_return: ClassVar = True


def begun(kind: type = Probe, by="complaint.filed", hours=10, tier=None, **parts) -> Story:
    """A moment begins on Thursday at ten; parts of its standard changed."""
    rules = replace(Rules(), calendars=read({"office": OFFICE}))
    story = Story(Policy("test", rules, (Question("moment", "probe", kind(**parts)),)))
    if tier:
        story.tell("customer.profile_changed", tier=tier)
    fields = {"reason": "line/dead"} if by == "complaint.filed" else {}
    return story.after(hours=hours).tell(by, **fields)


OFFICE = {
    "zone": "UTC",
    **{d: ["09:00-17:00"] for d in ("monday", "tuesday", "wednesday", "thursday", "friday")},
}


def answered(story: Story, minutes=30, **fields) -> Story:
    """A call about it is taken."""
    return call(story.after(minutes=minutes), **fields).tell("contact.answered", contact_id="k-1")


def call(story: Story, **fields) -> Story:
    """The company calls about it, or the customer does if told so."""
    given = {"reason": "line/dead", "direction": "outbound", **fields}
    return story.contact(**given)


def reply(story: Story, hours=0.5, **fields) -> Story:
    """A person writes about it, to the point."""
    return story.after(hours=hours).tell(
        "case.response_sent",
        **{
            "case_id": "s-1",
            "kind": "human",
            "substantive": True,
            "reason": "line/dead",
            **fields,
        },
    )


def solved(story: Story, hours=1.0) -> Story:
    """The case about it is resolved."""
    return story.after(hours=hours).tell("case.resolved", case_id="s-1", reason="line/dead")


def told(story: Story) -> list[str]:
    """Each alert as day, action, severity and reason, without the kind."""
    return [line.replace(" · probe", "") for line in story.lines]


def end(story: Story) -> str:
    """What became of the moment: the reason of its last alert."""
    last = story.quiet(days=20).alerts[-1]
    return last["resolved_reason"] or last["reason"]["code"]


def test_a_moment_that_is_handled_well():
    """Told at once for information; answered, solved, quiet for a week: the standard is met."""
    story = solved(reply(begun())).quiet(days=20)

    assert told(story) == [
        "day 0.4167 · trigger · severity 1 · detected",
        "day 7.417 · resolve · severity 1 · standard_met",
    ]


def test_nobody_answers():
    """Eight hours without an answer: the same alert, now severe, says which part and how long."""
    story = begun().quiet(days=1)

    assert told(story)[1:] == ["day 0.75 · update · severity 4 · mishandled_response"]
    alert = story.alerts[-1]
    assert alert["reason"]["text"] == (
        "8 h without an answer of substance, standard 8 open hours: the probe"
    )
    assert (alert["number"], alert["threshold"]) == (8, 8)
    assert alert["suggested_action"].startswith("Answer now")
    assert [e["type"] for e in alert["evidence"]] == ["complaint.filed"]
    assert alert["alert_id"] == story.alerts[0]["alert_id"]


@pytest.mark.parametrize(("hours", "late"), [(7.99, False), (8.0, True)])
def test_the_answer_has_until_then(hours, late):
    """Just in time, and at the very moment."""
    assert (end(solved(reply(begun(), hours=hours))) == "mishandled_response") is late


@pytest.mark.parametrize(
    "answer",
    [
        answered,
        lambda s: call(s.after(hours=1)),
        lambda s: s.after(hours=1).tell("callback.done"),
        lambda s: s.after(hours=1).tell(
            "promise.made", promise_id="p", kind="fix", due_at=s.now_ms
        ),
        lambda s: reply(s, next_step=True, substantive=False),
        lambda s: reply(s, substantive=None),
        lambda s: reply(s, substantive=False, eta=s.now_ms + 90_000_000),
        lambda s: s.after(hours=1).tell("account.touch", kind="check_in"),
    ],
)
def test_what_is_an_answer(answer):
    """A call taken or made, a callback, a promise, a letter with something in it, a visit."""
    story = answer(begun(resolve_h=0, follow_up_h=0))

    assert end(story) == "standard_met"


@pytest.mark.parametrize(
    "noise",
    [
        lambda s: reply(s, kind="auto"),
        lambda s: reply(s, kind="template"),
        lambda s: reply(s, substantive=False, next_step=False),
        lambda s: s.after(hours=1).tell("notification.sent", proactive=True),
        lambda s: s.contact("other/thing", direction="outbound"),
    ],
)
def test_what_is_no_answer(noise):
    """A machine's reply, a template, a hollow letter, a notice, a call about something else."""
    assert end(noise(begun())) == "mishandled_response"


def test_a_contact_that_nobody_took_is_no_answer():
    """Dropped, or never answered."""
    story = begun(by="visit.recorded").contact()
    story.after(minutes=9).tell("contact.ended", contact_id="k-1", outcome="unanswered")

    assert end(story) == "mishandled_response"


def test_tier_and_office_hours():
    """Half the time for tier one; Friday at four leaves an hour, and the rest is Monday's."""
    assert told(begun(tier="1").quiet(days=1))[1].startswith("day 0.5833 · update")

    friday = begun(hours=40, calendar="office", resolve_h=0, follow_up_h=0).quiet(days=9)
    assert told(friday)[1].startswith("day 4.667 · update")
    assert friday.alerts[1]["number"] == 72


def test_a_cold_transfer():
    """Passed on without a word: mishandled on the spot, and nothing else is said of it."""
    story = answered(begun()).after(minutes=5)
    story.tell("contact.transferred", contact_id="k-1", mode="cold", to_queue="b").quiet(days=20)

    assert [line.split(" · ", 1)[1] for line in told(story)] == [
        "trigger · severity 1 · detected",
        "update · severity 4 · mishandled_transfer",
    ]
    assert (
        story.alerts[1]["reason"]["text"] == "1 x passed on without a word, standard 0: the probe"
    )


def test_warm_transfers_and_those_allowed():
    """Agents spoke first; or the policy allows one."""
    warm = answered(begun()).tell("contact.transferred", contact_id="k-1", mode="warm")
    assert end(solved(warm)) == "standard_met"

    allowed = answered(begun(cold_transfers=1))
    allowed.tell("contact.transferred", contact_id="k-1", mode="cold")
    assert end(solved(allowed)) == "standard_met"


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


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"response_h": 0}, "mishandled_resolution"),
        ({"response_h": 0, "resolve_h": 0}, "mishandled_follow_up"),
        ({"response_h": 0, "resolve_h": 0, "follow_up_h": 0}, "standard_met"),
    ],
)
def test_a_part_that_is_not_asked_for(parts, reason):
    """Nought hours: that part is no part of the standard; the next one is missed instead."""
    assert end(begun(**parts)) == reason


def test_an_unclassified_contact_that_is_classified_later():
    """What began without a reason is about the line after all, and its answer counts."""
    story = begun(by="visit.recorded").contact(reason=None).after(minutes=1)
    story.tell("contact.info_requested", contact_id="k-1", item="other", already_given=False)
    story.tell("contact.answered", contact_id="k-1", reason="line/dead")
    story.after(hours=1).tell("contact.ended", contact_id="k-1", outcome="resolved")

    assert end(story) == "standard_met"


def test_a_crash_anywhere_loses_no_clock():
    """What is watched is in the journey."""
    whole = reply(begun()).quiet(days=5)
    torn = reply(begun().crash()).crash().quiet(days=1).crash().quiet(days=4)

    assert told(torn) == told(whole)


def test_the_same_moment_again_while_it_is_watched():
    """A second complaint about the same does not set the clocks back."""
    story = begun().after(hours=4).tell("complaint.filed", reason="line/dead").quiet(days=1)

    assert told(story)[1:] == ["day 0.75 · update · severity 4 · mishandled_response"]


def test_more_moments_than_are_watched():
    """The oldest of more than two is watched no more; its alert ends by itself."""
    story = begun()
    for name in "ab":
        story.after(minutes=1).tell("complaint.filed", reason=f"line/{name}")
    story.quiet(days=40)

    first = [a for a in story.alerts if a["object_id"] == "r:/line/dead"]
    assert [a["resolved_reason"] for a in first] == [None, "quiet"]
