"""The four component scores: what each is made of, and that the worst weighs more than the rest.

Requirement: S4-22
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.engine.journey import Contact, Effort, Issue, Journey, Path
from streams.engine.long_run import Rating, Ratings
from streams.engine.rules import Rules
from streams.engine.scores import Scores, scores, worst_weighted
from tests.story import DAY_MS, Story

RULES = Rules()
PLAIN = replace(RULES, scores=replace(RULES.scores, worst_share=0.0))

values = st.lists(st.integers(0, 1000).map(lambda n: n / 10), min_size=1, max_size=5)
shares = st.sampled_from([0.0, 0.25, 0.5, 1.0])


def rated(**given: list[int]) -> Journey:
    """A customer with those ratings by kind, 0 to 1000, one a day."""
    ratings = {
        kind: Ratings(len(all_), sum(all_), [Rating(n * DAY_MS, v) for n, v in enumerate(all_)])
        for kind, all_ in given.items()
    }
    return Journey("c-1", 0, 0, ratings=ratings)


def of(journey: Journey, at_ms: int = 10 * DAY_MS) -> Scores:
    """Their scores on the tenth day."""
    return scores(journey, at_ms, RULES)


def test_of_nothing_there_is_no_score():
    """Where nothing was asked, solved or suffered, nothing is made up."""
    assert of(Journey("c-1", 0, 0)) == (None, None, None, None)


def test_half_the_mean_and_half_the_worst_of_the_last_five():
    """100, 100, 100 and 20: the mean says 80, the score says 50 (S4-14, DC7)."""
    assert worst_weighted([100, 100, 100, 20], 0.5) == 50
    assert worst_weighted([0, 100, 100, 100, 100, 100], 0.5) == 100
    assert worst_weighted([], 0.5) is None


@given(values, shares)
def test_it_lies_between_the_worst_and_the_mean(given_, share):
    """Bounded, and never kinder than a plain average."""
    score = worst_weighted(given_, share)

    assert min(given_) - 1e-9 <= score <= sum(given_) / len(given_) + 1e-9


@given(values, shares, st.randoms(use_true_random=False))
def test_the_order_of_the_last_five_does_not_matter(given_, share, chance):
    """Which five counts, not in which order they came."""
    shuffled = sorted(given_, key=lambda _: chance.random())

    assert worst_weighted(shuffled, share) == pytest.approx(worst_weighted(given_, share))


@given(values, shares, st.integers(0, 4), st.floats(0.1, 50))
def test_what_gets_worse_never_scores_better(given_, share, which, less):
    """Monotone in each of its parts; the worst, made worse, always lowers it."""
    which %= len(given_)
    worse = [max(0.0, v - less) if n == which else v for n, v in enumerate(given_)]
    before, after = worst_weighted(given_, share), worst_weighted(worse, share)

    assert after <= before + 1e-9
    if given_[which] == min(given_) > 0:
        assert after < before


@pytest.mark.parametrize(
    ("issue", "score"),
    [
        (Issue("i", 0, 0, chain=1, resolved_ms=DAY_MS), 100),
        (Issue("i", 0, 0, chain=3, resolved_ms=DAY_MS), 60),
        (Issue("i", 0, 0, chain=1, reopens=1, resolved_ms=DAY_MS), 75),
        (Issue("i", 0, 0, chain=2, false_resolutions=1, resolved_ms=DAY_MS), 55),
        (Issue("i", 6 * DAY_MS, 0, chain=1), 80),
        (Issue("i", -99 * DAY_MS, 0, chain=1), 50),
        (Issue("i", -99 * DAY_MS, 0, chain=5, reopens=3), 0),
    ],
)
def test_outcome_is_solved_right_and_for_good(issue, score):
    """Solved at once is 100; repeats, reopenings, fallen claims and open days take off.

    Requirement: S4-08
    """
    assert of(Journey("c-1", 0, 0, issues=[issue])).outcome == pytest.approx(score)


def test_one_bad_outcome_outweighs_three_good_ones():
    """Three solved at once and one never: 50, where the mean would say 75."""
    good = [Issue(f"g{n}", n, n, chain=1, resolved_ms=1) for n in range(3)]
    bad = Issue("bad", -99 * DAY_MS, 9, chain=4, reopens=1)

    assert of(Journey("c-1", 0, 0, issues=[*good, bad])).outcome == pytest.approx(37.5)
    assert scores(Journey("c-1", 0, 0, issues=[*good, bad]), 9, PLAIN).outcome == 75


def contact(**path) -> Contact:
    """A contact that ended, handed on as said."""
    asked = path.pop("information", 0)
    outcome = path.pop("outcome", "resolved")
    one = Contact("k", "i", "phone", 0, 1, ended_ms=1, outcome=outcome, path=Path(**path))
    one.information = asked
    return one


@pytest.mark.parametrize(
    ("path", "score"),
    [
        ({}, 100),
        ({"transfers": 1}, 90),
        ({"transfers": 1, "cold": 1}, 75),
        ({"transfers": 2, "revisits": 1}, 65),
        ({"information": 3}, 70),
        ({"outcome": "dropped"}, 50),
        ({"outcome": "abandoned", "transfers": 3, "cold": 3}, 0),
    ],
)
def test_interaction_is_how_one_was_served(path, score):
    """Handed on, asked again, left hanging: each takes off; waiting belongs to effort.

    Requirement: S4-09
    """
    assert of(Journey("c-1", 0, 0, contacts=[contact(**path)])).interaction == score


def test_interaction_hears_what_was_said_about_it():
    """Satisfaction, quality, sentiment and reviews count; ease and recommendation do not."""
    said = rated(csat=[800], qa=[600], sentiment=[500], review=[100])
    assert of(said).interaction == pytest.approx((50 + 10) / 2)

    assert of(rated(ces=[0], nps=[0], nps_relationship=[0])).interaction is None


def test_a_call_of_ours_and_one_that_just_began_say_nothing_yet():
    """Only what the customer came with, and what has been answered, was an interaction."""
    ours = Contact("k", "i", "phone", 0, 1, inbound=False, ended_ms=1)
    begun = Contact("k", "i", "phone", 0, 1)

    assert of(Journey("c-1", 0, 0, contacts=[ours, begun])).interaction is None


def test_effort_is_ease_as_behaved_and_as_said():
    """100 less the index; the customer's own word on ease counts, and the worse of both weighs.

    Requirement: S4-10 S4-12
    """
    journey = Journey("c-1", 0, 0)
    journey.effort = Effort(0, 14.0 * DAY_MS, {"wait": 30.0})
    assert scores(journey, 0, RULES).effort == pytest.approx(36.79, abs=0.01)

    journey.ratings = rated(ces=[900]).ratings
    assert scores(journey, 0, RULES).effort == pytest.approx((63.39 + 36.79) / 2, abs=0.01)


def test_consistency_is_how_far_one_fell_below_the_best():
    """5, 5, 4, 2 of 5: 50, though the mean is 4.0; always 2 is bad, but always the same.

    Requirement: S4-13
    """
    assert of(rated(csat=[1000, 1000, 750, 250])).consistency == 50
    assert of(rated(csat=[250, 250, 250])).consistency == 100
    assert of(rated(csat=[250])).consistency is None


def test_consistency_is_asked_of_each_kind_by_itself():
    """A 9 for quality and a 3 for ease contradict nobody; contacts are compared with contacts."""
    assert of(rated(csat=[900], ces=[300])).consistency is None
    journey = rated(csat=[800, 800])
    journey.contacts = [contact(), contact(outcome="abandoned")]

    assert of(journey).consistency == pytest.approx((81.25 + 62.5) / 2)


def test_ratings_of_long_ago_no_longer_count():
    """After the policy's reach they are history."""
    assert of(rated(csat=[0]), 179 * DAY_MS).interaction == 0
    assert of(rated(csat=[0]), 180 * DAY_MS).interaction is None


