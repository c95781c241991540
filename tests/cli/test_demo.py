"""``throughline demo``: something to see at once, on Python alone, and nothing left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.alerts import Alert
from tests.cli.conftest import Throughline

SOON_S = 60


@contextmanager
def demo(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A demo in a process of its own, which is gone at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "streams.cli", "demo", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(Path.cwd())},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def worker_of(demo_pid: int) -> int | None:
    """Process id of a demo's worker, if it runs."""
    shown = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    for line in shown.splitlines():
        pid, ppid, command = line.split(None, 2)
        if int(ppid) == demo_pid and command.endswith("streams.cli worker"):
            return int(pid)
    return None


def runs(pid: int) -> bool:
    """Whether that process is alive."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_piped_it_says_a_line_a_second_and_ends_by_itself() -> None:
    """Within seconds there are alerts of many kinds, each with its reason and what to do."""
    with demo("--seconds", "9") as process:
        out, err = process.communicate(timeout=SOON_S)
    assert process.returncode == 0, err
    lines = [json.loads(line) for line in out.splitlines()]
    assert 7 <= len(lines) <= 9
    said = [alert for line in lines for alert in line["said"]]
    assert len({alert["kind"] for alert in said}) >= 5
    assert all(alert["reason"] and alert["suggested_action"] for alert in said)
    assert any(line["said"] for line in lines[:4])
    last = lines[-1]
    assert last["touchpoints"] > 1_000 and last["touchpoints_per_s"] > 100
    assert last["journeys"] > 50 and last["open_episodes"] > 0
    assert last["touchpoints"] > last["sent"] * 0.4  # it follows, however busy the machine is
    assert 0 < last["event_to_alert_ms"]["p50"] <= last["event_to_alert_ms"]["p99"]
    assert last["dead_letters"] == 0
    assert "nothing left behind" in err
    assert list(Path.cwd().glob("throughline-*")) == []


def test_with_json_every_alert_is_there_whole() -> None:
    """One line a second and one per alert, as the contract has it; the same ones every time."""
    ids = []
    for _ in range(2):
        with demo("--seconds", "5", "--json", "--rate", "100") as process:
            out, err = process.communicate(timeout=SOON_S)
        assert process.returncode == 0, err
        lines = [json.loads(line) for line in out.splitlines()]
        alerts = [line["alert"] for line in lines if "alert" in line]
        for alert in alerts:
            Alert.model_validate_json(json.dumps(alert))
        assert sum("elapsed_s" in line for line in lines) >= 4
        ids.append({(alert["alert_id"], alert["revision"]) for alert in alerts})
    first, second = sorted(ids, key=len)
    assert len(first) >= 5
    # They end at not quite the same touchpoint; up to there they said the same.
    assert len(first - second) <= len(first) * 0.2


def test_ctrl_c_ends_everything_in_good_order() -> None:
    """The first Ctrl-C stops worker and broker, and that is no failure."""
    with demo() as process:
        process.stdout.readline()
        worker = worker_of(process.pid)
        assert worker is not None
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=SOON_S)
    assert process.returncode == 0, err
    assert not runs(worker)
    assert "Traceback" not in err
    assert list(Path.cwd().glob("throughline-*")) == []


def test_worker_that_dies_is_not_hidden() -> None:
    """If the worker goes, so does the show, with its last words and exit code 1."""
    with demo() as process:
        process.stdout.readline()
        worker = worker_of(process.pid)
        assert worker is not None
        os.kill(worker, signal.SIGKILL)
        _, err = process.communicate(timeout=SOON_S)
    assert process.returncode == 1
    assert "worker_ended: The worker ended with exit code -9." in err


def test_demo_that_is_killed_takes_its_worker_along() -> None:
    """However the demo dies, nothing of it goes on."""
    with demo() as process:
        process.stdout.readline()
        worker = worker_of(process.pid)
        assert worker is not None
    deadline_s = time.monotonic() + 10
    while runs(worker) and time.monotonic() < deadline_s:
        time.sleep(0.1)
    assert not runs(worker)


def test_environment_of_a_real_deployment_is_left_alone() -> None:
    """Settings that point elsewhere do not reach an embedded demo."""
    os.environ["THROUGHLINE_BROKER"] = "127.0.0.1:1"
    os.environ["THROUGHLINE_PARTITIONS"] = "99"
    try:
        with demo("--seconds", "2") as process:
            _, err = process.communicate(timeout=SOON_S)
    finally:
        del os.environ["THROUGHLINE_BROKER"], os.environ["THROUGHLINE_PARTITIONS"]
    assert process.returncode == 0, err


def test_wrong_policy_is_said_before_anything_starts(throughline: Throughline) -> None:
    """Usage, with the key."""
    Path("p.toml").write_text('version = "x"\n[limits]\nseen = 1\n')
    run = throughline("demo", "--policy", "p.toml")
    assert run.code == 2 and "limits.seen" in run.err
