"""The same job: the records of ``workload``, judged by ``oracle``."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from benchmarks.jbench import oracle, workload
from benchmarks.jbench.listener import Listener
from benchmarks.jbench.oracle import Answer
from benchmarks.jbench.stage import NoResult
from benchmarks.jbench.trial import Input
from benchmarks.jbench.workload import Drawn

_BRIEF = (0.05, 0.25)


def drawn(warm_up: int, count: int, customers: int, seed: int) -> tuple[Input, Input]:
    """Draw once; every system and round reads the same bytes.

    Returns:
        The input, and its beginning for those who would need minutes for all of it: a twentieth
        of the warm-up, and what follows up to a quarter.

    Raises:
        NoResult: with this seed a score comes too near a threshold to be judged.
    """
    total = warm_up + count
    first = list(workload.records(warm_up, customers, seed, 0, total))
    second = list(workload.records(count, customers, seed, warm_up, total))
    begin, end = (int(warm_up * share) for share in _BRIEF)
    return _told(first, second, seed), _told(first[:begin], first[begin:end], seed)


def _told(first: Sequence[Drawn], second: Sequence[Drawn], seed: int) -> Input:
    warm = oracle.answer(one.value for one in first)
    answer = oracle.answer(one.value for one in [*first, *second])
    if answer.closest < 1e-6:
        raise NoResult(f"seed {seed} puts a score too near a threshold; take another")
    judge = partial(judged, answer=answer)
    return Input(first, second, len(warm.alerts), len(answer.alerts), answer.unreadable, judge)


def judged(listener: Listener, answer: Answer) -> str:
    """What is not as the oracle says; an alert may come more than once only byte for byte."""
    found = {(a["customer_id"], a["event_id"]): (a["score"], a["repeat"]) for a in listener.alerts}
    if found.keys() != answer.alerts.keys():
        missing, unknown = answer.alerts.keys() - found.keys(), found.keys() - answer.alerts.keys()
        return f"{len(missing)} alerts missing, {len(unknown)} unknown"
    for key, (score, repeat) in answer.alerts.items():
        if abs(found[key][0] - score) > 1e-6 or found[key][1] != repeat:
            return f"{key}: {found[key]}, not {(score, repeat)}"
    repeated = Counter((a["customer_id"], a["event_id"]) for a in listener.alerts)
    if repeated.total() != len(repeated):
        return f"{repeated.total() - len(repeated)} alerts said twice without a crash"
    if listener.dead != answer.unreadable:
        return f"{listener.dead} dead letters, not {answer.unreadable}"
    return ""
