"""The diary: how a customer stood at the turn of each week, in eighty bytes."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.engine import effort
from streams.engine.diary import WEEK_MS, before, summed
from streams.engine.long_run import ENTRY, UNKNOWN, WEEKS_MAX, Diary
from streams.engine.rules import Rules
from streams.engine.scores import scores
from tests.story import DAY_MS, START_MS, Story, journey_of

RULES = Rules()


def test_a_week_is_written_when_the_next_touchpoint_is_heard():
    """As of the turn itself, and before what is heard now is taken in."""
    story = Story().after(days=1).contact()
    was = journey_of(story)
    story.after(days=7).contact()
    stood = before(journey_of(story).diary, story.now_ms)

    assert stood.at_ms == START_MS + WEEK_MS
    assert stood.jei == round(effort.index(effort.effort_at(was.effort, stood.at_ms), RULES.effort))
    assert stood.scores.outcome == round(scores(was, stood.at_ms, RULES).outcome)


def test_weeks_of_silence_are_written_one_by_one():
    """Five weeks with nothing heard: five entries, in which effort has decayed and age has grown."""
    story = Story().contact().after(days=1).contact().after(days=35).contact()
    diary = journey_of(story).diary
    weeks = [before(diary, START_MS + n * WEEK_MS) for n in range(1, 6)]

    assert [one.at_ms for one in weeks] == [START_MS + n * WEEK_MS for n in range(1, 6)]
    assert [one.jei for one in weeks] == sorted((one.jei for one in weeks), reverse=True)
    assert weeks[0].jei > weeks[-1].jei
    assert before(diary, START_MS + WEEK_MS - 1) is None


def test_it_reaches_back_ninety_days_from_any_day_of_a_week():
    """Fourteen weeks are kept, however long the customer has been one."""
    story = Story().contact()
    for _ in range(30):
        story.after(days=7).contact()
    for day in range(7):
        story.after(days=1 if day else 0).tell("trial.started")
        diary = journey_of(story).diary
        for days in (7, 30, 90):
            stood = before(diary, story.now_ms - days * DAY_MS)
            assert 0 <= story.now_ms - days * DAY_MS - stood.at_ms < WEEK_MS

    assert len(diary.entries) == WEEKS_MAX * ENTRY
    assert len(msgspec.msgpack.encode(diary)) <= 100


def test_what_is_told_late_rewrites_nothing():
    """The diary is what was known at the time."""
    story = Story().contact().after(days=20).contact()
    was = journey_of(story).diary
    story.after(days=-10).contact()

    assert journey_of(story).diary == was


@pytest.mark.parametrize("days", [1, 6, 8, 60, 2000])
def test_weeks_are_summed_without_being_written(days):
    """What the next touchpoint will write can be known before it comes."""
    story = Story().contact().after(days=1).contact()
    now_ms = story.now_ms + days * DAY_MS
    foretold = summed(journey_of(story), now_ms, RULES)
    diary = journey_of(story.after(days=days).contact()).diary

    assert foretold == (diary.n, diary.total)
    assert diary.n == now_ms // WEEK_MS - START_MS // WEEK_MS


def test_a_broken_promise_does_not_reach_into_the_week_before():
    """It fell due on the tenth day: the seventh knew nothing of it, the fourteenth does."""
    story = Story().tell("promise.made", promise_id="p", kind="fix", due_at=START_MS + 9 * DAY_MS)
    story.quiet(days=11).after(days=9).tell("trial.started")
    diary = journey_of(story).diary

    assert [before(diary, START_MS + n * WEEK_MS).jei for n in (1, 2)] == [0, 20]


entries = st.lists(
    st.lists(st.sampled_from([0, 7, 50, 100, UNKNOWN]), min_size=ENTRY, max_size=ENTRY),
    max_size=WEEKS_MAX,
).map(lambda weeks: b"".join(map(bytes, weeks)))
diaries = st.builds(
    Diary, st.integers(2900, 2940), st.integers(0, 50), st.integers(0, 999), entries
)


@given(diaries, diaries)
def test_two_diaries_become_one_in_either_order(mine, theirs):
    """Week by week the worse of both; as long as one of them was, and no longer than is kept."""
    joined = mine.joined(theirs)

    assert joined == theirs.joined(mine)
    assert joined.week == max(mine.week, theirs.week)
    assert len(joined.entries) <= WEEKS_MAX * ENTRY
    assert len(joined.entries) % ENTRY == 0


def test_an_empty_diary_adds_nothing():
    """Somebody never heard of leaves the other as they were."""
    diary = Diary(2900, 3, 40, bytes([20, 90, 80, 70, UNKNOWN]) * 3)

    assert Diary().joined(diary) == diary