kept = st.builds(
    rated,
    csat=st.lists(st.integers(0, 1000), max_size=5),
    ces=st.lists(st.integers(0, 1000), max_size=5),
    qa=st.lists(st.integers(0, 1000), max_size=5),
)


@given(kept, st.lists(st.integers(0, 6), max_size=8), st.integers(0, 400))
def test_all_scores_are_bounded(journey, chains, day):
    """Whatever was lived through, each score is between nought and a hundred, or there is none."""
    journey.issues = [Issue(f"i{n}", n, n, chain=c, reopens=c // 3) for n, c in enumerate(chains)]

    for score in scores(journey, day * DAY_MS, RULES):
        assert score is None or -1e-9 <= score <= 100 + 1e-9


@given(kept, st.sampled_from(["csat", "qa"]))
def test_one_more_bad_word_never_lifts_interaction(journey, kind):
    """The worst possible answer, given last, lowers the score or leaves it at nothing."""
    before = of(journey).interaction
    ratings = journey.ratings[kind]
    ratings.last = [*ratings.last, Rating(9 * DAY_MS, 0)][-5:]

    after = of(journey).interaction
    assert after is not None and after <= 50
    assert before is None or after <= max(before, 50)


def test_a_story_shows_where_it_hurt():
    """Told through the line: the telecom call solves the problem, and costs the customer dearly."""
    story = Story().contact("billing/bill")
    story.tell("ivr.segment_ended", contact_id="k-1", duration_s=2400, exit="agent")
    for source, target in (("front", "billing"), ("billing", "disputes")):
        story.after(minutes=5).tell(
            "contact.transferred",
            contact_id="k-1",
            mode="cold",
            from_queue=source,
            to_queue=target,
        )
        story.tell(
            "contact.info_requested", contact_id="k-1", item="account_number", already_given=True
        )
    story.after(minutes=9).tell("contact.ended", contact_id="k-1", outcome="resolved")
    journey = story.house.line.codec.decode(story.house.journeys[b"c-1"])
    now = scores(journey, story.now_ms, RULES)

    assert now.outcome == 100
    assert now.interaction == 30
    assert now.effort < 40
