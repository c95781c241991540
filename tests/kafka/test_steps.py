"""The crash-point hook."""

import subprocess
import sys

import pytest

from streams.kafka.steps import STEPS, from_environment, nobody


def test_by_default_nobody_listens():
    """No variable, no hook."""
    assert from_environment({}) is nobody


def test_a_step_that_does_not_exist_is_refused():
    """A fault test must not pass because its step was misspelt."""
    with pytest.raises(ValueError, match="no such step"):
        from_environment({"THROUGHLINE_DIE_AT": "alerts.sent"})


def test_it_dies_the_nth_time():
    """Before that it lives, and at other steps."""
    script = (
        "from streams.kafka.steps import from_environment\n"
        f"hook = from_environment({{'THROUGHLINE_DIE_AT': '{STEPS[0]}:2'}})\n"
        f"hook('{STEPS[1]}'); hook('{STEPS[0]}'); print('alive', flush=True); hook('{STEPS[0]}')\n"
        "print('still alive')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("alive\n", -9)
