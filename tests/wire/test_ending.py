"""The outcome join: how a journey turned out, beside how it stood before (S0-25, S1-28, S3-16).

Requirement: S0-25 S1-28 S3-16 S4-03
"""

import json
from typing import Any

import pytest

from schemas.outcomes import JourneyOutcome
from streams.wire import ending
from tests.story import DAY_MS, Story


def told(story: Story) -> list[dict[str, Any]]:
    """The outcomes so far."""
    return [json.loads(s.value) for s in story.house.sends if s.topic == ending.TOPIC]


def hard_quarter(decided: bool = True, **fields) -> Story:
    """Calm at first, then five calls about one thing; the renewal is decided on day 100."""
    story = Story().tell("customer.profile_changed", segment="smb", tier="1")
    story.tell("account.contract_changed", acv_minor=5_000_000, currency="EUR", term_months=12)
    story.after(days=60)
    for _ in range(5):
        story.contact().after(days=2)
    story.after(days=30)
    return story.tell("renewal.decided", outcome="lost", **fields) if decided else story


def test_a_lost_renewal_is_told_with_the_weeks_before_it():
    """7, 30 and 90 days before, as of the turn of the week: the trouble shows where it was."""
    (one,) = told(hard_quarter())
    before = {stood["days"]: stood for stood in one["before"]}

    assert (one["type"], one["outcome"], one["stage"]) == ("renewal.decided", "lost", "churned")
    assert (one["segment"], one["tier"], one["acv_minor"]) == ("smb", "1", 5_000_000)
    assert list(before) == [7, 30, 90]
    assert before[90]["jei"] == 0
    assert before[30]["jei"] > before[7]["jei"] > 10
    assert before[30]["scores"]["effort"] == 100 - before[30]["jei"]


def test_a_standing_says_when_it_was():
    """At most a week before the day it speaks of, and never after."""
    from schemas.instants import instant_ms

    story = hard_quarter()
    (one,) = told(story)
    for stood in one["before"]:
        lag_ms = story.now_ms - stood["days"] * DAY_MS - instant_ms(stood["as_of"])
        assert 0 <= lag_ms < 7 * DAY_MS


def test_of_somebody_new_nothing_is_made_up():
    """Known for ten days: there is a standing of seven days before, none of thirty."""
    story = Story().contact().after(days=17).tell("referral.made", count=2)
    (one,) = told(story)

    assert [stood["days"] for stood in one["before"]] == [7]
    assert told(Story().tell("referral.made"))[0]["before"] == []


@pytest.mark.parametrize(
    "fields",
    [
        {"type_": "renewal.decided", "outcome": "expanded", "value_minor": 7, "currency": "USD"},
        {"type_": "customer.churned", "voluntary": True},
        {"type_": "expansion.closed", "value_minor": 900, "currency": "EUR"},
        {"type_": "referral.made", "count": 1},
    ],
)
def test_every_kind_of_outcome_keeps_the_contract(fields):
    """And is told once, with what it was worth where that was said."""
    (one,) = told(hard_quarter(decided=False).tell(**fields))
    promised = JourneyOutcome.model_validate(one, extra="forbid")

    assert promised.type == fields["type_"]
    assert promised.value_minor == fields.get("value_minor")


def test_it_names_nobody():
    """Neither key nor value holds the customer's id: it may stay when the customer is forgotten."""
    (send,) = [s for s in hard_quarter().house.sends if s.topic == ending.TOPIC]

    assert b"c-1" not in send.key + send.value
    assert json.loads(send.value)["outcome_id"].encode() == send.key


def test_told_again_it_says_the_same_and_nothing_twice():
    """A replay gives the same bytes; a duplicate gives none."""
    first, second = hard_quarter(), hard_quarter()
    assert told(first) == told(second)

    first.house.hear(first.told[-1])
    assert len(told(first)) == 1


def test_history_counts_and_says_so():
    """What a backfill tells of is what weights are fitted from."""
    (one,) = told(hard_quarter(origin="backfill"))

    assert one["origin"] == "backfill"
