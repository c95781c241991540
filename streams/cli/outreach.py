"""``throughline outreach``: whether reaching out to customers helps."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli import options, screen
from streams.cli.lines import Lines
from streams.cli.trouble import USAGE, Trouble

if TYPE_CHECKING:
    from streams.engine.outreach.effect import Compared
    from streams.settings import Settings

app = typer.Typer(help="Reaching out to customers, and whether it helps.", no_args_is_help=True)

_MEASURES = {"repeat_contact": "contact again", "jei": "effort", "churn": "left"}
_FIELDS = ("alert_id", "started_at", "kind", "arm", "measure", "horizon_d", "value")


@app.callback()
def _one_of_many() -> None:
    """Reaching out to customers, and whether it helps."""


@app.command("effect")
def effect(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Observations of a replay; else the topic is read."),
    ] = None,
    kind: Annotated[list[str] | None, typer.Option(metavar="KIND", help="Only these.")] = None,
    broker: options.Broker = None,
    as_json: options.Json = False,
) -> None:
    """Compare customers who were offered outreach with those held out by lot.

    Per detector: contact again within 7 days, effort after 14, left within 30 and 90; with n, the
    difference, its 95 % interval, and what can be concluded. Below 30 customers in an arm, or with
    zero in the interval, that is nothing.
    """
    from streams.engine.outreach.effect import compare

    said = _in_files(files) if files else _on_topic(options.settings(broker=broker))
    found = [one for one in compare(said) if not kind or one.kind in kind]
    if as_json:
        for one in found:
            screen.record({**one._asdict(), **_rounded(one)})
        return
    if not found:
        screen.result("Nothing was observed yet: the first observations close after seven days.")
        return
    head = ("detector", "measure", "offered", "held out", "difference", "95 %", "")
    for line in screen.table([head, *map(_row, found)]):
        screen.result(line)


def _rounded(one: "Compared") -> dict[str, float]:
    names = ("treat", "hold_out", "difference", "low", "high")
    return {name: round(getattr(one, name), 4) for name in names}


def _row(one: "Compared") -> tuple[str, ...]:
    def told(value: float, sign: str = "") -> str:
        return f"{value:{sign}.1f}" if one.measure == "jei" else f"{value * 100:{sign}.1f} %"

    return (
        one.kind,
        f"{_MEASURES[one.measure]}, {one.horizon_d} d",
        f"{told(one.treat)} of {one.treat_n:,}",
        f"{told(one.hold_out)} of {one.hold_out_n:,}",
        told(one.difference, "+"),
        f"{told(one.low, '+')} to {told(one.high, '+')}",
        one.verdict,
    )


def _in_files(files: list[Path]) -> Iterator[dict[str, Any]]:
    lines = Lines(files)
    for line in lines:
        yield _observation(line, f"{lines.file}, line {lines.number}")


def _on_topic(deployed: "Settings") -> Iterator[dict[str, Any]]:
    from streams.kafka.reading import reading
    from streams.kafka.topics import OUTREACH

    with reading(deployed, deployed.topic(OUTREACH[1])) as read:
        for lying in read.up_to_now(read.starts()):
            if lying.record.value is not None:
                where = f"{lying.topic}[{lying.partition}] offset {lying.record.offset}"
                yield _observation(lying.record.value, where)


def _observation(value: bytes, where: str) -> dict[str, Any]:
    import msgspec

    try:
        told = msgspec.json.decode(value)
        for name in _FIELDS:
            told[name]
    except (msgspec.DecodeError, KeyError, TypeError):
        raise Trouble(
            f"{where} is no observation of outreach.",
            "Each is one JSON object with " + ", ".join(_FIELDS) + ".",
            "throughline replay FILE --outreach-outcomes observed.jsonl writes them.", USAGE,
        ) from None  # fmt: skip
    return told
