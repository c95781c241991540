"""``make faults-long``: every fault, often. Seeded, resumable, one row as each chapter ends.

``python -m tests.faults.long FOLDER [--seed N] [--side-by-side 2] [--plan]``

A chapter that has passed is not played again: its report lies in FOLDER. One that failed left its
story there, and is played again.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tests.faults.chapters import BOTH, Chapter
from tests.faults.place import ROOT
from tests.faults.sums import planned
from tests.faults.table import HEAD, row, totals

_LIMIT_S = 1_800


def long_chapters(seed: int) -> Iterator[Chapter]:
    """What an hour holds: 200 kills, 200 clean restarts with something pending, 50 scale events, 30
    broker faults, 5 million touchpoints, and some of everything else (``sums.MUST``).

    Chapters that keep the machine busy and chapters that mostly wait take turns, so that several
    can be played side by side; each fault comes early once, so that what is broken shows early.
    """
    busy, waiting = _busy(seed), _waiting(seed)
    for pair in zip_longest(busy, waiting):
        yield from (chapter for chapter in pair if chapter is not None)


def _busy(seed: int) -> Iterator[Chapter]:
    exactly = BOTH[0]
    for round_ in range(2):
        again = seed + 10 * round_
        for delivery in BOTH:
            yield Chapter("03-scale", delivery, again, 3)
            yield Chapter("04-kill", delivery, again, 20 if delivery == exactly else 15)
            yield Chapter("20-backlog", delivery, again, 500_000)
        yield Chapter("04-kill", exactly, again + 1, 20)
        yield Chapter("03-scale", exactly, again + 1, 3)
        if round_ == 0:
            for delivery in BOTH:
                yield Chapter("09-hostile", delivery, seed, 100_000)
                yield Chapter("10-order", delivery, seed, 50_000)


def _waiting(seed: int) -> Iterator[Chapter]:
    for round_ in range(2):
        for delivery in BOTH:
            yield Chapter("06-broker", delivery, seed + round_, 10, round_)
            yield Chapter("02-pending", delivery, seed + round_, 64)
            yield Chapter("01-death", delivery, seed + round_, 1 + 2 * round_, round_)
            yield Chapter("05-zombie", delivery, seed + round_, 10)
        if round_ == 0:
            for fault, size in _OTHERS:
                for delivery in BOTH:
                    yield Chapter(fault, delivery, seed, size)


_OTHERS = (
    ("07-refused", 1),
    ("14-network", 1),
    ("16-stuck", 1),
    ("21-clocks", 1),
    ("11-timers", 10),
    ("17-shutdown", 24),
    ("24-crowd", 100_000),
)


def main() -> int:
    """Play what has not passed yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--side-by-side", type=int, default=2)
    parser.add_argument("--plan", action="store_true", help="only say what it comes to")
    chosen = parser.parse_args()
    if chosen.plan:
        print(dict(planned(long_chapters(chosen.seed))))
        return 0
    chosen.folder.mkdir(parents=True, exist_ok=True)
    chapters = list(long_chapters(chosen.seed))
    print(f"{len(chapters)} chapters, seed {chosen.seed}, {commit()}\n{HEAD}", flush=True)
    with ThreadPoolExecutor(chosen.side_by_side) as pool:
        passed = list(pool.map(lambda chapter: _played(chapter, chosen.folder), chapters))
    reports = [report for report in passed if report is not None]
    print(totals(reports), flush=True)
    return 0 if len(reports) == len(chapters) else 1


def _played(chapter: Chapter, folder: Path) -> dict[str, Any] | None:
    done, failed = folder / f"{chapter.name}.json", folder / f"{chapter.name}.failed"
    if done.exists():
        return json.loads(done.read_text())
    began_s = time.monotonic()
    report, trouble = played_apart(chapter, _LIMIT_S)
    if report is None:
        failed.write_text(trouble)
        print(f"FAILED {chapter.name}: {trouble.strip().splitlines()[:2]}", flush=True)
        return None
    report["commit"], report["whole_s"] = commit(), time.monotonic() - began_s
    done.write_text(json.dumps(report))
    failed.unlink(missing_ok=True)
    print(row(report), flush=True)
    return report


def played_apart(chapter: Chapter, within_s: float) -> tuple[dict[str, Any] | None, str]:
    """Play one chapter in a process of its own: its report or None, and what it said."""
    command = [sys.executable, "-m", "tests.faults.chapter", chapter.fault]
    for name in ("delivery", "seed", "size", "variant"):
        command += [f"--{name}", str(getattr(chapter, name))]
    try:
        ended = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=within_s, check=False
        )
    except subprocess.TimeoutExpired as late:
        return None, f"not done within {within_s} s\n{late.stderr!r}"
    if ended.returncode:
        return None, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1]), ended.stderr


def commit() -> str:
    """Which version of the program is under test."""
    told = ROOT / "COMMIT"  # an exported tree
    if told.exists():
        return told.read_text().strip()[:12]
    asked = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return asked.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
