"""``throughline policy``: every threshold, weight and deadline; and whether a file is fit."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from streams.cli import options, screen

app = typer.Typer(help="Thresholds, weights and deadlines.", no_args_is_help=True)


@app.command("show")
def show(policy: options.PolicyFile = None, as_json: options.Json = False) -> None:
    """Print everything in force, as a policy file that says the same."""
    in_force = options.policy(policy, options.settings())
    if as_json:
        screen.record({"label": in_force.rules.label, **in_force.as_table()})
        return
    screen.result(f"# {in_force.rules.label}: as alerts name it")
    for line in toml(in_force.as_table()):
        screen.result(line)


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE")], as_json: options.Json = False
) -> None:
    """Say whether a policy file can be used, and what it changes."""
    from streams.policy import load

    given, usual = load(file), load()
    before, after = screen.flat(usual.as_table()), screen.flat(given.as_table())
    changed = {
        name: (before.get(name), after.get(name))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name) and name != "version"
    }
    if as_json:
        changes = [{"key": n, "default": old, "value": new} for n, (old, new) in changed.items()]
        screen.record({"label": given.rules.label, "changes": changes})
        return
    values = screen.count(len(changed), "value differs", "values differ")
    screen.result(f"✔ {file}: {given.rules.label}, {values} from the defaults")
    for line in screen.table(
        [(n, _said(old), "→", _said(new)) for n, (old, new) in changed.items()]
    ):
        screen.result(line)


def toml(table: dict[str, Any], path: tuple[str, ...] = ()) -> list[str]:
    """Plain values as TOML lines: a table's own keys first, then the tables in it.

    Args:
        table: of values, or of tables of the same kind.
        path: where it stands.
    """
    lines = [
        f"{_key(name)} = {toml_value(value)}"
        for name, value in table.items()
        if not isinstance(value, dict)
    ]
    for name, value in table.items():
        if isinstance(value, dict):
            inner = (*path, name)
            lines += ["", f"[{'.'.join(map(_key, inner))}]", *toml(value, inner)]
    return lines


def toml_value(value: Any) -> str:
    """One value that is no table, as TOML.

    Args:
        value: bool, number, text, or a list of them.
    """
    if isinstance(value, list | tuple | set | frozenset):
        return "[" + ", ".join(toml_value(one) for one in value) + "]"
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # 14 and 14.0 are one policy
    # JSON's numbers, texts and booleans are TOML's; a day may be given as text.
    return json.dumps(value, ensure_ascii=False, default=str)


def _key(name: str) -> str:
    """A key, in quotes unless it can go without: sources are URNs."""
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else json.dumps(name, ensure_ascii=False)


def _said(value: Any) -> str:
    return "–" if value is None else toml_value(value)
