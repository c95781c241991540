"""Brokers we start ourselves, so that nobody has to have one.

``embedded`` is librdkafka's in-process broker: up in milliseconds, needs nothing but Python, keeps
little and promises little; the demo's default. ``real`` is Apache Kafka itself, run from its jars
without a container: what the live tests, the faults and the benchmarks stand on.

Import the one you need: each brings its own dependencies with it.
"""
