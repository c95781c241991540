"""Context decides how severe a finding is, who answers for it, and what it is worth (section 6)."""

from dataclasses import dataclass
from typing import ClassVar

import pytest

from streams.engine.detector import Answer
from streams.engine.heard import Heard
from streams.engine.journey import Journey, Profile
from streams.engine.judgement import Question
from streams.engine.long_run import Moment
from streams.engine.moments import MOMENTS_MAX, kind, standard_met
from streams.engine.rules import Rules
from streams.engine.severities import at_risk, in_context
from streams.policy import Policy
from tests.engine.probe import Probe, clear, find, probed
from tests.story import DAY_MS, START_MS, Story, policy_of

RULES = Rules()


def lived(**moment) -> Journey:
    """A journey with one moment of truth, seen at 0."""
    return Journey("c-1", 0, 0, moments=[Moment("renewal_talk:", 0, **moment)])


def test_a_mishandled_moment_weighs_until_it_is_closed():
    """One higher for thirty days from when it was missed; met, pending or closed it weighs nothing."""
    missed = lived(missed_ms=DAY_MS)

    assert in_context(3, missed, DAY_MS, RULES) == 4
    assert in_context(3, missed, 31 * DAY_MS - 1, RULES) == 4
    assert in_context(3, missed, 31 * DAY_MS, RULES) == 3
    assert in_context(3, lived(), DAY_MS, RULES) == 3
    assert in_context(3, lived(missed_ms=DAY_MS, closed_ms=2 * DAY_MS), 3 * DAY_MS, RULES) == 3


def test_renewal_and_a_moment_raise_once_between_them():
    """The last ninety days and a mishandled moment: one degree, not two."""
    journey = lived(missed_ms=DAY_MS)
    journey.profile.contract_ends_ms = 50 * DAY_MS

    assert in_context(3, journey, 2 * DAY_MS, RULES) == 4


def test_a_decided_renewal_raises_nothing_any_more():
    """Renewed sixty days before the end: the contract's end is no concern then."""
    profile = Profile(contract_ends_ms=90 * DAY_MS, stage="renewed", stage_since_ms=30 * DAY_MS)

    assert in_context(3, Journey("c-1", 0, 0, profile=profile), 40 * DAY_MS, RULES) == 3


@pytest.mark.parametrize(
    ("moved_by", "severity"),
    [(("renewal", "moment", "tier"), 4), (("tier",), 4), (("renewal",), 4), ((), 3)],
)
def test_a_detector_may_leave_context_out(moved_by, severity):
    """What it is itself about says nothing more: four degrees would be two too many."""
    profile = Profile(contract_ends_ms=50 * DAY_MS, tier="1")
    journey = Journey("c-1", 0, 0, profile=profile)
    raised = in_context(3, journey, 0, RULES, moved_by)

    assert raised == (5 if len(moved_by) == 3 else severity)


def test_at_stake_in_the_renewal_window_is_the_next_term_too():
    """50,000 a year, 60 days left, a year to follow: 14 months, of which severity 4 risks 15 %."""
    profile = Profile(acv_minor=5_000_000, contract_ends_ms=60 * DAY_MS, term_months=12)
    journey = Journey("c-1", 0, 0, profile=profile)
    months = 60 / (365.25 / 12) + 12

    assert at_risk(4, journey, 0, RULES) == round(5_000_000 * months / 12 * 0.15)
    profile.term_months = 24
    assert at_risk(4, journey, 0, RULES) == round(5_000_000 * (months + 12) / 12 * 0.15)


def test_once_renewed_only_what_is_left_is_at_stake():
    """The decision has fallen: nobody can lose the next term any more."""
    profile = Profile(
        acv_minor=1_200_000, contract_ends_ms=60 * DAY_MS, stage="renewed", stage_since_ms=DAY_MS
    )
    journey = Journey("c-1", 0, 0, profile=profile)

    assert at_risk(5, journey, 2 * DAY_MS, RULES) == round(1_200_000 * 58 / 365.25 * 0.3)


