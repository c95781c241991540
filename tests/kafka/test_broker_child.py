"""A process that we start ends with us, whatever becomes of us."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from streams.kafka.broker.child import Child

FOR_LONG = ["/bin/sh", "-c", "echo up; sleep 300 & wait"]
DEAF = ["/bin/sh", "-c", "trap '' TERM; echo up; while :; do sleep 1; done"]


def wait_until(true, limit_s: float = 10) -> None:
    """Until a condition holds; a failure if it never does."""
    deadline_s = time.monotonic() + limit_s
    while not true():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


def started(command: list[str], log: Path) -> Child:
    """A child that has come as far as saying so."""
    child = Child(command, log)
    wait_until(lambda: log.read_text() == "up\n")
    return child


def group_is_gone(pid: int) -> bool:
    """Whether nobody of the process group lives any more."""
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_stop_lets_it_end_by_itself(tmp_path):
    """A TERM is enough for one that listens; its whole group is gone."""
    child = started(FOR_LONG, tmp_path / "log")
    assert child.exit_code is None
    assert child.rss_bytes() > 0
    assert child.stop(timeout_s=10) == -signal.SIGTERM
    wait_until(lambda: group_is_gone(child.pid))
    assert child.rss_bytes() == 0


def test_one_that_does_not_listen_is_killed(tmp_path):
    """After the time it was given, not before."""
    child = started(DEAF, tmp_path / "log")
    began_s = time.monotonic()
    assert child.stop(timeout_s=0.5) == -signal.SIGKILL
    assert time.monotonic() - began_s >= 0.5


def test_a_suspended_one_can_be_stopped(tmp_path):
    """It is woken to hear it."""
    child = started(FOR_LONG, tmp_path / "log")
    child.send_signal(signal.SIGSTOP)
    assert child.stop(timeout_s=10) == -signal.SIGTERM


@pytest.mark.parametrize("death", ["os._exit(1)", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_it_dies_with_its_parent(tmp_path, death):
    """However the parent went, the child's group ends and the folder goes too."""
    folder = tmp_path / "folder"
    folder.mkdir()
    program = (
        "import os, signal, pathlib\n"
        "from streams.kafka.broker.child import Child\n"
        f"log = pathlib.Path({str(folder / 'log')!r})\n"
        f"child = Child({FOR_LONG!r}, log, pathlib.Path({str(folder)!r}))\n"
        "print(child.pid, flush=True)\n"
        f"{death}\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    pid = int(told.stdout)
    wait_until(lambda: group_is_gone(pid) and not folder.exists())
