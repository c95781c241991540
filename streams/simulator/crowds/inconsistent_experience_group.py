"""One queue in which it is a matter of luck how one fares.

Near miss: mixed scores as surveys usually show them. Look-alike: two queues, one good and one bad,
and each the same for everybody.
"""

from collections.abc import Sequence

from streams.simulator.crowds._many import Many

DAYS = 9
NEARLY = {"deviation": 1.0}


def _queue(many: Many, queue: str, scores: Sequence[float]) -> None:
    for n, at_ms in enumerate(many.spread(len(scores))):
        many.call(f"{queue}-{n}", at_ms, csat=scores[n], queue=queue)


def positive(many: Many) -> None:
    """Half fives, half ones."""
    _queue(many, "claims", [5, 1] * 20)


def near_miss(many: Many) -> None:
    """24 fives, 12 threes, 4 twos: a deviation of 1.1."""
    _queue(many, "claims", [5] * 24 + [3] * 12 + [2] * 4)


def look_alike(many: Many) -> None:
    """Fives in one, twos in the other."""
    _queue(many, "claims", [5] * 40)
    _queue(many, "returns", [2] * 40)
