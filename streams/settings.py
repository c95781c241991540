"""Every knob of a deployment, from the environment, a ``.env`` file, or mounted secrets.

Names are ``THROUGHLINE_`` plus the field, nested ones joined by two underscores:
``THROUGHLINE_BROKER``, ``THROUGHLINE_SECURITY__SASL_PASSWORD``. A secret may also be a file of that
name (lower case, without the prefix) in the secrets folder. What decides *judgement* (thresholds,
weights, deadlines) is not here but in the policy.
"""

import os
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

Delivery = Literal["exactly_once", "effectively_once"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "GSSAPI"]

_SECRETS_FOLDER = "/run/secrets"


class Security(BaseModel):
    """How clients prove who they are, and to whom.

    Args:
        tls: encrypt, and check the broker's certificate and host name.
        ca_file: certificate authorities to trust; the system's if not given.
        cert_file, key_file, key_password: a client certificate, for brokers that want one.
        sasl_mechanism: how to log in; none if not given.
        sasl_username, sasl_password: for PLAIN and SCRAM.
        sasl_kerberos_service: for GSSAPI.
        allow_plaintext: let a password travel unencrypted. For tests on one machine.
    """

    model_config = {"extra": "forbid", "hide_input_in_errors": True}

    tls: bool = False
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    key_password: SecretStr | None = None
    sasl_mechanism: Mechanism | None = None
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    sasl_kerberos_service: str = "kafka"
    allow_plaintext: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.sasl_mechanism and not self.tls and not self.allow_plaintext:
            raise ValueError(
                "sasl_mechanism without tls sends the password in the clear; set "
                "THROUGHLINE_SECURITY__TLS=true (or, on a loopback test broker only, "
                "THROUGHLINE_SECURITY__ALLOW_PLAINTEXT=true)"
            )
        if self.sasl_mechanism not in (None, "GSSAPI") and not (
            self.sasl_username and self.sasl_password
        ):
            raise ValueError(f"{self.sasl_mechanism} needs sasl_username and sasl_password")
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError("cert_file and key_file come together or not at all")
        if not self.tls and (self.ca_file or self.cert_file):
            raise ValueError("ca_file and cert_file mean nothing without tls")
        return self


