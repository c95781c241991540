"""What every aiokafka client of ours is built with: addresses, encryption, login."""

import ssl
from typing import Any

from streams.settings import Security, Settings

#: Requests that wait on the group or on a long poll must outlive them.
_LONGER_THAN_SESSION_S = 5.0


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
