"""Which test or page stands for which requirement: ``python -m tests.requirements`` writes the table.

A detector names its requirements (``Requirements S0-10, S2-10`` in its file's text, or the class
attribute ``requirements``); its spec stands for them. Any other test or story names them in a
docstring, and a page in its text or in a comment. Nothing is imported: files are only read.
"""

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "requirements.md"
ASKED = tomllib.loads((ROOT / "tests" / "requirements.toml").read_text("utf-8"))
CONTEXT_ONLY = frozenset(ASKED.pop("context_only"))
NOT_YET = frozenset(ASKED.pop("not_yet"))
TITLES = {name: title for section in ASKED.values() for name, title in section.items()}
ID = re.compile(r"\bS[0-4]-\d\d\b")
_SHOWN_MAX = 4
_HEAD = """\
# Requirements, and what stands for each

Made by `python -m tests.requirements`; a test holds it current and fails where nothing stands. *Context
only* is what there is to know and nothing to build: figures the articles quote second hand, which are
never thresholds and never claims of ours. A detector is named by its kind and stands with its spec.
"""


class Proof(NamedTuple):
    """Something that stands for a requirement.

    Args:
        rank: detectors before tests before pages.
        name: how it is called in the table.
        path: relative to the checkout.
    """

    rank: int
    name: str
    path: str


def proofs() -> dict[str, list[Proof]]:
    """What stands for each requirement, by id."""
    found: dict[str, set[Proof]] = defaultdict(set)
    for proof, ids in (*_detectors(), *_tests(), *_pages()):
        for name in ids:
            found[name].add(proof)
    return {name: sorted(own) for name, own in sorted(found.items())}


def empty() -> list[str]:
    """Requirements for which nothing stands; what is context only needs nothing."""
    return sorted(set(TITLES) - CONTEXT_ONLY - set(proofs()))


def page() -> str:
    """The whole page as Markdown."""
    found, lines = proofs(), [_HEAD]
    for section, titles in ASKED.items():
        lines += [f"## {section}\n", "| id | what | stands for it |", "|---|---|---|"]
        for name, title in titles.items():
            lines.append(f"| {name} | {title} | {_shown(name, found.get(name, []))} |")
        lines.append("")
    return "\n".join(lines)


def _shown(name: str, own: list[Proof]) -> str:
    shown = ["*context only*"] if name in CONTEXT_ONLY else []
    shown += ["**nothing yet**"] if name in NOT_YET else []
    shown += [f"[{proof.name}](../{proof.path})" for proof in own[:_SHOWN_MAX]]
    more = len(own) - _SHOWN_MAX
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _detectors() -> Iterator[tuple[Proof, set[str]]]:
    """Detectors of customers and of cohorts that have a spec, by what their files say."""
    for folder, specs in (
        (ROOT / "streams/detectors", ROOT / "tests/detectors"),
        (ROOT / "streams/cohorts/detectors", ROOT / "tests/cohorts/detectors"),
    ):
        for path in sorted(folder.rglob("[a-z]*.py")):
            spec = specs / path.relative_to(folder).with_name(f"test_{path.name}")
            if spec.exists():
                tree = ast.parse(path.read_text("utf-8"))
                proof = Proof(0, f"`{path.stem}`", str(spec.relative_to(ROOT)))
                yield proof, _of_text(tree) | _of_attribute(tree)


def _of_text(tree: ast.Module) -> set[str]:
    said = re.findall(r"^Requirements (.*)$", ast.get_docstring(tree) or "", re.MULTILINE)
    return {name for line in said for name in ID.findall(line)}


def _of_attribute(tree: ast.Module) -> set[str]:
    return {
        constant.value
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id == "requirements"
        and node.value is not None
        for constant in ast.walk(node.value)
        if isinstance(constant, ast.Constant)
    }


def _tests() -> Iterator[tuple[Proof, set[str]]]:
    """Tests and the stories they tell, by the docstrings of their files and functions."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        where = str(path.relative_to(ROOT))
        tree = ast.parse(path.read_text("utf-8"))
        documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        for node in (tree, *(one for one in ast.walk(tree) if isinstance(one, documented))):
            ids = set(ID.findall(ast.get_docstring(node) or ""))
            if ids:
                named = path.stem if isinstance(node, ast.Module) else node.name
                yield Proof(1, named.removeprefix("test_").replace("_", " "), where), ids


def _pages() -> Iterator[tuple[Proof, set[str]]]:
    for path in sorted((ROOT / "docs").rglob("*.md")):
        if path != PAGE:
            ids = set(ID.findall(path.read_text("utf-8")))
            if ids:
                yield Proof(2, path.stem, str(path.relative_to(ROOT))), ids


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    for name in empty():
        print(f"{name} {TITLES[name]}: nothing stands for it", file=sys.stderr)
    sys.exit(set(empty()) != NOT_YET)
