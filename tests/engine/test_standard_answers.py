"""A moment of truth wants an answer: what is one, by when, and from whom to whom.

Requirement: S4-21
"""

import pytest

from tests.engine.moments import answered, begun, call, end, reply, solved, told


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
