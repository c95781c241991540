"""``throughline import``: a foreign log as touchpoints, or what can be counted in it."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from streams.cli import options, screen
from streams.cli.trouble import FAILED, USAGE, Trouble


def import_(
    adapter: Annotated[str, typer.Argument(metavar="ADAPTER", help="e.g. servicenow")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The log as its source gives it.")],
    census: Annotated[
        bool, typer.Option("--census", help="Print what can be counted in it, not the touchpoints.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Turn a foreign log into touchpoints, as JSONL on stdout.

    --census counts, from the touchpoints alone, what is known about such a log (transfers,
    ping-pongs, bursts, reopenings …), so that anybody can check that nothing was lost.
    """
    from streams import adapters

    try:
        reader = adapters.load(adapter)
    except LookupError as refusal:
        raise Trouble(
            f"There is no way to import {adapter}.", f"{refusal.args[0]}.",
            "An adapter is one file in streams/adapters; see docs/commands.md.", USAGE,
        ) from None  # fmt: skip
    try:
        if census:
            _count(reader, file, as_json)
            return
        _write(reader, file)
    except ValueError as refusal:
        raise Trouble(
            f"{file} is not read as {adapter}.", f"{refusal}.",
            "Give the file as its source publishes it.", FAILED,
        ) from None  # fmt: skip


def _write(reader: object, file: Path) -> None:
    out, told = sys.stdout.buffer, 0
    for touchpoint in reader.read(file):  # type: ignore[attr-defined]
        out.write(json.dumps(touchpoint, ensure_ascii=False, separators=(",", ":")).encode())
        out.write(b"\n")
        told += 1
    out.flush()
    screen.note(f"{told:,} touchpoints from {file}")


def _count(reader: object, file: Path, as_json: bool) -> None:
    if not hasattr(reader, "census"):
        raise Trouble(
            "This adapter has no census.", "Nothing is known about its logs to be counted.",
            "Import without --census.", USAGE,
        )  # fmt: skip
    counted = reader.census(reader.read(file))  # type: ignore[attr-defined]
    if as_json:
        for line in counted:
            screen.record({"what": line.what, "values": list(line.values)})
        return
    rows = [(line.what, " / ".join(f"{value:,}" for value in line.values)) for line in counted]
    for text in screen.table(rows, indent=0):
        screen.result(text)
