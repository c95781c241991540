"""The door: quick to answer, clear about what is wrong, and honest with its exit codes."""

import os
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from streams.cli.door import app
from tests.cli.conftest import Throughline

HEAVY = (
    "aiokafka", "asyncio", "confluent_kafka", "faust", "hypothesis", "msgspec", "orjson",
    "pydantic", "rich", "uvloop",
)  # fmt: skip


def commands() -> list[list[str]]:
    """Every command there is, groups' own included."""
    found = [[info.name] for info in app.registered_commands]
    for group in app.registered_groups:
        found += [[group.name, info.name] for info in group.typer_instance.registered_commands]
    return found


def test_help_lists_every_command(throughline: Throughline) -> None:
    """`throughline --help` names them all, each in one line that is not cut off."""
    told = throughline("--help").out.decode()
    for name, *_ in commands():
        assert f"\n  {name} " in told
    assert "..." not in told.split("Commands:")[1]


def test_it_says_which_version_it_is(throughline: Throughline) -> None:
    """The version that is installed, as bug reports want it."""
    assert throughline("--version").out.decode() == f"throughline {version('throughline')}\n"


def test_help_is_quick_because_nothing_heavy_is_imported() -> None:
    """A command's own needs are imported when it is run, not when help is shown."""
    script = (
        "import sys\nfrom streams.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert run.stderr.strip() == "[]"


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_explains_itself(throughline: Throughline, command: list[str]) -> None:
    """Each has a text, and each option of it a help."""
    run = throughline(*command, "--help")
    assert run.code == 0
    assert len(run.lines) > 5


@pytest.mark.parametrize("command", [["nonsense"], ["replay", "--nonsense"], ["topics", "drop"]])
def test_usage_is_exit_code_2(throughline: Throughline, command: list[str]) -> None:
    """What does not exist is usage, said on stderr."""
    run = throughline(*command)
    assert (run.code, run.out) == (2, b"")
    assert "throughline" in run.err


NEEDS_BROKER = [
    ["topics", "check"],
    ["topics", "create"],
    ["publish", "t"],
    ["replay", "--topic"],
    ["alerts", "tail"],
    ["dlq", "show"],
    ["dlq", "replay"],
    ["journey", "show", "c-1"],
    ["demo", "--seconds", "1"],
]


def unused_port() -> int:
    """A loopback port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.mark.parametrize("command", NEEDS_BROKER, ids=" ".join)
def test_missing_broker_is_three_lines_and_exit_code_3(
    throughline: Throughline, command: list[str]
) -> None:
    """What, why, what to do; not a traceback, and nothing on stdout."""
    line = '{"event_id":"e","source":"urn:t","type":"order.placed","customer_id":"c-1",'
    Path("t").write_text(line + '"occurred_at":"2026-01-01T00:00:00Z","order_id":"o"}\n')
    run = throughline(*command, "--broker", f"127.0.0.1:{unused_port()}")
    assert (run.code, run.out) == (3, b"")
    what, why, todo = run.err.splitlines()
    assert what.startswith("no_broker: ")
    assert why.startswith("  why: ") and todo.startswith("  do:  ")
    assert "AddressFamily" not in why  # what a client calls its own view of it


def test_doctor_names_the_missing_broker(throughline: Throughline) -> None:
    """The doctor says so among its findings, and exits with 3."""
    run = throughline("doctor", "--broker", f"127.0.0.1:{unused_port()}")
    assert run.code == 3
    assert [line[0] for line in run.lines if "no_broker" in line] == ["✘"]
    assert "fix: " in run.lines[-1]


def test_wrong_setting_is_named_as_the_environment_names_it(
    throughline: Throughline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three lines that name the variable; its value, which may be a secret, is not shown."""
    monkeypatch.setenv("THROUGHLINE_PARTITIONS", "geheim")
    run = throughline("topics", "check")
    assert run.code == 2
    assert "THROUGHLINE_PARTITIONS" in run.err and "geheim" not in run.err
    assert len(run.err.splitlines()) == 3


def test_reader_that_goes_away_is_no_error_of_ours() -> None:
    """`throughline simulate | head` ends without a traceback."""
    read, write = os.pipe()
    command = [sys.executable, "-m", "streams.cli", "simulate", "--customers", "500"]
    with subprocess.Popen(command, stdout=write, stderr=subprocess.PIPE) as process:
        os.close(write)
        os.read(read, 1000)
        os.close(read)
        err = process.communicate()[1]
    assert b"Traceback" not in err


def test_colours_are_for_terminals_only(throughline: Throughline) -> None:
    """Nothing of an escape sequence in what is piped."""
    for command in (["--help"], ["detectors"], ["policy", "show"], ["config", "show"]):
        run = throughline(*command)
        assert b"\x1b" not in run.out and "\x1b" not in run.err
