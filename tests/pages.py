"""Our pages' code blocks, so that tests can run them: what a page prints must work.

The words after the language in a fence say how a block is run::

    console             ``$`` lines, one after the other, in an empty folder
    console kafka       the same, with a broker
    console repository  the same, in the checkout
    python kafka        as a script, with a broker
    python detector     as a detector's file
    json touchpoint     as a producer's touchpoint
    toml policy         as a policy file

``text`` and ``sh`` are not run: output, and what changes the machine.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
KINDS = {
    "console", "console kafka", "console repository", "python kafka", "python detector",
    "json touchpoint", "toml policy", "text", "sh",
}  # fmt: skip
_FENCE = re.compile(r"^```(.*?)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """One code block.

    Args:
        page: file it stands in, relative to the checkout.
        line: line it begins at.
        kind: what stands after the fence.
        text: what is in it.
    """

    page: str
    line: int
    kind: str
    text: str


def named(block: Block) -> str:
    """Where it stands, for the name of a test."""
    return f"{block.page}:{block.line}"


def blocks(*kinds: str) -> list[Block]:
    """Every block of these kinds, or of all, in reading order."""
    found = []
    for page in PAGES:
        text = page.read_text("utf-8")
        for match in _FENCE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            kind = match[1].strip()
            if not kinds or kind in kinds:
                found.append(Block(str(page.relative_to(ROOT)), line, kind, match[2]))
    return found


def type_in(commands: str, folder: Path, environment: Mapping[str, str]) -> str:
    """Run a console block's ``$`` lines as one shell would, and stop at the first that fails.

    Args:
        commands: the block's text.
        folder: where the shell stands.
        environment: over that of the tests, without anybody's settings.
    """
    typed = [line[2:] for line in commands.splitlines() if line.startswith("$ ")]
    assert typed, "nothing to type"
    run = subprocess.run(
        ["bash", "-eu", "-c", "\n".join(typed)],
        cwd=folder,
        env=surroundings(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, (typed, run.returncode, run.stdout[-2000:], run.stderr[-2000:])
    return run.stdout


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """The tests' own environment without settings, with our commands first on the path."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("THROUGHLINE_")}
    own = str(Path(sys.executable).parent)
    return {**kept, "PATH": f"{own}:{kept.get('PATH', '')}", **environment}
