"""The Journey Effort Index: a decayed sum on a scale that saturates (catalogue section 5)."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.engine import effort
from streams.engine.heard import Heard
from streams.engine.journey import Issue, Journey
from streams.engine.rules import EffortRules, Rules
from tests.story import DAY_MS, START_MS, House, Story, policy_of

RULES = Rules()
HALF_LIFE_MS = 14 * DAY_MS

additions = st.lists(
    st.tuples(st.integers(0, 400 * DAY_MS), st.floats(0.1, 50), st.sampled_from("abc")),
    min_size=1,
    max_size=12,
)


def spent(points, order=None, rules=RULES.effort):
    """A journey to which those (when, points, component) were added in that order."""
    journey = Journey("c-1", START_MS, START_MS)
    for at_ms, value, component in order or points:
        heard = Heard(journey, RULES, "test", START_MS + at_ms)
        effort.add(heard, rules, component, value, 6)
        journey.clock_ms = max(journey.clock_ms, START_MS + at_ms)
    return journey


def index_now(story):
    """The index as of the latest touchpoint of a story."""
    codec = story.house.line.codec
    journey = codec.decode(story.house.journeys[story.customer.encode()])
    return effort.index(effort.effort_at(journey.effort, journey.clock_ms), RULES.effort)


@given(additions, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(points, chance: Random):
    """Effort told late weighs what it would have weighed in time."""
    shuffled = list(points)
    chance.shuffle(shuffled)
    end_ms = START_MS + 500 * DAY_MS
    in_time = effort.effort_at(spent(sorted(points)).effort, end_ms)

    assert effort.effort_at(spent(points, shuffled).effort, end_ms) == pytest.approx(in_time)


@given(additions)
def test_it_is_the_sum_of_decayed_points(points):
    """E is what the formula says: each addition halves every fourteen days."""
    journey = spent(points)
    now_ms = journey.clock_ms
    plain = sum(p * 0.5 ** ((now_ms - START_MS - at_ms) / HALF_LIFE_MS) for at_ms, p, _ in points)

    assert effort.effort_at(journey.effort, now_ms) == pytest.approx(plain)
    assert sum(effort.parts_at(journey.effort, now_ms).values()) == pytest.approx(plain)


@given(additions, st.integers(1, 300 * DAY_MS))
def test_it_only_falls_by_itself(points, later_ms):
    """Without a touchpoint the index falls, and halves its points in a half-life."""
    journey = spent(points)
    now = effort.effort_at(journey.effort, journey.clock_ms)

    assert effort.effort_at(journey.effort, journey.clock_ms + later_ms) < now
    half = effort.effort_at(journey.effort, journey.clock_ms + HALF_LIFE_MS)
    assert half == pytest.approx(now / 2)


@given(additions, st.floats(0.01, 100))
def test_when_it_will_have_fallen(points, target):
    """The moment planned for a fall is the first millisecond at or below the target."""
    journey = spent(points)
    at_ms = effort.falls_to_ms(journey.effort, journey.clock_ms, target)

    assert effort.effort_at(journey.effort, at_ms) <= target * (1 + 1e-9)
    if at_ms > journey.clock_ms:
        assert effort.effort_at(journey.effort, at_ms - 2) > target * (1 - 1e-9)


@given(st.floats(0, 99))
def test_index_and_points_are_inverse(jei):
    """Bands are given as an index and waited for as points."""
    assert effort.index(effort.points_of(jei, RULES.effort), RULES.effort) == pytest.approx(jei)


def test_the_index_saturates():
    """It never reaches a hundred, and more effort is always more."""
    values = [effort.index(points, RULES.effort) for points in (0, 1, 10, 100, 200)]

    assert values[0] == 0 and values[-1] < 100
    assert all(less < more for less, more in pairwise(values))


@pytest.mark.parametrize(
    ("points", "jei"), [(35.5, 69), (2, 6), (5, 15), (15.3, 40), (27.5, 60), (48.3, 80)]
)
def test_the_worked_values_of_the_formula(points, jei):
    """The catalogue's own examples and bands."""
    assert round(effort.index(points, RULES.effort)) == jei


