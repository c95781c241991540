"""Every command there is, by name. Each file imports what it needs when it is run."""

from typing import Annotated

import typer

from streams.cli import alerts, config, dlq, journey, outreach, policy, topics
from streams.cli.backtest import backtest
from streams.cli.calibrate import calibrate
from streams.cli.demo import demo
from streams.cli.detectors import detectors
from streams.cli.doctor import doctor
from streams.cli.import_ import import_
from streams.cli.publish import publish
from streams.cli.replay import replay
from streams.cli.simulate import simulate
from streams.cli.size import size
from streams.cli.validate import validate
from streams.cli.worker import worker

app = typer.Typer(
    help="Follows every customer through onboarding, billing, contacts and transfers as it "
    "happens, and says where effort piles up.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_COMMANDS = (
    ("demo", demo, "A live stream to look at; needs nothing"),
    ("worker", worker, "Follow customers: touchpoints in, alerts out"),
    ("validate", validate, "Would these touchpoints be taken? Line, field, hint"),
    ("publish", publish, "Files of touchpoints to Kafka, checked"),
    ("simulate", simulate, "Touchpoints of a company that never was"),
    ("import", import_, "A foreign log as touchpoints"),
    ("replay", replay, "What would have been said, without a broker"),
    ("backtest", backtest, "Two policies over the same records"),
    ("calibrate", calibrate, "The index beside what customers say of it"),
    ("detectors", detectors, "The questions asked, and when each fires"),
    ("size", size, "How many workers, partitions, brokers; how much memory"),
    ("doctor", doctor, "Run first when anything is odd"),
)
_GROUPS = (
    ("journey", journey.app, "One customer, with the arithmetic of the score"),
    ("alerts", alerts.app, "What is being said"),
    ("outreach", outreach.app, "Reaching out to customers, and whether it helps"),
    ("dlq", dlq.app, "What could not be read, and sending it again"),
    ("policy", policy.app, "Thresholds, weights and deadlines"),
    ("topics", topics.app, "Make or check the topics"),
    ("config", config.app, "The settings, each with its origin"),
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"throughline {version('throughline')}")
        raise typer.Exit


@app.callback()
def _everybody(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which it is.")
    ] = False,
) -> None: ...


for _name, _run, _short in _COMMANDS:
    app.command(_name, short_help=_short)(_run)
for _name, _group, _short in _GROUPS:
    app.add_typer(_group, name=_name, short_help=_short)
