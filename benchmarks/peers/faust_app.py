"""J-bench on stock Faust, agent and table as its guide teaches.

Arguments BROKER GROUP SOURCE ALERTS DLQ PAD.
"""

import sys

import faust

from benchmarks.jbench.rules import Unreadable, alert_json, fresh, pack, read, step, unpack

BROKER, GROUP, SOURCE, ALERTS, DLQ, PAD = sys.argv[1:7]

app = faust.App(
    GROUP,
    broker=f"kafka://{BROKER}",
    broker_session_timeout=30.0,
    broker_commit_interval=1.0,
    topic_partitions=8,
    web_enabled=False,
    stream_wait_empty=False,
    value_serializer="raw",
    key_serializer="raw",
)
source = app.topic(SOURCE, key_type=bytes, value_type=bytes)
alerts = app.topic(ALERTS, key_type=bytes, value_type=bytes)
dead = app.topic(DLQ, key_type=bytes, value_type=bytes)
table = app.Table("kept", key_type=bytes, value_type=bytes, partitions=8)


@app.agent(source)
async def judge(stream: faust.Stream) -> None:
    """Read the table, change it, write it back."""
    async for key, value in stream.items():
        try:
            touchpoint = read(value)
        except Unreadable:
            await dead.send(key=key, value=value)
            continue
        held = table.get(key)
        kept = unpack(held) if held else fresh(key, int(PAD))
        alert = step(kept, touchpoint)
        table[key] = pack(kept)
        if alert is not None:
            await alerts.send(key=key, value=alert_json(alert))


if __name__ == "__main__":
    sys.argv = [sys.argv[0], "worker", "-l", "warn", "--without-web"]
    app.main()
