"""The input of the small job: drawn once, the same bytes for everybody."""

from benchmarks.jbench import oracle, same_job


def test_the_slowest_systems_read_the_beginning_of_the_same_input():
    """Record for record, and they are held to what the oracle says of that beginning alone."""
    told, brief = same_job.drawn(4_000, 1_000, 500, 7)
    heard = [*brief.warm_up, *brief.measured]
    assert (len(told.warm_up), len(told.measured)) == (4_000, 1_000)
    assert (len(brief.warm_up), len(brief.measured)) == (200, 800)
    assert heard == told.warm_up[: len(heard)]
    answer = oracle.answer(one.value for one in heard)
    assert brief.alerts == len(answer.alerts) < told.alerts
    assert brief.dead == answer.unreadable
