"""Non-negative least squares: the best weights there are, found or refused."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.replay import least_squares
from streams.replay.least_squares import NotSolved, solve

Rows = list[list[float]]


def moments(rows: Rows, wanted: list[float]) -> tuple[Rows, list[float]]:
    """XᵀX and Xᵀy."""
    columns = range(len(rows[0]))
    gram = [[sum(row[i] * row[j] for row in rows) for j in columns] for i in columns]
    target = [sum(row[i] * y for row, y in zip(rows, wanted, strict=True)) for i in columns]
    return gram, target


def cost(gram: Rows, target: list[float], weights: list[float]) -> float:
    """½ wᵀ G w − wᵀ t: what is to be smallest."""
    columns = range(len(target))
    square = sum(weights[i] * gram[i][j] * weights[j] for i in columns for j in columns)
    return square / 2 - sum(w * t for w, t in zip(weights, target, strict=True))


def eliminated(gram: Rows, target: list[float], chosen: tuple[int, ...]) -> list[float] | None:
    """The unbounded solution on some columns, by Gauss's elimination; None if there is not one."""
    rows = [[gram[i][j] for j in chosen] + [target[i]] for i in chosen]
    for at in range(len(chosen)):
        best = max(range(at, len(rows)), key=lambda r: abs(rows[r][at]))
        rows[at], rows[best] = rows[best], rows[at]
        if abs(rows[at][at]) < 1e-9:
            return None
        for other in range(len(rows)):
            if other != at:
                factor = rows[other][at] / rows[at][at]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[at], strict=True)]
    return [row[-1] / row[at] for at, row in enumerate(rows)]


def tried_out(gram: Rows, target: list[float]) -> float:
    """The least cost over all choices of columns that may be above zero."""
    best = 0.0
    for size in range(1, len(target) + 1):
        for chosen in combinations(range(len(target)), size):
            found = eliminated(gram, target, chosen)
            if found is None or min(found) < 0:
                continue
            weights = [0.0] * len(target)
            for column, weight in zip(chosen, found, strict=True):
                weights[column] = weight
            best = min(best, cost(gram, target, weights))
    return best


@given(
    st.lists(
        st.lists(st.integers(-9, 9).map(float), min_size=4, max_size=4), min_size=1, max_size=8
    ),
    st.randoms(use_true_random=False),
)
def test_nothing_is_better(rows: Rows, rng: Random) -> None:
    """No choice of columns, tried one after the other, explains more."""
    gram, target = moments(rows, [float(rng.randint(-9, 9)) for _ in rows])
    weights = solve(gram, target)
    assert min(weights) >= 0
    assert cost(gram, target, weights) == pytest.approx(tried_out(gram, target), abs=1e-5)


def test_true_weights_are_found_where_all_is_exact() -> None:
    """What was made of weights at or above zero gives them back."""
    rng = Random(1)
    rows = [[rng.random() for _ in range(27)] for _ in range(300)]
    true = [float(max(0, n - 5)) for n in range(27)]
    wanted = [sum(w * x for w, x in zip(true, row, strict=True)) for row in rows]
    assert solve(*moments(rows, wanted)) == pytest.approx(true, abs=1e-5)


def test_a_column_that_would_be_negative_is_left_at_zero() -> None:
    """The second column makes it less: unbounded it would be −1."""
    assert solve(*moments([[1, 0], [0, 1]], [2, -1])) == [2, 0]


def test_empty_column_weighs_nothing() -> None:
    """What never occurs explains nothing, and divides by nothing."""
    assert solve(*moments([[1, 0], [2, 0]], [3, 6])) == pytest.approx([3, 0])
    assert solve([], []) == []


def test_what_is_not_solved_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Out of rounds, it says so instead of giving weights that are not the best."""
    monkeypatch.setattr(least_squares, "ROUNDS_MAX", 1)
    with pytest.raises(NotSolved, match="2 columns"):
        solve(*moments([[1, 0.9], [0, 1]], [1, 1]))
