"""The bench's Kafka: one node, three ways in.

The harness speaks to it directly; workers through a proxy that can be told to misbehave, or, where
access rights matter, under a name of their own.
"""

from collections.abc import Mapping
from pathlib import Path

from streams.kafka.broker.layout import lay_out
from streams.kafka.broker.loopback import LOOPBACK, free_port
from streams.kafka.broker.real import RealKafka
from tests.faults.proxy import Proxy

USER, PASSWORD = "worker", "loopback"

_LOGIN = (
    f'org.apache.kafka.common.security.plain.PlainLoginModule required user_{USER}="{PASSWORD}";'
)
_SETTINGS = {
    "group.min.session.timeout.ms": "1000",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,"
    "FAULTY:PLAINTEXT,LOGIN:SASL_PLAINTEXT",
    "sasl.enabled.mechanisms": "PLAIN",
    "listener.name.login.plain.sasl.jaas.config": _LOGIN,
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": "User:ANONYMOUS",
    "allow.everyone.if.no.acl.found": "true",
}


class FaultyKafka(RealKafka):
    """A ``RealKafka`` with a proxy in front.

    Args:
        settings: broker settings over the bench's own.
        folder: as for ``RealKafka``.

    Attributes:
        proxy: between workers and the node.
    """

    def __init__(self, settings: Mapping[str, str] | None = None, folder: Path | None = None):
        super().__init__({**_SETTINGS, **(settings or {})}, folder)
        self._behind = 0
        self._login = 0
        self.proxy = Proxy(lambda: self._behind)

    @property
    def faulty(self) -> str:
        """``host:port`` for workers: the proxy's."""
        return f"{LOOPBACK}:{self.proxy.port}"

    @property
    def login(self) -> str:
        """``host:port`` where one has to say who one is."""
        return f"{LOOPBACK}:{self._login}"

    @property
    def ports(self) -> list[int]:
        """Every port that must be free again afterwards."""
        return [self._port, self._behind, self._login, self.proxy.port]

    def _lay_out(self, java: str, jars: Path) -> None:
        from streams.kafka.broker.java import format_command, run_to_end

        self._port, self._behind, self._login = free_port(), free_port(), free_port()
        controller_port = free_port()
        self._settings |= {
            "listeners": f"PLAINTEXT://{self.bootstrap},FAULTY://{LOOPBACK}:{self._behind},"
            f"LOGIN://{self.login},CONTROLLER://{LOOPBACK}:{controller_port}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap},FAULTY://{self.faulty},"
            f"LOGIN://{self.login}",
        }
        properties = lay_out(self._folder, self.bootstrap, controller_port, self._settings)
        run_to_end(format_command(java, jars, properties, self._cluster_id), self.log)

    def close(self) -> None:
        super().close()
        self.proxy.close()
