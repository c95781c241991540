"""J-bench on Quix Streams, stateful as its guide teaches: BROKER GROUP SOURCE ALERTS DLQ PAD."""

import base64
import sys

from quixstreams import Application, State

from benchmarks.jbench.rules import Unreadable, alert_json, fresh, pack, read, step, unpack

BROKER, GROUP, SOURCE, ALERTS, DLQ, PAD = sys.argv[1:7]

app = Application(
    broker_address=BROKER,
    consumer_group=GROUP,
    auto_offset_reset="earliest",
    processing_guarantee="at-least-once",
    commit_interval=1.0,
    state_dir="state",
    consumer_extra_config={"session.timeout.ms": 30_000},
    producer_extra_config={
        "linger.ms": 5,
        "batch.size": 1_048_576,
        "enable.idempotence": True,
        "compression.type": "snappy",
    },
    loglevel="WARNING",
)
source = app.topic(SOURCE, key_deserializer="bytes", value_deserializer="bytes")
alerts = app.topic(ALERTS, key_serializer="bytes", value_serializer="bytes")
dead = app.topic(DLQ, key_serializer="bytes", value_serializer="bytes")


def judge(value: bytes, key: bytes, timestamp: int, headers: object, state: State) -> object:
    """Read the state, change it, write it back; what to send, and whether it is an alert."""
    try:
        touchpoint = read(value)
    except Unreadable:
        return False, value
    held = state.get("kept")
    kept = unpack(base64.b64decode(held)) if held else fresh(key, int(PAD))
    alert = step(kept, touchpoint)
    state.set("kept", base64.b64encode(pack(kept)).decode())
    return (True, alert_json(alert)) if alert is not None else None


judged = app.dataframe(source).apply(judge, stateful=True, metadata=True)
judged = judged.filter(lambda one: one is not None)
judged.filter(lambda one: one[0]).apply(lambda one: one[1]).to_topic(alerts)
judged.filter(lambda one: not one[0]).apply(lambda one: one[1]).to_topic(dead)

if __name__ == "__main__":
    app.run()
