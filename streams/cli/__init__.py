"""The door: one file per command, nothing heavy imported before a command is chosen.

Results go to stdout and nothing else does; progress, notes and refusals go to stderr. Exit codes:
0 it was done, 1 it failed, 2 it was asked wrongly, 3 what it needs is not there (yet).
"""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave the process with its exit code.

    Args:
        arguments: the command line without the program's name; that of the process if not given.

    Raises:
        SystemExit: always.
    """
    from streams.cli import trouble
    from streams.cli.door import app

    try:
        app(list(sys.argv[1:] if arguments is None else arguments), prog_name="throughline")
    except Exception as error:  # noqa: BLE001 - what is not known is raised again
        raise SystemExit(trouble.told(error)) from None
