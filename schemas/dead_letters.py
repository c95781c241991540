"""Dead letters: what could not be read, with its reason; the closed list of codes and the headers.

A dead letter is the original record (key, value bytes, headers, timestamp, partition number) with
these headers added. The ``__streams.errors.*`` names are Kafka Streams' own (KIP-1034), so that
tools which know them show ours; the ``cx.error.*`` names say what to mend.
"""

from typing import Literal, NamedTuple, get_args

Code = Literal[
    "null_value", "bad_key", "oversize", "hostile_headers", "bad_timestamp", "too_deep",
    "invalid_utf8", "invalid_json", "unknown_type", "header_conflict", "schema_violation",
    "key_mismatch", "future_timestamp", "past_horizon", "unroutable", "processing_error",
    "identity_conflict", "not_ours",
]  # fmt: skip


class Meaning(NamedTuple):
    """What a code means, and what a producer's developer does about it by default."""

    meaning: str
    hint: str


CODES: dict[Code, Meaning] = {
    "null_value": Meaning(
        "The record has no value.",
        "Send a touchpoint; to erase a customer send customer.erasure_requested, not a tombstone.",
    ),
    "bad_key": Meaning(
        "The record's key is no customer id.",
        "Set the key to the raw UTF-8 of customer_id: 1 to 256 bytes, no control characters, "
        "no JSON quotes.",
    ),
    "oversize": Meaning(
        "The value is larger than a touchpoint may be.",
        "Send a reference (verbatim_ref) instead of the text or attachment itself.",
    ),
    "hostile_headers": Meaning(
        "The record's headers are too many, too large or not text.",
        "Send only the headers a reader needs, as short UTF-8.",
    ),
    "bad_timestamp": Meaning(
        "The record has no timestamp to judge its time against.",
        "Leave the record timestamp to the Kafka client, or set it in epoch milliseconds.",
    ),
    "too_deep": Meaning(
        "The JSON is nested deeper than a touchpoint may be.",
        "A touchpoint is one flat object; leave nested payloads out.",
    ),
    "invalid_utf8": Meaning(
        "The value is not UTF-8, or escapes half a surrogate pair.",
        "Encode the JSON as UTF-8, and cut texts at characters, not at UTF-16 units.",
    ),
    "invalid_json": Meaning(
        "The value is not JSON.",
        "Send one JSON object per record (RFC 8259: no NaN, no comments, no trailing comma).",
    ),
    "unknown_type": Meaning(
        "The type is none of the contract's.",
        "Use a type of the contract; a newer one needs a newer reader first.",
    ),
    "header_conflict": Meaning(
        "A CloudEvents attribute and the payload, or two headers, say different things.",
        "Send each attribute once, or the same value in both places.",
    ),
    "schema_violation": Meaning(
        "A field is missing or is not what the contract says.",
        "See the JSON Schema of the type.",
    ),
    "key_mismatch": Meaning(
        "The record's key is not its customer_id.",
        "Set the key to the raw UTF-8 of customer_id, without JSON quotes.",
    ),
    "future_timestamp": Meaning(
        "occurred_at lies further after the record's timestamp than clocks differ.",
        "Check the producer's clock and the unit: occurred_at is epoch milliseconds or RFC 3339.",
    ),
    "past_horizon": Meaning(
        "A live touchpoint is older than what is still kept.",
        'Send history with "origin": "backfill".',
    ),
    "unroutable": Meaning(
        "No partition could be found for the record.",
        "Set the key to the customer_id and use the murmur2 partitioner.",
    ),
    "processing_error": Meaning(
        "Reading it was fine, working on it failed: our fault, not the producer's.",
        "Nothing to mend in the record; report it, and replay it when the fix is out.",
    ),
    "identity_conflict": Meaning(
        "A merge contradicts what was said of these ids before.",
        "See which merge holds; if the ids it names are one customer too, say that of them.",
    ),
    "not_ours": Meaning(
        "The record claims to be an internal one of ours, and is not as we made it.",
        "Do not send or copy internal records; send what producers send.",
    ),
}
"""Every code a dead letter can bear."""

HEADER_EXCEPTION = "__streams.errors.exception"
HEADER_MESSAGE = "__streams.errors.message"
HEADER_TOPIC = "__streams.errors.topic"
HEADER_PARTITION = "__streams.errors.partition"
HEADER_OFFSET = "__streams.errors.offset"
HEADER_CODE = "cx.error.code"
HEADER_FIELD = "cx.error.field"
HEADER_HINT = "cx.error.hint"
HEADER_DROPPED = "cx.error.headers_dropped"
"""How many original headers were left out because they were hostile; absent when none."""
HEADER_CUT = "cx.error.value_bytes"
"""The original value's size in bytes, when only its beginning could be kept; absent otherwise."""

ERROR_HEADER_PREFIXES = ("__streams.errors.", "cx.error.")

if set(CODES) != set(get_args(Code)):
    raise TypeError("CODES and Code list different codes")
