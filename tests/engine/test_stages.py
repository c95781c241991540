"""The lifecycle: where a customer stands, what moves them on, and what is stamped on alerts.

Requirement: S0-03 S1-05 S3-09 S4-25
"""

import pytest

from streams.engine.journey import Journey, Profile
from streams.engine.rules import Rules
from streams.engine.stages import AFTER, STAGES, move, renewal_near, stage_at
from tests.engine.probe import clear, find, probed
from tests.story import DAY_MS, Story, day, journey_of

RULES = Rules()


def stage_now(story: Story) -> str:
    """The stage at the story's now."""
    return stage_at(journey_of(story).profile, story.now_ms, RULES)[0]


def test_a_whole_life_and_the_stage_on_every_alert_of_it():
    """From prospect to churned: each alert, its end too, bears the stage of its instant."""
    story = probed()
    seen = []

    def step(type_: str | None = None, **fields) -> None:
        if type_ is not None:
            story.after(days=3).tell(type_, **fields)
        find(story.after(days=3), 2)
        clear(story.after(days=8))
        seen.extend(alert["stage"] for alert in story.alerts[len(seen) :])
        assert len(set(seen[-2:])) == 1

    step()
    step("order.placed", order_id="o-1")
    step("onboarding.started")
    step("onboarding.completed")
    step("account.contract_changed", acv_minor=1_000_000, currency="EUR", ends_on=day(400))
    step("expansion.closed", value_minor=100_000, currency="EUR")
    step("renewal.window_opened", ends_on=day(400))
    step("renewal.decided", outcome="renewed")
    step("customer.churned")
    step("customer.reactivated")

    assert seen[::2] == [
        "prospect",
        "purchase",
        "onboarding",
        "active",
        "active",
        "expanded",
        "renewal_window",
        "renewed",
        "churned",
        "active",
    ]


def test_the_renewal_window_opens_by_the_calendar_alone():
    """Ninety days before the end, with no touchpoint to say so, and not a day sooner."""
    profile = Profile(contract_ends_ms=100 * DAY_MS, stage="active", stage_since_ms=DAY_MS)

    assert stage_at(profile, 10 * DAY_MS - 1, RULES) == ("active", DAY_MS)
    assert stage_at(profile, 10 * DAY_MS, RULES) == ("renewal_window", 10 * DAY_MS)
    assert stage_at(profile, 100 * DAY_MS, RULES) == ("renewal_window", 10 * DAY_MS)


def test_a_contract_that_ended_without_a_word_goes_on():
    """Past its end nobody is in a renewal window any more, whoever opened it."""
    profile = Profile(contract_ends_ms=100 * DAY_MS, stage="renewal_window", stage_since_ms=DAY_MS)

    assert stage_at(profile, 101 * DAY_MS, RULES) == ("active", 100 * DAY_MS)


@pytest.mark.parametrize("stage", ["prospect", "purchase", "onboarding", "churned"])
def test_who_has_further_to_go_does_not_drift_into_renewal(stage):
    """Somebody being onboarded is being onboarded, whatever the calendar says."""
    profile = Profile(contract_ends_ms=100 * DAY_MS, stage=stage)

    assert stage_at(profile, 50 * DAY_MS, RULES)[0] == stage


@pytest.mark.parametrize("stage", ["renewed", "expanded"])
def test_a_decision_in_the_window_closes_it_and_the_next_contract_opens_another(stage):
    """Renewed sixty days before the end; a year later it is to be decided again."""
    profile = Profile(contract_ends_ms=100 * DAY_MS, stage=stage, stage_since_ms=40 * DAY_MS)
    assert stage_at(profile, 50 * DAY_MS, RULES)[0] == stage
    assert not renewal_near(profile, 50 * DAY_MS, RULES)

    profile.contract_ends_ms = 465 * DAY_MS
    assert stage_at(profile, 300 * DAY_MS, RULES)[0] == stage
    assert stage_at(profile, 400 * DAY_MS, RULES)[0] == "renewal_window"


def test_more_bought_in_the_window_is_no_renewal():
    """An expansion closed before the decision leaves the decision open."""
    story = Story()
    story.tell("account.contract_changed", ends_on=day(60)).tell(
        "invoice.issued", invoice_id="v-1", amount_minor=1, currency="EUR"
    )
    story.after(days=1).tell("expansion.closed", value_minor=5, currency="EUR")

    assert stage_now(story) == "renewal_window"


def test_what_is_told_late_moves_nobody_back():
    """That onboarding began is no news about somebody who has completed it."""
    story = Story().after(days=10).tell("onboarding.completed")
    story.after(days=-5).tell("onboarding.started")

    assert stage_now(story.after(days=6)) == "active"


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("to", sorted(AFTER))
def test_a_stage_is_entered_only_from_where_it_may_follow(stage, to):
    """The table is the machine: any other move changes nothing."""
    journey = Journey("c-1", 0, 0, profile=Profile(stage=stage, stage_since_ms=5), told_ms=3)
    moved = move(journey, to, 7)

    assert moved is (stage in AFTER[to] and stage != to)
    assert (journey.profile.stage, journey.profile.stage_since_ms) == (
        (to, 7) if moved else (stage, 5)
    )
    assert journey.told_ms == (0 if moved else 3)


def test_only_who_says_so_comes_back():
    """Onboarding completed late does not bring back a customer who left; reactivation does."""
    story = Story().tell("customer.churned").after(days=1).tell("onboarding.completed")
    assert stage_now(story) == "churned"

    assert stage_now(story.after(days=1).tell("customer.reactivated")) == "active"


@pytest.mark.parametrize(
    ("told", "stage"),
    [
        ({"type_": "order.placed", "order_id": "o-1"}, "purchase"),
        ({"type_": "order.delivered", "order_id": "o-1"}, "active"),
        ({"type_": "account.contract_changed", "acv_minor": 5}, "purchase"),
        ({"type_": "contact.started", "contact_id": "k-1"}, "prospect"),
        ({"type_": "trial.started"}, "prospect"),
        ({"type_": "cancel.requested"}, "prospect"),
    ],
)
def test_what_a_first_touchpoint_says_of_a_stage(told, stage):
    """Whoever gets goods or bills is a customer; whoever only asks may still be looking."""
    assert stage_now(Story().tell(**told)) == stage


def test_an_advocate_recommends_until_they_say_otherwise():
    """A referral makes one; a poor contact does not unmake them, a bad word about all of it does."""
    nps = {"kind": "nps", "scale_min": 0, "scale_max": 10, "higher_is_better": True}
    story = Story().tell("referral.made", count=1)
    story.tell("survey.responded", scope="interaction", score=3, **nps)
    assert journey_of(story).profile.advocate

    story.tell("survey.responded", scope="relationship", score=3, **nps)
    assert not journey_of(story).profile.advocate


@pytest.mark.parametrize("leaves", ["cancel.requested", "customer.churned"])
def test_who_leaves_recommends_nobody(leaves):
    """Nor does somebody who asks to."""
    story = Story().tell("referral.made").tell(leaves)

    assert not journey_of(story).profile.advocate
