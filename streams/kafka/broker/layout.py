"""The folder of a single KRaft node: its settings, and where its data goes."""

import base64
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from streams.kafka.broker.loopback import LOOPBACK

PROPERTIES = "server.properties"

# For a single node that others' patience depends on: nothing waits for more members or replicas,
# internal topics are small; a killed node may register again once its old session has run out, so
# that is short. Nothing expires by age, because replayed touchpoints carry timestamps of long ago
# and would be deleted as soon as they are written.
_SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    "auto.create.topics.enable": "false",
    "broker.heartbeat.interval.ms": "500",
    "broker.session.timeout.ms": "3000",
    "group.initial.rebalance.delay.ms": "0",
    "log.retention.ms": "-1",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "offsets.topic.num.partitions": "4",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
}


def lay_out(
    folder: Path, bootstrap: str, controller_port: int, settings: Mapping[str, str]
) -> Path:
    """Write a node's settings and make room for its data; data of before is removed.

    Args:
        folder: the node's own; made if need be.
        bootstrap: ``host:port`` the node listens on for clients.
        controller_port: loopback port of its own controller.
        settings: broker settings added to or put in place of ours.

    Returns:
        The settings file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    logs = folder / "data"
    shutil.rmtree(logs, ignore_errors=True)
    where = {
        "listeners": f"PLAINTEXT://{bootstrap},CONTROLLER://{LOOPBACK}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{bootstrap}",
        "controller.quorum.voters": f"1@{LOOPBACK}:{controller_port}",
        "log.dirs": str(logs),
    }
    lines = [f"{name}={value}\n" for name, value in {**_SETTINGS, **where, **settings}.items()]
    properties = folder / PROPERTIES
    properties.write_text("".join(lines))
    return properties


def new_cluster_id() -> str:
    """A Kafka Uuid: 16 random bytes in URL-safe base64 that do not begin like an option."""
    while True:
        text = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
        if not text.startswith("-"):
            return text
