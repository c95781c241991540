"""The comparison as one table: ``python -m benchmarks.peers_faults.table build/peers``.

Plays whatever system and fault is not yet in FOLDER (set up once: ``make peers``), one after the
other, and prints the table as Markdown. What has been played is kept, one JSON file each.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.peers_faults.run import FAULTS
from benchmarks.peers_faults.systems import HERE, SYSTEMS

_LIMIT_S = 1_200
_ORDER = ("Throughline", "Faust", "Quix", "Kafka")
_NAMES = {
    "02": "2 clean restarts, 1 to 5 records pending",
    "03": "3 one to three workers and back, under load",
    "04": "4 SIGKILL to two of three, under load",
    "06": "6 broker frozen, bounced, killed, under load",
}
_COLUMNS = (
    ("fault", "fault"), ("system", "system"), ("records", "records"), ("keys", "keys"),
    ("lost", "records lost"), ("doubled", "records counted twice"),
    ("keys_wrong", "keys with a wrong chain"), ("outputs", "outputs due"),
    ("outputs_missing", "missing"), ("outputs_unknown", "that no record accounts for"),
    ("outputs_twice", "said twice"), ("caught_up", "all committed within 4 min"),
    ("starts", "processes started"),
)  # fmt: skip


def main() -> int:
    """Play what is missing; print what there is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--side-by-side", type=int, default=1)
    parser.add_argument("--only-print", action="store_true")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    wanted = [(system.name, fault, chosen.seed) for fault in FAULTS for system in SYSTEMS]
    if not chosen.only_print:
        with ThreadPoolExecutor(chosen.side_by_side) as pool:
            list(pool.map(lambda one: _played(chosen.folder, *one), wanted))
    rows = [json.loads(file.read_text()) for file in sorted(chosen.folder.glob("*.json"))]
    print("\n".join(markdown(rows)))
    return 0 if len(rows) >= len(wanted) else 1


def _played(folder: Path, system: str, fault: str, seed: int) -> None:
    name = f"{fault}-{''.join(c if c.isalnum() else '-' for c in system)}-{seed}"
    done = folder / f"{name}.json"
    if done.exists():
        return
    command = [sys.executable, "-m", "benchmarks.peers_faults.run", "--system", system]
    command += ["--fault", fault, "--seed", str(seed)]
    try:
        ended = subprocess.run(
            command, cwd=HERE.parents[1], capture_output=True, text=True, timeout=_LIMIT_S,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        print(f"{name}: not done within {_LIMIT_S} s", file=sys.stderr, flush=True)
        return
    if ended.returncode:
        (folder / f"{name}.failed").write_text(ended.stderr)
        print(f"{name}: {ended.stderr[-500:]}", file=sys.stderr, flush=True)
        return
    done.write_text(ended.stdout.splitlines()[-1])
    (folder / f"{name}.failed").unlink(missing_ok=True)
    print(done.read_text(), file=sys.stderr, flush=True)


def markdown(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """One row a fault and system; several seeds are added up."""
    yield "| " + " | ".join(title for _, title in _COLUMNS) + " |"
    yield "|---|---|" + "---:|" * (len(_COLUMNS) - 2)
    for fault in FAULTS:
        systems = sorted({r["system"] for r in rows if r["fault"] == fault}, key=_place)
        for system in systems:
            same = [r for r in rows if (r["fault"], r["system"]) == (fault, system)]
            cells = [_cell(same, name) for name, _ in _COLUMNS[2:]]
            yield "| " + " | ".join((_NAMES[fault], system, *cells)) + " |"


def _place(system: str) -> tuple[int, str]:
    return next(n for n, name in enumerate(_ORDER) if system.startswith(name)), system


def _cell(rows: Sequence[dict[str, Any]], name: str) -> str:
    if name == "caught_up":
        return "yes" if all(row[name] for row in rows) else "no"
    return f"{sum(row.get(name, 0) for row in rows):,}"


if __name__ == "__main__":
    sys.exit(main())
