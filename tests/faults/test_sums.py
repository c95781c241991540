"""The hour holds what it must: counted from its scripts, before anything is broken."""

import pytest

from tests.faults import script as do
from tests.faults.chapters import BOTH
from tests.faults.long import long_chapters
from tests.faults.sums import MUST, counted, planned


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_hour_holds_what_it_must(seed):
    """Whatever the seed; and every fault is played in both deliveries, each chapter once."""
    chapters = list(long_chapters(seed))
    found = planned(chapters)
    assert {name: found[name] >= least for name, least in MUST.items()} == dict.fromkeys(MUST, True)
    assert len({chapter.name for chapter in chapters}) == len(chapters)
    assert len({(c.fault, c.delivery) for c in chapters}) == 16 * len(BOTH)


def test_a_restart_with_nothing_pending_does_not_count():
    """Nor does one after a death, nor a worker that starts alone as a scale event."""
    script: list[do.Step] = [do.Start(0), do.Term(0), do.Start(0), do.Term(0)]
    script += [do.Tell(1, wait=True), do.Start(0)]
    script += [do.Kill(0), do.Tell(1, wait=True), do.Start(0), do.Start(1), do.Term(0)]
    found = counted(script, scaling=True)
    assert found["clean restarts with something pending"] == 1
    assert (found["kills"], found["scale events"]) == (1, 2)
