"""Every fault of the catalogue, a short one each, against real workers and a real Kafka.

What must hold is the same everywhere: nothing lost, nothing twice, states, alerts and dead letters
equal to the replay's byte for byte, what is said of the crowd accounted for, and nothing left behind.
``make faults-long`` does it for an hour. A failing run prints its seed and its story; ``python -m
tests.faults.chapter`` repeats it.
"""

import json
import os
from pathlib import Path

import pytest

from tests.faults.chapters import BOTH, Chapter
from tests.faults.conftest import LIMIT_S, Played

pytestmark = pytest.mark.timeout(LIMIT_S + 60)

_SEED = int(os.environ.get("FAULTS_SEED", "1"))
_KEEP = os.environ.get("FAULTS_KEEP")  # a folder for reports
_EXACTLY, _EFFECTIVELY = BOTH


def _short(fault: str, delivery: str, size: int, variant: int = 0) -> Chapter:
    """A quarter of the touchpoints: what is broken is the same, and two cores keep up."""
    return Chapter(fault, delivery, _SEED, size, variant, 0.25)


_SHORT = (  # the longest ones first
    _short("01-death", _EXACTLY, 2, 2),
    _short("01-death", _EFFECTIVELY, 2, 2),
    _short("16-stuck", _EXACTLY, 1, 1),
    _short("07-refused", _EXACTLY, 1, 1),
    _short("06-broker", _EXACTLY, 3, 1),
    _short("10-order", _EXACTLY, 2_000),
    _short("17-shutdown", _EXACTLY, 4),
    _short("03-scale", _EXACTLY, 1),
    _short("21-clocks", _EXACTLY, 1),
    _short("11-timers", _EFFECTIVELY, 2),
    _short("05-zombie", _EXACTLY, 1),
    _short("05-zombie", _EFFECTIVELY, 1),
    _short("24-crowd", _EFFECTIVELY, 6_000),
    _short("04-kill", _EXACTLY, 1),
    _short("04-kill", _EFFECTIVELY, 1),
    _short("09-hostile", _EFFECTIVELY, 2_000),
    _short("20-backlog", _EXACTLY, 10_000),
    _short("02-pending", _EXACTLY, 2),
)


@pytest.mark.parametrize("chapter", _SHORT, ids=lambda chapter: chapter.name)
def test_nothing_is_lost_and_nothing_counts_twice(played: Played, chapter: Chapter):
    """The script plays to its end, and the oracles find nothing."""
    report, trouble = played[chapter]
    assert report is not None, trouble
    if _KEEP:
        Path(_KEEP, f"{chapter.name}.json").write_text(json.dumps(report))
    assert report["verdict"]["touchpoints"] > 0
    assert report["verdict"]["portions"] > 0
    assert chapter.fault != "24-crowd" or report["verdict"]["of_cohorts"] > 0
