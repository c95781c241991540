"""Event time of a partition never goes back."""

from hypothesis import given
from hypothesis import strategies as st

from streams.engine.rules import TimeRules
from streams.engine.watermark import STEPS_MAX, Watermark

RULES = TimeRules(lateness_by_source_s={"slow": 3_600, "prompt": 0})
times = st.integers(0, 10**13)
moves = st.lists(
    st.one_of(
        st.tuples(st.just("hear"), times, st.sampled_from(["slow", "prompt", "other"])),
        st.tuples(st.just("step"), times, st.integers(0, 50)),
    ),
    max_size=30,
)


def moved(watermark, move):
    """The watermark after one touchpoint or one step of the wall clock."""
    what, ms, more = move
    watermark.hear(ms, more, RULES) if what == "hear" else watermark.step(ms, more)
    return watermark.ms


@given(moves)
def test_it_never_goes_back(drawn):
    """Neither a late touchpoint nor a clock set back moves it."""
    watermark = Watermark()
    seen = [moved(watermark, move) for move in drawn]

    assert seen == sorted(seen)


@given(
    st.lists(st.tuples(times, st.sampled_from(["slow", "prompt", "other"])), max_size=20),
    st.randoms(use_true_random=False),
)
def test_it_is_the_latest_less_the_allowance_of_its_source(heard, chance):
    """Whatever the order: each source's own lateness is taken off its own times."""
    lateness_ms = {"slow": 3_600_000, "prompt": 0, "other": 600_000}
    expected = max([0, *(ms - lateness_ms[source] for ms, source in heard)])
    chance.shuffle(heard)
    watermark = Watermark()
    for ms, source in heard:
        watermark.hear(ms, source, RULES)

    assert watermark.ms == expected


def test_steps_of_the_clock_are_remembered_where_they_were_taken():
    """A replay takes the same steps before the same records; the last one of a place counts."""
    watermark = Watermark()
    for ms, offset in ((1_000, 5), (2_000, 5), (1_500, 6), (3_000, 7)):
        watermark.step(ms, offset)

    assert watermark.steps == [(5, 2_000), (7, 3_000)]


def test_only_so_many_steps_are_remembered():
    """An idle week is not a memory leak."""
    watermark = Watermark()
    for n in range(1, 1_000):
        watermark.step(n, n)

    assert len(watermark.steps) == STEPS_MAX and watermark.steps[-1] == (999, 999)
