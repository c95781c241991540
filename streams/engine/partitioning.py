"""Which partition a key belongs to: murmur2, as the Java client and aiokafka compute it.

librdkafka's default partitioner disagrees (it wants ``partitioner=murmur2_random``); a record that
sits elsewhere than here is misrouted.
"""


def murmur2(key: bytes) -> int:
    """32-bit murmur2 of a key, seed 0x9747b28c (Apache Kafka's ``Utils.murmur2``)."""
    m, mask = 0x5BD1E995, 0xFFFFFFFF
    length = len(key)
    h = (0x9747B28C ^ length) & mask
    whole = length - length % 4
    for i in range(0, whole, 4):
        k = int.from_bytes(key[i : i + 4], "little") * m & mask
        k = (k ^ (k >> 24)) * m & mask
        h = (h * m & mask) ^ k
    if length % 4:
        h = (h ^ int.from_bytes(key[whole:], "little")) * m & mask
    h = (h ^ (h >> 13)) * m & mask
    return h ^ (h >> 15)


def partition_of(key: bytes, partitions: int) -> int:
    """The partition, 0 to ``partitions`` - 1, that the key belongs to."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions
