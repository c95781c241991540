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

_SHORT = (  # the longest ones first
    Chapter("16-stuck", _EXACTLY, _SEED, 1, 1),
    Chapter("07-refused", _EXACTLY, _SEED, 1, 1),
    Chapter("01-death", _EXACTLY, _SEED, 2, 2),
    Chapter("01-death", _EFFECTIVELY, _SEED, 2, 2),
    Chapter("06-broker", _EXACTLY, _SEED, 3, 1),
    Chapter("10-order", _EXACTLY, _SEED, 6_000),
    Chapter("11-timers", _EFFECTIVELY, _SEED, 2),
    Chapter("17-shutdown", _EXACTLY, _SEED, 4),
    Chapter("03-scale", _EXACTLY, _SEED, 1),
    Chapter("21-clocks", _EXACTLY, _SEED, 1),
    Chapter("05-zombie", _EXACTLY, _SEED, 1),
    Chapter("05-zombie", _EFFECTIVELY, _SEED, 1),
    Chapter("24-crowd", _EFFECTIVELY, _SEED, 9_000),
    Chapter("04-kill", _EXACTLY, _SEED, 1),
    Chapter("04-kill", _EFFECTIVELY, _SEED, 1),
    Chapter("09-hostile", _EFFECTIVELY, _SEED, 4_000),
    Chapter("20-backlog", _EXACTLY, _SEED, 20_000),
    Chapter("02-pending", _EXACTLY, _SEED, 2),
)


@pytest.mark.parametrize("chapter", _SHORT, ids=lambda chapter: chapter.name)
def test_nothing_is_lost_and_nothing_counts_twice(played: Played, chapter: Chapter):
    """The script plays to its end, and the oracles find nothing."""
    report, trouble = played[chapter].result()
    assert report is not None, trouble
    if _KEEP:
        Path(_KEEP, f"{chapter.name}.json").write_text(json.dumps(report))
    assert report["verdict"]["touchpoints"] > 0
    assert report["verdict"]["portions"] > 0
    assert chapter.fault != "24-crowd" or report["verdict"]["of_cohorts"] > 0
