"""The whole of it: the default policy finds all that is planted, says nothing for nothing."""

from streams.cli.evaluation import run as whole
from streams.cli.evaluation.portion import Portion
from streams.cli.evaluation.run import found
from streams.cli.evaluation.tally import Tally


def test_findings_do_not_depend_on_the_number_of_processes() -> None:
    """Two processes give what one gives, world for world."""
    planned = [Portion(number, 7, 12) for number in range(2)]
    one, two = list(found(planned, 1)), list(found(planned, 2))
    assert one == two
    assert all(isinstance(tally, Tally) and tally.touchpoints for tally in one)


def test_default_policy_finds_everything_and_says_nothing_for_nothing() -> None:
    """A small company, every story at least once: no fault, and a load a team can live with."""
    evaluation = whole.run(1, 7, 1, None)
    assert evaluation.faults() == []
    load = sum(map(evaluation.tally.per_thousand_a_day, evaluation.tally.kinds))
    assert 0 < load < 20, "a few customers only: the figure that counts is of a million touchpoints"
