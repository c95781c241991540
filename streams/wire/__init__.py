"""The translators: bytes to values and back. Nothing here knows Kafka, a clock or a log."""
