"""``make faults-long``: every fault, often. Seeded, resumable, one row as each chapter ends.

``python -m tests.faults.long FOLDER [--seed N] [--side-by-side 2]``

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
from pathlib import Path
from typing import Any

from tests.faults.chapters import BOTH, Chapter
from tests.faults.place import ROOT
from tests.faults.table import HEAD, row, totals

_LIMIT_S = 1_800


def long_chapters(seed: int) -> Iterator[Chapter]:
    """What an hour holds: 200 kills, 200 clean restarts with something pending, 50 scale events, 30
    broker faults, 5 million touchpoints, and some of everything else."""
    exactly, effectively = BOTH
    for round_ in range(2):
        for delivery, sizes in ((exactly, (20, 20)), (effectively, (15,))):
            for number, size in enumerate(sizes):
                yield Chapter("04-kill", delivery, seed + 10 * round_ + number, size)
                yield Chapter("03-scale", delivery, seed + 10 * round_ + number, 3)
        for delivery in BOTH:
            yield Chapter("20-backlog", delivery, seed + round_, 700_000)
            yield Chapter("02-pending", delivery, seed + round_, 50)
            yield Chapter("01-death", delivery, seed + round_, 1 + 2 * round_, round_)
            yield Chapter("06-broker", delivery, seed + round_, 10, round_)
            yield Chapter("05-zombie", delivery, seed + round_, 10)
    for delivery in BOTH:
        for fault, size, variants in _OTHERS:
            for variant in range(variants):
                yield Chapter(fault, delivery, seed, size, variant)


_OTHERS = (
    ("07-refused", 1, 1),
    ("09-hostile", 100_000, 1),
    ("10-order", 50_000, 1),
    ("11-timers", 10, 1),
    ("14-network", 1, 1),
    ("16-stuck", 1, 1),
    ("17-shutdown", 24, 1),
    ("21-clocks", 1, 1),
)


def main() -> int:
    """Play what has not passed yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--side-by-side", type=int, default=2)
    chosen = parser.parse_args()
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
    command = [sys.executable, "-m", "tests.faults.chapter", chapter.fault]
    for name in ("delivery", "seed", "size", "variant"):
        command += [f"--{name}", str(getattr(chapter, name))]
    try:
        ended = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=_LIMIT_S, check=False
        )
        said, code = ended.stdout, ended.returncode
        trouble = ended.stderr
    except subprocess.TimeoutExpired as late:
        said, code, trouble = "", 1, f"not done within {_LIMIT_S} s\n{late.stderr!r}"
    if code:
        failed.write_text(trouble)
        print(f"FAILED {chapter.name}: {trouble.strip().splitlines()[:2]}", flush=True)
        return None
    report = json.loads(said.splitlines()[-1])
    report["commit"], report["whole_s"] = commit(), time.monotonic() - began_s
    done.write_text(json.dumps(report))
    failed.unlink(missing_ok=True)
    print(row(report), flush=True)
    return report


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
