"""A real Apache Kafka from its jars: one KRaft node, no container, nothing left behind.

Start-up is about four seconds and 350 MB resident. The node can be killed, frozen and brought
back with its data, under the same address: what fault tests need.
"""

import shutil
import signal
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from streams.kafka.broker.child import Child
from streams.kafka.broker.jars import fetch_jars, present_jars
from streams.kafka.broker.java import format_command, java_binary, run_to_end, serve_command
from streams.kafka.broker.layout import PROPERTIES, lay_out, new_cluster_id
from streams.kafka.broker.loopback import LOOPBACK, free_port
from streams.kafka.broker.unavailable import BrokerUnavailable

__all__ = ["RealKafka", "fetch_jars"]

_LOST_RACES_MAX = 3
_LOG_TAIL_LINES = 12
_PORT_TAKEN = "BindException"  # Java's word for it, found in the log


class RealKafka:
    """One Kafka node on free loopback ports, as a context manager.

    Args:
        settings: broker settings added to or put in place of ours, by Kafka's names.
        folder: where its log and data live; a temporary one, removed at the end, if not given.
        start_timeout_s: how long it has to answer its first metadata request.

    Raises:
        BrokerUnavailable: on start, if Java or the jars are missing or Kafka does not come up.
    """

    def __init__(
        self,
        settings: Mapping[str, str] | None = None,
        folder: Path | None = None,
        start_timeout_s: float = 120,
    ):
        self._settings = dict(settings or {})
        self._owns_folder = folder is None
        self._folder = folder or Path(tempfile.mkdtemp(prefix="throughline-kafka-"))
        self._start_timeout_s = start_timeout_s
        self._cluster_id = new_cluster_id()
        self._port = 0
        self._child: Child | None = None
        self.start_s = 0.0

    @property
    def bootstrap(self) -> str:
        """``host:port`` for clients; stays the same through restarts."""
        return f"{LOOPBACK}:{self._port}"

    @property
    def log(self) -> Path:
        """What the broker printed, over all its starts."""
        return self._folder / "broker.log"

    @property
    def pid(self) -> int | None:
        """The broker's process id, or None while it is down."""
        return self._child.pid if self._child else None

    def rss_bytes(self) -> int:
        """The broker's resident memory now; 0 while it is down."""
        return self._child.rss_bytes() if self._child else 0

    def start(self) -> None:
        """Bring the node up and wait until it answers; again after a stop or kill, with its data.

        Raises:
            BrokerUnavailable: see the class.
        """
        if self._child is not None:
            raise RuntimeError("this Kafka is already running")
        began_s = time.monotonic()
        java, jars = java_binary(), present_jars()
        for attempt in range(1, _LOST_RACES_MAX + 1):
            first_start = self._port == 0
            if first_start:
                self._lay_out(java, jars)
            self._child = Child(
                serve_command(java, jars, self._folder / PROPERTIES),
                self.log,
                self._folder if self._owns_folder else None,
            )
            trouble = self._wait_until_it_answers(self._child)
            if trouble is None:
                self.start_s = time.monotonic() - began_s
                return
            self.kill()
            if not (first_start and _PORT_TAKEN in trouble) or attempt == _LOST_RACES_MAX:
                raise BrokerUnavailable(
                    "Kafka did not start.",
                    trouble,
                    "Mend what it names, or point at a Kafka that already runs.",
                )
            self._port = 0  # somebody took a port between our look and Kafka's bind

    def stop(self, timeout_s: float = 20) -> int:
        """End it in good order, by force after ``timeout_s``; its data stays.

        Returns:
            The exit code: 143 in good order, -9 by force; 0 if it was not running.
        """
        child, self._child = self._child, None
        return child.stop(timeout_s) if child else 0

    def kill(self) -> None:
        """End it at once, as a crash would; its data stays as it is on disk."""
        self.stop(timeout_s=0)

    def suspend(self) -> None:
        """Freeze it: connections stay open and nobody answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen one go on."""
        self._signal(signal.SIGCONT)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop it and remove what it left, unless the folder was given to us."""
        self.stop()
        if self._owns_folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _signal(self, number: signal.Signals) -> None:
        if self._child is None:
            raise RuntimeError("this Kafka is not running")
        self._child.send_signal(number)

    def _lay_out(self, java: str, jars: Path) -> None:
        """Choose ports, write the settings and format an empty data folder."""
        self._port, controller_port = free_port(), free_port()
        properties = lay_out(self._folder, self.bootstrap, controller_port, self._settings)
        run_to_end(format_command(java, jars, properties, self._cluster_id), self.log)

    def _wait_until_it_answers(self, child: Child) -> str | None:
        """None once the node answers for its own cluster, else what went wrong."""
        deadline_s = time.monotonic() + self._start_timeout_s
        admin = AdminClient(
            {
                "bootstrap.servers": self.bootstrap,
                "log_level": 0,
                "reconnect.backoff.ms": 20,
                "reconnect.backoff.max.ms": 100,
            }
        )
        answer = "It gave no answer."
        while time.monotonic() < deadline_s:
            if child.exit_code is not None:
                return f"It ended with exit code {child.exit_code}:\n{self._log_tail()}"
            try:
                metadata = admin.list_topics(timeout=0.25)
            except KafkaException as refusal:
                answer = str(refusal)
                continue
            # Without this we might be talking to somebody else's broker on a port we lost.
            if metadata.cluster_id != self._cluster_id:
                return f"{_PORT_TAKEN}: somebody else's broker answers on {self.bootstrap}."
            if metadata.brokers:
                return None
        return f"No metadata within {self._start_timeout_s} s ({answer}):\n{self._log_tail()}"

    def _log_tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-_LOG_TAIL_LINES:])
