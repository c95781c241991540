"""RN1: would you renew after such a contract period?"""

import pytest

from streams.detectors.relationship.renewal_risk_rollup import DETECTOR, Memory
from streams.engine.journey import Issue, Journey
from streams.engine.long_run import Moment
from streams.policy import PolicyError
from tests.story import Story, day, policy_of, told

CSAT = {"kind": "csat", "scale_min": 1, "scale_max": 5, "higher_is_better": True}


def contracted(ends_d: float = 100, policy=None, **fields) -> Story:
    """A customer whose contract ends that many days from now."""
    story = Story(policy, only="renewal_risk_rollup")
    return story.tell(
        "account.contract_changed",
        acv_minor=5_000_000,
        currency="EUR",
        starts_on=day(0),
        ends_on=day(ends_d),
        **fields,
    )


def suffer(story: Story, calls: int = 4, csat: int | None = 1) -> Story:
    """Calls about one thing that is not solved, five days apart, each with its score."""
    for number in range(calls):
        story.contact(issue_id="i-1").after(minutes=10).tell(
            "contact.ended", contact_id=f"k-{number + 1}", outcome="pending"
        )
        if csat is not None:
            story.tell("survey.responded", score=csat, contact_id=f"k-{number + 1}", **CSAT)
        story.after(days=5)
    return story


def test_a_bad_period_is_told_on_the_day():
    """Ninety days before the end, to the day, with no touchpoint to bring it: grade E, severity 4."""
    story = suffer(contracted(115)).quiet(days=10)

    assert story.lines == ["day 25 · trigger · renewal_risk_rollup · severity 4 · grade_e"]


def test_the_alert_says_how_much_and_why():
    """Risk of a hundred, what is at stake, days left, and the parts that weigh most."""
    (alert,) = suffer(contracted(115)).quiet(days=10).alerts

    assert alert["threshold"] == 60 < alert["number"] <= 100
    assert "grade E, 90 days before the renewal of 50000.00 EUR a year" in alert["reason"]["text"]
    assert "1 of 1 issues came back" in alert["reason"]["text"]
    months = 90 / (365.25 / 12) + 12
    assert alert["revenue_at_risk_minor"] == round(5_000_000 * months / 12 * 0.15)
    assert alert["owner_team"] == "account_management"
    assert [one["type"] for one in alert["evidence"]].count("contact.started") == 4


def test_renewal_itself_raises_nothing_and_tier_does():
    """It is about nothing but the renewal: only the customer's tier makes it more severe."""
    story = contracted(115)
    suffer(story.tell("customer.profile_changed", tier="1")).quiet(days=10)

    assert told(story) == [("trigger", 5, "grade_e")]


def test_a_period_like_any_other_says_nothing():
    """A question, answered and liked: grade A on every day there is to look."""
    story = contracted(115).contact().after(minutes=5)
    story.tell("contact.ended", contact_id="k-1", outcome="resolved")
    story.tell("survey.responded", score=5, contact_id="k-1", **CSAT).quiet(days=200)

    assert story.alerts == []


def test_without_a_contract_there_is_nothing_to_renew():
    """However bad it was."""
    story = suffer(Story(only="renewal_risk_rollup")).tell("account.touch", kind="review")

    assert story.quiet(days=300).alerts == []


@pytest.mark.parametrize(
    "look",
    [
        {"type_": "renewal.window_opened", "ends_on": day(89)},
        {"type_": "renewal.conversation", "tone": "relational"},
        {"type_": "account.touch", "kind": "review"},
    ],
)
def test_it_is_looked_at_on_demand(look):
    """Whenever somebody is about to talk to the customer about it."""
    story = suffer(contracted(89), calls=5).tell(**look)

    assert told(story) == [("trigger", 4, "grade_e")]


def test_a_training_is_no_occasion():
    """To be in touch is not yet to look at the contract."""
    assert suffer(contracted(85)).tell("account.touch", kind="training").alerts == []


def test_it_gets_worse_and_is_told_again():
    """D at ninety days, E at sixty: the same alert, more severe; at thirty nothing new."""
    story = suffer(contracted(110), calls=3, csat=2).quiet(days=6)
    assert told(story) == [("trigger", 3, "grade_d")]

    suffer(story, calls=3).quiet(days=60)
    assert told(story)[:2] == [("trigger", 3, "grade_d"), ("update", 4, "grade_e")]


