"""``throughline config show``: every setting with where it comes from, and no secret."""

import json
from pathlib import Path

import pytest

from streams.settings import Settings
from tests.cli.conftest import Throughline


def told(throughline: Throughline) -> dict[str, tuple[str, str]]:
    """Name → (value, origin)."""
    rows = json.loads(throughline("config", "show", "--json").out)
    return {row["name"].removeprefix("THROUGHLINE_"): (row["value"], row["origin"]) for row in rows}


def test_each_value_has_its_origin(
    throughline: Throughline, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Environment before .env before a secret file before the default."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "app_id").write_text("from-secret")
    (secrets / "prefix").write_text("never")
    monkeypatch.setenv("THROUGHLINE_SECRETS_DIR", str(secrets))
    Path(".env").write_text("THROUGHLINE_PREFIX=from-dotenv\nTHROUGHLINE_BROKER=never:1\n")
    monkeypatch.setenv("THROUGHLINE_BROKER", "from-environment:9092")
    shown = told(throughline)
    assert shown["BROKER"] == ("from-environment:9092", "environment")
    assert shown["PREFIX"] == ("from-dotenv", ".env")
    assert shown["APP_ID"] == ("from-secret", "secret file")
    assert shown["DELIVERY"] == ("exactly_once", "default")
    assert len(shown) >= len(Settings.model_fields)


def test_secrets_are_masked(throughline: Throughline, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is known to be there, and not what it is."""
    for name, value in {
        "TLS": "true", "SASL_MECHANISM": "PLAIN", "SASL_USERNAME": "ana", "SASL_PASSWORD": "geheim",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"THROUGHLINE_SECURITY__{name}", value)
    for arguments in (["config", "show"], ["config", "show", "--json"]):
        run = throughline(*arguments)
        assert b"geheim" not in run.out and "geheim" not in run.err
    assert told(throughline)["SECURITY__SASL_PASSWORD"] == ("**********", "environment")
