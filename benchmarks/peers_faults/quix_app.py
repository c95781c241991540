"""Quix Streams, stateful as its guide teaches: arguments BROKER GROUP SOURCE ALERTS GUARANTEE.

The same job as ``faust_app.py``; state lies in the working directory. GUARANTEE is
``at-least-once`` or ``exactly-once``.
"""

import sys

from quixstreams import Application, State, message_context

BROKER, GROUP, SOURCE, ALERTS, GUARANTEE = sys.argv[1:6]
PRIME, MASK = 1_099_511_628_211, (1 << 64) - 1

app = Application(
    broker_address=BROKER,
    consumer_group=GROUP,
    auto_offset_reset="earliest",
    processing_guarantee=GUARANTEE,
    state_dir="state",
    consumer_extra_config={"session.timeout.ms": 6000, "heartbeat.interval.ms": 1500},
    loglevel="WARNING",
)
source = app.topic(SOURCE, key_deserializer="bytes", value_deserializer="bytes")
alerts = app.topic(ALERTS, key_serializer="bytes", value_serializer="json")


def count(value: bytes, state: State) -> dict[str, object]:
    """Read the state, change it, write it back."""
    n, chain = state.get("chain", [0, "0"])
    n, chain = n + 1, str((int(chain) * PRIME + message_context().offset + 1) & MASK)
    state.set("chain", [n, chain])
    return {"n": n, "chain": chain}


frame = app.dataframe(source).apply(count, stateful=True)
frame = frame[frame["n"] % 10 == 0]
frame.to_topic(alerts)

if __name__ == "__main__":
    app.run()
