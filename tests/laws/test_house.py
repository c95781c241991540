"""What is true of every file of the house, and which no tool of ours checks otherwise."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHELL = ("agents", "app.py", "cli", "console", "kafka", "worker.py")
FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 40

SOURCES = sorted(
    path for package in ("schemas", "streams") for path in (ROOT / package).rglob("*.py")
)
every_file = pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, however deep."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement to the last; the signature and the docstring are free."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


@every_file
def test_a_file_fits_into_a_head(path):
    """300 lines at most: what is longer is two things."""
    assert len(path.read_text().splitlines()) <= FILE_LINES_MAX


@every_file
def test_a_function_fits_on_a_screen(path):
    """40 lines at most, its docstring and signature not counted."""
    long = {f.name: body_lines(f) for f in functions(path) if body_lines(f) > FUNCTION_LINES_MAX}
    assert long == {}


def test_only_the_shell_awaits():
    """No await beside a decision: async appears in the shell's packages and nowhere else."""
    awaiting = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if any(isinstance(function, ast.AsyncFunctionDef) for function in functions(path))
    }
    shell = tuple(f"streams/{name}" for name in SHELL)
    assert {path for path in awaiting if not path.startswith(shell)} == set()
    assert awaiting  # else this law looks in the wrong place
