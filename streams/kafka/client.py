"""What every aiokafka client of ours is built with, and how one is started."""

import asyncio
import contextlib
import ssl
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from aiokafka.errors import (
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    NodeNotReadyError,
    RequestTimedOutError,
)

from streams.kafka.ports import Unanswered
from streams.settings import Security, Settings

#: Requests that wait on the group or on a long poll must outlive them.
_LONGER_THAN_SESSION_S = 5.0

#: A broker that froze or restarts is asked again for this long, this often, before we give up.
PATIENCE_S, _AGAIN_S = 30.0, 0.5

#: Letting go of a broken client must not hold anything up.
_CLOSE_S = 2.0

#: What says that nobody answered, and not that we were refused.
_NOBODY_ANSWERED = (
    KafkaConnectionError,
    KafkaTimeoutError,
    NodeNotReadyError,
    RequestTimedOutError,
    OSError,
)

#: aiokafka asserts this where its own list of brokers has become empty.
_NO_BROKER_LEFT = "Did we not perform bootstrap?"


class Client(Protocol):
    """A consumer or producer of aiokafka, as far as its life goes."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


C = TypeVar("C", bound=Client)


def unanswered(fault: BaseException | None) -> bool:
    """Whether a failure means that no broker answered; wrapped ones are unwrapped."""
    while fault is not None:
        if isinstance(fault, _NOBODY_ANSWERED) or str(fault) == _NO_BROKER_LEFT:
            return True
        fault = fault.__cause__ if isinstance(fault, KafkaError) else None
    return False


async def started(make: Callable[[], C], patience_s: float = PATIENCE_S) -> C:
    """A client that has started; made anew and asked again while no broker answers.

    Args:
        make: builds the client, not started.
        patience_s: for how long.

    Raises:
        Unanswered: nobody answered for so long.
        KafkaError: we were answered, and refused.
    """
    deadline_s = time.monotonic() + patience_s
    while True:
        client = make()
        try:
            await client.start()
        except BaseException as fault:
            await let_go(client)
            if not unanswered(fault):
                raise
            if time.monotonic() >= deadline_s:
                raise Unanswered(str(fault) or type(fault).__name__) from fault
        else:
            return client
        await asyncio.sleep(_AGAIN_S)


async def let_go(client: Client) -> None:
    """Stop a client, without waiting for what a broken one will never deliver."""
    with contextlib.suppress(Exception):
        await asyncio.wait_for(client.stop(), _CLOSE_S)


def connection(settings: Settings) -> dict[str, Any]:
    """Keyword arguments common to consumers, producers and admin clients.

    Raises:
        OSError, ssl.SSLError: a certificate file cannot be read.
    """
    security = settings.security
    asked: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap,
        "security_protocol": _protocol(security),
        "retry_backoff_ms": 100,
        "request_timeout_ms": int(
            max(settings.request_timeout_s, settings.session_timeout_s + _LONGER_THAN_SESSION_S)
            * 1_000
        ),
    }
    if security.tls:
        asked["ssl_context"] = _context(security)
    if security.sasl_mechanism:
        asked["sasl_mechanism"] = security.sasl_mechanism
        if security.sasl_mechanism == "GSSAPI":
            asked["sasl_kerberos_service_name"] = security.sasl_kerberos_service
        elif security.sasl_password is not None:
            asked["sasl_plain_username"] = security.sasl_username
            asked["sasl_plain_password"] = security.sasl_password.get_secret_value()
    return asked


def _protocol(security: Security) -> str:
    if security.sasl_mechanism:
        return "SASL_SSL" if security.tls else "SASL_PLAINTEXT"
    return "SSL" if security.tls else "PLAINTEXT"


def _context(security: Security) -> ssl.SSLContext:
    """TLS 1.2 or later, the broker's certificate and name checked."""
    context = ssl.create_default_context(
        ssl.Purpose.SERVER_AUTH, cafile=str(security.ca_file) if security.ca_file else None
    )
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if security.cert_file:
        password = security.key_password
        context.load_cert_chain(
            str(security.cert_file),
            str(security.key_file),
            password.get_secret_value() if password else None,
        )
    return context
