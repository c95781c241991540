"""Non-negative least squares from moments: which weights, none below zero, explain it best?

Written out because it is for 27 columns at most and the whole of it is one loop; what a library
would be trusted for is checked instead. The problem is convex, so a solution is the best one if and
only if no coordinate can be moved to advantage (the Karush-Kuhn-Tucker conditions): ``solve`` ends
when that holds, and refuses to answer when it does not.
"""

from collections.abc import Sequence

Matrix = Sequence[Sequence[float]]

ROUNDS_MAX = 100_000
TOLERANCE = 1e-9


class NotSolved(ArithmeticError):
    """No best weights were found in ``ROUNDS_MAX`` rounds."""


def solve(gram: Matrix, target: Sequence[float]) -> list[float]:
    """The weights w ≥ 0 that minimise ½ wᵀ G w − wᵀ t, with G = XᵀX and t = Xᵀy.

    One coordinate after the other is set to its best value, the others standing still (Franc,
    Hlaváč, Navara: "Sequential coordinate-wise algorithm for the non-negative least squares
    problem", CAIP 2005), in units in which every column has length one.

    Args:
        gram: G, symmetric, columns × columns.
        target: t, one value a column.

    Raises:
        NotSolved: the columns are too nearly the same to tell.
    """
    lengths = [gram[i][i] ** 0.5 for i in range(len(target))]
    used = [i for i, length in enumerate(lengths) if length > 0]
    scaled = [[gram[i][j] / (lengths[i] * lengths[j]) for j in used] for i in used]
    wanted = [target[i] / lengths[i] for i in used]
    weights, slope = [0.0] * len(used), [-value for value in wanted]
    most = TOLERANCE * max((abs(value) for value in wanted), default=0.0)
    for _ in range(ROUNDS_MAX):
        for i, row in enumerate(scaled):
            moved = max(0.0, weights[i] - slope[i]) - weights[i]
            if moved:
                weights[i] += moved
                slope = [value + moved * row[j] for j, value in enumerate(slope)]
        if _cannot_be_bettered(weights, slope, most):
            break
    else:
        raise NotSolved(f"{len(used)} columns, {ROUNDS_MAX} rounds")
    solved = [0.0] * len(target)
    for i, weight in zip(used, weights, strict=True):
        solved[i] = weight / lengths[i]
    return solved


def _cannot_be_bettered(weights: list[float], slope: list[float], most: float) -> bool:
    """No slope at a weight above zero, none that leads down at a weight of zero."""
    return all(
        abs(value) <= most if weight > 0 else value >= -most
        for weight, value in zip(weights, slope, strict=True)
    )