def test_it_gets_better_and_is_taken_back():
    """Solved, quiet for two months and content at last: at the next look the grade is C."""
    story = suffer(contracted(115)).quiet(days=10)
    story.tell("case.resolved", case_id="s-1", issue_id="i-1")
    for _ in range(2):
        story.tell("survey.responded", score=5, **CSAT)
    story.quiet(days=31)

    assert [one[:2] for one in told(story)] in (
        [("trigger", 4), ("update", 3)],
        [("trigger", 4), ("resolve", 4)],
    )


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ({"type_": "renewal.decided", "outcome": "renewed"}, "decided"),
        ({"type_": "customer.churned"}, "churned"),
    ],
)
def test_the_decision_ends_it(end, reason):
    """Renewed or gone: there is nothing left to save, nor to look at later."""
    story = suffer(contracted(115)).quiet(days=10).tell(**end).quiet(days=200)

    assert told(story) == [("trigger", 4, "grade_e"), ("resolve", 4, reason)]


def test_a_contract_that_ends_without_a_word_ends_it():
    """On the day of its end, not before."""
    story = suffer(contracted(115)).quiet(days=100)

    assert story.lines[-1].startswith("day 115 · resolve · ")
    assert story.alerts[-1]["resolved_reason"] == "contract_ended"


def test_the_next_contract_is_another_period():
    """What was suffered under the old one does not count against the new one."""
    story = suffer(contracted(60)).tell("renewal.decided", outcome="renewed")
    story.tell("account.contract_changed", ends_on=day(425)).quiet(days=420)

    assert story.alerts == []


def test_a_decision_stands_whatever_is_said_of_the_same_contract():
    """Its value corrected after the decision: no look is taken at it again."""
    story = suffer(contracted(60)).tell("renewal.decided", outcome="renewed").after(days=1)
    story.tell("account.contract_changed", acv_minor=6_000_000)
    story.tell("renewal.conversation", tone="relational")

    assert story.quiet(days=100).alerts == []


def test_a_crash_loses_no_day():
    """Restored in between, it looks on the same day."""
    story = suffer(contracted(115)).crash().quiet(days=10)

    assert story.lines == ["day 25 · trigger · renewal_risk_rollup · severity 4 · grade_e"]


def risk(memory: Memory, journey: Journey | None = None, weeks: int = 10, jei_sum: int = 0):
    """The risk of a period in which that was counted."""
    return DETECTOR.risk(memory, journey or Journey("c-1", 0, 0), weeks, jei_sum)[0]


def test_effort_weighs_more_than_satisfaction():
    """As hard as can be and content: worse than easy and discontent (S3-18, S4-11)."""
    hard = Memory(peak=80, csat_worst=100, csat_last=100)
    discontent = Memory(csat_worst=0, csat_last=0)

    assert risk(hard, jei_sum=400) > risk(discontent) > 0


def test_the_worst_possible_period_is_a_hundred():
    """Every part as bad as can be; more of it adds nothing."""
    worst = Memory(
        since_ms=1,
        peak=99,
        issues=3,
        came_back=3,
        csat_worst=0,
        csat_last=0,
        nps=0,
        promises=9,
        disputes=9,
    )
    journey = Journey("c-1", 0, 0, moments=[Moment("m:", 1, missed_ms=2)])
    journey.issues = [Issue(f"i-{n}", 0, 0) for n in range(4)]

    assert risk(worst, journey, jei_sum=990) == pytest.approx(100)


def test_what_is_not_known_is_left_out():
    """Nobody was ever asked: their silence makes the risk neither smaller nor larger."""
    asked = Memory(peak=40, csat_worst=50, csat_last=50, nps=85)

    assert risk(Memory(peak=40)) == pytest.approx(100 * 20 * 0.5 / 65)
    assert risk(asked) == pytest.approx(100 * (20 * 0.5 + 7.5) / 90)


@pytest.mark.parametrize(("nps", "part"), [(100, 0), (90, 0), (80, 4), (70, 4), (60, 10), (0, 10)])
def test_recommendation_counts_by_band(nps, part):
    """Promoters add nothing, passives a little, detractors all of it."""
    assert risk(Memory(nps=nps)) == pytest.approx(100 * part / 75)


def test_grades_are_a_ladder():
    """A policy in which E begins before D is refused, by name."""
    with pytest.raises(PolicyError, match="renewal_risk_rollup"):
        policy_of(detectors={"renewal_risk_rollup": {"grade_d": 70}})
