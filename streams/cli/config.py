"""``throughline config``: the settings of this deployment, each with where it comes from."""

from typing import Any

import typer

from streams.cli import options, screen

app = typer.Typer(help="The settings of this deployment.", no_args_is_help=True)


@app.command("show")
def show(as_json: options.Json = False) -> None:
    """Print every setting with its origin; secrets are masked."""
    in_force = options.settings()
    origins = _origins()
    rows = []
    for name, value in screen.flat(in_force.model_dump()).items():
        origin = next((said for said, given in origins if name in given), "default")
        rows.append((f"THROUGHLINE_{name.upper().replace('.', '__')}", _said(value), origin))
    if as_json:
        screen.record([{"name": n, "value": v, "origin": o} for n, v, o in rows])
        return
    for line in screen.table(rows, indent=0):
        screen.result(line)


def _origins() -> list[tuple[str, set[str]]]:
    """Where settings can come from, first come first, and the names each gives."""
    from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

    from streams.settings import Settings

    unused = EnvSettingsSource(Settings)
    *_, secrets = Settings.settings_customise_sources(Settings, unused, unused, unused, unused)
    sources = [
        ("environment", EnvSettingsSource(Settings)),
        (".env", DotEnvSettingsSource(Settings)),
        ("secret file", secrets),
    ]
    return [(said, set(screen.flat(source()))) for said, source in sources]


def _said(value: Any) -> str:
    # SecretStr prints itself as asterisks.
    if isinstance(value, tuple | list):
        return ",".join(map(str, value)) or "–"
    return "–" if value is None else str(value)
