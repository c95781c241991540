"""The life of an episode: what is said of a finding, when, and when it is not said again."""

from uuid import UUID

import pytest

from schemas.alerts import Alert
from streams.engine.journey import Journey
from streams.engine.rules import Rules
from streams.engine.severities import at_risk, in_context, priority
from tests.engine.probe import ProductProbe, QuietProbe, clear, find, people, probed, said

DAY_MS = 86_400_000


def ids(story):
    """Alert ids, in order of first use, as small numbers."""
    order = list(dict.fromkeys(a["alert_id"] for a in story.alerts))
    return [order.index(a["alert_id"]) for a in story.alerts]


def test_a_finding_is_said_once():
    """The same finding again says nothing: an alert is never re-emitted on recalculation."""
    story = find(find(find(probed(), 2), 2), 1)

    assert said(story) == [("trigger", 2, "open")]
    assert UUID(story.alerts[0]["alert_id"]).version == 5


def test_a_rise_is_an_update_of_the_same_alert():
    """Severity rises: the same alert, one revision on."""
    story = find(find(probed(), 2), 3)

    assert said(story) == [("trigger", 2, "open"), ("update", 3, "open")]
    assert ids(story) == [0, 0]
    assert [a["revision"] for a in story.alerts] == [1, 2]


def test_another_reason_is_an_update_unless_it_is_milder():
    """A new reason of the same weight is news; a milder one is not."""
    story = find(find(find(probed(), 2, "slow"), 2, "wrong"), 1, "late")

    assert [a["reason"]["code"] for a in story.alerts] == ["slow", "wrong"]


def test_severity_falls_only_by_a_finding_that_eases():
    """A detector that says so may lower what it said."""
    story = find(find(find(probed(), 4), 2), 2, regulatory=True)

    assert said(story) == [("trigger", 4, "open"), ("update", 2, "open")]


def test_each_object_has_its_own_episode():
    """The invoice and the order are two alerts with two ids."""
    story = find(find(probed(), 2, product_id="a"), 2, product_id="b")

    assert said(story) == [("trigger", 2, "open")] * 2
    assert ids(story) == [0, 1]
    assert [a["object_id"] for a in story.alerts] == ["a", "b"]


def test_taking_back_resolves_one_object_or_all():
    """A detector takes back what it says of one object, or everything."""
    story = find(find(find(probed(), 2, product_id="a"), 2, product_id="b"), 2, product_id="c")
    assert [a["object_id"] for a in clear(story, product_id="b").alerts[3:]] == ["b"]
    assert [a["object_id"] for a in clear(story, product_id="all").alerts[4:]] == ["a", "c"]
    assert {a["resolved_reason"] for a in story.alerts[3:]} == {"taken_back"}


def test_taking_back_nothing_says_nothing():
    """Nothing open, nothing to resolve."""
    assert said(clear(probed())) == []


@pytest.mark.parametrize(("days", "same", "state"), [(7, True, "reopened"), (7.1, False, "open")])
def test_within_a_week_it_reopens_later_it_is_new(days, same, state):
    """Seven days after resolving, the same alert comes back; after that it is another one."""
    story = clear(find(probed(), 2)).after(days=days)
    find(story, 2)

    assert said(story)[2] == ("trigger", 2, state)
    assert (story.alerts[2]["alert_id"] == story.alerts[0]["alert_id"]) is same


def test_quiet_resolves_and_every_finding_puts_it_off():
    """Ten days without a finding resolve it, dated to the day; a finding that says nothing counts."""
    story = find(find(probed(QuietProbe), 2).after(days=6), 2).quiet(days=30)

    assert story.lines == [
        "day 0 · trigger · probe · severity 2 · probe",
        "day 16 · resolve · probe · severity 2 · quiet",
    ]


def test_history_raises_nothing():
    """A backfilled finding is remembered and not said; not even its end is."""
    story = find(probed(), 2, origin="backfill")
    clear(story)

    assert story.alerts == []


def test_what_history_opened_is_told_when_it_gets_worse_live():
    """An episode nobody was told of is triggered, not updated, when it first is told."""
    story = find(find(probed(), 2, origin="backfill"), 3)

    assert said(story) == [("trigger", 3, "open")]


def test_history_may_end_what_was_said():
    """Whoever was told that it began is told that it ended, whatever told us."""
    story = clear(find(probed(), 2), origin="backfill")

    assert [a["action"] for a in story.alerts] == ["trigger", "resolve"]


def test_timers_of_history_raise_nothing_until_the_present():
    """A backfill of a year is read today: what fell due meanwhile is history."""
    story = find(probed(QuietProbe), 2, origin="backfill")
    story.quiet(days=30)

    assert story.alerts == []


