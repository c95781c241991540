"""The page of all commands, made from their own help: ``python -m streams.cli.reference``."""

import contextlib
import io
import os

_HEAD = """\
# Commands

Made from the commands' own help by `python -m streams.cli.reference`; a test holds it current.

Results go to stdout, everything else to stderr; `--json` where a program may read it. Exit codes:
`0` done, `1` failed, `2` asked wrongly, `3` what it needs is not there (yet). What goes wrong is
told in three lines: what, why, what to do. Settings come from the environment (`throughline config
show`), judgement from a policy file (`throughline policy show`).
"""


def page() -> str:
    """The whole page as Markdown."""
    from streams.cli.door import app

    commands = [[str(info.name)] for info in app.registered_commands]
    for group in app.registered_groups:
        own = group.typer_instance.registered_commands if group.typer_instance else []
        commands += [[str(group.name), str(info.name)] for info in own]
    return "\n".join([_HEAD, *map(_section, commands)])


def _section(command: list[str]) -> str:
    return f"## {' '.join(command)}\n\n```text\n{_help(command)}```\n"


def _help(command: list[str]) -> str:
    from streams.cli import main

    out, width = io.StringIO(), os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "100"  # wherever it is made, the same lines
    try:
        with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
            main([*command, "--help"])
    finally:
        if width is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = width
    return out.getvalue().strip("\n") + "\n"


if __name__ == "__main__":
    print(page(), end="")
