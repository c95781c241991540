"""``throughline publish``: touchpoints of files to the touchpoints topic, checked on the way."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli import options, screen
from streams.cli.lines import Lines
from streams.cli.trouble import FAILED

if TYPE_CHECKING:
    from streams.settings import Settings
    from streams.wire.jsonl import Carried

_ROUND_RECORDS = 2_000


def publish(
    files: options.Files,
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="Send what is not valid, too: as other clients do.")
    ] = False,
    rate: Annotated[
        float | None, typer.Option(metavar="R", min=0.1, help="At most so many records a second.")
    ] = None,
    broker: options.Broker = None,
    as_json: options.Json = False,
) -> None:
    """Publish touchpoints to the touchpoints topic, keyed by customer and partitioned by murmur2.

    What is not valid is not sent, but named on stderr; the exit code is then 1. A record's
    timestamp is its own occurred_at.
    """
    import asyncio

    deployed = options.settings(broker=broker)
    lines = Lines(files)
    refused = [0]
    carried = _anything(lines) if unchecked else _valid(lines, refused)
    sent = asyncio.run(_send(deployed, carried, rate))
    if as_json:
        screen.record({"sent": sent, "refused": refused[0]})
    else:
        screen.result(f"✔ {sent:,} records sent to {deployed.topic('touchpoints.v1')}")
    if refused[0]:
        screen.note(f"✘ {refused[0]:,} lines refused: `throughline validate` shows each")
        raise typer.Exit(FAILED)


def _anything(lines: Lines) -> "Iterator[Carried]":
    from streams.wire import jsonl

    return jsonl.read_all(lines)


def _valid(lines: Lines, refused: list[int]) -> "Iterator[Carried]":
    from streams.cli.validate import judged
    from streams.wire.jsonl import Carried

    for file, number, record, wrong in judged(lines):
        if wrong is None:
            yield Carried(record.key, record.value, record.headers, record.timestamp_ms)
            continue
        refused[0] += 1
        if refused[0] <= 10:
            field = f" {wrong.field}" if wrong.field else ""
            screen.note(f"✘ {_named(file)}line {number}{field} [{wrong.code}] {wrong.hint}")


def _named(file: Path) -> str:
    return "" if str(file) == "-" else f"{file}: "


async def _send(deployed: "Settings", carried: "Iterator[Carried]", rate: float | None) -> int:
    import asyncio
    from time import monotonic

    from streams.kafka.publishing import publisher

    topic, sent = deployed.topic("touchpoints.v1"), 0
    size = _ROUND_RECORDS if rate is None else max(1, min(_ROUND_RECORDS, int(rate / 10)))
    async with publisher(deployed, deployed.idempotence) as to:
        await to.width(topic)  # is it there? Before anything is read
        began_s = monotonic()
        while part := list(islice(carried, size)):
            await to.send(topic, part)
            sent += len(part)
            if rate is not None:
                await asyncio.sleep(max(0.0, began_s + sent / rate - monotonic()))
    return sent
