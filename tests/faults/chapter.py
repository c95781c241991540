"""Playing a chapter: a broker of its own, the plan, the oracles, and a report as JSON.

``python -m tests.faults.chapter 04-kill --seed 7 --size 2 --delivery exactly_once``
"""

import argparse
import json
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from streams.kafka.broker.loopback import LOOPBACK
from tests.faults.bench import Failure, Report, Run
from tests.faults.broker import FaultyKafka
from tests.faults.catalogue import FAULTS, plan_of
from tests.faults.chapters import BOTH, Chapter
from tests.faults.order import play_order

ORDER = "10-order"


def play(chapter: Chapter, broker: FaultyKafka, folder: Path) -> Report:
    """Play one chapter on a running broker.

    Raises:
        Failure: it did not go as it must, or what is left is not right.
    """
    if chapter.fault == ORDER:
        return play_order(chapter, broker, folder)
    plan = plan_of(chapter)
    run = Run(
        broker, folder, plan.shape, chapter.name, plan.login, plan.live,
        **{"delivery": chapter.delivery, **plan.settings},
    )  # fmt: skip
    report = run.play(plan.script)
    verdict = report.verdict
    strict = chapter.delivery == "exactly_once" or not plan.may_repeat
    if verdict.wrong or (strict and verdict.repeated):
        found = "\n".join(verdict.samples)
        raise Failure(f"{chapter.name}: {verdict._replace(samples=())}\n{found}")
    return report


def play_alone(chapter: Chapter) -> Report:
    """Play one chapter on a broker of its own; nothing may be left of either."""
    with (
        tempfile.TemporaryDirectory(prefix="throughline-faults-") as folder,
        FaultyKafka() as broker,
    ):
        report = play(chapter, broker, Path(folder))
        ports, home, pid = broker.ports, broker.log.parent, broker.pid
    assert not Path(folder).exists() and not home.exists(), "a folder is left"
    assert pid is not None and not _exists(pid), "the broker is left"
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex((LOOPBACK, port)), f"somebody listens on {port}"
    return report


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def as_json(report: Report) -> dict[str, Any]:
    """A report as plain values."""
    return {
        **report._asdict(),
        "verdict": report.verdict._asdict(),
        "largest": report.largest._asdict(),
        "first": report.first._asdict(),
        "last": report.last._asdict(),
    }


def main() -> int:
    """Play the chapter the command line names; its report as the last line of standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fault", choices=sorted([*FAULTS, ORDER]))
    parser.add_argument("--delivery", choices=BOTH, default="exactly_once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=1)
    parser.add_argument("--variant", type=int, default=0)
    parser.add_argument("--pace", type=float, default=1.0, help="0.25 as in make faults")
    chosen = parser.parse_args()
    # Whoever ends us ends what we started: unwound, not torn down.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Started in the background we were told to ignore SIGINT, and workers would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    chapter = Chapter(
        chosen.fault, chosen.delivery, chosen.seed, chosen.size, chosen.variant, chosen.pace
    )
    try:
        report = play_alone(chapter)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    print(json.dumps(as_json(report)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
