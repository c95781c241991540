"""Open-loop load, a process of its own.

Arguments BROKER TOPIC RATE SECONDS CUSTOMERS SEED FIRST TOTAL EVERY. Draws its records, says
``ready``, waits for a line, says when it begins (monotonic seconds, the same clock in every process
of a machine), and sends record *n* at ``begin + n / RATE`` whatever the system under test does. In
the end it says by how much it was late itself at most.
"""

import sys
import time

from confluent_kafka import Producer

from benchmarks.jbench import workload


def due_by(elapsed_s: float, rate: float, count: int) -> int:
    """How many records should have left by now: none before the beginning, then one at once."""
    return min(count, int(elapsed_s * rate) + 1) if elapsed_s >= 0 else 0


def main() -> None:
    """Send and say."""
    broker, topic = sys.argv[1:3]
    rate, seconds = float(sys.argv[3]), float(sys.argv[4])
    customers, seed, first, total, every = (int(one) for one in sys.argv[5:10])
    count = int(rate * seconds)
    drawn = list(workload.records(count, customers, seed, first, total, every))
    producer = Producer({
        "bootstrap.servers": broker, "partitioner": "murmur2_random", "linger.ms": 5,
        "batch.size": 1_000_000, "acks": "1", "queue.buffering.max.messages": 4_000_000,
    })  # fmt: skip
    producer.list_topics(topic, timeout=10)
    print("ready", flush=True)
    sys.stdin.readline()
    begin_s = time.monotonic() + 0.5
    print(begin_s, flush=True)
    sent, late_s, produce = 0, 0.0, producer.produce
    while sent < count:
        due = due_by(time.monotonic() - begin_s, rate, count)
        if sent < due:
            late_s = max(late_s, time.monotonic() - begin_s - sent / rate)
        for key, value, _ in drawn[sent:due]:
            produce(topic, value, key)
        sent = due
        producer.poll(0)
        time.sleep(0.001)
    producer.flush(30)
    print(late_s, flush=True)


if __name__ == "__main__":
    main()
