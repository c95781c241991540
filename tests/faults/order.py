"""10: the same log, however it is cut and whoever reads it, leaves the same bytes.

One source is told to several deployments alike. They differ in batch and fetch sizes, in how many
workers share the partitions, and in whether one is killed on the way. Each is judged by the
oracles; beyond that, journeys and alerts must be equal from one to the other. Nothing lies in a
wrong partition here, and the wall clock wakes nobody: where forwards land and when a lane is idle
are the two things that may differ from run to run.
"""

import time
from pathlib import Path
from typing import Any

from streams.kafka import topics
from tests.faults import script as do
from tests.faults.bench import Failure, Report, Run
from tests.faults.broker import FaultyKafka
from tests.faults.chapters import ENDLESS, Chapter
from tests.faults.source import Shape
from tests.faults.watch import read_topic

Left = tuple[list[dict[bytes, bytes]], frozenset[tuple[str, bytes, bytes]]]

_VARIANTS: tuple[tuple[dict[str, Any], int, bool], ...] = (
    ({"batch_records": 5_000}, 1, False),
    ({"batch_records": 17}, 2, False),
    ({"batch_records": 300, "fetch_bytes": 65_536}, 4, False),
    ({"batch_records": 700}, 2, True),
)


def play_order(chapter: Chapter, broker: FaultyKafka, folder: Path) -> Report:
    """Tell ``size`` records to every variant; the report of the last one, with all touchpoints.

    Raises:
        Failure: an oracle found something, or two variants differ.
    """
    base_ms = int(time.time() * 1_000) - chapter.size
    shape = Shape(chapter.seed, ENDLESS, 1_000, base_ms, 1.0, stray=False)
    first: Left | None = None
    touchpoints = 0
    for number, (settings, workers, kill) in enumerate(_VARIANTS):
        run = Run(
            broker, folder / str(number), shape, f"{chapter.name}/{number}", live=False,
            delivery=chapter.delivery, idle_after_s=3_600.0, **settings,
        )  # fmt: skip
        script: list[do.Step] = [do.Tell(chapter.size)]
        script += [do.Start(n) for n in range(workers)]
        if kill:
            script += [do.Applied(chapter.size // 3), do.Kill(0), do.Start(0)]
        report = run.play([*script, do.Told(), do.CaughtUp()])
        if report.verdict.wrong:
            raise Failure(f"{run.name}: {report.verdict}")
        left = _left(run)
        if first is not None and left != first:
            raise Failure(f"{run.name} left other bytes than variant 0")
        first = first or left
        touchpoints += report.verdict.touchpoints
    return report._replace(
        name=chapter.name, verdict=report.verdict._replace(touchpoints=touchpoints)
    )


def _left(run: Run) -> Left:
    """Journeys, and alerts without the name of the topic they were read from."""
    settings, said = run.place.settings, []
    ours = run.place.source.encode()
    for family in topics.CUSTOMER_FAMILIES:
        for message in read_topic(run.broker.bootstrap, settings.topic(f"alerts.{family}.v1")):
            value = message.value().replace(ours, b"the source")
            said.append((family, message.key(), value))
    return run.watcher.journeys, frozenset(said)
