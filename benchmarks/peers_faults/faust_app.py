"""Stock Faust, agent and table as its guide teaches: arguments BROKER GROUP SOURCE ALERTS.

Per key how many records there were and a chain of their offsets; every tenth is an alert. Settings
are Faust's own but for the session timeout, which is the same for every system.
"""

import sys

import faust

BROKER, GROUP, SOURCE, ALERTS = sys.argv[1:5]
PRIME, MASK = 1_099_511_628_211, (1 << 64) - 1

app = faust.App(
    GROUP,
    broker=f"kafka://{BROKER}",
    broker_session_timeout=6.0,
    broker_heartbeat_interval=1.5,
    topic_partitions=4,
    web_enabled=False,
    value_serializer="json",
    key_serializer="raw",
)
source = app.topic(SOURCE, key_type=bytes, value_type=bytes, value_serializer="raw")
alerts = app.topic(ALERTS, key_type=bytes)
chains = app.Table("chains", key_type=bytes, default=lambda: [0, 0])


@app.agent(source)
async def count(stream: faust.Stream) -> None:
    """The agent of the guide: read the table, change it, write it back."""
    async for event in stream.events():
        key = event.message.key
        n, chain = chains[key]
        n, chain = n + 1, (chain * PRIME + event.message.offset + 1) & MASK
        chains[key] = [n, chain]
        if n % 10 == 0:
            await alerts.send(key=key, value={"n": n, "chain": str(chain)})


if __name__ == "__main__":
    sys.argv = [sys.argv[0], "worker", "-l", "warn", "--without-web"]
    app.main()
