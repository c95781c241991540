"""``throughline dlq``: what could not be read, by cause; sending it again once that is mended."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from streams.cli import options, screen
from streams.cli.lines import Lines

if TYPE_CHECKING:
    from streams.settings import Settings
    from streams.wire.jsonl import Carried

app = typer.Typer(help="What could not be read.", no_args_is_help=True)

_Files = Annotated[
    list[Path] | None,
    typer.Option("--file", metavar="FILE", help="Dead letters of a replay, not of Kafka."),
]
_Codes = Annotated[list[str] | None, typer.Option("--code", metavar="CODE", help="Only these.")]


class Letter(NamedTuple):
    """One dead letter.

    Args:
        code, field, hint: what is wrong with it.
        source: who sent it, as far as its value says; else an empty string.
        topic: where the original lay.
        place: the same with partition and offset.
        original: the record as it was.
    """

    code: str
    field: str
    hint: str
    source: str
    topic: str
    place: str
    original: "Carried"


@app.command("show")
def show(
    file: _Files = None,
    code: _Codes = None,
    each: Annotated[bool, typer.Option("--each", help="Every one, not only by cause.")] = False,
    broker: options.Broker = None,
    as_json: options.Json = False,
) -> None:
    """Show dead letters by cause and source, commonest first, each with a hint and an example."""
    letters = _letters(file, code, broker)
    if each:
        for letter in letters:
            _tell(letter, as_json)
        return
    causes: dict[tuple[str, str, str], list[Any]] = {}
    for letter in letters:
        cause = causes.setdefault((letter.code, letter.field, letter.source), [0, letter])
        cause[0] += 1
    ordered = sorted(causes.items(), key=lambda one: (-one[1][0], one[0]))
    for (name, field, source), (count, first) in ordered:
        if as_json:
            screen.record(
                {
                    "code": name,
                    "field": field,
                    "source": source,
                    "count": count,
                    "hint": first.hint,
                    "example": first.place,
                }
            )
            continue
        about = "  ".join(part for part in (name, field, source) if part)
        screen.result(f"{count:8,}  {about}\n{'':10}{first.hint}\n{'':10}e.g. {first.place}")
    if not ordered and not as_json:
        screen.result("✔ no dead letters")


@app.command("replay")
def replay(
    file: _Files = None,
    code: _Codes = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be sent.")
    ] = False,
    broker: options.Broker = None,
    as_json: options.Json = False,
) -> None:
    """Send dead letters again as they were, without the headers that say what was wrong.

    Worth it once the fault is ours and mended, or a newer contract reads them. What was taken in
    the meantime is recognised as a duplicate.
    """
    letters = list(_letters(file, code, broker))
    if not dry_run:
        import asyncio

        asyncio.run(_send(options.settings(broker=broker), letters))
    if as_json:
        screen.record({"records": len(letters), "sent": 0 if dry_run else len(letters)})
    else:
        screen.result(f"{len(letters):,} records {'would be' if dry_run else 'were'} sent again")


async def _send(deployed: "Settings", letters: list[Letter]) -> None:
    from streams.kafka.publishing import publisher

    async with publisher(deployed, deployed.idempotence) as to:
        for topic in dict.fromkeys(letter.topic for letter in letters):
            originals = [letter.original for letter in letters if letter.topic == topic]
            for i in range(0, len(originals), 1_000):
                await to.send(topic, originals[i : i + 1_000])


def _letters(
    files: list[Path] | None, codes: list[str] | None, broker: str | None
) -> Iterator[Letter]:
    carried = _in_files(files) if files else _on_topic(options.settings(broker=broker))
    for one in carried:
        letter = _read(one)
        if not codes or letter.code in codes:
            yield letter


def _in_files(files: list[Path]) -> "Iterator[Carried]":
    from streams.wire import jsonl

    return jsonl.read_all(Lines(files))


def _on_topic(deployed: "Settings") -> "Iterator[Carried]":
    from streams.kafka.reading import reading
    from streams.wire.jsonl import Carried

    with reading(deployed, deployed.topic("touchpoints.v1.dlq")) as read:
        for _, record in read.placed():
            yield Carried(record.key, record.value, record.headers, record.timestamp_ms)


def _read(carried: "Carried") -> Letter:
    from schemas import dead_letters as names

    said = {name: (value or b"").decode("utf-8", "replace") for name, value in carried.headers}
    own = tuple(h for h in carried.headers if not h[0].startswith(names.ERROR_HEADER_PREFIXES))
    topic = said.get(names.HEADER_TOPIC, "?")
    at = f"{said.get(names.HEADER_PARTITION, '?')}] offset {said.get(names.HEADER_OFFSET, '?')}"
    return Letter(
        said.get(names.HEADER_CODE, "?"),
        said.get(names.HEADER_FIELD, ""),
        said.get(names.HEADER_HINT, ""),
        _source(carried.value),
        topic,
        f"{topic}[{at}",
        carried._replace(headers=own),
    )


def _source(value: bytes | None) -> str:
    import msgspec

    try:
        content = msgspec.json.decode(value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    source = content.get("source") if isinstance(content, dict) else None
    return source if isinstance(source, str) else ""


def _tell(letter: Letter, as_json: bool) -> None:
    if as_json:
        screen.record(
            {
                "code": letter.code,
                "field": letter.field,
                "hint": letter.hint,
                "source": letter.source,
                "place": letter.place,
            }
        )
        return
    field = f" {letter.field}" if letter.field else ""
    screen.result(f"{letter.place}{field} [{letter.code}] {letter.hint}")
