"""Options that several commands share, each said in the same words."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from streams.policy import Policy
    from streams.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
PolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", metavar="FILE", help="Thresholds, weights and deadlines (TOML)."),
]
Broker = Annotated[
    str | None,
    typer.Option("--broker", metavar="HOST:PORT", help="The Kafka broker; else the settings say."),
]
Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE", help="JSONL, plain or .gz; - is standard input."),
]


def settings(**given: object) -> "Settings":
    """The deployment's settings, with what the command line says put before everything else.

    Raises:
        Trouble: a setting is not usable; names its environment variable.
    """
    from pydantic import ValidationError

    from streams.cli.trouble import USAGE, Trouble
    from streams.settings import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as refusal:
        first = refusal.errors(include_url=False, include_input=False)[0]
        name = "__".join(str(part) for part in first["loc"]).upper()
        raise Trouble(
            "The settings cannot be used.",
            f"THROUGHLINE_{name}: {first['msg']}" if name else first["msg"],
            "Mend it in the environment or .env; `throughline config show` prints all of them.",
            USAGE,
        ) from None


def policy(file: Path | None, deployed: "Settings | None" = None) -> "Policy":
    """The policy from the file given, else the deployment's, else the built-in one."""
    from streams.policy import load

    return load(file or (deployed.policy if deployed else None))


def instant_ms(text: str) -> int:
    """Epoch milliseconds of an instant given on the command line, or of ``now``.

    Raises:
        Trouble: it is neither.
    """
    import time

    from schemas.instants import instant_ms as read
    from streams.cli.trouble import USAGE, Trouble

    if text == "now":
        return int(time.time() * 1000)
    try:
        return read(text)
    except ValueError as refusal:
        raise Trouble(
            f"{text} is no instant.", f"It {refusal}.", "e.g. 2026-11-22T00:00:00Z", USAGE
        ) from None


def nearest(given: str, known: Sequence[str]) -> str:
    """What somebody may have meant who gave a name that is not known, or all names there are.

    Args:
        given: what was asked for.
        known: the names there are.
    """
    from difflib import get_close_matches

    part = [name for name in known if given and given in name]
    meant = part[:3] or get_close_matches(given, known, n=1)
    if meant:
        return f"Did you mean {' or '.join(meant)}?"
    return f"There are: {', '.join(known)}."
