"""``throughline simulate``: customers who never were, with the truth about them."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from streams.cli import options, screen
from streams.cli.trouble import USAGE, Trouble


def simulate(
    customers: Annotated[int, typer.Option(metavar="N", min=1, help="How many customers.")] = 1000,
    days: Annotated[float, typer.Option(metavar="D", min=0.01, help="How long, in days.")] = 60,
    seed: Annotated[int, typer.Option(metavar="S", help="Same seed, same bytes.")] = 7,
    start: Annotated[
        str, typer.Option(metavar="INSTANT", help="When it begins.")
    ] = "2026-01-05T00:00:00Z",
    truth: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write who lives which story and what must be found."),
    ] = None,
    story: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=SHARE", help="Share of customers with a story; only those."),
    ] = None,
    spoiled: Annotated[
        int, typer.Option(metavar="N", min=0, help="Mix in so many records nobody can read.")
    ] = 0,
    quiet_noise: Annotated[
        bool, typer.Option("--no-noise", help="Nothing twice, late or out of order.")
    ] = False,
    stories: Annotated[
        bool, typer.Option("--stories", help="List the stories instead, and what each must raise.")
    ] = False,
) -> None:
    """Write touchpoints of a simulated company as JSONL, in order of arrival.

    Named stories (ping-pong transfers, a broken callback, a stalled onboarding …) are planted among
    everyday traffic; --truth says where, so that what is found can be held against it.
    """
    if stories:
        _list_stories()
        return
    from streams.simulator.noise import NONE
    from streams.simulator.world import World

    mix = dict(_share(said) for said in story) if story else None
    try:
        world = World(
            seed,
            customers,
            options.instant_ms(start),
            round(days * 86_400_000),
            mix,
            NONE if quiet_noise else None,
        )
    except ValueError as refusal:
        raise Trouble(
            "There is no such world.", f"{refusal}.", "throughline simulate --stories", USAGE
        ) from None
    out = sys.stdout.buffer
    told = _write(out, world, seed, spoiled)
    out.flush()
    if truth:
        import json

        lines = (json.dumps(planted.as_json()) + "\n" for planted in world.truth())
        truth.write_text("".join(lines), "utf-8")
    screen.note(f"{told:,} records of {customers:,} customers over {days:g} days, seed {seed}")


def _share(said: str) -> tuple[str, float]:
    from streams.simulator.stories import stories

    name, _, share = said.partition("=")
    if name not in stories():
        raise Trouble(
            f"There is no story {name}.",
            options.nearest(name, list(stories())),
            "throughline simulate --stories lists them with what they must raise.",
            USAGE,
        )
    try:
        return name, float(share)
    except ValueError:
        raise Trouble(
            f"--story {said} is not NAME=SHARE.",
            "The share is missing or no number.",
            "e.g. --story transfer_ping_pong=0.05",
            USAGE,
        ) from None


def _write(out: BinaryIO, world, seed: int, spoiled: int) -> int:  # type: ignore[no-untyped-def]
    import orjson

    told = 0
    bad = _spoiled(world, seed, spoiled)
    due_ms, line = next(bad)
    for arrival_ms, touchpoint in world.arrivals():
        while arrival_ms >= due_ms:
            out.write(line)
            told += 1
            due_ms, line = next(bad)
        out.write(orjson.dumps(touchpoint))
        out.write(b"\n")
        told += 1
    while line:
        out.write(line)
        told += 1
        _, line = next(bad)
    return told


def _spoiled(world, seed: int, count: int) -> Iterator[tuple[float, bytes]]:  # type: ignore[no-untyped-def]
    """(when it arrives, its line): evenly over the world's time; at the end, never and nothing."""
    from random import Random

    from streams.simulator.spoiled import spoil
    from streams.wire import jsonl

    step_ms = (world.end_ms - world.start_ms) / (count + 1)
    records = spoil(Random(f"{seed}:spoiled"), count, world.start_ms)
    for number, record in enumerate(records, start=1):
        line = jsonl.write(record.key, record.value, record.headers, record.timestamp_ms)
        yield world.start_ms + number * step_ms, line
    yield float("inf"), b""


def _list_stories() -> None:
    from streams.simulator.stories import stories

    for story in stories().values():
        raises = ", ".join(sorted(story.expects)) or "nothing"
        screen.result(f"{story.name}  ({story.span_d:g} days)")
        screen.result(f"    {' '.join(story.text.split())}")
        screen.result(f"    must raise: {raises}")