class Settings(BaseSettings):
    """A deployment's settings.

    Args:
        broker: ``host:port``, several separated by commas.
        app_id: names the consumer group, the changelogs and the transactional ids. Two applications
            on one cluster must differ in it; changing it starts from nothing.
        prefix: first part of every topic name, ``cx`` in ``cx.touchpoints.v1``.
        partitions: of the touchpoints topic and its changelog; fixed once chosen.
        cohort_partitions: of the topic on which partitions tell the crowd what they counted; fixed
            once chosen. How much one can take has not been measured.
        delivery: ``exactly_once`` (transactions, fenced) or ``effectively_once`` (brokers without).
        sources: topics that teams own, to be validated and re-keyed into the touchpoints topic.
        topics: ``create`` what is missing and check the rest, only ``check``, or leave it to the
            broker's auto-creation (``auto``: the embedded broker).
        replication: of topics we create; by default 3 where there are three brokers, else 1.
        idempotence: the shared producer of ``effectively_once`` numbers its batches, so that a
            retry cannot double one. Off only for brokers that cannot (the embedded one).
        idle_after_s: caught up and quiet this long, timers follow the wall clock.
        wake_every_s: how often that is looked at.
        batch_records, batch_bytes: most records, and bytes, of one partition waiting at once; as
            many records at most are applied together.
        batch_s: so long one batch may hold the worker up; under a backlog batches are as large as
            fits into it.
        fetch_bytes: most bytes of one partition in one fetch answer.
        fetch_wait_ms: how long the broker may hold an empty fetch back. A real one answers as soon
            as a record comes; the embedded one does not, there it is the latency.
        changelog_batch_bytes: most bytes of journeys in one RecordBatch; the changelog topic's
            ``max.message.bytes`` must allow it.
        session_timeout_s: a worker not heard of for this long is taken to be dead.
        rebalance_s: how long members have to finish what is in hand when partitions move.
        commit_every_s: how often the group's offsets are committed (for lag only).
        request_timeout_s: of single requests to the broker.
        shutdown_s: after a signal, the process is gone within this time.
        stall_after_s: with work to do and none done for this long, the worker exits.
        status_every_s: how often the status line is written; 0 for never.
        patrol_every_s: ``effectively_once``: how often a quiet partition looks whether a worker
            that should be gone has written to its changelog.
        store: where workers keep journeys beside their changelog: in ``memory``, or on ``disk``,
            with the live ones in memory: for more customers than memory holds, and so that a
            restart reads only the end of the changelog.
        store_dir: folder on a local disk for ``disk``; each worker takes one of its own in it.
        memory_mb: with ``disk``, what a worker process may use of memory.
        standby: 1: each partition of the touchpoints is followed by a second worker, which takes
            it over without a restore when the first one dies.
        accept_loss: start although retention deleted records nobody read.
        policy: file of thresholds, weights and deadlines; the built-in one if not given.
        security: see ``Security``.
    """

    model_config = SettingsConfigDict(
        env_prefix="THROUGHLINE_",
        env_nested_delimiter="__",
        env_file=".env",
        extra="ignore",
        validate_default=True,
        frozen=True,
        secrets_nested_delimiter="__",
        secrets_dir_missing="ok",
        secrets_prefix="",
        hide_input_in_errors=True,
    )

    broker: str = "127.0.0.1:9092"
    app_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,80}$")] = "throughline"
    prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,80}$")] = "cx"
    partitions: Annotated[int, Field(ge=1, le=1_000)] = 8
    cohort_partitions: Annotated[int, Field(ge=1, le=64)] = 1
    delivery: Delivery = "exactly_once"
    sources: Annotated[tuple[str, ...], NoDecode] = ()
    topics: Literal["create", "check", "auto"] = "create"
    replication: Annotated[int, Field(ge=1, le=10)] | None = None
    idempotence: bool = True
    idle_after_s: Annotated[float, Field(gt=0)] = 5.0
    wake_every_s: Annotated[float, Field(gt=0, le=60)] = 0.25
    batch_records: Annotated[int, Field(ge=1, le=100_000)] = 10_000
    batch_s: Annotated[float, Field(gt=0, le=5)] = 0.25
    batch_bytes: Annotated[int, Field(ge=65_536)] = 8 * 1024 * 1024
    fetch_bytes: Annotated[int, Field(ge=65_536)] = 2 * 1024 * 1024
    fetch_wait_ms: Annotated[int, Field(ge=1, le=5_000)] = 250
    changelog_batch_bytes: Annotated[int, Field(ge=65_536)] = 4 * 1024 * 1024
    session_timeout_s: Annotated[float, Field(ge=1)] = 20.0
    rebalance_s: Annotated[float, Field(ge=2)] = 30.0
    commit_every_s: Annotated[float, Field(gt=0)] = 1.0
    request_timeout_s: Annotated[float, Field(ge=2)] = 30.0
    shutdown_s: Annotated[float, Field(ge=1)] = 15.0
    stall_after_s: Annotated[float, Field(ge=5)] = 90.0
    status_every_s: Annotated[float, Field(ge=0)] = 5.0
    patrol_every_s: Annotated[float, Field(gt=0, le=300)] = 30.0
    store: Literal["memory", "disk"] = "memory"
    store_dir: Path = Path("throughline-store")
    memory_mb: Annotated[int, Field(ge=384)] = 1_024
    standby: Annotated[int, Field(ge=0, le=1)] = 0
    accept_loss: bool = False
    policy: Path | None = None
    security: Security = Security()

    @field_validator("broker")
    @classmethod
    def _no_secrets_in_addresses(cls, value: str) -> str:
        if "@" in value:
            raise ValueError(
                "an address with user:password@ is printed in logs; give credentials through "
                "THROUGHLINE_SECURITY__SASL_USERNAME and _SASL_PASSWORD"
            )
        addresses = [a.strip().removeprefix("kafka://") for a in value.split(",") if a.strip()]
        for address in addresses:
            host, colon, port = address.rpartition(":")
            if not (host and colon and port.isdigit() and 0 < int(port) < 65_536):
                raise ValueError("broker addresses look like host:port, separated by commas")
        if not addresses:
            raise ValueError("at least one broker address is needed")
        return ",".join(addresses)

    @field_validator("sources", mode="before")
    @classmethod
    def _comma_separated(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(name.strip() for name in value.split(",") if name.strip())
        return value

    @model_validator(mode="after")
    def _timeouts_agree(self) -> Self:
        if self.topic("touchpoints.v1") in self.sources:
            raise ValueError("the touchpoints topic cannot be a source of itself")
        return self

    @property
    def cohort_places(self) -> int:
        """How many partitions the second stage has: a broker that makes topics by itself makes
        them all alike."""
        return self.partitions if self.topics == "auto" else self.cohort_partitions

    @property
    def bootstrap(self) -> list[str]:
        """Broker addresses, one by one."""
        return self.broker.split(",")

    def topic(self, logical: str) -> str:
        """The real name of one of our topics, e.g. ``cx.alerts.effort.v1``."""
        return f"{self.prefix}.{logical}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        folder = os.environ.get("THROUGHLINE_SECRETS_DIR", _SECRETS_FOLDER)
        secrets = NestedSecretsSettingsSource(file_secret_settings, secrets_dir=folder)
        return init_settings, env_settings, dotenv_settings, secrets
