"""Every command there is, by name. Each file imports what it needs when it is run."""

import typer

from streams.cli import config, policy, topics
from streams.cli.demo import demo
from streams.cli.detectors import detectors
from streams.cli.import_ import import_
from streams.cli.publish import publish
from streams.cli.replay import replay
from streams.cli.simulate import simulate
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

app.command("demo")(demo)
app.command("worker")(worker)
app.command("validate")(validate)
app.command("publish")(publish)
app.command("simulate")(simulate)
app.command("import")(import_)
app.command("replay")(replay)
app.command("detectors")(detectors)
app.add_typer(policy.app, name="policy")
app.add_typer(topics.app, name="topics")
app.add_typer(config.app, name="config")
