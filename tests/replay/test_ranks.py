"""Rank correlation: known examples to the last digit, and an interval that holds what it says."""

from collections import Counter
from math import atanh, sqrt, tanh
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.replay.ranks import spearman

# The textbook example: intelligence quotient and hours of television a week.
TELEVISION = [
    (106, 7), (100, 27), (86, 2), (101, 50), (99, 28), (103, 29), (97, 20), (113, 12), (112, 6),
    (110, 17),
]  # fmt: skip
PAIRS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=4, max_size=40)


def test_textbook_example() -> None:
    """Ten pairs without ties: rho = 1 − 6 Σd² ÷ (n (n² − 1)) = −29 ÷ 165."""
    found = spearman(Counter(TELEVISION))
    assert found is not None
    assert found.rho == pytest.approx(-29 / 165)
    assert found.n == 10


def test_interval_is_bonett_and_wrights() -> None:
    """Worked by hand for the same example: z ± 1.959964 × sqrt((1 + rho² ÷ 2) ÷ 7)."""
    rho = -29 / 165
    away = 1.959964 * sqrt((1 + rho**2 / 2) / 7)
    found = spearman(Counter(TELEVISION))
    assert found is not None
    assert found.low == pytest.approx(tanh(atanh(rho) - away), abs=1e-6)
    assert found.high == pytest.approx(tanh(atanh(rho) + away), abs=1e-6)


def test_ties_share_their_rank() -> None:
    """1, 2, 2, 3 against 1, 3, 2, 4: ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4, rho = 4.5 ÷ √22.5."""
    found = spearman(Counter([(1, 1), (2, 3), (2, 2), (3, 4)]))
    assert found is not None
    assert found.rho == pytest.approx(4.5 / sqrt(22.5))


@given(PAIRS)
def test_only_the_order_counts(pairs: list[tuple[int, int]]) -> None:
    """Any rising scale gives the same; a falling one the opposite."""
    found = spearman(Counter(pairs))
    risen = spearman(Counter((a**3 + a, 2.0**b) for a, b in pairs))
    fallen = spearman(Counter((-a, b) for a, b in pairs))
    if found is None:
        assert risen is fallen is None
        return
    assert risen == pytest.approx(found)
    assert fallen == pytest.approx((-found.rho, -found.high, -found.low, found.n))
    assert -1 - 1e-9 <= found.low <= found.rho <= found.high <= 1 + 1e-9


@pytest.mark.parametrize(
    "pairs", [[], [(1, 2)], [(1, 2), (2, 3), (3, 4)], [(1, n) for n in range(9)], [(2, 2)] * 9]
)
def test_nothing_to_say(pairs: list[tuple[int, int]]) -> None:
    """Fewer than four pairs, or a side that never varies, have no correlation."""
    assert spearman(Counter(pairs)) is None


def test_perfect_order() -> None:
    """Everything in one order is 1 exactly, and no arithmetic fails at it."""
    assert spearman(Counter((n, 2 * n) for n in range(20))) == (1.0, 1.0, 1.0, 20)


def test_of_a_hundred_noises_about_ninety_five_intervals_hold_zero() -> None:
    """Without any relation the interval misses zero about as often as it promises to."""
    rng, held = Random(5), 0
    for _ in range(200):
        found = spearman(Counter((rng.randint(0, 100), rng.randint(1, 7)) for _ in range(120)))
        assert found is not None
        held += found.low < 0 < found.high
    assert 180 <= held <= 198
