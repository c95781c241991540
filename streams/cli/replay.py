"""``throughline replay``: what would have been said, from files or a topic, without a worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli import options, screen
from streams.cli.garbage import garbage_seldom
from streams.cli.lines import Lines
from streams.cli.outputs import Outputs
from streams.cli.totals import lines, totals
from streams.cli.trouble import USAGE, Trouble

if TYPE_CHECKING:
    from streams.engine.record import Send
    from streams.replay.house import ReplayHouse, Steps
    from streams.replay.places import Placed
    from streams.settings import Settings

Out = Path | None


def replay(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="JSONL, plain or .gz; - is standard input."),
    ] = None,
    alerts: Annotated[
        Out, typer.Option(metavar="OUT", help="Alerts as JSONL; - is stdout.")
    ] = None,
    dead_letters: Annotated[
        Out, typer.Option(metavar="OUT", help="What could not be read, with code and hint.")
    ] = None,
    late: Annotated[
        Out, typer.Option(metavar="OUT", help="What came too late to be taken in.")
    ] = None,
    journeys: Annotated[
        Out, typer.Option(metavar="OUT", help="Each customer's snapshot at the end.")
    ] = None,
    outreach: Annotated[
        Out, typer.Option(metavar="OUT", help="Candidates for outreach as JSONL.")
    ] = None,
    outreach_outcomes: Annotated[
        Out, typer.Option(metavar="OUT", help="What became of those offered and held out.")
    ] = None,
    policy: options.PolicyFile = None,
    partitions: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, max=1000, help="As many as the topic has; else the settings say."
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="INSTANT", help="Time goes on to this instant (RFC 3339, or now)."),
    ] = None,
    drain: Annotated[
        bool, typer.Option("--drain", help="Time goes on until nothing waits for it.")
    ] = False,
    topic: Annotated[
        bool, typer.Option("--topic", help="The touchpoints topic instead of files.")
    ] = False,
    places: Annotated[
        bool,
        typer.Option(
            "--places/--no-places", help="Partition and offset in the evidence of alerts."
        ),
    ] = True,
    broker: options.Broker = None,
    as_json: options.Json = False,
) -> None:
    """Replay records through the engine: same records, same policy, same bytes.

    Time is event time. At the end of the input it stands still, so timers that are not due by then
    stay silent; --until or --drain let it go on.
    """
    _asked_clearly(bool(files), topic, bool(until and drain))
    from streams.replay.house import ReplayHouse

    deployed = options.settings(broker=broker, partitions=partitions)
    in_force = options.policy(policy, deployed)
    until_ms = options.instant_ms(until) if until else None
    began_s, cpu_s = perf_counter(), process_time()
    outputs = Outputs(
        alerts=alerts,
        dead_letters=dead_letters,
        late=late,
        journeys=journeys,
        outreach=outreach,
        outreach_outcomes=outreach_outcomes,
    )
    with outputs, garbage_seldom(), _source(files, deployed) as (count, steps, records):
        house = ReplayHouse(in_force, count, deployed.topic("touchpoints.v1"), steps, crowd=True)
        for send in _sends(house, records, until_ms, drain):
            _write(outputs, send, places)
        _write_journeys(house, outputs)
    told = totals(house, perf_counter() - began_s, process_time() - cpu_s)
    if as_json:
        screen.record(told)
        return
    say = screen.note if outputs.on_stdout else screen.result
    for line in [*lines(told), *(f"  {line}" for line in outputs.told())]:
        say(line)


def _asked_clearly(files: bool, topic: bool, both: bool) -> None:
    if files and topic:
        why = "Both files and --topic were given, and each is an input of its own."
    elif not files and not topic:
        why = "No input was given: neither a file (- is standard input) nor --topic."
    elif both:
        why = "--until says when time stands still and --drain that it does not: give one."
    else:
        return
    raise Trouble(
        "It is not clear what to replay.",
        why,
        "throughline replay touchpoints.jsonl --alerts alerts.jsonl",
        USAGE,
    )


@contextmanager
def _source(
    files: list[Path] | None, deployed: "Settings"
) -> "Iterator[tuple[int, Steps | None, Iterator[Placed]]]":
    """How many partitions, the wall-clock steps known, and the records."""
    if files:
        from streams.replay.places import placed
        from streams.wire import jsonl

        yield deployed.partitions, None, placed(jsonl.read_all(Lines(files)), deployed.partitions)
        return
    from streams.kafka.reading import reading, wall_clock_steps

    with reading(deployed, deployed.topic("touchpoints.v1")) as read:
        yield read.partitions, wall_clock_steps(deployed), read.placed()


def _sends(
    house: "ReplayHouse", records: "Iterator[Placed]", until_ms: int | None, drain: bool
) -> "Iterator[Send]":
    yield from house.run(records)
    if until_ms is not None:
        yield from house.pass_time(until_ms)
    if drain:
        yield from house.drain()
    yield from house.finish()


_PLAIN = {"outreach.v1": "outreach", "outreach.outcomes.v1": "outreach_outcomes"}
"""Topics whose values go to their output as they are."""


def _write(outputs: Outputs, send: "Send", places: bool) -> None:
    if send.topic.startswith("alerts."):
        value = send.value or b""
        outputs.write("alerts", (value if places else _without_places(value)) + b"\n")
        return
    if send.topic in _PLAIN:
        outputs.write(_PLAIN[send.topic], (send.value or b"") + b"\n")
        return
    name = {"touchpoints.v1.dlq": "dead_letters", "touchpoints.v1.late": "late"}.get(send.topic)
    if name and outputs.wants(name):
        from streams.wire import jsonl

        line = jsonl.write(send.key, send.value, send.headers, send.timestamp_ms)
        outputs.write(name, line)


def _without_places(alert: bytes) -> bytes:
    """The alert with the coordinates of its evidence left out: in a file they are only counted."""
    import msgspec

    content = msgspec.json.decode(alert)
    for evidence in content.get("evidence", ()):
        evidence["partition"] = evidence["offset"] = None
    return msgspec.json.encode(content)


def _write_journeys(house: "ReplayHouse", outputs: Outputs) -> None:
    if not outputs.wants("journeys"):
        return
    import msgspec

    from streams.replay.snapshot import snapshot

    for desk, journey in house.journeys():
        as_of_ms = max(desk.watermark_ms, journey.clock_ms)
        told = snapshot(journey, as_of_ms, house.rules, house.line.engine.questions)
        outputs.write("journeys", msgspec.json.encode(told) + b"\n")
