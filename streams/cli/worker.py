"""``throughline worker``: the process that follows customers, until it is asked to stop."""

from typing import Annotated

import typer

from streams.cli import options


def worker(
    broker: options.Broker = None,
    policy: options.PolicyFile = None,
    delivery: Annotated[
        str | None,
        typer.Option(
            metavar="KIND", help="exactly_once, or effectively_once without transactions."
        ),
    ] = None,
) -> None:
    """Run a worker: touchpoints in, journeys kept, alerts out. SIGTERM ends it in good order.

    Everything else comes from the environment: throughline config show. Start as many as there are
    partitions; they share the work among them.
    """
    from streams.worker import run_worker

    raise typer.Exit(run_worker(options.settings(broker=broker, policy=policy, delivery=delivery)))
