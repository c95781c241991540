"""``throughline validate``: would these touchpoints be taken? For a producer's own tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from streams.cli import options, screen
from streams.cli.lines import Lines
from streams.cli.trouble import FAILED

if TYPE_CHECKING:
    from streams.engine.record import Record
    from streams.wire.unreadable import Unreadable


class Judged(NamedTuple):
    """One line's record and what is wrong with it.

    Args:
        file: where it stands.
        line: its number there, from 1.
        record: what it carries.
        wrong: why it is no touchpoint, or None.
    """

    file: Path
    line: int
    record: "Record"
    wrong: "Unreadable | None"


def judged(lines: Lines) -> Iterator[Judged]:
    """Every line that is not blank, judged as strictly as producers are.

    Args:
        lines: of the files.
    """
    from streams.engine.record import Record
    from streams.wire import jsonl
    from streams.wire.touchpoint import Unreadable, read_strictly

    last_ms = 0
    for line in lines:
        if line.isspace():
            continue
        key, value, headers, last_ms = jsonl.read(line, last_ms)
        record = Record(0, last_ms, key, value, headers)  # type: ignore[arg-type]
        verdict = read_strictly(record)
        wrong = verdict if isinstance(verdict, Unreadable) else None
        yield Judged(lines.file, lines.number, record, wrong)


def validate(
    files: options.Files,
    show: Annotated[
        int, typer.Option(metavar="N", min=0, help="Show at most so many wrong lines; 0 for all.")
    ] = 100,
    as_json: options.Json = False,
) -> None:
    """Check touchpoints as strictly as producers must send them: line, field, hint.

    Exit code 1 if any line is wrong. With --json one object per wrong line, and one at the end.
    """
    good = bad = 0
    for line in judged(Lines(files)):
        if line.wrong is None:
            good += 1
            continue
        bad += 1
        if not show or bad <= show:
            _tell(line, len(files) > 1, as_json)
    _tell_end(good, bad, bad - show if show and bad > show else 0, as_json)
    if bad:
        raise typer.Exit(FAILED)


def _tell(line: Judged, several: bool, as_json: bool) -> None:
    wrong = line.wrong
    assert wrong is not None
    if as_json:
        screen.record({"file": str(line.file), "line": line.line, **wrong._asdict()})
        return
    where = f"{line.file}: " if several else ""
    field = f" {wrong.field}" if wrong.field else ""
    screen.result(f"✘ {where}line {line.line}{field} [{wrong.code}] {wrong.hint}")


def _tell_end(good: int, bad: int, hidden: int, as_json: bool) -> None:
    if as_json:
        screen.record({"lines": good + bad, "valid": good, "wrong": bad})
        return
    if hidden:
        screen.result(f"  … and {hidden:,} more; --show 0 shows all")
    screen.result(f"{'✘' if bad else '✔'} {good:,} of {good + bad:,} valid")
