"""``throughline topics``: our topics, made where they are missing, checked where they are not."""

from typing import Literal

import typer

from streams.cli import options, screen

app = typer.Typer(help="The topics of this deployment.", no_args_is_help=True)


@app.command("create")
def create(broker: options.Broker = None, as_json: options.Json = False) -> None:
    """Make every topic that is missing; then check them all."""
    _prepare("create", broker, as_json)


@app.command("check")
def check(broker: options.Broker = None, as_json: options.Json = False) -> None:
    """Check that every topic is there and is as it must be; change nothing. Exit code 3 if not."""
    _prepare("check", broker, as_json)


def _prepare(how: Literal["create", "check"], broker: str | None, as_json: bool) -> None:
    import asyncio
    import logging

    from streams.kafka import topics

    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    deployed = options.settings(broker=broker, topics=how)
    made = asyncio.run(topics.prepare(deployed))
    wanted = topics.wanted(deployed, {})
    if as_json:
        screen.record({"broker": deployed.broker, "made": made, "topics": [
            {"name": t.name, "partitions": t.partitions, "compact": t.compact} for t in wanted
        ]})  # fmt: skip
        return
    for topic in wanted:
        kept = "compacted" if topic.compact else ""
        done = "made" if topic.name in made else "is there"
        screen.result(f"✔ {topic.name:40} {topic.partitions:4} partitions  {kept:10}{done}")