def test_every_alert_has_stage_cause_owner_priority_and_what_is_at_risk():
    """From the first alert on: who, why, whose, how urgent, how much.

    Requirement: S0-11 S1-19 S1-32 S4-04
    """
    story = probed().tell(
        "account.contract_changed", acv_minor=1_000_000, currency="EUR", ends_on="2026-02-15"
    )
    find(story.after(days=1), 3)
    clear(story)

    for alert in story.alerts:
        assert alert["stage"] == "purchase"
        assert (alert["cause_class"], alert["owner_team"]) == (
            "service_process",
            "customer_experience",
        )
        assert (alert["severity"], alert["priority"]) == (4, 92)
        assert alert["revenue_at_risk_minor"] == round(
            1_000_000 * (44 / (365.25 / 12) + 12) / 12 * 0.15
        )
        assert alert["currency"] == "EUR"


def test_the_stage_on_an_alert_follows_the_calendar():
    """No touchpoint says that the window opened, and the alert in it says renewal_window."""
    story = probed().tell("invoice.issued", invoice_id="v-1", amount_minor=1, currency="EUR")
    story.tell("account.contract_changed", acv_minor=1_000_000, ends_on="2026-07-01")
    find(story.after(days=60), 2, product_id="a")
    find(story.after(days=60), 2, product_id="b")

    assert [alert["stage"] for alert in story.alerts] == ["active", "renewal_window"]


@pytest.mark.parametrize(
    ("owners", "team"),
    [
        ({}, "customer_service"),
        ({"service_process": "care"}, "care"),
        ({"service_process": "care", "repeat_contact": "tier_two"}, "tier_two"),
    ],
)
def test_a_kind_may_have_an_owner_of_its_own(owners, team):
    """The policy says which team answers for a cause; a kind of alert may go elsewhere.

    Requirement: S1-19 S1-20
    """
    story = Story(policy_of(owners=owners), only="repeat_contact")
    story.contact().after(days=1).contact()

    assert [alert["owner_team"] for alert in story.alerts] == [team]


@dataclass(frozen=True)
class MomentProbe(Probe):
    """A moment of truth: seen with severity 1, mishandled with 4."""

    listens: ClassVar = ("complaint.filed", "review.posted")

    def on_touchpoint(self, memory: None, heard: Heard) -> Answer:
        """As the probe."""
        return super().on_touchpoint(memory, heard)


def moments_of(story: Story) -> list[tuple[str, int, bool | None]]:
    """Kind, day and whether the standard was met of every moment kept."""
    journey = story.house.line.codec.decode(story.house.journeys[b"c-1"])
    return [
        (kind(one), (one.at_ms - START_MS) // DAY_MS, standard_met(one)) for one in journey.moments
    ]


def living() -> Story:
    """A story heard by a detector of moments alone."""
    question = Question("moment", "first_trouble", MomentProbe())
    return Story(Policy("test", Rules(), (question,)))


def test_a_moment_is_kept_from_when_it_was_seen():
    """Undecided while its standard runs, met when it closes without a word."""
    story = find(living().after(days=2), 1)
    assert moments_of(story) == [("first_trouble", 2, None)]

    clear(story.after(days=1))
    assert moments_of(story) == [("first_trouble", 2, True)]


def test_a_moment_that_was_mishandled_stays_so():
    """Its standard was missed: closing it does not undo that."""
    story = clear(find(find(living(), 1).after(days=1), 4).after(days=1))

    assert moments_of(story) == [("first_trouble", 0, False)]
    assert [alert["severity"] for alert in story.alerts] == [1, 4, 4]


def test_a_mishandled_moment_does_not_raise_itself():
    """Severity 4 is what the catalogue gives it, however often; it is the others that it raises."""
    story = find(find(find(living(), 1), 4, "no_response"), 4, "cold_transfer")

    assert [alert["severity"] for alert in story.alerts] == [1, 4, 4]


def test_only_so_many_moments_are_kept():
    """The oldest closed one goes first."""
    story = living()
    clear(find(story, 1, product_id="0"), product_id="0")
    for number in range(1, MOMENTS_MAX + 1):
        find(story.after(days=1), 1, product_id=str(number))
    journey = story.house.line.codec.decode(story.house.journeys[b"c-1"])

    assert len(journey.moments) == MOMENTS_MAX
    assert journey.moments[0].key == "first_trouble:1"