def test_no_more_than_so_many_alerts_a_day():
    """Above the cap alerts are published as suppressed, with the reason; the next day is another."""
    story = probed(limits={"alerts_per_day_max": 2})
    for name in "abc":
        find(story, 2, product_id=name)
    find(story.after(days=1), 2, product_id="d")

    assert [(a["action"], a["state"], a["suppressed_reason"]) for a in story.alerts] == [
        ("trigger", "open", None),
        ("trigger", "open", None),
        ("suppress", "suppressed", "cap"),
        ("trigger", "open", None),
    ]


def test_a_suppressed_one_is_triggered_when_it_is_told():
    """What was only told as suppressed has never been triggered."""
    story = probed(limits={"alerts_per_day_max": 1})
    find(find(story, 2, product_id="a"), 2, product_id="b")
    find(story.after(days=1), 3, product_id="b")

    assert [a["action"] for a in story.alerts] == ["trigger", "suppress", "trigger"]


def test_a_known_incident_explains_product_trouble():
    """While an incident is open, product alerts are kept on record and not paged."""
    story = probed(ProductProbe).tell("product.incident_opened", incident_id="inc-1")
    find(story, 2, product_id="a")
    story.tell("product.incident_closed", incident_id="inc-1")
    find(story, 3, product_id="a")

    assert [(a["action"], a["suppressed_reason"]) for a in story.alerts] == [
        ("suppress", "inhibited_by"),
        ("trigger", None),
    ]
    assert "inc-1" in story.alerts[0]["reason"]["text"]


def test_an_incident_explains_nothing_else():
    """Waiting in a queue is not the product's fault."""
    story = probed().tell("product.incident_opened", incident_id="inc-1")

    assert [a["action"] for a in find(story, 2).alerts] == ["trigger"]


def test_only_so_many_episodes_are_kept():
    """The mildest and oldest are forgotten first, and counted."""
    story = probed(limits={"episodes_max": 3, "alerts_per_day_max": 100})
    for number in range(8):
        find(story, 1 + number % 4, product_id=str(number))
    journey = story.house.line.codec.decode(story.house.journeys[b"c-1"])

    assert len(journey.episodes) == 3
    assert journey.forgotten == 5
    assert {e.object for e in journey.episodes} >= {"3", "7"}


def test_every_word_of_it_keeps_the_contract():
    """Trigger, update, acknowledge, suppress, resolve: all as ``schemas.alerts`` promises."""
    story = find(people(find(probed(limits={"alerts_per_day_max": 2}), 2), "acknowledged"), 3)
    find(clear(story), 2, product_id="a")
    sent = [Alert.model_validate(alert) for alert in story.alerts]

    assert {alert.action for alert in sent} == {
        "trigger",
        "update",
        "acknowledge",
        "resolve",
        "suppress",
    }


def test_renewal_and_tier_raise_severity_and_goodwill_lowers_it():
    """A base of 3: 4 in the last ninety days of the contract, 5 with tier 1, 4 with goodwill.

    Requirement: S1-22 S4-16 S4-32
    """
    rules, journey = Rules(), Journey("c-1", 0, 0)
    assert in_context(3, journey, 0, rules) == 3

    journey.profile.contract_ends_ms = 90 * DAY_MS
    assert in_context(3, journey, 0, rules) == 4
    journey.profile.tier = "1"
    assert in_context(3, journey, 0, rules) == 5
    assert in_context(5, journey, 0, rules) == 5
    journey.profile.goodwill_ms = [1, 2, 3]
    assert in_context(3, journey, 4, rules) == 4
    journey.profile.negative_ms = 2
    assert in_context(3, journey, 4, rules) == 5


def test_severity_does_not_rise_for_a_contract_that_has_ended():
    """After its end, and long before it, the contract says nothing."""
    rules, journey = Rules(), Journey("c-1", 0, 0)
    journey.profile.contract_ends_ms = 100 * DAY_MS

    assert [in_context(3, journey, day * DAY_MS, rules) for day in (9, 10, 100, 101)] == [
        3,
        4,
        4,
        3,
    ]


@pytest.mark.parametrize(
    ("severity", "acv_minor", "expected"),
    [(3, 0, 60), (3, 1_000_000, 69), (3, 99_000_000, 100), (5, 10**12, 100), (1, 99_000_000, 40)],
)
def test_priority_is_severity_scaled_by_value(severity, acv_minor, expected):
    """Twenty a degree; up to twice as much at a hundred times the scale; never above a hundred.

    Requirement: S1-32 S4-16
    """
    assert priority(severity, acv_minor, Rules()) == expected


def test_revenue_at_risk_is_what_is_left_of_the_contract():
    """120,000 a year with six months left: 60,000, of which severity 5 puts 30 % at risk.

    Requirement: S4-04
    """
    journey = Journey("c-1", 0, 0)
    assert at_risk(5, journey, 0, Rules()) is None

    journey.profile.acv_minor = 12_000_000
    journey.profile.contract_ends_ms = round(DAY_MS * 365.25 / 2)
    assert at_risk(5, journey, 0, Rules()) == 1_800_000
    assert at_risk(1, journey, 0, Rules()) == 0
    assert at_risk(5, journey, DAY_MS * 400, Rules()) == 0
