"""What a process has used is read from outside, with all it started."""

import os
import subprocess
import sys

from benchmarks.jbench.measure import calibrated_ms, rss_mb, stolen_share, tree, used

_BUSY = "import sys; sum(range(12_000_000)); print('done', flush=True); sys.stdin.readline()"
_PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_BUSY!r}])"


def test_what_children_use_is_counted():
    """A worker that forks does not look cheap."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", _PARENT], stdin=pipe, stdout=pipe) as parent:
        parent.stdout.readline()

        assert len(tree(parent.pid)) == 2
        assert used(parent.pid).total_s > 0.05
        assert rss_mb(parent.pid) > 8
        parent.communicate(b"\n")


def test_stolen_time_is_a_share_of_all_time():
    """The eighth field of the first line of /proc/stat."""
    assert stolen_share([0] * 8, [30, 0, 20, 40, 0, 0, 0, 10]) == 0.1
    assert stolen_share([1] * 8, [1] * 8) == 0.0


def test_the_calibration_takes_time_and_only_cpu():
    """It is there to tell a slow machine from a slow system."""
    assert calibrated_ms() > 1
    assert used(os.getpid()).total_s > 0
