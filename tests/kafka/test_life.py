"""What a worker says about itself."""

import asyncio
import subprocess
import sys
from collections import Counter

import pytest

from streams.kafka.lanes import Standing
from streams.kafka.life import Life, doing_now
from streams.kafka.refusal import Refusal


def standing(**said) -> Standing:
    """How lanes are doing."""
    fields = {"assigned": 4, "running": 4, "restored_share": 0.0, "lag": 0, "idle_s": 0.0}
    return Standing(**{**fields, "counts": Counter(), **said})


@pytest.mark.parametrize(
    ("now", "line"),
    [
        (standing(assigned=0, running=0), "waiting for partitions"),
        (standing(running=1, restored_share=0.31), "assigned 4 partitions, restoring 31 %"),
        (standing(lag=12), "running 4 partitions, lag 12"),
        (standing(lag=None), "running 4 partitions, lag unknown"),
    ],
)
def test_one_line_of_what_it_does(now, line):
    """Assigned, restoring, running, lag: one line each."""
    assert doing_now(now) == line


def test_work_to_do_and_none_done_ends_it(capsys):
    """Never up and idle with lag: past the limit it says what it was doing and ends."""
    life = Life(shutdown_s=3_600, stall_after_s=60)
    asyncio.run(life.watch(lambda: standing(lag=12, idle_s=61.0), status_every_s=0))
    assert life.refusal.name == "stalled"
    assert "running 4 partitions, lag 12" in capsys.readouterr().err


def test_what_it_healed_is_said_once(caplog):
    """Records of a worker that should have ended, written over: how many, when it happens."""
    life, seen = Life(shutdown_s=3_600, stall_after_s=60), iter([0, 3, 3])

    def now() -> Standing:
        mended = next(seen, None)
        if mended is None:
            return standing(lag=1, idle_s=61.0)
        return standing(counts=Counter(mended_keys=mended))

    with caplog.at_level("INFO", "throughline.worker"):
        asyncio.run(life.watch(now, status_every_s=0))
    healed = [line for line in caplog.messages if line.startswith("healed: ")]
    assert len(healed) == 1 and "3 records" in healed[0]


def test_a_lag_that_becomes_known_is_said_although_nothing_more_is_read(caplog):
    """Else a worker that has caught up leaves *unknown* as its last word."""
    life, seen = Life(shutdown_s=3_600, stall_after_s=60), iter([None, 0, 0])

    def now() -> Standing:
        lag = next(seen, 1)
        return standing(lag=lag, idle_s=61.0 if lag else 0.0)

    with caplog.at_level("INFO", "throughline.worker"):
        asyncio.run(life.watch(now, status_every_s=0.001))
    said = [line.partition(";")[0] for line in caplog.messages if line.startswith("running")]
    assert said == ["running 4 partitions, lag unknown", "running 4 partitions, lag 0"]


def test_the_first_reason_is_the_one_that_counts(capsys):
    """What fails because of it is not said."""
    life = Life(shutdown_s=3_600, stall_after_s=60)
    life.fail(Refusal("write_refused", "a", "b", "c"))
    life.fail(Refusal("fenced", "a", "b", "c"))
    assert life.ending and life.refusal.name == "write_refused"
    assert capsys.readouterr().err.count(": a") == 1


@pytest.mark.parametrize(
    ("before", "code"),
    [("life.fail(Refusal('superseded', 'a', 'b', 'c', code=1))", 1), ("os.kill(mine, 15)", 130)],
)
def test_asked_again_it_goes_at_once_under_its_own_reason(before, code):
    """Who is ending for a reason, and is then asked to end, still says the reason's code."""
    program = f"""
import asyncio, os
from streams.kafka.life import Life
from streams.kafka.refusal import Refusal

async def live():
    life, mine = Life(shutdown_s=60, stall_after_s=60), os.getpid()
    life.listen()
    {before}
    os.kill(mine, 15)
    await asyncio.sleep(30)

asyncio.run(live())
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert done.returncode == code
