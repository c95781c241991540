"""Settings: where they come from, what is refused, and that secrets are never shown."""

import pytest
from pydantic import ValidationError

from streams.settings import Security, Settings


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    """No setting leaks in from the machine's own environment."""
    for name in list(__import__("os").environ):
        if name.startswith("THROUGHLINE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_defaults_are_those_of_a_real_broker():
    """Nothing set: exactly once, on the usual port, topics under ``cx``."""
    settings = Settings()
    assert (settings.delivery, settings.broker) == ("exactly_once", "127.0.0.1:9092")
    assert settings.topic("touchpoints.v1") == "cx.touchpoints.v1"


def test_environment_file_and_secrets_in_order_of_weight(monkeypatch, tmp_path):
    """The environment wins over .env, and .env over mounted secrets."""
    (tmp_path / ".env").write_text("THROUGHLINE_APP_ID=from-file\nTHROUGHLINE_PREFIX=file\n")
    monkeypatch.setenv("THROUGHLINE_APP_ID", "from-environment")
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "prefix").write_text("secret")
    (secrets / "security__sasl_password").write_text("hunter2\n")
    monkeypatch.setenv("THROUGHLINE_SECRETS_DIR", str(secrets))
    monkeypatch.setenv("THROUGHLINE_SECURITY__TLS", "true")
    monkeypatch.setenv("THROUGHLINE_SECURITY__SASL_MECHANISM", "PLAIN")
    monkeypatch.setenv("THROUGHLINE_SECURITY__SASL_USERNAME", "worker")
    settings = Settings()
    assert (settings.app_id, settings.prefix) == ("from-environment", "file")
    assert settings.security.sasl_password.get_secret_value() == "hunter2"


def test_sources_are_a_comma_separated_list(monkeypatch):
    """Topics that teams own are listed by name."""
    monkeypatch.setenv("THROUGHLINE_SOURCES", "touchpoints.billing, touchpoints.contacts")
    assert Settings().sources == ("touchpoints.billing", "touchpoints.contacts")


def test_secrets_do_not_show():
    """Neither print nor JSON gives a password away."""
    security = Security(
        tls=True, sasl_mechanism="PLAIN", sasl_username="u", sasl_password="hunter2"
    )
    settings = Settings(security=security)
    assert "hunter2" not in repr(settings) + str(settings) + settings.model_dump_json()


def test_a_password_over_plaintext_is_refused():
    """SASL without TLS would send the password in the clear; only an explicit wish allows it."""
    login = {"sasl_mechanism": "PLAIN", "sasl_username": "u", "sasl_password": "p"}
    with pytest.raises(ValidationError, match="in the clear"):
        Security(**login)
    assert Security(**login, allow_plaintext=True).allow_plaintext


@pytest.mark.parametrize(
    "broker", ["", "localhost", "host:port", "host:70000", ":9092", "u:secret@host:9092"]
)
def test_addresses_that_cannot_work_are_refused(broker):
    """An address is host:port; credentials in it are refused, and not repeated in the error."""
    with pytest.raises(ValidationError) as refusal:
        Settings(broker=broker)
    if "@" in broker:
        assert "secret" not in str(refusal.value)


def test_several_brokers_with_or_without_scheme():
    """A list of addresses, the kafka:// scheme being optional."""
    assert Settings(broker="kafka://a:1, b:2").bootstrap == ["a:1", "b:2"]


def test_tls_files_without_tls_are_a_mistake():
    """A certificate that would never be used is refused, as is half of a pair."""
    with pytest.raises(ValidationError, match="mean nothing without tls"):
        Security(ca_file="ca.pem")
    with pytest.raises(ValidationError, match="together"):
        Security(tls=True, cert_file="c.pem")


def test_the_touchpoints_topic_is_no_source_of_itself():
    """That would be an endless loop."""
    with pytest.raises(ValidationError, match="source of itself"):
        Settings(sources=("cx.touchpoints.v1",))
