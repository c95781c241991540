"""Loopback ports that nobody else will happen to take."""

import random
import socket

LOOPBACK = "127.0.0.1"

# Below what systems hand out to outgoing connections (Linux 32768 up, others 49152 up). A client
# that keeps reconnecting to a port of that range while its broker is down can be given the very
# same port as its own end: it then talks to itself, and the broker can never bind again.
_PORTS = range(20_000, 32_000)
_ATTEMPTS_MAX = 200


def free_port() -> int:
    """A loopback TCP port nobody listens on right now.

    It is free, not reserved: whoever binds it must be ready to lose the race and ask again.

    Raises:
        OSError: no free port was found in 200 draws.
    """
    draw = random.SystemRandom()
    for _ in range(_ATTEMPTS_MAX):
        port = draw.choice(_PORTS)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return port
    raise OSError(f"no free loopback port in {_PORTS.start}..{_PORTS.stop - 1}")
