"""J-bench on Bytewax with recovery: arguments BROKER GROUP SOURCE ALERTS DLQ PAD.

Its recovery is SQLite on the local disk, not Kafka: another class of durability. Snapshots every
second; run by ``python bytewax_app.py``, which makes the recovery store first.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSink, KafkaSinkMessage, KafkaSource
from bytewax.dataflow import Dataflow

from benchmarks.jbench.rules import Unreadable, alert_json, fresh, pack, read, step, unpack

BROKER, GROUP, SOURCE, ALERTS, DLQ, PAD = sys.argv[1:7]
_PRODUCING = {
    "linger.ms": "5",
    "batch.size": "1048576",
    "enable.idempotence": "true",
    "compression.type": "snappy",
}


def keyed(message) -> tuple[str, object]:
    """(customer, decoded), or (customer, bytes nobody can read)."""
    try:
        return message.key.decode(), read(message.value)
    except Unreadable:
        return message.key.decode(), message.value


def judge(held: bytes | None, touchpoint) -> tuple[bytes | None, object]:
    """One step; states travel as bytes, or they would be pickled."""
    key = touchpoint.customer_id.encode()
    kept = unpack(held) if held else fresh(key, int(PAD))
    alert = step(kept, touchpoint)
    return pack(kept), alert


flow = Dataflow("jbench")
messages = op.input("in", flow, KafkaSource([BROKER], [SOURCE], batch_size=1_000))
pairs = op.map("read", messages, keyed)
parts = op.branch("sort", pairs, lambda pair: not isinstance(pair[1], bytes))
alerts = op.stateful_map("judge", parts.trues, judge)
found = op.filter("found", alerts, lambda pair: pair[1] is not None)
op.output(
    "alerts",
    op.map("say", found, lambda p: KafkaSinkMessage(p[0].encode(), alert_json(p[1]))),
    KafkaSink([BROKER], ALERTS, add_config=_PRODUCING),
)
op.output(
    "dead",
    op.map("set aside", parts.falses, lambda p: KafkaSinkMessage(p[0].encode(), p[1])),
    KafkaSink([BROKER], DLQ, add_config=_PRODUCING),
)

if __name__ == "__main__":
    from bytewax.recovery import RecoveryConfig, init_db_dir
    from bytewax.run import cli_main

    Path("recovery").mkdir(exist_ok=True)
    init_db_dir(Path("recovery"), 1)
    os.environ["BYTEWAX_LOG"] = "error"
    cli_main(
        flow,
        epoch_interval=timedelta(seconds=1),
        recovery_config=RecoveryConfig(str(Path("recovery")), timedelta(seconds=0)),
    )
