"""The whole evaluation: worlds side by side in processes, then costs and sizes in this one."""

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from streams import policy
from streams.cli import screen
from streams.cli.evaluation.cost import costs
from streams.cli.evaluation.crowd import judge
from streams.cli.evaluation.portion import Portion, evaluate, portions
from streams.cli.evaluation.size import everyday, longest
from streams.cli.evaluation.tally import Tally
from streams.cli.evaluation.told import Evaluation

_TIMED_MAX = 20_000


def run(touchpoints: int, seed: int, jobs: int, policy_file: Path | None) -> Evaluation:
    """Evaluate every detector of a policy. Findings do not depend on the number of processes.

    Args:
        touchpoints: about how many are simulated.
        seed: same seed, same findings.
        jobs: processes.
        policy_file: None for the default policy.
    """
    in_force = policy.load(policy_file)
    planned = portions(touchpoints, seed, policy_file)
    tally = Tally()
    for number, counted in enumerate(found(planned, jobs), start=1):
        tally.add(counted)
        screen.note(f"world {number} of {len(planned)}: {tally.touchpoints:,} touchpoints")
    screen.note("companies in whose crowd something is found")
    crowd = judge(in_force, seed)
    screen.note("what each detector costs, and how large a journey grows")
    everything = policy.with_everything(in_force)
    timed = costs(everything, planned[0], min(touchpoints, _TIMED_MAX))
    grown = everyday(everything), longest(everything)
    asked = {question.kind for question in in_force.questions}
    extra = frozenset(question.kind for question in everything.questions) - asked
    return Evaluation(tally, timed, *grown, in_force.rules.label, seed, extra, crowd)


def found(planned: list[Portion], jobs: int) -> Iterable[Tally]:
    """One tally a world, in order, from so many processes."""
    if jobs == 1 or len(planned) == 1:
        yield from map(evaluate, planned)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn")) as workers:
        yield from workers.map(evaluate, planned)
