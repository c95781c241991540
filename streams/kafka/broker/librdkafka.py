"""The few calls of librdkafka's C interface that confluent-kafka does not pass on.

Its mock broker can create topics with a partition count, skip the 3 s a new group waits for more
members, and refuse requests on demand, but only from C. The functions are exported by the library
that confluent-kafka itself has loaded; only declared ones (``rdkafka.h``, ``rdkafka_mock.h``) are
used, and the tests of ``embedded`` run each of them.
"""

import ctypes
from collections.abc import Sequence

from confluent_kafka import cimpl

_PRODUCER = 0
_OK = 0
_ERROR_TEXT_BYTES = 512
_Handle = ctypes.c_void_p


def _functions() -> ctypes.CDLL:
    """The library with the arguments and results of what we call declared."""
    library = ctypes.CDLL(cimpl.__file__)
    text, size, number = ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int
    for name, result, arguments in (
        ("rd_kafka_conf_new", _Handle, []),
        ("rd_kafka_conf_set", number, [_Handle, text, text, text, size]),
        ("rd_kafka_new", _Handle, [number, _Handle, text, size]),
        ("rd_kafka_destroy", None, [_Handle]),
        ("rd_kafka_handle_mock_cluster", _Handle, [_Handle]),
        ("rd_kafka_mock_cluster_bootstraps", text, [_Handle]),
        ("rd_kafka_mock_topic_create", number, [_Handle, text, number, number]),
        ("rd_kafka_mock_group_initial_rebalance_delay_ms", None, [_Handle, ctypes.c_int32]),
        (
            "rd_kafka_mock_push_request_errors_array",
            None,
            [_Handle, ctypes.c_int16, size, ctypes.POINTER(number)],
        ),
    ):
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library


class MockCluster:
    """One librdkafka mock broker, running on threads of its own until ``close``.

    Its threads are C threads: they need no interpreter lock, so a busy Python does not slow it.

    Args:
        join_delay_ms: how long the first member of a group waits for others.

    Raises:
        OSError: librdkafka refused to start it.
    """

    def __init__(self, join_delay_ms: int):
        self._library = _functions()
        text = ctypes.create_string_buffer(_ERROR_TEXT_BYTES)
        conf = self._library.rd_kafka_conf_new()
        # Silent: it would write every client that hangs up to stderr.
        for name, value in ((b"test.mock.num.brokers", b"1"), (b"log_level", b"0")):
            if self._library.rd_kafka_conf_set(conf, name, value, text, len(text)) != _OK:
                raise OSError(text.value.decode())
        self._client = self._library.rd_kafka_new(_PRODUCER, conf, text, len(text))
        if not self._client:
            raise OSError(text.value.decode())
        self._cluster = self._library.rd_kafka_handle_mock_cluster(self._client)
        self._library.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, join_delay_ms)
        self.bootstrap: str = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()

    def create_topic(self, name: str, partitions: int) -> int:
        """Create a topic; returns Kafka's error code, 0 for success."""
        return self._library.rd_kafka_mock_topic_create(self._open(), name.encode(), partitions, 1)

    def refuse(self, api_key: int, error_codes: Sequence[int]) -> None:
        """Answer the next requests of one kind with these errors, one each."""
        errors = (ctypes.c_int * len(error_codes))(*error_codes)
        self._library.rd_kafka_mock_push_request_errors_array(
            self._open(), api_key, len(error_codes), errors
        )

    def close(self) -> None:
        """End it and free all it kept; again does nothing."""
        client, self._client, self._cluster = self._client, None, None
        if client:
            self._library.rd_kafka_destroy(client)

    def _open(self) -> int:
        # A freed handle in C is not an exception but a crash.
        if not self._cluster:
            raise RuntimeError("this broker has been closed")
        return self._cluster