def test_the_worked_values_of_contacts():
    """One contact is 6; two days apart on one issue: 28, 43, then 62 at the fifth, 68 at the sixth."""
    story, said = Story().contact(), []
    for _ in range(5):
        said.append(round(index_now(story)))
        story.after(days=2).contact()
    said.append(round(index_now(story)))

    assert [said[n] for n in (0, 1, 2, 4, 5)] == [6, 28, 43, 62, 68]


def test_the_worked_value_of_a_warm_transfer():
    """One contact with one warm transfer is 15."""
    story = Story().contact().tell("contact.transferred", contact_id="k-1", mode="warm")

    assert round(index_now(story)) == 15


def test_waiting_costs_above_what_is_free_and_up_to_a_limit():
    """Two minutes are free, forty cost 7.6 points, and no queue costs more than ten."""

    def waited(minutes):
        story = Story().tell("contact.started", contact_id="k-1", direction="outbound")
        story.after(minutes=minutes).tell("contact.answered", contact_id="k-1", wait_s=minutes * 60)
        return effort.points_of(index_now(story), RULES.effort)

    assert [round(waited(minutes), 1) for minutes in (2, 40, 600)] == [0, 7.6, 10]


def test_the_largest_contributions_are_kept():
    """What explains the index is kept; of a dozen, the six that weigh most now."""
    journey = spent([(n * DAY_MS, 1 + n % 5, "a") for n in range(12)])
    weights = sorted(
        c.points * 2 ** ((c.at_ms - START_MS) / HALF_LIFE_MS) for c in journey.effort.top
    )
    everything = sorted((1 + n % 5) * 2 ** (n * DAY_MS / HALF_LIFE_MS) for n in range(12))

    assert weights == pytest.approx(everything[-6:])


def test_history_of_long_ago_does_not_break_it():
    """A customer first heard of in 1975, by a backfill, and then for decades, is still counted."""
    story = Story().contact(origin="backfill", occurred_at=10_000_000_000)
    story.contact().after(days=2).contact()

    assert round(index_now(story)) == 28
    assert story.house.outcomes[-1].counts.get("dead_letter.processing_error") is None


def test_another_half_life_in_the_policy_takes_over():
    """What had been spent keeps its value at the change and decays with the new half-life."""
    story = Story().contact().after(days=14)
    policy = policy_of(effort={"half_life_d": 7})
    moved = House(policy)
    moved.journeys, moved.meta = dict(story.house.journeys), story.house.meta
    moved.next_offset = story.house.next_offset
    moved.crash()
    story.house = moved
    story.contact(reason="another/thing")  # 2 points of a fortnight ago are 1, and 2 new ones
    assert effort.points_of(index_now(story), policy.rules.effort) == pytest.approx(3)

    story.after(days=7).contact(reason="a/third")
    assert effort.points_of(index_now(story), policy.rules.effort) == pytest.approx(1.5 + 2)


def test_an_issue_has_its_share():
    """Effort about an issue is counted for the customer and for the issue."""
    issue = Issue("i:1", START_MS, START_MS)
    journey = Journey("c-1", START_MS, START_MS, issues=[issue])
    for about, points in ((issue, 3.0), (None, 5.0)):
        heard = Heard(journey, RULES, "test", START_MS)
        heard.issue = about
        effort.add(heard, RULES.effort, "a", points, 6)

    assert effort.effort_at(journey.effort, START_MS) == pytest.approx(8)
    assert effort.issue_effort_at(journey.effort, issue, START_MS) == pytest.approx(3)


def test_no_points_leave_no_trace():
    """A component the policy prices at nothing is not there."""
    assert spent([(0, 0.0, "a")]).effort.parts == {}
    assert EffortRules().points.first_contact == 2
