"""Commands run as a person runs them, without a process of their own where none is needed."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from streams.cli import main


class Run(NamedTuple):
    """What a command left behind.

    Args:
        code: exit code.
        out: stdout.
        err: stderr.
    """

    code: int
    out: bytes
    err: str

    @property
    def lines(self) -> list[str]:
        """Of stdout."""
        return self.out.decode().splitlines()


Throughline = Callable[..., Run]


@pytest.fixture(autouse=True)
def nobodys_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of whoever runs the tests, and an empty folder to stand in."""
    for name in list(os.environ):
        if name.startswith("THROUGHLINE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def throughline(capfdbinary: pytest.CaptureFixture[bytes]) -> Throughline:
    """``throughline("replay", file, "--json")`` in this process."""

    def run(*arguments: object) -> Run:
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        code = end.value.code
        return Run(code if isinstance(code, int) else int(code is not None), out, err.decode())

    return run


@pytest.fixture
def company(throughline: Throughline, tmp_path: Path) -> Path:
    """A small company's month as a file."""
    told = throughline("simulate", "--customers", 150, "--days", 30, "--seed", 3)
    file = tmp_path / "company.jsonl"
    file.write_bytes(told.out)
    return file
