"""Nothing is lost and nothing doubled, at whichever step of the protocol a worker dies or stops."""

from streams.kafka.steps import STEPS
from tests.simulation.exhaustive import every_step
from tests.simulation.plan import EFFECTIVELY, EXACTLY

#: Steps that a delivery does not have.
_ABSENT = {EXACTLY: {"lane.claimed"}, EFFECTIVELY: {"transaction.committed"}}


def test_every_step_at_every_batch():
    """Exhaustive: each named step, each time it is reached; killed there, stopped for a moment, and
    stopped for so long that another has taken over. No step is left out."""
    report = every_step()
    print(report.text())
    assert not report.failed, "\n".join(report.failed[:3])
    for delivery, absent in _ABSENT.items():
        for workers in (1, 2):
            reached = {s for s in STEPS if report.reached[delivery, workers, s]}
            assert reached == set(STEPS) - absent
