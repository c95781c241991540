"""``throughline alerts``: what is being said, as it is said."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli import options, screen
from streams.cli.lines import Lines
from streams.cli.trouble import FAILED, USAGE, Trouble

if TYPE_CHECKING:
    from streams.settings import Settings

app = typer.Typer(help="What is being said.", no_args_is_help=True)


@app.callback()
def _one_of_many() -> None:
    """What is being said."""


@app.command("tail")
def tail(
    file: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Alerts of a replay, not of Kafka.")
    ] = None,
    severity: Annotated[
        int, typer.Option(metavar="N", min=1, max=5, help="1 info, 3 warning, 5 critical.")
    ] = 1,
    kind: Annotated[list[str] | None, typer.Option(metavar="KIND", help="Only these.")] = None,
    customer: Annotated[str | None, typer.Option(metavar="ID", help="Only this one's.")] = None,
    start: Annotated[bool, typer.Option("--from-start", help="Those already there, too.")] = False,
    follow: Annotated[bool, typer.Option("--follow/--no-follow", help="Wait for more.")] = True,
    broker: options.Broker = None,
    as_json: options.Json = False,
) -> None:
    """Print alerts as they come, one line each; with --json as they lie on the topic.

    ▲ raised, △ changed, ✔ acknowledged, ■ over, · kept quiet.
    """
    said = _in_files(file) if file else _on_topics(options.settings(broker=broker), start, follow)
    wanted = (
        alert
        for alert in said
        if alert["severity"] >= severity
        and (not kind or alert["kind"] in kind)
        and customer in (None, alert.get("customer_id"))
    )
    try:
        for alert in wanted:
            _tell(alert, as_json)
    except KeyboardInterrupt:  # the usual way to stop watching
        return


@app.command("precision")
def precision(
    file: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Alerts of a replay, not of Kafka.")
    ] = None,
    broker: options.Broker = None,
    as_json: options.Json = False,
) -> None:
    """How often people found a detector's alerts right, per detector.

    Alerts raised, found useful and called wrong in feedback, and the share of useful ones among
    those judged, with its 95 % interval. A word about an alert that had already been forgotten is
    not in it; workers count those as feedback.unknown_alert.
    """
    from streams.cli import precision as counting

    said = _in_files(file) if file else _on_topics(options.settings(broker=broker), True, False)
    found = counting.precision(said)
    if as_json:
        for one in found:
            screen.record(one._asdict())
    elif not found:
        screen.result("No alert was raised.")
    else:
        for line in screen.table([counting.HEAD, *map(counting.row, found)]):
            screen.result(line)


def _tell(alert: dict[str, Any], as_json: bool) -> None:
    from streams.console import words

    if as_json:
        screen.record(alert)
    else:
        print(words.line(alert), flush=True)


def _in_files(files: list[Path]) -> Iterator[dict[str, Any]]:
    import msgspec

    lines = Lines(files)
    for line in lines:
        try:
            alert = msgspec.json.decode(line)
            alert["severity"], alert["kind"], alert["dedupe_key"], alert["reason"]["text"]
        except (msgspec.DecodeError, KeyError, TypeError):
            raise Trouble(
                f"{lines.file}, line {lines.number} is no alert.",
                "A file of alerts has one alert as JSON per line.",
                "throughline replay FILE --alerts alerts.jsonl writes one.", USAGE,
            ) from None  # fmt: skip
        yield alert


def _on_topics(deployed: "Settings", start: bool, follow: bool) -> Iterator[dict[str, Any]]:
    import msgspec

    from streams.kafka.reading import reading
    from streams.kafka.topics import ALERT_FAMILIES

    names = [deployed.topic(f"alerts.{family}.v1") for family in ALERT_FAMILIES]
    with reading(deployed, *names) as read:
        starts = read.starts() if start else read.ends()
        found = read.follow(starts) if follow else read.up_to_now(starts)
        for lying in found:
            if lying is None or lying.record.value is None:
                continue
            try:
                yield msgspec.json.decode(lying.record.value)
            except msgspec.DecodeError:
                raise Trouble(
                    f"{lying.topic}[{lying.partition}] offset {lying.record.offset} is no alert.",
                    "Somebody else writes to this topic.",
                    "See who may: only workers should.", FAILED,
                ) from None  # fmt: skip
